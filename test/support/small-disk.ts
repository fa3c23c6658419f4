import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { has } from './programs.ts'

/** Whether this user may mount a disk: else suites that need one are listed as not run. */
export function mayMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && has('mount')
}

/** A disk of so many bytes, in memory; gone at the end. */
export class SmallDisk implements Disposable {
  readonly path: string
  readonly #filler: string

  constructor(path: string, bytes: number) {
    this.path = path
    this.#filler = join(path, 'filler')
    mkdirSync(path, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path])
  }

  /** Leaves no room but these bytes. */
  fill(roomBytes = 0): void {
    const { bavail, bsize } = statfsSync(this.path)
    writeFileSync(this.#filler, Buffer.alloc(Math.max(0, bavail * bsize - roomBytes)))
  }

  /** Makes room again. */
  clear(): void {
    rmSync(this.#filler, { force: true })
  }

  readOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.path])
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.path])
  }
}
