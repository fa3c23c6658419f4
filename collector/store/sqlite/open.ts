import { existsSync, readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../../error.ts'

const migrationsUrl = new URL('./migrations/', import.meta.url)

/**
 * The oldest SQLite without the WAL-reset race (fixed in 3.53.0): https://sqlite.org/changes.html
 */
const sqliteMin = [3, 53, 0]

/**
 * Opens the collector's database for writing, creating or migrating it. Throws AppError
 * `configuration` when the file belongs to a newer version; the file is untouched then.
 */
export function openDatabase(file: string): Database.Database {
  const migrations = readdirSync(migrationsUrl).sort()
  if (existsSync(file)) refuseNewer(file, migrations.length)
  const db = new Database(file)
  configure(db)
  migrate(db, migrations)
  return db
}

/** Opens the database for reading only, for the evaluating thread. */
export function openReader(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  db.pragma('busy_timeout = 5000')
  return db
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
  db.pragma('busy_timeout = 5000')
}

function refuseNewer(file: string, known: number): void {
  const reader = new Database(file, { readonly: true })
  try {
    const found = reader.pragma('user_version', { simple: true }) as number
    if (found <= known) return
    throw new AppError(
      'configuration',
      `The data in ${file} has format ${found}; this version reads up to ${known}. ` +
        'Nothing was changed. Start the newer version, or use another DATA_DIR.',
    )
  } finally {
    reader.close()
  }
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
