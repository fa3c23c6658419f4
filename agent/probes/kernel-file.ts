import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { ProbeContext } from './probe.ts'

/** Read into by every file in turn: what was read is a text before the next one is. */
let buffer = Buffer.allocUnsafeSlow(16 * 1024)

/** Files that are kept open at a time; a service may open a thousand, and others need some. */
const openMax = 256
let open = 0

/**
 * A file of the kernel (under /proc or /sys) that is looked at again and again. It stays open,
 * since what it says is made anew at each reading: two steps for the kernel and not four.
 */
export class KernelFile {
  readonly #path: string
  #handle: number | null = null

  constructor(path: string) {
    this.#path = path
  }

  /**
   * The whole text as of now. Throws what the file system says; of a process that has ended ENOENT
   * or ESRCH. The same path is opened anew then: another file may be there by now.
   */
  read(): string {
    if (this.#handle === null) return this.#openAndRead()
    try {
      return readWhole(this.#handle)
    } catch {
      this.close()
      return this.#openAndRead()
    }
  }

  /** Gives the file back. Reading opens it again. */
  close(): void {
    const handle = this.#handle
    if (handle === null) return
    open -= 1
    this.#handle = null
    closeSync(handle)
  }

  #openAndRead(): string {
    const handle = openSync(this.#path, 'r')
    let isKept = false
    try {
      const text = readWhole(handle)
      isKept = open < openMax
      if (isKept) {
        open += 1
        this.#handle = handle
      }
      return text
    } finally {
      if (!isKept) closeSync(handle)
    }
  }
}

/** A file under the root, kept for this check's next look. */
export function kernelFile(path: string, { root, kept }: Pick<ProbeContext, 'root' | 'kept'>) {
  const before = kept.get(path) as KernelFile | undefined // set below
  if (before) return before
  const file = new KernelFile(join(root, path))
  kept.set(path, file)
  return file
}

/** The text of a file from its beginning: the kernel hands some of them out a page at a time. */
function readWhole(handle: number): string {
  let length = 0
  for (;;) {
    const bytes = readSync(handle, buffer, length, buffer.length - length, length)
    if (bytes === 0) return buffer.toString('utf8', 0, length)
    length += bytes
    if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * length)
  }
}
