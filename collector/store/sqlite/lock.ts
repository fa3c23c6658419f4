import Database from 'better-sqlite3'
import { AppError } from '../../error.ts'

/**
 * Makes this process the only collector on a data directory until it ends, however it ends.
 * Throws AppError `configuration` when another one has it. Call the answer to let go.
 */
export function lockDirectory(file: string): () => void {
  const db = new Database(file, { timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    db.close()
    throw new AppError('configuration', `Another collector uses ${file}. Stop it first.`, { cause })
  }
  return () => db.close()
}
