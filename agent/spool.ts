import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { sha256 } from '../protocol/jws.ts'
import type { BootMs, EpochMs } from '../protocol/time.ts'

/** A sealed message that no receipt covers yet. */
export type SpooledMessage = {
  readonly epoch: number
  readonly seq: number
  /** Equal to `seq`, but for a gap that stands in the place of several messages. */
  readonly through: number
  readonly type: 'batch' | 'gap'
  /** Of a gap: why the messages are missing. */
  readonly why: string | null
  readonly boot: string
  readonly windowFrom: BootMs
  readonly windowTo: BootMs
  readonly sealedWall: EpochMs
  readonly sealedBoot: BootMs
  readonly prev: string
  /** What the next message's `prev` must be. */
  readonly after: string
  readonly jws: string
}

/** A spooled message without its content. `attempted`: it may have arrived, its bytes are final. */
export type SpooledRow = Omit<SpooledMessage, 'jws'> & {
  readonly bytes: number
  readonly attempted: 0 | 1
}

/** What is kept beside messages, as JSON. */
const stateNames = ['cursor', 'fold', 'delivery'] as const
export type States = Partial<Readonly<Record<(typeof stateNames)[number], unknown>>>

/** What one transaction changes; in this order. */
export type Change = {
  /** Goes out now: from here on its bytes may not change any more. */
  readonly attempted?: SpooledRow
  readonly removed?: readonly SpooledRow[]
  readonly added?: readonly SpooledMessage[]
  /** The collector's word for a message: kept when the message goes. */
  readonly receipt?: { readonly of: SpooledRow; readonly jws: string }
  /** A message the collector will not have: put aside for the institution to look at. */
  readonly rejected?: { readonly message: SpooledMessage; readonly code: string }
  readonly states?: States
}

/** Stored bytes are not what was written: what the spool held is lost and has to be declared. */
export class SpoolCorrupt extends Error {
  override readonly name = 'SpoolCorrupt'
}

/** Refused messages kept. */
const rejectedMax = 100

const rowColumns = `epoch, seq, through, type, why, boot, windowFrom, windowTo, sealedWall,
  sealedBoot, prev, after, bytes, attempted`
const inOrder = 'ORDER BY epoch, seq'
const here = 'WHERE epoch = ? AND seq = ?'
const insertMessage = `INSERT INTO message (${rowColumns}, jws, sha256)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`
const forgetRejected = `DELETE FROM rejected WHERE rowid <=
  (SELECT rowid FROM rejected ORDER BY rowid DESC LIMIT 1 OFFSET ${rejectedMax})`

/**
 * The messages and the state that must survive the process. `commit` is on disk when it returns.
 * Reading throws SpoolCorrupt where stored bytes are not what was written.
 */
export class Spool {
  readonly #db: DatabaseSync
  readonly #lock: DatabaseSync | null

  constructor(db: DatabaseSync, lock: DatabaseSync | null = null) {
    this.#db = db
    this.#lock = lock
  }

  /** Makes a change as a whole, or throws and makes none. */
  commit(change: Change): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      this.#apply(change)
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
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
    const row = this.#db.prepare(`SELECT * FROM message ${inOrder} LIMIT 1`).get()
    return row ? checked(row) : null
  }

  /** All messages, oldest first, without their content. */
  rows(): SpooledRow[] {
    const rows = this.#db.prepare(`SELECT ${rowColumns} FROM message ${inOrder}`).all()
    return rows as unknown as SpooledRow[] // the columns are the type's fields
  }

  depth(): { messages: number; bytes: number } {
    const sums = 'SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM message'
    return this.#db.prepare(sums).get() as { messages: number; bytes: number }
  }

  /** The newest receipt, null before the first. */
  lastReceipt(): string | null {
    const newest = 'SELECT jws FROM receipt ORDER BY epoch DESC, seq DESC LIMIT 1'
    const row = this.#db.prepare(newest).get()
    return row ? String(row.jws) : null
  }

  /** Reads everything once. Throws SpoolCorrupt. */
  verify(): void {
    for (const row of this.#db.prepare('SELECT * FROM message').iterate()) checked(row)
    for (const name of stateNames) this.state(name)
  }

  close(): void {
    this.#db.close()
    this.#lock?.close()
  }

  #apply({ attempted, removed = [], added = [], receipt, rejected, states = {} }: Change): void {
    if (attempted) this.#run(`UPDATE message SET attempted = 1 ${here}`, ...placeOf(attempted))
    for (const row of removed) this.#run(`DELETE FROM message ${here}`, ...placeOf(row))
    for (const message of added) this.#run(insertMessage, ...valuesOf(message), digest(message))
    if (receipt) {
      const { of, jws } = receipt
      this.#run('INSERT OR REPLACE INTO receipt VALUES (?, ?, ?)', ...placeOf(of), jws)
    }
    if (rejected) {
      const { message, code } = rejected
      this.#run('INSERT INTO rejected VALUES (?, ?, ?, ?)', ...placeOf(message), code, message.jws)
      this.#run(forgetRejected)
    }
    for (const [name, value] of Object.entries(states)) {
      const json = JSON.stringify(value)
      this.#run('INSERT OR REPLACE INTO state VALUES (?, ?, ?)', name, sha256(json), json)
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#db.prepare(sql).run(...values)
  }
}

function placeOf({ epoch, seq }: { epoch: number; seq: number }): [number, number] {
  return [epoch, seq]
}

function valuesOf(message: SpooledMessage): (string | number | null)[] {
  const { epoch, seq, through, type, why, boot, windowFrom, windowTo, sealedWall } = message
  const { sealedBoot, prev, after, jws } = message
  return [
    ...[epoch, seq, through, type, why, boot, windowFrom, windowTo, sealedWall, sealedBoot],
    ...[prev, after, jws.length, jws],
  ]
}

/** Over all that is stored of a message, so that damage to its place shows as well. */
function digest(message: SpooledMessage): string {
  return sha256(JSON.stringify(valuesOf(message)))
}

function checked(row: Record<string, unknown>): SpooledMessage & SpooledRow {
  const message = row as unknown as SpooledMessage & SpooledRow // the columns are the type's fields
  if (digest(message) !== row.sha256) throw new SpoolCorrupt('A spooled message is damaged.')
  return message
}
