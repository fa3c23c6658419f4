import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { sha256 } from '../protocol/jws.ts'
import type { EpochMs } from '../protocol/time.ts'
import type { HighWater } from './high-water.ts'
import {
  forgetReceipts,
  forgetSent,
  type LeftMessage,
  leftSince,
  moveFromSent,
  moveToSent,
  sentFrom,
} from './sent.ts'
import {
  checked,
  digest,
  here,
  inOrder,
  type Place,
  placeOf,
  type Row,
  rowColumns,
  SpoolCorrupt,
  type SpooledMessage,
  type SpooledRow,
  valuesOf,
} from './spool-row.ts'

/** What is kept beside messages, as JSON. */
const stateNames = [
  ...(['cursor', 'fold', 'delivery', 'key', 'quarantine', 'checkpoints'] as const),
  ...(['history', 'facts'] as const),
] as const
export type States = Partial<Readonly<Record<(typeof stateNames)[number], unknown>>>

/** The collector's signed word for a message. `received` is its time, `keptAt` this host's. */
export type Delivered = {
  readonly of: Place
  readonly jws: string
  readonly received: EpochMs
  readonly keptAt: EpochMs
}

/** What one transaction changes; in this order. */
export type Change = {
  /** Goes out now: from here on its bytes may not change any more. */
  readonly attempted?: Place
  /** All that waits is put aside: it belongs to a stream that is over. */
  readonly allSetAside?: boolean
  readonly removed?: readonly Place[]
  readonly added?: readonly SpooledMessage[]
  /** A message that has its receipt: the receipt is kept, and the message as a sent one. */
  readonly delivered?: Delivered
  /** Sent messages that have to go out again. */
  readonly again?: readonly Place[]
  /** A message the collector will not have: put aside for the institution to look at. */
  readonly rejected?: { readonly message: SpooledMessage; readonly code: string }
  /** Signs each message behind a place anew; called oldest first, one message in memory. */
  readonly resigned?: {
    readonly behind: Place
    readonly sign: (message: SpooledMessage) => SpooledMessage
  }
  /** Computed last, so that it may rest on what was signed anew. */
  readonly states?: States | (() => States)
}

/** Refused messages kept. */
const rejectedMax = 100
/** The code of what was set aside; no code of the collector's has a space. */
const setAside = 'set aside'

const insertMessage = `INSERT INTO message (${rowColumns}, jws, sha256, attempted)
  VALUES (${'?, '.repeat(15)}0)`
const refused = `FROM rejected WHERE code <> '${setAside}'`
const forgetRejected = `DELETE ${refused} AND rowid <=
  (SELECT rowid ${refused} ORDER BY rowid DESC LIMIT 1 OFFSET ${rejectedMax})`
const overwriting = `ON CONFLICT (name)
  DO UPDATE SET sha256 = excluded.sha256, json = excluded.json`
const behind = `SELECT * FROM message WHERE (epoch, seq) > (?, ?) ${inOrder} LIMIT 1`

/**
 * The messages and the state that must survive the process. `commit` is on disk when it returns.
 * Reading throws SpoolCorrupt where stored bytes are not what was written.
 */
export class Spool {
  readonly #db: DatabaseSync
  readonly #lock: DatabaseSync | null
  readonly #sent: HighWater | null
  /** Made once each: what is written every minute need not be read by SQLite every minute. */
  readonly #statements = new Map<string, StatementSync>()
  /** Whether what is written waits for the disk; null before the first write. */
  #isFull: boolean | null = null
  /** As it was counted last; null since messages changed. */
  #depth: { readonly messages: number; readonly bytes: number } | null = null

  constructor(db: DatabaseSync, lock: DatabaseSync | null = null, sent: HighWater | null = null) {
    this.#db = db
    this.#lock = lock
    this.#sent = sent
  }

  /** Makes a change as a whole, or throws and makes none. */
  commit(change: Change): void {
    this.#depth = null
    if (change.attempted) this.#sent?.raise(change.attempted)
    this.#transaction(() => this.#apply(change))
  }

  /**
   * Keeps states as a whole, safe from the end of this process, but not at once from a power cut:
   * the kernel writes them to the disk within half a minute, and the next `commit` waits for them
   * too. What was not written is as it was before, all of it.
   */
  keep(states: States): void {
    this.#wait(false)
    this.#keepStates(states) // one statement, which is a transaction by itself
  }

  state(name: keyof States): unknown {
    const row = this.#db.prepare('SELECT json, sha256 FROM state WHERE name = ?').get(name)
    if (!row) return null
    const json = String(row.json)
    if (sha256(json) !== row.sha256) throw new SpoolCorrupt(`State "${name}" is damaged.`)
    return JSON.parse(json)
  }

  /** The oldest message; null when nothing waits. */
  head(): (SpooledMessage & SpooledRow) | null {
    const row = this.#statement(`SELECT * FROM message ${inOrder} LIMIT 1`).get()
    return row ? checked<SpooledRow>(row) : null
  }

  /** All messages, oldest first, without their content. */
  rows(): SpooledRow[] {
    const rows = this.#db.prepare(`SELECT ${rowColumns}, attempted FROM message ${inOrder}`).all()
    return rows as unknown as SpooledRow[] // the columns are the type's fields
  }

  depth(): { messages: number; bytes: number } {
    if (this.#depth) return this.#depth
    const sums = 'SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM message'
    const depth = this.#statement(sums).get() as { messages: number; bytes: number }
    // With the lock nobody else writes; without it another process may.
    if (this.#lock) this.#depth = depth
    return depth
  }

  /** Sent messages of an epoch from a place on, oldest first, a thousand at most. */
  sentFrom(from: Place): Row[] {
    return sentFrom(this.#db, from)
  }

  /** Messages that have left this host since an instant of its clock, oldest first. */
  *leftSince(from: EpochMs): Generator<LeftMessage> {
    yield* leftSince(this.#db, from)
  }

  /** Forgets the oldest sent messages, as long as they are too many bytes or too old. */
  forgetSent(bytesMax: number, isOld: (row: Row) => boolean): void {
    this.#transaction(() => forgetSent(this.#db, bytesMax, isOld))
  }

  /** Forgets the oldest receipts, as long as both clocks say that they are older than `ageMs`. */
  forgetReceipts(ageMs: number, wall: EpochMs): void {
    this.#transaction(() => forgetReceipts(this.#db, ageMs, wall))
  }

  /** The newest receipt, null before the first. */
  lastReceipt(): string | null {
    const newest = 'SELECT jws FROM receipt ORDER BY epoch DESC, seq DESC, rowid DESC LIMIT 1'
    const row = this.#db.prepare(newest).get()
    return row ? String(row.jws) : null
  }

  /** The receipts of a place, the first one first: more than one after a collector was restored. */
  receipts(of: Place): string[] {
    const rows = this.#db.prepare(`SELECT jws FROM receipt ${here} ORDER BY rowid`)
    return rows.all(...placeOf(of)).map(({ jws }) => String(jws))
  }

  /** Every receipt, the oldest first. */
  *allReceipts(): Generator<string> {
    const all = this.#db.prepare('SELECT jws FROM receipt ORDER BY epoch, seq, rowid')
    for (const { jws } of all.iterate()) yield String(jws)
  }

  /** Reads everything once that must not be wrong. Throws SpoolCorrupt. */
  verify(): void {
    for (const row of this.#db.prepare('SELECT * FROM message').iterate()) checked(row)
    for (const name of stateNames) this.state(name)
  }

  close(): void {
    this.#db.close()
    this.#lock?.close()
  }

  /** Whether what is written waits for the disk. Asked for before each write, said once. */
  #wait(isFull: boolean): void {
    if (this.#isFull === isFull) return
    this.#db.exec(`PRAGMA synchronous = ${isFull ? 'FULL' : 'NORMAL'}`)
    this.#isFull = isFull
  }

  #transaction(work: () => void): void {
    this.#wait(true)
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  #apply(change: Change): void {
    const { attempted, removed = [], added = [], delivered, again = [], resigned } = change
    const { rejected, allSetAside, states = {} } = change
    if (attempted) this.#run(`UPDATE message SET attempted = 1 ${here}`, ...placeOf(attempted))
    if (allSetAside) this.#setAllAside()
    for (const row of removed) this.#run(`DELETE FROM message ${here}`, ...placeOf(row))
    for (const message of added) this.#insert(message)
    if (delivered) this.#keepReceipt(delivered)
    for (const row of again) moveFromSent(this.#run, row)
    if (rejected) {
      const { message, code } = rejected
      this.#run('INSERT INTO rejected VALUES (?, ?, ?, ?)', ...placeOf(message), code, message.jws)
      this.#run(forgetRejected)
    }
    if (resigned) this.#resign(resigned)
    this.#keepStates(typeof states === 'function' ? states() : states)
  }

  #keepStates(states: States): void {
    const values: SQLInputValue[] = []
    for (const [name, value] of Object.entries(states)) {
      const json = padded(JSON.stringify(value))
      values.push(name, sha256(json), json)
    }
    if (values.length === 0) return
    const rows = Array(values.length / 3).fill('(?, ?, ?)')
    this.#run(`INSERT INTO state VALUES ${rows.join(', ')} ${overwriting}`, ...values)
  }

  #insert(message: SpooledMessage): void {
    this.#run(insertMessage, ...valuesOf(message), digest(message))
  }

  #keepReceipt({ of, jws, received, keptAt }: Delivered): void {
    const insert = 'INSERT OR REPLACE INTO receipt VALUES (?, ?, ?, ?, ?)'
    this.#run(insert, ...placeOf(of), received, keptAt, jws)
    moveToSent(this.#run, of)
  }

  /** What was set aside before makes room: it is one spool's worth at most. */
  #setAllAside(): void {
    this.#run('DELETE FROM rejected WHERE code = ?', setAside)
    this.#run('INSERT INTO rejected SELECT epoch, seq, ?, jws FROM message', setAside)
    this.#run('DELETE FROM message')
  }

  #resign({ behind: from, sign }: NonNullable<Change['resigned']>): void {
    const next = this.#db.prepare(behind)
    let place = from
    for (let row = next.get(...placeOf(place)); row; row = next.get(...placeOf(place))) {
      const message = checked<SpooledRow>(row)
      this.#run(`DELETE FROM message ${here}`, ...placeOf(message))
      this.#insert(sign(message))
      place = message
    }
  }

  #statement(sql: string): StatementSync {
    const made = this.#statements.get(sql) ?? this.#db.prepare(sql)
    this.#statements.set(sql, made)
    return made
  }

  readonly #run = (sql: string, ...values: SQLInputValue[]): void => {
    this.#statement(sql).run(...values)
  }
}

/** A text with spaces behind it: a row that keeps its size is written over where it is. */
function padded(json: string): string {
  return json.padEnd(1_024 * Math.ceil(json.length / 1_024))
}
