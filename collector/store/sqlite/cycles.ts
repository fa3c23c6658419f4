import type Database from 'better-sqlite3'
import {
  type CycleReader,
  type CycleWriter,
  type FigureChangeRow,
  type FrozenRow,
  figureChangesMax,
} from '../cycles.ts'

type FrozenSql = Omit<FrozenRow, 'sizes'> & { readonly sizes: string }
type ChangeSql = Omit<FigureChangeRow, 'cause'> & {
  readonly log: string | null
  readonly index: number
}

/** SQLite's frozen cycles and changed figures, for reading. */
export function cycleReader(db: Database.Database): CycleReader {
  const bytes = db
    .prepare('SELECT bytes FROM frozen_cycle WHERE cycle = ? AND revision = ?')
    .pluck()
  const last = db.prepare('SELECT coalesce(max(position), 0) FROM leaf').pluck()
  const changes = db.prepare(
    `SELECT figure, cycle, old, new, as_of AS asOf, at, cause_log AS log, cause_idx AS "index"
     FROM figure_change WHERE cycle = ? ORDER BY id DESC LIMIT ${figureChangesMax}`,
  )
  const ofInstitution = db.prepare(
    `SELECT log, idx AS "index", position FROM leaf
     WHERE log = ? AND position > ? ORDER BY idx DESC LIMIT 1`,
  )
  // Of the national log nearly all leaves only say that the collector ran.
  const national = db.prepare(
    `SELECT log, idx AS "index", position FROM leaf
     WHERE kind = 'act' AND position > ? AND log = 'national' ORDER BY position DESC LIMIT 1`,
  )
  const acts = db
    .prepare(
      `SELECT 1 FROM leaf WHERE kind = 'act' AND position > ?
         AND entry ->> '$.what' NOT GLOB 'agent/*'
         AND entry ->> '$.what' NOT GLOB 'token/*' LIMIT 1`,
    )
    .pluck()
  return {
    hasActs: async (after) => acts.get(after) !== undefined,
    frozenCycles: async () => {
      const rows = db
        .prepare(
          `SELECT cycle, revision, sha256, sizes, register, policy, model, engine, at
           FROM frozen_cycle ORDER BY cycle, revision`,
        )
        .all() as FrozenSql[]
      return rows.map((row) => ({ ...row, sizes: JSON.parse(row.sizes) as FrozenRow['sizes'] }))
    },
    frozenBytes: async (cycle, revision) =>
      (bytes.get(cycle, revision) as Buffer | undefined) ?? null,
    figureChanges: async (cycle) =>
      (changes.all(cycle) as ChangeSql[]).map(({ log, index, ...rest }) => ({
        ...rest,
        cause: log === null ? null : { log, index },
      })),
    lastPosition: async () => last.get() as number,
    newestCause: async (log, after) => {
      const row = log === 'national' ? national.get(after) : ofInstitution.get(log, after)
      return (row as Awaited<ReturnType<CycleReader['newestCause']>> | undefined) ?? null
    },
  }
}

/** SQLite's changed figures, for writing. */
export function cycleWriter(db: Database.Database): CycleWriter {
  const insert = db.prepare(
    `INSERT INTO figure_change (figure, cycle, old, new, as_of, at, cause_log, cause_idx)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const all = db.transaction((changes: readonly FigureChangeRow[]) => {
    for (const { figure, cycle, old, new: fresh, asOf, at, cause } of changes) {
      const place = [cause?.log ?? null, cause?.index ?? null]
      insert.run(figure, cycle, old, fresh, asOf, at, ...place)
    }
  })
  return {
    saveFigureChanges: async (changes) => {
      all.immediate(changes)
    },
  }
}
