import type Database from 'better-sqlite3'
import { type Frontier, grow } from '../../../protocol/merkle.ts'
import { baseBytesMax, packedText, packJws, textPackedAlone } from '../../evidence/pack.ts'
import type { Leaf, MessageRow } from '../logs.ts'
import { growAnew } from './read-logs.ts'
import { rootsOf } from './rows.ts'

/** Messages packed against the same earlier one; then another takes its place. */
const basedMax = 64

/** Where the message is: reading it again costs less than holding one of each agent. */
type Base = { readonly position: number; readonly used: number }

/** Where a leaf was put. */
export type Placed = { readonly position: number; readonly index: number }

/**
 * Appends to the logs. The trees and what messages are packed against grow in memory: `settle`
 * keeps that after a commit, `forget` drops it after a transaction that failed.
 */
export class LeafWriter {
  readonly #db: Database.Database
  readonly #insert: Database.Statement
  readonly #readBase: Database.Statement
  readonly #readHead: Database.Statement
  readonly #writeHead: Database.Statement
  readonly #heads = new Map<string, Frontier>()
  #grown = new Map<string, Frontier>()
  readonly #bases = new Map<string, Base>()
  #newBases = new Map<string, Base>()

  constructor(db: Database.Database) {
    this.#db = db
    this.#insert = db.prepare(
      `INSERT INTO leaf (log, idx, kind, hash, entry, agent, epoch, seq, through, received,
         time_class, offset_ms, anchored_at, base, jws)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#readBase = db.prepare('SELECT jws FROM leaf WHERE position = ?').pluck()
    this.#readHead = db.prepare('SELECT size, roots FROM log_head WHERE log = ?')
    this.#writeHead = db.prepare(
      'INSERT OR REPLACE INTO log_head (log, size, roots) VALUES (?, ?, ?)',
    )
  }

  /** Appends a leaf that is no message. */
  append({ log, kind, hash, entry }: Leaf): Placed {
    const { size } = this.#head(log)
    const nothing = Array<null>(10).fill(null)
    const { lastInsertRowid } = this.#insert.run(log, size, kind, hash, entry, ...nothing)
    return this.#place(log, hash, Number(lastInsertRowid))
  }

  /** Appends a message as its leaf; its entry follows from its columns and is not written. */
  appendMessage({ log, kind, hash }: Leaf, agent: string, message: MessageRow): Placed {
    const { epoch, seq, through, received, dating, jws } = message
    const { size } = this.#head(log)
    const known = this.#newBases.get(agent) ?? this.#bases.get(agent) ?? null
    const base = known && known.used < basedMax ? known : null
    const packed = packJws(jws, base && this.#textOf(base))
    const row = [log, size, kind, hash, null, agent, epoch, seq, through, received]
    const times = [dating?.timeClass, dating?.offsetMs, dating?.anchoredAt]
    const { lastInsertRowid } = this.#insert.run(
      ...row,
      ...times.map((each) => each ?? null),
      base?.position ?? null,
      packed,
    )
    const position = Number(lastInsertRowid)
    const next = nextBase(base, position, jws)
    if (next) this.#newBases.set(agent, next)
    return this.#place(log, hash, position)
  }

  /**
   * Writes the heads of the logs that grew; inside the transaction, once all leaves are written.
   */
  writeHeads(): void {
    for (const [log, { size, roots }] of this.#grown) {
      this.#writeHead.run(log, size, Buffer.concat(roots))
    }
  }

  settle(): void {
    for (const [log, head] of this.#grown) this.#heads.set(log, head)
    for (const [agent, base] of this.#newBases) this.#bases.set(agent, base)
    this.forget()
  }

  forget(): void {
    this.#grown = new Map()
    this.#newBases = new Map()
  }

  /** Where one message of this agent in this log can be taken back to. */
  mark(log: string, agent: string): () => void {
    const head = this.#grown.get(log)
    const base = this.#newBases.get(agent)
    return () => {
      if (head) this.#grown.set(log, head)
      else this.#grown.delete(log)
      if (base) this.#newBases.set(agent, base)
      else this.#newBases.delete(agent)
    }
  }

  #textOf({ position }: Base): Buffer {
    return textPackedAlone(this.#readBase.get(position) as Buffer)
  }

  #place(log: string, hash: Buffer, position: number): Placed {
    const head = this.#head(log)
    this.#grown.set(log, grow(head, hash))
    return { position, index: head.size }
  }

  #head(log: string): Frontier {
    const known = this.#grown.get(log) ?? this.#heads.get(log)
    if (known) return known
    const row = this.#readHead.get(log) as { size: number; roots: Buffer } | undefined
    const head = row ? { size: row.size, roots: rootsOf(row.roots) } : growAnew(this.#db, log)
    this.#heads.set(log, head)
    return head
  }
}

/** What the agent's next message is packed against: always one that was packed alone. */
function nextBase(base: Base | null, position: number, jws: string): Base | null {
  if (base) return { ...base, used: base.used + 1 }
  return packedText(jws).length > baseBytesMax ? null : { position, used: 0 }
}
