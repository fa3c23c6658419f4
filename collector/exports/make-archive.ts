import {
  createWriteStream,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  type WriteStream,
} from 'node:fs'
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
import { type Reader, sqliteSnapshot } from '../store/sqlite/sqlite.ts'
import { wholeFolders } from './manifest.ts'
import { type TarFile, tarEnd, tarFolder } from './tar.ts'
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
  /** Each institution of the same moment beside the nation. */
  readonly withInstitutions: boolean
  /** Null: the cycle so far. */
  readonly window: Span | null
  readonly now: EpochMs
  readonly simulated: boolean
  /** Room that an export leaves to the evidence on the disk. Unit: bytes. */
  readonly freeBytesMin: number
  /** What all archives together have room for still; looked at before each set. Unit: bytes. */
  readonly bytesMax: number
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
export function archiveName(
  { institution, withInstitutions = false }: Subject,
  at: EpochMs,
): string {
  const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const subject = institution === nationalLog ? 'nation' : institution
  return `istimrar-${subject}${withInstitutions ? '-with-institutions' : ''}-${time}`
}

type Subject = { readonly institution: string; readonly withInstitutions?: boolean }

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
 * Writes what is asked for and packs it into one file, which has its name only once it is whole;
 * whatever happens, nothing else of it stays. Throws AppError, and what the disk says.
 */
export async function makeArchive(
  order: ExportOrder,
  onProgress: (done: number, all: number) => void,
): Promise<MadeArchive> {
  const { folder, id } = order
  const archive = archiveFile(folder, id)
  const partial = `${archive}.partial`
  const reader = sqliteSnapshot(order.database)
  try {
    leaveRoom(order)
    const packing = { order, reader, partial, onProgress, leaves: 0, window: null }
    const out = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true })
    const window = await windowPacked(packing, out)
    const measured = measure(partial)
    renameSync(partial, archive)
    toDisk(folder)
    return { ...measured, leaves: packing.leaves, window }
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  } finally {
    await reader.close()
  }
}

/** An archive as it is being made. */
type Packing = {
  readonly order: ExportOrder
  readonly reader: Reader
  readonly partial: string
  readonly onProgress: (done: number, all: number) => void
  leaves: number
  /** That of the first set. */
  window: Span | null
}

async function windowPacked(packing: Packing, out: WriteStream): Promise<Span> {
  await pipeline(Readable.from(piecesPacked(packing)), createGzip(), out)
  return packing.window! // there is a set in every archive
}

/** Sets of one moment, each written, packed and removed before the next: the disk holds one. */
async function* piecesPacked(packing: Packing): AsyncGenerator<Buffer> {
  const { order, reader, partial, onProgress } = packing
  const { folder, id, window, now, simulated } = order
  const set = join(folder, `${id}.set`)
  const parts = await partsOf(order, reader)
  const all = parts.reduce((sum, part) => sum + part.leaves, 0)
  for (const part of parts) {
    requireSmall(order, partial)
    const before = packing.leaves
    try {
      const { leaves, header } = await writeSet(set, {
        ...{ reader, institution: part.institution, window, now, simulated },
        draft: loadDefaultModel(),
        logKey: readLogKey(order.logKey),
        progress: (done) => {
          leaveRoom(order)
          onProgress(before + done, all)
        },
      })
      packing.leaves = before + leaves
      packing.window ??= header.window
      yield* tarFolder(part.folder, filesOf(set), now)
    } finally {
      rmSync(set, { recursive: true, force: true })
    }
  }
  yield tarEnd()
}

/** What an archive holds, and in which folders: `verify` knows them by these names. */
async function partsOf({ institution, withInstitutions, now }: ExportOrder, reader: Reader) {
  const heads = await reader.heads()
  const sizes = new Map(heads.map(({ log, size }) => [log, size]))
  const national = sizes.get(nationalLog) ?? 0
  const name = archiveName({ institution, withInstitutions }, now)
  const own = (log: string) => (log === nationalLog ? 0 : (sizes.get(log) ?? 0)) + national
  if (!withInstitutions) {
    return [{ institution, folder: name, leaves: own(institution) }]
  }
  const nation = { institution: nationalLog, folder: `${name}/${wholeFolders.nation}` }
  const others = heads.filter(({ log }) => log !== nationalLog).map(({ log }) => log)
  return [
    { ...nation, leaves: national },
    ...others.sort().map((log) => ({
      institution: log,
      folder: `${name}/${wholeFolders.institutions}/${log}`,
      leaves: own(log),
    })),
  ]
}

/** The evidence that comes in needs the disk more. */
function leaveRoom({ folder, freeBytesMin }: ExportOrder): void {
  if (freeBytes(folder) < freeBytesMin) throw noRoom()
}

function requireSmall({ bytesMax }: ExportOrder, partial: string): void {
  const { size = 0 } = statSync(partial, { throwIfNoEntry: false }) ?? {}
  if (size > bytesMax) throw noRoom()
}

function noRoom(): AppError {
  return new AppError('unavailable', 'The disk has no room for an export.', {
    detail: { rule: 'disk_full' },
  })
}

function filesOf(set: string): TarFile[] {
  return readdirSync(set)
    .sort()
    .map((file) => {
      const path = join(set, file)
      return { name: file, bytes: statSync(path).size, pieces: () => copiesOf(path) }
    })
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
