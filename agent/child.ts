import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'

/** What a child said, whole or cut at the limit, and how it ended. */
export type ChildResult = {
  /** Exit status; null when it did not end by itself: a signal, or the limit of time. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** True when it was ended because the signal aborted. */
  readonly aborted: boolean
}

/** A program and its arguments, as they are: no shell ever reads them. */
export type Command = { readonly file: string; readonly args: readonly string[] }

/**
 * Runs a program to its end and resolves to what it said. Rejects with the error of the system
 * where it cannot be started (`ENOENT`, `EACCES`), and where the signal aborts before its turn has
 * come. It dies with the signal, its group with it.
 */
export type Run = (command: Command, signal: AbortSignal) => Promise<ChildResult>

/** What a child may say, bytes of each stream; more is cut off. */
const outputBytesMax = 1024 * 1024
/** How many children one runner has at once; others wait their turn. */
const childrenMax = 4

/**
 * A `Run` with this environment and nothing else of ours: a child sees neither the agent's
 * variables nor its open files. Loaded when first used, so that a resident without such checks
 * does not pay for it.
 */
export function childRunner(environment: Readonly<Record<string, string>>): Run {
  const turns = turnstile(childrenMax)
  return async (command, signal) => {
    await turns.enter(signal)
    try {
      return await start(command, environment, signal)
    } finally {
      turns.leave()
    }
  }
}

function start(command: Command, env: Readonly<Record<string, string>>, signal: AbortSignal) {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const { promise, resolve, reject } = Promise.withResolvers<ChildResult>()
  const child = spawn(command.file, command.args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // A group of its own on Unix, so that what it started ends with it.
    detached: process.platform !== 'win32',
  })
  const stdout = gather(child.stdout)
  const stderr = gather(child.stderr)
  const end = () => {
    kill(child)
    // What it started in a group of its own may hold the other ends open for ever.
    child.stdout.destroy()
    child.stderr.destroy()
  }
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  child.once('error', (error) => {
    signal.removeEventListener('abort', end)
    reject(error)
  })
  child.once('close', (status) => {
    signal.removeEventListener('abort', end)
    resolve({ status, stdout: stdout(), stderr: stderr(), aborted: signal.aborted })
  })
  return promise
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

function gather(stream: Readable): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    const rest = outputBytesMax - bytes
    if (rest <= 0) return
    chunks.push(chunk.subarray(0, rest))
    bytes += Math.min(chunk.length, rest)
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

/** Lets a few through at once; the others wait, first come first served. */
function turnstile(placesMax: number) {
  let free = placesMax
  const waiting = new Set<() => void>()
  return {
    async enter(signal: AbortSignal): Promise<void> {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        return
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const giveUp = () => {
        waiting.delete(resolve)
        reject(new Error('Too many children run at once: its turn did not come in time.'))
      }
      waiting.add(resolve)
      signal.addEventListener('abort', giveUp, { once: true })
      await promise.finally(() => signal.removeEventListener('abort', giveUp))
    },
    /** The place goes straight to who waits longest. */
    leave(): void {
      const [next] = waiting
      if (!next) {
        free += 1
        return
      }
      waiting.delete(next)
      next()
    },
  }
}
