import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { closedPort } from '../../support/closed-port.ts'
import { has } from '../../support/programs.ts'
import { type WrittenSeries, writeRequest } from './remote-write.ts'
import { snappyBlock } from './snappy.ts'

const program = 'victoria-metrics'

/** A real VictoriaMetrics on a free port and its own data directory. */
export class VictoriaMetrics implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true })

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.#port = port
  }

  /**
   * Starts it in an empty folder, with more arguments; null where the program is not installed.
   */
  static async start(dir: string, more: readonly string[] = []): Promise<VictoriaMetrics | null> {
    if (!has(program)) return null
    const port = await closedPort()
    const args = [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${join(dir, 'victoria-metrics')}`,
      '-loggerLevel=ERROR',
      ...more,
    ]
    const started = new VictoriaMetrics(spawn(program, args, { stdio: 'ignore' }), port)
    for (let tries = 0; !(await started.#isReady()); tries++) {
      if (tries === 100) throw new Error('VictoriaMetrics does not become ready.')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return started
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Writes series by remote write. Throws when they are not accepted. */
  async write(series: readonly WrittenSeries[]): Promise<void> {
    const body = snappyBlock(writeRequest(series))
    const status = await this.#post('/api/v1/write', body)
    if (status !== 204) throw new Error(`VictoriaMetrics answers ${status}.`)
  }

  /** Samples taken so far by remote write, by its own count. */
  async samples(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.#port}/metrics`)).text()
    const line = /^vm_rows_inserted_total\{type="promremotewrite"\} (\d+)$/m.exec(text)
    return Number(line?.[1] ?? 0)
  }

  /** Takes lines of its own JSON format. Throws when they are not accepted. */
  async import(lines: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const place = { host: '127.0.0.1', port: this.#port, path: '/api/v1/import', method: 'POST' }
    const headers = { 'content-length': lines.length }
    // A connection for each: those that took much are closed at the other side.
    const sent = request({ ...place, headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(lines)
    const status = await promise
    if (status !== 204) throw new Error(`VictoriaMetrics answers ${status}.`)
  }

  /** Makes what was taken ready to be found. */
  async flush(): Promise<void> {
    await (await fetch(`http://127.0.0.1:${this.#port}/internal/force_flush`)).text()
  }

  /** Where it answers. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy()
    this.#child.kill('SIGTERM')
    if (this.#child.exitCode === null) await once(this.#child, 'exit')
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.#port}/health`)).ok
    } catch {
      return false
    }
  }

  #post(path: string, body: Buffer): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
      'content-length': body.length,
    }
    const options = { agent: this.#agent, host: '127.0.0.1', port: this.#port, path, headers }
    const sent = request({ ...options, method: 'POST' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
    return promise
  }
}
