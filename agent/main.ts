import { uptime } from 'node:os'
import { childRunner } from './child.ts'
import type { Clock } from './clock.ts'
import type { Program } from './program.ts'

// A thin start: the resident agent and the commands are loaded apart, so that `run` never holds
// in memory what only a command needs.

const clock: Clock = {
  wall: () => Date.now(),
  boot: () => Math.round(uptime() * 1_000),
  running: () => performance.now(),
}

const [command = 'help', ...args] = process.argv.slice(2)

/** What children are told: where programs are, and to answer in plain English. */
function childEnvironment(): Record<string, string> {
  const { SystemRoot } = process.env
  const onWindows = SystemRoot ? { SystemRoot, PATH: `${SystemRoot}\\System32` } : {}
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...onWindows }
}

const program: Program = {
  args,
  clock,
  timer: (delayMs, action) => {
    const timer = setTimeout(action, Math.min(delayMs, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
  random: Math.random,
  self: { executable: process.execPath, args: [...process.execArgv, process.argv[1] ?? ''] },
  proxy: process.env,
  places: { config: process.env.ISTIMRAR_AGENT_CONFIG, dir: process.env.ISTIMRAR_AGENT_DIR },
  root: '/',
  run: childRunner(childEnvironment()),
  stopped: new Promise((resolve) => {
    if (command !== 'run') return
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
    // Of a starter that has an IPC channel to this process, and is gone.
    process.once('disconnect', () => resolve())
  }),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}

const start = async () => {
  if (command === 'run' && !args.some((arg) => arg === '--help' || arg === '-h')) {
    const { run } = await import('./resident.ts')
    return run(program)
  }
  const { runCommand } = await import('./cli/commands.ts')
  return runCommand(command, program)
}

start().then(
  // Not left to the event loop: a probe that hangs in a dead file system would keep it alive.
  (code) => process.exit(code),
  (error: unknown) => {
    const isExpected = error instanceof Error && error.name === 'AgentError'
    if (!isExpected) throw error
    process.stderr.write(`agent: ${error.message}\n`)
    process.exit((error as { code?: string }).code === 'usage' ? 2 : 1)
  },
)
