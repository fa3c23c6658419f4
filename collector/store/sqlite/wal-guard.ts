import { statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { StoreFailure } from '../failure.ts'

/**
 * Keeps the write-ahead log within its limit: call it before each commit. A reader that does not
 * end keeps SQLite from using the log again from its start; then nothing more is taken until that
 * reader is gone, instead of filling the disk. Throws StoreFailure, passing.
 */
export function walGuard(db: Database.Database, bytesMax: number): () => void {
  const file = `${db.name}-wal`
  return () => {
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (bytes < bytesMax || isEmptied(db)) return
    const message = 'A long reader keeps the write-ahead log from shrinking; nothing was stored.'
    throw new StoreFailure(message, { lasting: false, cause: null })
  }
}

/** Takes the log over into the database file and empties it, unless a reader still needs it. */
function isEmptied(db: Database.Database): boolean {
  const busyMs = db.pragma('busy_timeout', { simple: true }) as number
  // Waiting for the reader would keep everybody waiting: the next attempt comes soon enough.
  db.pragma('busy_timeout = 0')
  try {
    const [state] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    return state?.busy === 0
  } finally {
    db.pragma(`busy_timeout = ${busyMs}`)
  }
}
