import type Database from 'better-sqlite3'
import type { EpochMs } from '../../../protocol/time.ts'
import type { Entry } from '../../register/difference.ts'
import { type ActReader, type ActRow, type ActSearch, actsPerSearchMax } from '../acts.ts'

type ActSql = { position: number; log: string; idx: number; hash: Buffer; entry: string }
type Stored = Entry & { readonly v: number; readonly kind: string; readonly at: EpochMs }

/** SQLite's acts, by the index of their leaves alone. */
export function actReader(db: Database.Database): ActReader {
  const before = db.prepare(
    `SELECT position, log, idx, hash, entry FROM leaf WHERE kind = 'act' AND position < ?
     ORDER BY position DESC LIMIT ?`,
  )
  const after = db.prepare(
    `SELECT position, entry FROM leaf WHERE kind = 'act' AND position > ?
     ORDER BY position LIMIT ?`,
  )
  return {
    searchActs: async (search) => {
      const { before: from = Number.MAX_SAFE_INTEGER, limit } = search
      const rows = before.iterate(from, actsPerSearchMax) as IterableIterator<ActSql>
      return found(rows, search, limit)
    },
    entriesAfter: async (position, limit) => {
      const rows = after.all(position, limit) as Pick<ActSql, 'position' | 'entry'>[]
      const entries = rows.map(({ entry }) => read(entry).entry)
      return { entries, through: rows.at(-1)?.position ?? position }
    },
  }
}

function found(rows: Iterable<ActSql>, { log, matches }: ActSearch, limit: number) {
  const acts: ActRow[] = []
  let seen = 0
  let last = 0
  for (const row of rows) {
    seen++
    last = row.position
    if (log !== undefined && row.log !== log) continue
    const { position, idx: index, hash, entry: text } = row
    const act = { position, log: row.log, index, hash, text, ...read(text) }
    if (matches(act)) acts.push(act)
    if (acts.length === limit) break
  }
  const isAll = seen < actsPerSearchMax && acts.length < limit
  return { acts, next: isAll ? null : last }
}

function read(text: string): { at: EpochMs; entry: Entry } {
  const { v: _v, kind: _kind, at, ...entry } = JSON.parse(text) as Stored
  return { at, entry }
}
