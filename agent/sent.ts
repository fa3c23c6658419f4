import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { EpochMs } from '../protocol/time.ts'
import {
  checked,
  here,
  inOrder,
  type Place,
  placeOf,
  type Row,
  rowColumns,
  SpoolCorrupt,
  type SpooledMessage,
} from './spool-row.ts'

/**
 * Messages that have their receipt, kept for a while: a collector that was restored from a backup
 * gets them again, byte for byte.
 */

/** The most sent messages looked at together; a collector that lacks more asks again. */
export const againMax = 1_000

const columns = `${rowColumns}, jws, sha256`

/** Runs a statement of SQL. */
type RunSql = (sql: string, ...values: SQLInputValue[]) => void

/** Moves a message that has its receipt. Within the caller's transaction. */
export function moveToSent(run: RunSql, place: Place): void {
  const at = placeOf(place)
  run(`INSERT OR REPLACE INTO sent (${columns}) SELECT ${columns} FROM message ${here}`, ...at)
  run(`DELETE FROM message ${here}`, ...at)
}

/** Moves a sent message back; it was out already, so its bytes are final. */
export function moveFromSent(run: RunSql, place: Place): void {
  const at = placeOf(place)
  run(`INSERT INTO message (${columns}, attempted) SELECT ${columns}, 1 FROM sent ${here}`, ...at)
  run(`DELETE FROM sent ${here}`, ...at)
}

/** Sent messages from a place on, oldest first; those that were damaged are left out. */
export function sentFrom(db: DatabaseSync, from: Place): Row[] {
  const rows: Row[] = []
  const inEpoch = `SELECT * FROM sent WHERE epoch = ? AND seq >= ? ${inOrder} LIMIT ${againMax}`
  for (const found of db.prepare(inEpoch).iterate(...placeOf(from))) {
    try {
      const { jws: _, ...row } = checked<Row>(found)
      rows.push(row)
    } catch {
      // As good as gone: whoever asks declares it.
    }
  }
  return rows
}

/** A message that has left this host, or may have: without its receipt that is not known. */
export type LeftMessage = SpooledMessage & { readonly isAcknowledged: boolean }

/** What was sealed since an instant of this host's clock and left it; the damaged is left out. */
export function* leftSince(db: DatabaseSync, from: EpochMs): Generator<LeftMessage> {
  for (const [table, isAcknowledged] of [
    ['sent', true],
    ['message', false],
  ] as const) {
    const left = isAcknowledged ? '' : 'AND attempted = 1'
    const since = `SELECT * FROM ${table} WHERE sealedWall >= ? ${left} ${inOrder}`
    for (const found of db.prepare(since).iterate(from)) {
      try {
        yield { ...checked<Row>(found), isAcknowledged }
      } catch (error) {
        if (!(error instanceof SpoolCorrupt)) throw error
      }
    }
  }
}

/**
 * Forgets the oldest sent messages as long as they are too many bytes or too old. A rotation
 * stays: without it a collector restored to before it could never learn the key in use.
 */
export function forgetSent(db: DatabaseSync, bytesMax: number, isOld: (row: Row) => boolean): void {
  const evidence = "FROM sent WHERE type <> 'rotation'"
  const sum = db.prepare(`SELECT coalesce(sum(bytes), 0) AS bytes ${evidence}`).get()
  let { bytes } = sum as { bytes: number }
  let last: Row | null = null
  for (const found of db.prepare(`SELECT ${rowColumns} ${evidence} ${inOrder}`).iterate()) {
    const row = found as unknown as Row // the columns are the type's fields
    if (bytes <= bytesMax && !isOld(row)) break
    bytes -= row.bytes
    last = row
  }
  if (!last) return
  db.prepare(`DELETE ${evidence} AND (epoch, seq) <= (?, ?)`).run(...placeOf(last))
}

/**
 * Forgets the oldest receipts that are older than `ageMs` by the collector's time and by this
 * host's: neither clock alone may take evidence away.
 */
export function forgetReceipts(db: DatabaseSync, ageMs: number, wall: EpochMs): void {
  const all = 'SELECT epoch, seq, received, keptAt FROM receipt'
  const newest = db.prepare(`${all} ORDER BY epoch DESC, seq DESC LIMIT 1`).get()
  const before = Number(newest?.received) - ageMs
  let last: Place | null = null
  for (const { epoch, seq, received, keptAt } of db.prepare(`${all} ${inOrder}`).iterate()) {
    if (Number(received) >= before || Number(keptAt) >= wall - ageMs) break
    last = { epoch: Number(epoch), seq: Number(seq) }
  }
  if (!last) return
  db.prepare('DELETE FROM receipt WHERE (epoch, seq) <= (?, ?)').run(...placeOf(last))
}
