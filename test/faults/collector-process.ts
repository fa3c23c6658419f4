import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collectorEnvironment } from '../../deploy/collector-environment.ts'
import { closedPort } from '../support/closed-port.ts'
import { noonPolicy } from '../support/noon-policy.ts'
import { rootDir } from '../support/processes.ts'
import { runMark } from './leftovers.ts'

/** How the next process of a collector is started. */
export type StartOptions = {
  /** A command in front of node's, e.g. strace; must leave node as the direct child. */
  readonly wrap?: readonly string[]
  readonly nodeArgs?: readonly string[]
  /** The file that starts it; versions before had another one. */
  readonly program?: string
  /** Beside what every collector here has. */
  readonly environment?: Readonly<Record<string, string>>
  /** When the process does not get as far as listening, that is an answer, not an error. */
  readonly mayFail?: boolean
}

const startMsMax = 120_000

/**
 * A real collector on one data directory and one port, through any number of processes. Its log is
 * appended to `collector.log` in `folder`.
 */
export class CollectorProcess implements AsyncDisposable {
  readonly dataDir: string
  readonly port: number
  readonly institutions: readonly string[]
  readonly #folder: string
  readonly #registerFile: string
  readonly #policyFile: string
  #child: ChildProcess | null = null
  /** Of the last process; its commands are run with the same. */
  nodeArgs: readonly string[] = []
  #environment: Readonly<Record<string, string>> = {}
  #loginUrl = ''
  #session = ''
  #output = ''

  private constructor(folder: string, dataDir: string, port: number, institutions: string[]) {
    this.#folder = folder
    this.dataDir = dataDir
    this.port = port
    this.institutions = institutions
    this.#registerFile = join(folder, 'register.yaml')
    writeFileSync(this.#registerFile, registerYaml(institutions))
    this.#policyFile = noonPolicy(folder, Date.now())
  }

  /** Takes a port and writes a register of so many institutions with one environment, `portal`. */
  static async prepare(
    folder: string,
    { institutions = 3, dataDir = join(folder, 'data') } = {},
  ): Promise<CollectorProcess> {
    mkdirSync(folder, { recursive: true })
    const ids = Array.from({ length: institutions }, (_, i) => `ministry-${i + 1}`)
    return new CollectorProcess(folder, dataDir, await closedPort(), ids)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** What all its processes printed. */
  get output(): string {
    return this.#output
  }

  get isRunning(): boolean {
    const child = this.#child
    return child !== null && child.exitCode === null && child.signalCode === null
  }

  /** Starts a process and waits until it listens. False when it ended before (`mayFail`). */
  async start(options: StartOptions = {}): Promise<boolean> {
    const { wrap = [], nodeArgs = [], environment = {}, mayFail = false } = options
    const { program = 'collector/main.mjs' } = options
    this.nodeArgs = nodeArgs
    this.#environment = environment
    const [command, ...args] = [...wrap, process.execPath, ...nodeArgs, program]
    const child = spawn(command!, args, {
      cwd: rootDir,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#session = ''
    let said = ''
    const listening = new Promise<boolean>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          said += chunk
          this.#output += chunk
          appendFileSync(join(this.#folder, 'collector.log'), chunk)
          const found = /Board: (\S+)/.exec(said)
          if (found) this.#loginUrl = found[1]!
          if (found) resolve(true)
        })
      }
      const late = () => reject(new Error(`The collector does not start:\n${said}`))
      const timer = setTimeout(late, startMsMax)
      child.once('exit', () => {
        clearTimeout(timer)
        if (mayFail) resolve(false)
        else reject(new Error(`The collector ended at its start:\n${said.slice(-2_000)}`))
      })
    })
    return listening
  }

  environment(): Record<string, string> {
    return {
      ...runMark(),
      ...collectorEnvironment,
      PATH: process.env.PATH ?? '',
      DATA_DIR: this.dataDir,
      PORT: String(this.port),
      ISTIMRAR_REGISTER_FILE: this.#registerFile,
      ISTIMRAR_POLICY_FILE: this.#policyFile,
      ISTIMRAR_LOG_LEVEL: 'warn',
      ...this.#environment,
    }
  }

  /** Sends a signal and waits for the end. Answers the exit code; null when a signal ended it. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    if (this.isRunning) this.#child!.kill(signal)
    return this.ended()
  }

  async ended(): Promise<number | null> {
    if (this.isRunning) await once(this.#child!, 'exit')
    return this.#child?.exitCode ?? null
  }

  /** Waits for the end at most so long. Whether it came. */
  async endsWithin(ms: number): Promise<boolean> {
    if (!this.isRunning) return true
    const signal = AbortSignal.timeout(ms)
    return once(this.#child!, 'exit', { signal }).then(
      () => true,
      () => !this.isRunning,
    )
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** What the local administrator sees at an address of the API. */
  async json<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, { headers: { cookie: await this.#cookie() } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T // the caller knows the route
  }

  /** Makes enrolment tokens with one sign-in: one for each institution, for so many hosts. */
  async tokens(usesMax: number): Promise<Map<string, string>> {
    const cookie = await this.#cookie()
    const tokens = new Map<string, string>()
    for (const institution of this.institutions) {
      const answer = await fetch(`${this.url}/api/v1/tokens`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ institution, environment: 'portal', usesMax, lifeHours: 1 }),
      })
      if (answer.status !== 201) throw new Error(`No token: ${await answer.text()}`)
      tokens.set(institution, ((await answer.json()) as { token: string }).token)
    }
    return tokens
  }

  /** Signs in once in each process: its code is good for one time. */
  async #cookie(): Promise<string> {
    if (this.#session !== '') return this.#session
    const login = await fetch(`${this.url}/login`, {
      method: 'POST',
      body: new URLSearchParams({ code: new URL(this.#loginUrl).hash.slice(1) }),
      redirect: 'manual',
    })
    this.#session = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    return this.#session
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) this.#child!.kill('SIGCONT')
    await this.end('SIGKILL')
  }
}

function registerYaml(ids: readonly string[]): string {
  const bodies = ids.map(
    (id) => `  - id: ${id}
    kind: institution
    name: { ar: وزارة, en: Ministry }
    environments:
      - id: portal
        name: { ar: وزارة, en: Ministry }
        class: internal
        criticality: critical
        hosting: { provider: own }`,
  )
  return `apiVersion: istimrar.register/v1
institutions:
${bodies.join('\n')}
populations:
  continuity: [${ids.join(', ')}]
  enabled: []
  readiness: []
`
}
