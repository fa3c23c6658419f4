import Database from 'better-sqlite3'
import { StoreFailure } from '../failure.ts'

/** SQLite's codes that say how an attempt failed, each with its sentence.. */
const failures: readonly (readonly [code: string, lasting: boolean, message: string])[] = [
  ['SQLITE_FULL', false, 'The disk is full; nothing was stored.'],
  ['SQLITE_BUSY', false, 'Another process holds the database; nothing was stored.'],
  ['SQLITE_LOCKED', false, 'Another process holds the database; nothing was stored.'],
  ['SQLITE_PROTOCOL', false, 'Another process holds the database; nothing was stored.'],
  ['SQLITE_IOERR', true, 'The disk failed; the next start shows what was stored.'],
  ['SQLITE_CORRUPT', true, 'The database is damaged; docs/operations.md says what to do.'],
  ['SQLITE_NOTADB', true, 'The database is damaged; docs/operations.md says what to do.'],
  ['SQLITE_READONLY', true, 'The database cannot be written any more; see its disk and owner.'],
  ['SQLITE_CANTOPEN', true, 'The database cannot be opened any more; see its disk and owner.'],
  ['SQLITE_PERM', true, 'The database cannot be opened any more; see its disk and owner.'],
]

/** What SQLite's error means; null when it is a mistake of ours, or no error of SQLite's. */
export function sqliteFailure(error: unknown): StoreFailure | null {
  const code = sqliteCode(error)
  const found = failures.find(([prefix]) => code === prefix || code.startsWith(`${prefix}_`))
  if (!found) return null
  const [, lasting, message] = found
  return new StoreFailure(`${message} (${code})`, { lasting, cause: error })
}

/** The extended code, such as `SQLITE_IOERR_FSYNC`; empty for other errors. */
export function sqliteCode(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : ''
}
