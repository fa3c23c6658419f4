import Database from 'better-sqlite3'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { explained } from '../store/sqlite/start-problems.ts'
import type { Condition } from './conditions.ts'
import type {
  Delivery,
  DeliveryQuery,
  DeliveryState,
  HookCounts,
  NewDelivery,
  Outcome,
} from './delivery.ts'

export const hookStoreLimits = {
  /** Of one hook; beyond it the oldest is dropped. */
  waitingMax: 1_000,
  /** Of what is done: so many in all, and for so long. */
  keptMax: 10_000,
  keptMs: 30 * dayMs,
} as const

const schema = `
CREATE TABLE IF NOT EXISTS condition (
  key  TEXT NOT NULL PRIMARY KEY,
  told TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS delivery (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  hook        TEXT NOT NULL,
  event       TEXT NOT NULL,
  type        TEXT NOT NULL,
  institution TEXT,
  state       TEXT NOT NULL,
  made_at     INTEGER NOT NULL,
  attempts    INTEGER NOT NULL,
  tried_at    INTEGER,
  status      INTEGER,
  problem     TEXT,
  next_at     INTEGER NOT NULL,
  body        TEXT,
  UNIQUE (hook, event)
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_by_hook ON delivery (hook, state, number);
`
const columns = `number, hook, event, type, institution, state, made_at AS madeAt, attempts,
  tried_at AS triedAt, status, problem, next_at AS nextAt`

/**
 * What was told, what waits to be sent, and what became of the rest: in a database of its own,
 * because none of it is evidence. Throws AppError when the file cannot be used.
 */
export class HookStore {
  readonly #db: Database.Database

  constructor(file: string) {
    this.#db = explained(file, () => {
      const db = new Database(file, { timeout: 1_000 })
      try {
        db.pragma('journal_mode = WAL')
        db.pragma('synchronous = FULL')
        db.exec(schema)
        return db
      } catch (error) {
        db.close()
        throw error
      }
    })
  }

  /** The conditions that were told and are not over. */
  conditions(): Map<string, Condition> {
    const rows = this.#db.prepare('SELECT key, told FROM condition').all()
    // Written below as such.
    const typed = rows as { key: string; told: string }[]
    return new Map(typed.map(({ key, told }) => [key, JSON.parse(told) as Condition]))
  }

  /**
   * Notes all that follows from one snapshot at once: none is told twice, none is forgotten.
   * Returns how many events that dropped, by hook.
   */
  note(
    { opened, closed }: { opened: readonly Condition[]; closed: readonly string[] },
    deliveries: readonly NewDelivery[],
    at: EpochMs,
  ): Map<string, number> {
    const open = this.#db.prepare('INSERT OR REPLACE INTO condition VALUES (?, ?)')
    const close = this.#db.prepare('DELETE FROM condition WHERE key = ?')
    return this.#db
      .transaction(() => {
        for (const each of opened) open.run(each.key, JSON.stringify(each))
        for (const key of closed) close.run(key)
        for (const each of deliveries) this.#add(each, at)
        const hooks = new Set(deliveries.map((each) => each.hook))
        const dropped = new Map([...hooks].map((hook) => [hook, this.#dropOldest(hook)]))
        this.#forget(at)
        return dropped
      })
      .immediate()
  }

  /** What is to be sent to a hook first, with its bytes. */
  next(hook: string): (Delivery & { body: string }) | null {
    const sql = `SELECT ${columns}, body FROM delivery
      WHERE hook = ? AND state = 'waiting' ORDER BY number LIMIT 1`
    return (this.#db.prepare(sql).get(hook) ?? null) as (Delivery & { body: string }) | null
  }

  /** Notes what came of an attempt. What is done keeps no body. */
  noteAttempt(number: number, { state, status, problem, nextAt, triedAt }: Outcome): void {
    const sql = `UPDATE delivery SET state = :state, status = :status, problem = :problem,
      next_at = :nextAt, tried_at = :triedAt, attempts = attempts + 1,
      body = CASE WHEN :state = 'waiting' THEN body END
      WHERE number = :number AND state = 'waiting'`
    this.#db.prepare(sql).run({ number, state, status, problem, nextAt, triedAt })
  }

  /** The newest first. */
  deliveries({ hook, state, before, limit }: DeliveryQuery): Delivery[] {
    const sql = `SELECT ${columns} FROM delivery WHERE (:hook IS NULL OR hook = :hook)
      AND (:state IS NULL OR state = :state) AND (:before IS NULL OR number < :before)
      ORDER BY number DESC LIMIT :limit`
    const asked = { hook: hook ?? null, state: state ?? null, before: before ?? null, limit }
    return this.#db.prepare(sql).all(asked) as Delivery[]
  }

  /** Of each hook, how many are in which state. */
  counts(hook: string): HookCounts {
    const sql = 'SELECT state, count(*) AS n FROM delivery WHERE hook = ? GROUP BY state'
    const rows = this.#db.prepare(sql).all(hook) as { state: DeliveryState; n: number }[]
    const none = { waiting: 0, delivered: 0, refused: 0, given_up: 0, dropped: 0 }
    return { ...none, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) }
  }

  /** How many events wait for a hook, and since when the oldest does; null without any. */
  waiting(hook: string): { readonly waiting: number; readonly oldestAt: EpochMs | null } {
    const sql = `SELECT count(*) AS waiting, min(made_at) AS oldestAt FROM delivery
      WHERE hook = ? AND state = 'waiting'`
    return this.#db.prepare(sql).get(hook) as ReturnType<HookStore['waiting']>
  }

  /** Drops what waits for hooks that are configured no more. */
  keepOnly(hooks: readonly string[]): void {
    const sql = `UPDATE delivery SET state = 'dropped', body = NULL, problem = 'hook_removed'
      WHERE state = 'waiting' AND hook NOT IN (SELECT value FROM json_each(?))`
    this.#db.prepare(sql).run(JSON.stringify(hooks))
  }

  close(): void {
    this.#db.close()
  }

  #add({ hook, event, type, institution, body }: NewDelivery, at: EpochMs): void {
    const sql = `INSERT INTO delivery
      (hook, event, type, institution, state, made_at, attempts, next_at, body)
      VALUES (?, ?, ?, ?, 'waiting', ?, 0, ?, ?) ON CONFLICT DO NOTHING`
    this.#db.prepare(sql).run(hook, event, type, institution, at, at, body)
  }

  #dropOldest(hook: string): number {
    const sql = `UPDATE delivery SET state = 'dropped', body = NULL, problem = 'queue_full'
      WHERE hook = :hook AND state = 'waiting' AND number <= (SELECT number FROM delivery
        WHERE hook = :hook AND state = 'waiting' ORDER BY number DESC LIMIT 1 OFFSET :kept)`
    return this.#db.prepare(sql).run({ hook, kept: hookStoreLimits.waitingMax }).changes
  }

  #forget(at: EpochMs): void {
    const { keptMax, keptMs } = hookStoreLimits
    const sql = `DELETE FROM delivery WHERE state <> 'waiting' AND (made_at < :oldest
      OR number <= (SELECT max(number) FROM delivery) - :keptMax)`
    this.#db.prepare(sql).run({ oldest: at - keptMs, keptMax })
  }
}
