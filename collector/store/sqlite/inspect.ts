import Database from 'better-sqlite3'
import { emptyTree, leafHash } from '../../../protocol/merkle.ts'
import { AppError } from '../../error.ts'
import type { LogKeyTraces } from '../logs.ts'
import { type LeafSql, leafOfRow } from './read-logs.ts'
import { inspectWal } from './wal.ts'

/** The format in which there is a table of heads. */
const headsSince = 2

/**
 * Looks at a database before anything is written to it: it is ours, not newer, its WAL is whole,
 * its tables can be read and each log ends where its head says. Costs the same for a large file
 * as for a small one; `collector check-data` reads everything. Throws AppError or SQLite's error;
 * nothing was changed then.
 */
export function inspectDatabase(file: string, known: number): void {
  inspectWal(`${file}-wal`)
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const found = db.pragma('user_version', { simple: true }) as number
    if (found > known) {
      throw new AppError(
        'configuration',
        `The data in ${file} has format ${found}; this version reads up to ${known}. ` +
          'Nothing was changed. Start the newer version, or use another DATA_DIR.',
      )
    }
    const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
    if (found === 0 && tables > 0) {
      const message = `${file} is a database of another program. Nothing was changed. Set DATA_DIR.`
      throw new AppError('configuration', message)
    }
    if (found >= headsSince) inspectHeads(db, file)
  } finally {
    db.close()
  }
}

/** Whether a database holds any leaf. Changes nothing. Throws SQLite's error. */
export function holdsEvidence(file: string): boolean {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    if (db.pragma('user_version', { simple: true }) === 0) return false
    return db.prepare('SELECT 1 FROM leaf LIMIT 1').get() !== undefined
  } finally {
    db.close()
  }
}

/** What tells which log key signs here. Changes nothing. Throws AppError or SQLite's error. */
export function readLogKeyTraces(file: string): LogKeyTraces {
  // What a damaged WAL hides must not look like a wrong key.
  inspectWal(`${file}-wal`)
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const found = db.pragma('user_version', { simple: true }) as number
    if (found < headsSince) return { change: null, note: null }
    const newest = (sql: string) => (db.prepare(sql).pluck().get() as string | undefined) ?? null
    return {
      change: newest(
        "SELECT entry FROM leaf WHERE kind = 'log-key' ORDER BY position DESC LIMIT 1",
      ),
      note: newest("SELECT note FROM checkpoint WHERE log = 'national' ORDER BY size DESC LIMIT 1"),
    }
  } finally {
    db.close()
  }
}

/** Each log's last leaf is there, is what its hash says, and no leaf stands behind it. */
function inspectHeads(db: Database.Database, file: string): void {
  const heads = db.prepare('SELECT log, size FROM log_head').all() as HeadSql[]
  const last = db.prepare('SELECT * FROM leaf WHERE log = ? ORDER BY idx DESC LIMIT 1')
  const read = leafOfRow(db)
  for (const { log, size } of heads) {
    const row = last.get(log) as LeafSql | undefined
    const isRight = row
      ? row.idx === size - 1 && leafHash(Buffer.from(read(row).entry)).equals(row.hash)
      : size === emptyTree.size
    if (isRight) continue
    throw new AppError(
      'unavailable',
      `${file} is damaged: the log ${log} does not end where its head says. ` +
        'Nothing was changed. Restore a backup: docs/operations.md.',
    )
  }
}

type HeadSql = { log: string; size: number }
