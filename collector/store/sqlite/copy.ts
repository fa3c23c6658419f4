import Database from 'better-sqlite3'
import { sqliteCode } from './failures.ts'
import { explained } from './start-problems.ts'

/** More pages than a database can have: all are copied in one step, in one read transaction. */
const allPages = 0x7fffffff

/**
 * Copies a database that a collector may be writing to, as it was at one moment. Never waits for
 * the writer and never makes it wait. The copy is one file without a WAL; it is not yet on disk.
 * Throws AppError.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = explained(from, () => new Database(from, { readonly: true, fileMustExist: true }))
  try {
    await source.backup(to, { progress: () => allPages })
  } catch (error) {
    explained(sqliteCode(error).startsWith('SQLITE_FULL') ? to : from, () => {
      throw error
    })
  } finally {
    source.close()
  }
  explained(to, () => {
    const copy = new Database(to)
    try {
      copy.pragma('journal_mode = DELETE')
    } finally {
      copy.close()
    }
  })
}

/**
 * What SQLite finds wrong with the pages of a file, at most a hundred; reads all of it. Throws
 * AppError.
 */
export function damageOf(file: string): string[] {
  const db = explained(file, () => new Database(file, { readonly: true, fileMustExist: true }))
  try {
    const rows = db.pragma('integrity_check') as { integrity_check: string }[]
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
  } catch (error) {
    // Of a file that is too damaged to be read there is no list.
    if (!/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(sqliteCode(error))) throw error
    return [(error as Error).message]
  } finally {
    db.close()
  }
}
