import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { factOf, parseReadings } from '../../../agent/facts/reading.ts'
import { buildAgent } from '../../../deploy/build-agent.ts'
import { collectorEnvironment } from '../../../deploy/collector-environment.ts'
import { residentFlags } from '../../../deploy/resident-flags.ts'
import { dayMs } from '../../../protocol/time.ts'
import { makeCertificate, type TestCertificate } from '../../support/certificates.ts'
import { exampleFiles } from '../../support/collector.ts'
import { type Running, startProcess } from '../../support/processes.ts'
import {
  checksYaml,
  listen,
  type Mix,
  openTargets,
  type Targets,
  watchedFiles,
  watchedFolders,
  watchedPrograms,
} from './targets.ts'

/** Bytes between agent and collector as TCP carries them, TLS records and handshakes included. */
export class CountingProxy {
  bytes = 0
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(target: number) {
    this.#server = createServer((client) => {
      this.connections += 1
      const server = connect(target, '127.0.0.1')
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(from)
        from.on('error', () => to.destroy()).on('close', () => this.#sockets.delete(from))
        from.on('data', (chunk) => {
          this.bytes += chunk.length
        })
        from.pipe(to)
      }
    })
  }

  static async start(target: number): Promise<{ proxy: CountingProxy; port: number }> {
    const proxy = new CountingProxy(target)
    return { proxy, port: await listen(proxy.#server) }
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** A collector over TLS, what the agent looks at, and a shipped agent that is enrolled. */
export class Scene implements AsyncDisposable {
  readonly proxy: CountingProxy
  /** What all facts of a round take on the wire: base64url adds a third. */
  wholeFactsBytes = 0
  /** Where the agent was built. */
  readonly program: string
  readonly #dir: string
  readonly #collector: Running
  readonly #targets: Targets
  readonly #port: number

  private constructor(
    dir: string,
    collector: Running,
    targets: Targets,
    { proxy, port }: { proxy: CountingProxy; port: number },
  ) {
    this.#dir = dir
    this.program = join(dir, 'program')
    this.#collector = collector
    this.#targets = targets
    this.proxy = proxy
    this.#port = port
  }

  /** Sets all up in an empty folder. */
  static async set(dir: string): Promise<Scene> {
    const now = Date.now()
    const span = { from: now - dayMs, to: now + 365 * dayMs }
    const authority = makeCertificate({ names: ['Test authority'], authority: true, ...span })
    const names = ['localhost', '127.0.0.1']
    const server = makeCertificate({ names, issuer: authority.issuer, ...span })
    writeFileSync(join(dir, 'authority.pem'), authority.cert)
    const targets = await openTargets(server)
    const collector = await startCollector(dir, server)
    const [, port] = await collector.line(/Board: https:\/\/[^/]*:(\d+)\//)
    const counting = await CountingProxy.start(Number(port))
    const scene = new Scene(dir, collector, targets, counting)
    await buildAgent(scene.program)
    scene.use('host')
    await scene.#enrol()
    await scene.#recordFacts()
    return scene
  }

  /** What the agent started next looks at. */
  use(mix: Mix): void {
    writeFileSync(
      join(this.#dir, 'agent.yaml'),
      `apiVersion: istimrar.agent/v1
collector: https://localhost:${this.#port}
name: bench
authorities: authority.pem
checks:
${checksYaml(mix, this.ports)}
`,
    )
  }

  get ports(): Targets['ports'] {
    return this.#targets.ports
  }

  /** The resident as it is shipped, `speed` times as fast as time; `nodeArgs` as for a profile. */
  startAgent(speed: number, nodeArgs: readonly string[] = []): Running {
    const fast = join(import.meta.dirname, 'fast-agent.cjs')
    const flags = [...residentFlags, ...nodeArgs]
    return this.#start([...flags, fast, String(speed), this.program, ...this.#files()])
  }

  /** What the minute of the host mix costs a bare Node, with the flags of the resident. */
  startBare(speed: number): Running {
    const bare = join(import.meta.dirname, 'bare-cycle.cjs')
    const ports = [this.#port, this.ports.tcp].map(String)
    const watched = JSON.stringify({
      folders: watchedFolders,
      files: watchedFiles,
      processes: watchedPrograms.length,
    })
    return this.#start([...residentFlags, bare, String(speed), this.#dir, ...ports, watched])
  }

  /** The shipped program at the pace of time. */
  startShipped(...args: readonly string[]): Running {
    return this.#start([join(this.program, 'agent.cjs'), ...args, ...this.#files()])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#collector[Symbol.asyncDispose]()
    this.proxy.close()
    this.#targets.close()
  }

  #start(args: readonly string[]): Running {
    return startProcess(args)
  }

  #files(): string[] {
    return ['--config', join(this.#dir, 'agent.yaml'), '--dir', join(this.#dir, 'agent')]
  }

  /**
   * Two real runs of `agent facts`, which the rounds of the agent with fast clocks are told in turn:
   * a run takes half a second, and in one of its days it would have no time for it.
   */
  async #recordFacts(): Promise<void> {
    const files = ['0', '1'].map((each) => join(this.#dir, `facts-${each}.json`))
    for (const file of files) {
      const facts = this.startShipped('facts', '--json')
      await succeeded(facts)
      writeFileSync(file, facts.output())
      const told = parseReadings(facts.output()).map((each) => factOf(each, dayMs))
      this.wholeFactsBytes = (Buffer.byteLength(JSON.stringify(told)) * 4) / 3
    }
    const [first, second] = files
    const agent = `'${process.execPath}' '${join(this.program, 'agent.cjs')}'`
    writeFileSync(
      join(this.program, 'again.sh'),
      `[ "$1" = facts ] || exec ${agent} "$@"
mv '${first}' '${second}.next' && cat '${second}.next'
mv '${second}' '${first}' && mv '${second}.next' '${second}'
`,
    )
  }

  async #enrol(): Promise<void> {
    const place = ['--institution', 'local', '--environment', 'this-machine']
    const made = startProcess(['collector/main.mjs', 'token', ...place], this.#environment())
    await succeeded(made)
    const token = join(this.#dir, 'token')
    writeFileSync(token, made.output().split('\n')[0] ?? '', { mode: 0o600 })
    await succeeded(this.startShipped('enrol', '--token-file', token))
    // A grown agent: a young one seals every 15 seconds.
    const file = join(this.#dir, 'agent/identity.json')
    const identity = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({ ...identity, enrolledAt: Date.now() - dayMs }))
  }

  #environment() {
    return { DATA_DIR: join(this.#dir, 'data') }
  }
}

async function startCollector(dir: string, { cert, key }: TestCertificate): Promise<Running> {
  mkdirSync(join(dir, 'data'))
  const [certFile, keyFile] = [join(dir, 'collector.pem'), join(dir, 'collector.key')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key, { mode: 0o600 })
  return startProcess(['collector/main.mjs'], {
    ...collectorEnvironment,
    DATA_DIR: join(dir, 'data'),
    PORT: '0',
    ISTIMRAR_TLS_CERT_FILE: certFile,
    ISTIMRAR_TLS_KEY_FILE: keyFile,
    ISTIMRAR_REGISTER_FILE: exampleFiles.register,
    ISTIMRAR_POLICY_FILE: exampleFiles.policy,
    ISTIMRAR_LOG_LEVEL: 'warn',
  })
}

/** Throws with what was printed where a process did not end well. */
async function succeeded(process: Running): Promise<void> {
  const code = await process.ended()
  if (code !== 0) throw new Error(`It ended with ${code}: ${process.output()}`)
}
