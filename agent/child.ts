import type { ChildProcess } from 'node:child_process'

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
 * where it cannot be started (`ENOENT`, `EACCES`). It dies with the signal, its group with it.
 */
export type Run = (command: Command, signal: AbortSignal) => Promise<ChildResult>

/** What a child may say, bytes of each stream; more is cut off. */
const outputBytesMax = 1024 * 1024

/**
 * A `Run` with this environment and nothing else of ours: a child sees neither the agent's
 * variables nor its open files. Loaded when first used, so that a resident without such checks
 * does not pay for it.
 */
export function childRunner(environment: Readonly<Record<string, string>>): Run {
  return (command, signal) => {
    const { spawn } = process.getBuiltinModule('node:child_process')
    const { promise, resolve, reject } = Promise.withResolvers<ChildResult>()
    const child = spawn(command.file, command.args, {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own on Unix, so that what it started ends with it.
      detached: process.platform !== 'win32',
    })
    const stdout = gather(child.stdout)
    const stderr = gather(child.stderr)
    const end = () => kill(child)
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

function gather(stream: NodeJS.ReadableStream): () => string {
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
