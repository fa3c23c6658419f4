import { uptime } from 'node:os'
import { childRunner } from './child.ts'
import type { Clock } from './clock.ts'
import { AgentError } from './error.ts'
import { type Language, languageOf } from './language.ts'
import type { Program } from './program.ts'

// A thin start: the resident agent and the commands are loaded apart, so that `run` never holds
// in memory what only a command needs.

// Whoever connects here says that it verifies, except Node itself where it speaks TLS to a proxy.
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED

// Half of these threads look names up, and none comes back from a silent name server for a while:
// of Node's four, two such names would take all from every other name. An idle one takes 8 kB.
process.env.UV_THREADPOOL_SIZE ??= '16'

const clock: Clock = {
  wall: () => Date.now(),
  boot: () => Math.round(uptime() * 1_000),
  running: () => performance.now(),
}

/** What is wrong with `--lang` is said like all that is wrong with a command line. */
function readLine(): { language: Language; args: string[]; problem: AgentError | null } {
  const given = process.argv.slice(2)
  try {
    return { ...languageOf(given, process.env), problem: null }
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    return { ...languageOf([], process.env), problem: error }
  }
}

const { language, args: line, problem } = readLine()
const [command = 'help', ...args] = line

/** What children are told: where programs are, and to answer in plain English. */
function childEnvironment(): Record<string, string> {
  const { SystemRoot } = process.env
  const system = `${SystemRoot}\\System32`
  const path = `${system};${system}\\WindowsPowerShell\\v1.0`
  const onWindows = SystemRoot ? { SystemRoot, PATH: path } : {}
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...onWindows }
}

const program: Program = {
  args,
  language,
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
  ask: async (question) => {
    const { createInterface } = await import('node:readline')
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    return new Promise((resolve) => {
      terminal.once('close', () => resolve(''))
      terminal.question(question, (answer) => {
        resolve(answer)
        terminal.close()
      })
    })
  },
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}

const start = async () => {
  if (problem) throw problem
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
    // Not by its class: the parts of the shipped agent have each their own copy of it.
    if (!(error instanceof Error && error.name === 'AgentError')) throw error
    const expected = error as AgentError
    process.stderr.write(`istimrar-agent: ${expected.in(language)}\n`)
    process.exit(expected.code === 'usage' ? 2 : 1)
  },
)
