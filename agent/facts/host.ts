import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { EpochMs } from '../../protocol/time.ts'
import type { Command, Run } from '../child.ts'
import { withDeadline } from '../deadline.ts'
import { look } from '../look.ts'
import { type FactHost, Missing, type Said } from './fact.ts'
import type { WindowsReport } from './windows.ts'

/** What a host's facts are measured with; the rest of FactHost is made of it. */
export type FactMachine = Pick<
  FactHost,
  'platform' | 'now' | 'uptimeMs' | 'history' | 'kept' | 'config'
> & {
  /** What stands for `/`. */
  readonly root: string
  readonly run: Run
  /** The clock of looks, which tell how long something took; `now` by default. */
  readonly wall?: () => EpochMs
  /** Asks systeminformation; of this machine by default. */
  readonly askIsGuest?: () => Promise<boolean>
  /** Asks PowerShell; this machine's own by default. */
  readonly askWindows?: () => Promise<WindowsReport>
}

/** A file of which more than this is not read: it is not what facts look for. */
const fileBytesMax = 64 * 1024 * 1024
/** What one command may take: less than a fact's deadline, so that the fact can say so itself. */
const askMs = 3_500

/** The host as facts see it. Nothing is asked before a fact wants it, and everything only once. */
export function openFactHost(machine: FactMachine): FactHost {
  const { root, run, platform, askWindows, askIsGuest = isThisGuest } = machine
  const at = (path: string) => join(root, path)
  const said = new Map<string, Promise<Said>>()
  const ask = (command: Command) => {
    const key = [command.file, ...command.args].join('\0')
    const answer = said.get(key) ?? askOnce(run, command)
    said.set(key, answer)
    return answer
  }
  return {
    ...machine,
    read: (path) => readBytes(at(path), path)?.toString('utf8') ?? null,
    tail: (path, bytesMax) => readBytes(at(path), path, bytesMax),
    list: (path) => unlessAbsent(path, () => readdirSync(at(path))) ?? [],
    has: (path) => existsSync(at(path)),
    modified: (path) => unlessAbsent(path, () => Math.floor(statSync(at(path)).mtimeMs)),
    space: async (path) => {
      try {
        const { blocks, bfree, bavail, bsize } = await statfs(at(path))
        const bytesUsed = (blocks - bfree) * bsize
        return { bytes: blocks * bsize, bytesUsed, bytesFree: bavail * bsize }
      } catch {
        return null
      }
    },
    look: (check) => {
      const { now, wall = () => now } = machine
      const context = { now: wall, root, run, kept: new Map<string, unknown>() }
      return look({ ...check, timeoutMs: Math.min(check.timeoutMs, askMs) }, context)
    },
    ask,
    isGuest: once(askIsGuest),
    windows: once(async () => {
      if (platform !== 'win32') throw new Missing('not_supported', 'powershell')
      if (askWindows) return askWindows()
      const { readWindows } = await import('./windows.ts')
      return readWindows(run)
    }),
  }
}

/** What a command said. Not there, not allowed and not in time all leave nothing to read. */
async function askOnce(run: Run, command: Command): Promise<Said> {
  try {
    const { status, stdout } = await withDeadline(askMs, (signal) => run(command, signal))
    return status === null ? null : { status, stdout }
  } catch {
    return null
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null
  return () => {
    answer ??= work()
    return answer
  }
}

/** The file's content, or its last bytes. Not blocked by a pipe, nor drawn in by a device. */
function readBytes(file: string, path: string, tailBytes = fileBytesMax): Buffer | null {
  return unlessAbsent(path, () => {
    const { O_RDONLY, O_NONBLOCK = 0 } = constants
    const open = openSync(file, O_RDONLY | O_NONBLOCK)
    try {
      const stat = fstatSync(open)
      if (!stat.isFile() || (stat.size > fileBytesMax && tailBytes === fileBytesMax)) return null
      // Files of /proc and /sys tell no size: they are read until they end.
      return stat.size === 0 ? readToEnd(open) : readLast(open, stat.size, tailBytes)
    } finally {
      closeSync(open)
    }
  })
}

function readLast(open: number, size: number, bytesMax: number): Buffer {
  const bytes = Buffer.alloc(Math.min(size, bytesMax))
  const from = size - bytes.length
  let length = 0
  while (length < bytes.length) {
    const got = readSync(open, bytes, length, bytes.length - length, from + length)
    if (got === 0) break
    length += got
  }
  return bytes.subarray(0, length)
}

function readToEnd(open: number): Buffer {
  const chunks: Buffer[] = []
  for (let length = 0; length < fileBytesMax; ) {
    const chunk = Buffer.alloc(64 * 1024)
    const got = readSync(open, chunk, 0, chunk.length, null)
    if (got === 0) break
    chunks.push(chunk.subarray(0, got))
    length += got
  }
  return Buffer.concat(chunks)
}

function unlessAbsent<T>(path: string, look: () => T): T | null {
  try {
    return look()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Missing('no_permission', 'file', `read access to ${path}`)
    }
    // What cannot be read for another reason tells no more than what is not there.
    return null
  }
}

/** Loaded only here and only when a fact asks: it is large, and starts children. */
async function isThisGuest(): Promise<boolean> {
  const { system } = (await import('systeminformation')).default
  return (await system()).virtual
}
