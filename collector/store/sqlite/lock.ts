import Database from 'better-sqlite3'
import { AppError } from '../../error.ts'
import { sqliteCode } from './failures.ts'
import { explained } from './start-problems.ts'

/**
 * Makes this process the only one that has the file until it ends, however it ends. Throws AppError
 * `configuration` with the sentence when another one has it, `unavailable` when the file cannot be
 * made. Call the answer to let go.
 */
export function lockDirectory(
  file: string,
  taken = `Another collector uses ${file}. Stop it first.`,
): () => void {
  const db = explained(file, () => new Database(file, { timeout: 0 }))
  try {
    explained(file, () => take(db, taken))
  } catch (error) {
    db.close()
    throw error
  }
  return () => db.close()
}

function take(db: Database.Database, taken: string): void {
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    if (!sqliteCode(cause).startsWith('SQLITE_BUSY')) throw cause
    throw new AppError('configuration', taken, { cause })
  }
}
