import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { leafOf, nationalLog } from '../evidence/leaf.ts'
import { readLogKey } from '../evidence/log-key.ts'
import type { Entry } from '../register/difference.ts'
import { databaseSuffixes } from '../store/sqlite/files.ts'
import { lockDirectory } from '../store/sqlite/lock.ts'
import { sqliteReader, sqliteStore } from '../store/sqlite/sqlite.ts'
import { explained } from '../store/sqlite/start-problems.ts'
import { checkData } from './check-data.ts'
import { dataFiles, toDisk } from './data-files.ts'
import { copyFile, headsAsText, type Manifest, readManifest, sha256OfFile } from './manifest.ts'

/** The `what` of the act that says so. */
export const restoredWhat = 'collector/restored'

export type RestoreOptions = {
  readonly dataDir: string
  /** The backup. */
  readonly folder: string
  /** Moves data that are there aside; without it they are a reason to refuse. */
  readonly force: boolean
  /** Who does it and why, for the log. */
  readonly actor: string
  readonly why: string
  readonly at: EpochMs
}

/** What was restored, and where the data went that were there before. */
export type Restored = { readonly manifest: Manifest; readonly movedTo: string | null }

/**
 * Puts a backup in the place of a stopped collector's data. The national log says so, with how far
 * every log reached in the backup and in what it replaces: receipts for what lies between are
 * answered by no leaf. Throws AppError; what was there is as it was then.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { dataDir, folder, force, at } = options
  const { database, logKey, lock, restoring } = dataFiles(dataDir)
  const manifest = readManifest(folder)
  explained(dataDir, () => mkdirSync(dataDir, { recursive: true, mode: 0o700 }))
  const unlock = lockDirectory(lock, `A collector runs on ${dataDir}. Stop it first.`)
  try {
    requireKey(logKey, manifest)
    const isReplacing = databaseSuffixes.some((suffix) => existsSync(database + suffix))
    if (isReplacing && !force) {
      const message = `${dataDir} holds data already. Use --force to move them aside.`
      throw new AppError('configuration', message)
    }
    await putCopy(join(folder, copyFile), restoring, manifest)
    const replaced = isReplacing ? await headsOf(database) : null
    await logRestore(restoring, manifest, replaced, options)
    const movedTo = isReplacing ? join(dataDir, `replaced-${at}`) : null
    if (movedTo) moveAside(database, movedTo)
    renameSync(restoring, database)
    toDisk(dataDir)
    return { manifest, movedTo }
  } finally {
    unlock()
  }
}

/** The key that signed for this evidence must be there before: it is in no backup. */
function requireKey(file: string, { kid }: Manifest): void {
  const found = existsSync(file) ? explained(file, () => readLogKey(file)).kid : null
  if (found === kid) return
  throw new AppError(
    'configuration',
    `The backup needs the log key ${kid} as ${file}; there is ${found ?? 'none'}. Nothing was ` +
      'changed. Put the key there first.',
  )
}

async function putCopy(from: string, to: string, manifest: Manifest): Promise<void> {
  for (const suffix of databaseSuffixes) rmSync(to + suffix, { force: true })
  explained(to, () => copyFileSync(from, to))
  toDisk(to)
  const isSame =
    statSync(to).size === manifest.bytes && (await sha256OfFile(to)) === manifest.sha256
  const faults = isSame
    ? (await checkData(to)).faults
    : ['Its bytes are not those of its manifest.']
  if (faults.length === 0) return
  for (const suffix of databaseSuffixes) rmSync(to + suffix, { force: true })
  const message = `The backup is damaged; nothing was changed:\n  ${faults.join('\n  ')}`
  throw new AppError('unavailable', message)
}

/** How far the logs reach in what will be replaced; null where it cannot be read any more. */
async function headsOf(database: string): Promise<Manifest['heads'] | null> {
  try {
    const reader = sqliteReader(database)
    try {
      return headsAsText(await reader.heads())
    } finally {
      await reader.close()
    }
  } catch {
    return null
  }
}

async function logRestore(
  file: string,
  manifest: Manifest,
  replaced: Manifest['heads'] | null,
  { actor, why, at }: RestoreOptions,
): Promise<void> {
  const { at: backupAt, version, sha256, heads } = manifest
  const entry: Entry = {
    ...{ actor, role: 'admin', what: restoredWhat, why },
    before: replaced && { heads: replaced },
    after: { backupAt, version, sha256, heads },
    effectiveFrom: at,
  }
  const store = sqliteStore(file)
  const leaf = leafOf(nationalLog, { kind: 'act', at, ...entry })
  await store.applyActs([{ at, entry, leaf, effects: [] }])
  // The last connection that closes leaves one file without a WAL.
  await store.close()
  toDisk(file)
}

function moveAside(database: string, folder: string): void {
  mkdirSync(folder, { mode: 0o700 })
  for (const suffix of databaseSuffixes) {
    if (existsSync(database + suffix))
      renameSync(database + suffix, join(folder, `collector.db${suffix}`))
  }
  toDisk(folder)
}
