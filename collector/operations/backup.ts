import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { readLogKey } from '../evidence/log-key.ts'
import { copyDatabase } from '../store/sqlite/copy.ts'
import { lockDirectory } from '../store/sqlite/lock.ts'
import { explained } from '../store/sqlite/start-problems.ts'
import { checkData } from './check-data.ts'
import { dataFiles, toDisk } from './data-files.ts'
import { noteBackup } from './last-backup.ts'
import {
  copyFile,
  findManifest,
  headsAsText,
  type Manifest,
  manifestFile,
  sha256OfFile,
} from './manifest.ts'

/** A backup that is being made has this behind its name, and what keeps others away from it. */
const unfinished = '.unfinished'
const lockFile = 'lock.db'

export type BackupOptions = {
  readonly dataDir: string
  /** The backup's folder; there must be none yet. */
  readonly folder: string
  readonly at: EpochMs
  readonly version: string
}

/**
 * Copies the evidence of a collector, which may be running, into a new folder: one file as it was
 * at one moment, read and recomputed as a whole, and a manifest. The folder has its name only once
 * all is on disk. Throws AppError; no backup was made then.
 */
export async function backup({ dataDir, folder, at, version }: BackupOptions): Promise<Manifest> {
  const { database, logKey } = dataFiles(dataDir)
  const target = resolve(folder)
  if (existsSync(target)) {
    throw new AppError('configuration', `${target} exists already. Name a folder that does not.`)
  }
  if (!existsSync(database)) {
    throw new AppError('configuration', `There is no ${database}. Set DATA_DIR.`)
  }
  const { kid } = explained(logKey, () => readLogKey(logKey))
  removeUnfinished(dirname(target))
  const part = target + unfinished
  explained(part, () => mkdirSync(part, { recursive: true, mode: 0o700 }))
  const unlock = lockDirectory(join(part, lockFile), `Another backup writes to ${part}.`)
  try {
    const copy = join(part, copyFile)
    await copyDatabase(database, copy)
    const { heads, faults } = await checkData(copy)
    if (faults.length > 0) throw damaged(database, faults)
    const { size: bytes } = statSync(copy)
    const sha256 = await sha256OfFile(copy)
    const manifest = {
      format: 1,
      at,
      version,
      bytes,
      sha256,
      kid,
      heads: headsAsText(heads),
    } as const
    toDisk(copy)
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    writeFileSync(join(part, manifestFile), text, { mode: 0o600, flush: true })
    unlock()
    for (const suffix of ['', '-journal']) rmSync(join(part, lockFile + suffix), { force: true })
    toDisk(part)
    renameSync(part, target)
    toDisk(dirname(target))
    noteBackup(dataDir, at)
    return manifest
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  } finally {
    unlock()
  }
}

/**
 * Removes all backups beside this one but the newest `count`. What is no finished backup stays.
 * Answers the names of those that went.
 */
export function keepNewest(folder: string, count: number): string[] {
  const parent = dirname(resolve(folder))
  const backups = readdirSync(parent).flatMap((name) => {
    const manifest = findManifest(join(parent, name))
    return manifest ? [{ name, at: manifest.at }] : []
  })
  const old = backups.sort((a, b) => b.at - a.at).slice(count)
  for (const { name } of old) rmSync(join(parent, name), { recursive: true })
  return old.map(({ name }) => name)
}

/** What backups that were killed left behind; one that is being made holds its lock. */
function removeUnfinished(parent: string): void {
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    const part = join(parent, name)
    if (name.endsWith(unfinished) && isAbandoned(part)) rmSync(part, { recursive: true })
  }
}

function isAbandoned(part: string): boolean {
  const isOurs = readdirSync(part).every((name) => /^(collector|lock)\.db|^manifest\./.test(name))
  if (!isOurs || !existsSync(join(part, lockFile))) return isOurs
  try {
    lockDirectory(join(part, lockFile))()
    return true
  } catch {
    return false
  }
}

function damaged(database: string, faults: readonly string[]): AppError {
  const message = `${database} is damaged; no backup was made:\n  ${faults.join('\n  ')}`
  return new AppError('unavailable', message)
}
