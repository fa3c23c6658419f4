import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const main = join(import.meta.dirname, '../../agent/main.ts')

/** What a command of the agent said, and how it ended. */
export type Said = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs a command of the agent as its own process, to its end; its environment is ours with more. */
export async function agent(
  args: readonly string[],
  program = main,
  more: NodeJS.ProcessEnv = {},
): Promise<Said> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...more },
  })
  const ended = once(child, 'exit')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await ended) as [number | null]
  return { code, out, err }
}

/** Starts the resident agent as its own process; it ends with the test. */
export function startAgent(
  args: readonly string[],
  { program = main, nodeArgs = [] }: { program?: string; nodeArgs?: readonly string[] } = {},
): ChildProcess {
  const child = spawn(process.execPath, [...nodeArgs, program, 'run', ...args], { stdio: 'ignore' })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return child
}

/** Ends a process and waits until it is gone. Answers its exit code, null when it was killed. */
export async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL') {
  const ended = once(child, 'exit')
  child.kill(signal)
  const [code] = (await ended) as [number | null]
  return code
}
