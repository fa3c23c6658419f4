import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** The text of a file; null when there is none. */
export function readIfThere(file: string): string | null {
  return ifThere(() => readFileSync(file, 'utf8'))
}

function ifThere<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Writes a file so that it is there whole or not at all, even after a power cut. */
export function writeWhole(file: string, text: string, mode: number): void {
  const draft = `${file}.new`
  const handle = openSync(draft, 'w', mode)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  moveWhole(draft, file)
}

/** Writes over the beginning of a file; on disk when it returns. False when there is no file. */
export function writeOver(file: string, text: string): boolean {
  const handle = ifThere(() => openSync(file, 'r+'))
  if (handle === null) return false
  try {
    writeSync(handle, text)
    fdatasyncSync(handle)
    return true
  } finally {
    closeSync(handle)
  }
}

/** Puts a file in the place of another, so that a power cut leaves one of the two. */
export function moveWhole(from: string, to: string): void {
  renameSync(from, to)
  if (process.platform === 'win32') return // has no handles of folders
  const folder = openSync(dirname(to), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
