import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../error.ts'
import { sqliteCode } from './failures.ts'

/** With less room than this every kind of error at a start is one of a full disk. */
const roomBytesMin = 256 * 1024

const restore = 'Restore a backup: docs/operations.md.'

/** Error codes of SQLite and of the system, by how they begin, and what each says of a file. */
const problems: readonly (readonly [prefix: string, say: (file: string) => string])[] = [
  ['SQLITE_NOTADB', (file) => `${file} is no database, or its first page is damaged. ${restore}`],
  ['SQLITE_CORRUPT', (file) => `${file} is damaged. ${restore}`],
  ['SQLITE_BUSY', (file) => `Another process holds ${file}. End it first.`],
  ['SQLITE_FULL', full],
  ['ENOSPC', full],
  ['SQLITE_READONLY', readOnly],
  ['EROFS', readOnly],
  ['SQLITE_CANTOPEN', denied],
  ['SQLITE_PERM', denied],
  ['EACCES', denied],
  ['EPERM', denied],
  ['ENOTDIR', (file) => `${file} cannot be made: a part of its path is a file. Set DATA_DIR.`],
  ['EEXIST', (file) => `${file} is not a folder. Set DATA_DIR to another one.`],
  ['EISDIR', (file) => `${file} is a folder where a file must be. Move it away.`],
  ['SQLITE_IOERR', (file) => `The disk failed at ${file}. See the system's log, then start again.`],
  ['EIO', (file) => `The disk failed at ${file}. See the system's log, then start again.`],
]

/** Runs what opens a file; its errors become one sentence that says what, where and what to do. */
export function explained<T>(file: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw startProblem(file, error)
  }
}

/** The sentence for an error at opening; what is no problem of the file is passed on as it is. */
export function startProblem(file: string, error: unknown): unknown {
  if (error instanceof AppError) return error
  const code = sqliteCode(error) || String((error as { code?: unknown }).code ?? '')
  const say = problems.find(([prefix]) => code.startsWith(prefix))?.[1]
  if (!say) return error
  const isFull = !code.startsWith('SQLITE_NOTADB') && roomBytes(dirname(file)) < roomBytesMin
  const text = isFull ? full(file) : say(file)
  return new AppError('unavailable', `${text} Nothing was changed. (${code})`, { cause: error })
}

/** Throws AppError when the disk of a folder is full, before anything is tried on it. */
export function requireRoom(folder: string): void {
  if (roomBytes(folder) >= roomBytesMin) return
  throw new AppError('unavailable', `${full(folder)} Nothing was changed.`)
}

function full(file: string): string {
  return `The disk that holds ${file} is full. Make room, then start again.`
}

function readOnly(file: string): string {
  return `${file} is on a disk or in a folder that is read-only. Make it writable.`
}

function denied(file: string): string {
  return `This user may not open or make ${file}. Give it the data: chown -R USER its folder.`
}

function roomBytes(folder: string): number {
  try {
    const { blocks, bavail, bsize } = statfsSync(folder)
    // Some network disks tell nothing of their size.
    return blocks > 0 ? bavail * bsize : Number.POSITIVE_INFINITY
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
