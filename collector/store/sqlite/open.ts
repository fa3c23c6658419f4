import { readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../../error.ts'
import { isThere } from './files.ts'
import { inspectDatabase } from './inspect.ts'
import { explained } from './start-problems.ts'

const migrationsUrl = new URL('./migrations/', import.meta.url)

/**
 * The oldest SQLite without the WAL-reset race (fixed in 3.53.0): https://sqlite.org/changes.html
 */
const sqliteMin = [3, 53, 0]

/** Other processes only read; at opening one of them may be about to close. */
const openingBusyMs = 5_000
/** Whoever holds the lock longer makes messages come back later: waiting stops everything else. */
const writingBusyMs = 250
const readingBusyMs = 5_000

/** The system has the file in memory anyway: more of it here makes no message cheaper. */
const writerCacheKib = 2 * 1024
/** A reader goes once through what it reads, and the system has it in memory anyway. */
const readerCacheKib = 1024

/** After a long reader the WAL shrinks back to this. */
const walBytesMax = 64 * 1024 * 1024

/**
 * Opens the collector's database for writing, creating or migrating it. Throws AppError that names
 * file and remedy when it cannot be used; it is untouched then.
 */
export function openDatabase(file: string): Database.Database {
  const migrations = readdirSync(migrationsUrl).sort()
  return explained(file, () => {
    if (isThere(file)) inspectDatabase(file, migrations.length)
    const db = new Database(file, { timeout: openingBusyMs })
    try {
      configure(db)
      migrate(db, migrations)
      db.pragma(`busy_timeout = ${writingBusyMs}`)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  })
}

/**
 * Opens the database for reading only: for the evaluating thread, and for commands beside a
 * collector that runs. Throws AppError as `openDatabase`.
 */
export function openReader(file: string): Database.Database {
  return explained(file, () => {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: readingBusyMs })
    db.pragma(`cache_size = -${readerCacheKib}`)
    return db
  })
}

function configure(db: Database.Database): void {
  const version = (db.prepare('SELECT sqlite_version() AS v').get() as { v: string }).v
  const parts = version.split('.').map(Number)
  const older = sqliteMin.findIndex((wanted, i) => parts[i] !== wanted)
  if (older !== -1 && parts[older]! < sqliteMin[older]!) {
    throw new AppError('configuration', `SQLite ${version} is too old; 3.53.0 is needed.`)
  }
  db.pragma('journal_mode = WAL')
  // Set last and on every connection: the build's own default would commit without fsync.
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma(`cache_size = -${writerCacheKib}`)
  db.pragma(`journal_size_limit = ${walBytesMax}`)
}

/** Runs what is missing, each file in one transaction; `user_version` counts the files done. */
function migrate(db: Database.Database, migrations: readonly string[]): void {
  const done = db.pragma('user_version', { simple: true }) as number
  migrations.slice(done).forEach((name, i) => {
    db.transaction(() => {
      db.exec(readFileSync(new URL(name, migrationsUrl), 'utf8'))
      db.pragma(`user_version = ${done + i + 1}`)
    }).immediate()
  })
}
