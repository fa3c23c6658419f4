import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { AppError } from '../error.ts'
import { type LogKey, openLogKey } from '../evidence/log-key.ts'
import { requireLogKey } from '../evidence/log-key-change.ts'
import { type FailureCounts, StoreFailure } from '../store/failure.ts'
import { isThere } from '../store/sqlite/files.ts'
import { holdsEvidence, readLogKeyTraces } from '../store/sqlite/inspect.ts'
import { lockDirectory } from '../store/sqlite/lock.ts'
import { sqliteStore } from '../store/sqlite/sqlite.ts'
import { explained, requireRoom, startProblem } from '../store/sqlite/start-problems.ts'
import type { Store } from '../store/store.ts'
import { dataFiles } from './data-files.ts'

/** A data directory that this process alone has. */
export type Data = {
  readonly file: string
  readonly store: Store
  readonly logKey: LogKey
  /** How often the store failed so far. */
  readonly failures: FailureCounts
  /** Lets another collector have it; the store is closed before. */
  unlock(): void
}

/**
 * Opens a data directory, or makes one. Throws AppError with one sentence that says what is wrong,
 * where, and what to do; nothing was changed then.
 */
export function openData(dataDir: string, onLasting: (failure: StoreFailure) => void): Data {
  const files = dataFiles(dataDir)
  explained(dataDir, () => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  })
  requireRoom(dataDir)
  const unlock = lockDirectory(files.lock)
  try {
    explained(files.database, () => requireBoth(dataDir))
    const known = existsSync(files.logKey) ? readKey(files.logKey) : null
    if (known) explained(files.database, () => requireOwnKey(dataDir))
    const failures = { passing: 0, lasting: 0 }
    const store = sqliteStore(files.database, onLasting, ({ lasting }) => {
      failures[lasting ? 'lasting' : 'passing']++
    })
    const logKey = known ?? readKey(files.logKey)
    return { file: files.database, store, logKey, failures, unlock }
  } catch (error) {
    unlock()
    throw error
  }
}

/** A database and its key come and go together; the database is made first. */
function requireBoth(dataDir: string): void {
  const { database, logKey, restoring } = dataFiles(dataDir)
  if (isThere(database)) {
    accessSync(database, constants.R_OK | constants.W_OK)
    if (!existsSync(logKey) && holdsEvidence(database)) throw keyIsMissing(logKey)
    return
  }
  if (existsSync(restoring)) {
    const message = `A restore into ${dataDir} was cut short. Run it again: collector restore.`
    throw new AppError('configuration', message)
  }
  if (isThere(`${database}-wal`)) {
    throw new AppError(
      'configuration',
      `${database} is gone, but its -wal file is there. Nothing was changed. ` +
        'Put the database back beside it, or restore a backup: docs/operations.md.',
    )
  }
  if (existsSync(logKey)) {
    throw new AppError(
      'configuration',
      `${logKey} is there, but the database it belongs to, ${database}, is not. Nothing was ` +
        'changed. Put it back or restore a backup; to begin anew, move the key away. See ' +
        'docs/operations.md.',
    )
  }
}

/** Throws AppError when another key than the directory's signed what is in its database. */
export function requireOwnKey(dataDir: string): void {
  const { database, logKey } = dataFiles(dataDir)
  requireLogKey(logKey, readLogKeyTraces(database))
}

/** Reads the key, or makes one. Throws AppError. */
function readKey(file: string): LogKey {
  return explained(file, () => {
    try {
      return openLogKey(file)
    } catch (cause) {
      // Node's crypto says in its own codes that a text is no key.
      if (!/^ERR_(OSSL|CRYPTO)/.test((cause as { code?: string }).code ?? '')) throw cause
      const message = `${file} is no private key. Nothing was changed. Put the right one back.`
      throw new AppError('configuration', message, { cause })
    }
  })
}

/** With a new key every agent would refuse every receipt: they pinned the old one. */
function keyIsMissing(logKey: string): AppError {
  return new AppError(
    'configuration',
    `${logKey} is missing, but there is evidence that it signed. Nothing was changed. Put the ` +
      'key back from where you keep it; agents accept no other: docs/operations.md.',
  )
}

/** What failed while a collector was put together, as one sentence that names the directory. */
export function startFailure(dataDir: string, error: unknown): unknown {
  if (!(error instanceof StoreFailure)) return startProblem(dataDir, error)
  const message = `Cannot start on ${dataDir}: ${error.message}`
  return new AppError('unavailable', message, { cause: error })
}
