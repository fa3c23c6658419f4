import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** The text of a file; null when there is none. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
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

/** Puts a file in the place of another, so that a power cut leaves one of the two. */
export function moveWhole(from: string, to: string): void {
  renameSync(from, to)
  if (process.platform === 'win32') return // has no handles of folders
  const folder = openSync(dirname(to), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
