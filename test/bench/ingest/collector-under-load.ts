import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { collectorEnvironment } from '../../../deploy/collector-environment.ts'
import { type LoadPlace, loadRegister } from '../../simulation/load-nation.ts'
import { BoardSession } from '../../support/board-session.ts'
import { exampleFiles } from '../../support/collector.ts'
import { type Running, startProcess } from '../../support/processes.ts'

/** The collector as a process of its own, on its own data directory. */
export class CollectorUnderLoad {
  readonly databaseFile: string
  readonly #dir: string
  readonly #nodeArgs: readonly string[]
  #running: Running | null = null
  #session: BoardSession | null = null
  #port = 0

  /** `dir` is an empty folder; `nodeArgs` go to the collector's Node, e.g. `--cpu-prof`. */
  constructor(dir: string, places: readonly LoadPlace[], nodeArgs: readonly string[] = []) {
    this.#dir = dir
    this.#nodeArgs = nodeArgs
    this.databaseFile = join(dir, 'data/collector.db')
    writeFileSync(join(dir, 'register.yaml'), loadRegister(places))
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get pid(): number {
    return this.#running!.child.pid!
  }

  /** Starts the process and waits until it listens; the same port again after a stop. */
  async start(): Promise<void> {
    this.#running = startProcess([...this.#nodeArgs, 'collector/main.mjs'], {
      ...collectorEnvironment,
      DATA_DIR: join(this.#dir, 'data'),
      PORT: String(this.#port),
      ISTIMRAR_REGISTER_FILE: join(this.#dir, 'register.yaml'),
      ISTIMRAR_POLICY_FILE: exampleFiles.policy,
      ISTIMRAR_LOG_LEVEL: 'error',
    })
    const [, loginUrl] = await this.#running.line(/Board: (\S+)/)
    this.#port = Number(new URL(loginUrl!).port)
    this.#session = await BoardSession.open(loginUrl!)
  }

  token({ institution, environment }: LoadPlace, usesMax: number): Promise<string> {
    return this.#session!.token(institution, environment, usesMax)
  }

  /** Ends the process. Throws with what it printed when it did not end well. */
  async stop(): Promise<void> {
    const code = await this.#running!.stop()
    if (code !== 0) throw new Error(`The collector ended with ${code}: ${this.output()}`)
  }

  kill(): void {
    this.#running?.child.kill('SIGKILL')
  }

  output(): string {
    return this.#running?.output() ?? ''
  }
}
