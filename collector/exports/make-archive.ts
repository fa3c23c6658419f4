import { createWriteStream, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { EpochMs, Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { readLogKey } from '../evidence/log-key.ts'
import { loadDefaultModel } from '../model/read-model.ts'
import { toDisk } from '../operations/data-files.ts'
import { sqliteSnapshot } from '../store/sqlite/sqlite.ts'
import { tarOf } from './tar.ts'
import { measure, piecesOf } from './text-file.ts'
import { writeSet } from './write-set.ts'

/** What is to be exported, from where and to where; nothing of it was written by a client. */
export type ExportOrder = {
  readonly database: string
  readonly logKey: string
  /** The folder of all exports; the files of this one begin with its id. */
  readonly folder: string
  readonly id: string
  /** `national`: the nation. */
  readonly institution: string
  /** Null: the cycle so far. */
  readonly window: Span | null
  readonly now: EpochMs
  readonly simulated: boolean
  /** Room that an export leaves to the evidence on the disk. Unit: bytes. */
  readonly freeBytesMin: number
}

/** An archive that was made. */
export type MadeArchive = {
  readonly bytes: number
  readonly sha256: string
  readonly leaves: number
  readonly window: Span
}

/** Why an export was not made, where it says more than that it failed. */
export type ExportFailure = 'disk_full' | 'not_found' | 'interrupted' | 'too_long' | 'failed'

/** What an export is called for people: its archive, and the folder in it. */
export function archiveName(institution: string, at: EpochMs): string {
  const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `istimrar-${institution === nationalLog ? 'nation' : institution}-${time}`
}

/** Where the archive of an export is. */
export function archiveFile(folder: string, id: string): string {
  return join(folder, `${id}.tar.gz`)
}

/** The room that is left where the exports are. Unit: bytes. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/**
 * Writes one set and packs it into one file, which has its name only once it is whole; whatever
 * happens, nothing else of it stays. Throws AppError, and what the disk says.
 */
export async function makeArchive(
  order: ExportOrder,
  onProgress: (done: number, all: number) => void,
): Promise<MadeArchive> {
  const { folder, id, institution, window, now, simulated } = order
  const set = join(folder, `${id}.set`)
  const archive = archiveFile(folder, id)
  const reader = sqliteSnapshot(order.database)
  try {
    leaveRoom(order)
    const { leaves, header } = await writeSet(set, {
      ...{ reader, institution, window, now, simulated },
      draft: loadDefaultModel(),
      logKey: readLogKey(order.logKey),
      progress: (done, all) => {
        leaveRoom(order)
        onProgress(done, all)
      },
    })
    const packed = await pack(set, archive, archiveName(institution, now), now)
    toDisk(folder)
    return { ...packed, leaves, window: header.window }
  } catch (error) {
    rmSync(`${archive}.partial`, { force: true })
    throw error
  } finally {
    await reader.close()
    rmSync(set, { recursive: true, force: true })
  }
}

/** The evidence that comes in needs the disk more. */
function leaveRoom({ folder, freeBytesMin }: ExportOrder): void {
  if (freeBytes(folder) >= freeBytesMin) return
  throw new AppError('unavailable', 'The disk has no room for an export.', {
    detail: { rule: 'disk_full' },
  })
}

async function pack(set: string, archive: string, name: string, at: EpochMs) {
  const files = readdirSync(set)
    .sort()
    .map((file) => {
      const path = join(set, file)
      return { name: file, bytes: statSync(path).size, pieces: () => copiesOf(path) }
    })
  const partial = `${archive}.partial`
  const out = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true })
  await pipeline(Readable.from(tarOf(name, files, at)), createGzip(), out)
  const measured = measure(partial)
  renameSync(partial, archive)
  return measured
}

/** Whoever reads a file piece by piece gets each in the same place; a stream holds several. */
function* copiesOf(path: string): Generator<Buffer> {
  for (const piece of piecesOf(path)) yield Buffer.from(piece)
}

/** What an error means to whoever asked for the export. */
export function failureOf(error: unknown): ExportFailure {
  const { code } = error as { code?: string }
  if (error instanceof AppError && error.detail.rule === 'disk_full') return 'disk_full'
  if (error instanceof AppError && code === 'not_found') return 'not_found'
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'disk_full' : 'failed'
}
