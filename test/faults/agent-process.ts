import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { readIdentity } from '../../agent/identity.ts'
import { sha256 } from '../../protocol/jws.ts'
import { rootDir } from '../support/processes.ts'
import { runMark } from './leftovers.ts'

const run = promisify(execFile)
const limitsPreload = new URL('./preload/agent-limits.ts', import.meta.url).href

/** A message found in a spool. */
export type Frozen = { readonly epoch: number; readonly seq: number; readonly hash: string }

export type AgentOptions = {
  /** Where its log goes, and agent.yaml. */
  readonly folder: string
  /** Its own folder: key, identity, spool. */
  readonly dir?: string
  readonly name?: string
  /** Limits that differ from the shipped ones. */
  readonly limits?: Readonly<Record<string, number>>
  readonly nodeArgs?: readonly string[]
}

/** How the next process of an agent is started. */
export type AgentStart = {
  readonly wrap?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Seals as soon as something is decided. */
export const fastLimits = { sealYoungMs: 200, sealEarlyMs: 200 }

/** The real agent on one folder, through any number of processes. */
export class AgentProcess implements AsyncDisposable {
  readonly dir: string
  readonly name: string
  /** Every message that a look into the spool found frozen. */
  readonly frozen = new Map<string, Frozen>()
  readonly #options: AgentOptions
  readonly #configFile: string
  #child: ChildProcess | null = null
  #output = ''

  constructor(options: AgentOptions) {
    this.#options = options
    this.name = options.name ?? 'web-1'
    this.dir = options.dir ?? join(options.folder, this.name)
    this.#configFile = join(options.folder, `${this.name}.yaml`)
    mkdirSync(options.folder, { recursive: true })
  }

  get id(): string {
    return readIdentity(this.dir)?.agent ?? ''
  }

  get output(): string {
    return this.#output
  }

  get isRunning(): boolean {
    const child = this.#child
    return child !== null && child.exitCode === null && child.signalCode === null
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Says what to watch, this host and the address reported to, and where to report. */
  configure(collector: string): void {
    const { hostname, port } = new URL(collector)
    writeFileSync(
      this.#configFile,
      `apiVersion: istimrar.agent/v1
collector: ${collector}
name: ${this.name}
checks:
  - { name: host, kind: host, interval: 5s }
  - { name: door, kind: tcp, host: ${hostname}, port: ${port}, interval: 5s }
`,
    )
  }

  /** Joins with a token, by the agent's own command. */
  async enrol(collector: string, token: string): Promise<void> {
    this.configure(collector)
    const tokenFile = join(this.#options.folder, `${this.name}.token`)
    writeFileSync(tokenFile, token)
    const args = ['--token-file', tokenFile, ...this.#files()]
    await run(process.execPath, ['agent/main.ts', 'enrol', ...args], { cwd: rootDir })
  }

  /** Starts a process; `wrap` is a command in front of node's, `env` what it finds besides. */
  start({ wrap = [], env = {} }: AgentStart = {}): void {
    this.#stayYoung()
    const { nodeArgs = [], limits = fastLimits } = this.#options
    const program = [...wrap, process.execPath, ...nodeArgs, '--import', limitsPreload]
    const [command, ...args] = [...program, 'agent/main.ts', 'run', ...this.#files()]
    const child = spawn(command!, args, {
      cwd: rootDir,
      env: {
        ...{ ...runMark(), PATH: process.env.PATH ?? '' },
        ...{ FAULT_LIMITS: JSON.stringify(limits), ...env },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        this.#output += chunk
        appendFileSync(join(this.#options.folder, `${this.name}.log`), chunk)
      })
    }
  }

  /** Milliseconds until this process says that it runs; null when it did not within the time. */
  async running(timeoutMs = 10_000): Promise<number | null> {
    const startedAt = performance.now()
    const before = this.#output.length
    const child = this.#child!
    const late = AbortSignal.timeout(timeoutMs)
    while (!this.#output.slice(before).includes('The agent runs.')) {
      if (late.aborted || !this.isRunning) return null
      const said = once(child.stdout!, 'data', { signal: late }).catch(() => null)
      await Promise.race([said, once(child, 'exit', { signal: late }).catch(() => null)])
    }
    return performance.now() - startedAt
  }

  /** How long it stood ready and had to wait for a processor so far; 0 where that is not told. */
  queuedMs(): number {
    const file = `/proc/${this.pid}/schedstat`
    const [, queuedNs] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : []
    return Number(queuedNs ?? 0) / 1_000_000
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child
    if (child && this.isRunning) {
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    }
    return child?.exitCode ?? null
  }

  /** Resident memory now. Unit: bytes; 0 when it does not run. */
  rssBytes(): number {
    const status = existsSync(`/proc/${this.pid}/status`)
      ? readFileSync(`/proc/${this.pid}/status`, 'utf8')
      : ''
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024
  }

  /** Looks into a copy of the spool of the dead agent and remembers what is frozen there. */
  lookIntoSpool(): Frozen[] {
    const copy = mkdtempSync(join(tmpdir(), 'spool-'))
    try {
      for (const suffix of ['', '-wal']) {
        const file = `spool.sqlite${suffix}`
        if (existsSync(join(this.dir, file))) cpSync(join(this.dir, file), join(copy, file))
      }
      const found = readFrozen(join(copy, 'spool.sqlite'))
      for (const message of found) this.frozen.set(message.hash, message)
      return found
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGCONT')
    await this.end('SIGKILL')
  }

  #files(): string[] {
    return ['--config', this.#configFile, '--dir', this.dir]
  }

  /** Only a young agent seals more often than every ten minutes. */
  #stayYoung(): void {
    const file = join(this.dir, 'identity.json')
    const identity = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({ ...identity, enrolledAt: Date.now() }))
  }
}

function readFrozen(file: string): Frozen[] {
  if (!existsSync(file)) return []
  const db = new Database(file)
  try {
    const rows = db.prepare('SELECT epoch, seq, jws FROM message').all() as {
      epoch: number
      seq: number
      jws: string
    }[]
    return rows.map(({ epoch, seq, jws }) => ({ epoch, seq, hash: sha256(jws) }))
  } catch (error) {
    // Killed before its first commit: there is no table yet, and nothing is frozen.
    if (String(error).includes('no such table')) return []
    throw error
  } finally {
    db.close()
  }
}
