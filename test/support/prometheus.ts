import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stringify } from 'yaml'
import type { EpochMs } from '../../protocol/time.ts'

/** One series of an answer; its value is the newest one. */
export type Series = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** A running Prometheus. */
export type Prometheus = {
  readonly url: string
  /** Evaluates a query, now unless at an instant. Throws Prometheus' own words when refused. */
  query(expression: string, at?: EpochMs): Promise<Series[]>
  /** Asks the query every 100 ms until its answer will do. Throws after three minutes. */
  waitFor(expression: string, enough: (series: Series[]) => boolean): Promise<Series[]>
  /** A part of the HTTP API, e.g. `rules`. */
  api(path: string): Promise<unknown>
  stop(): Promise<void>
}

type Options = {
  /** `host:port` of what is scraped as job `istimrar`, every two seconds. */
  readonly targets: readonly string[]
  /** An empty folder for its configuration and data. */
  readonly dir: string
  /** Absolute paths of rule files. */
  readonly rules?: readonly string[]
  /** More of its configuration. */
  readonly more?: object
}

/** Starts a real Prometheus on a free port and waits until it is ready. */
export async function startPrometheus({
  targets,
  dir,
  rules = [],
  more = {},
}: Options): Promise<Prometheus> {
  const config = join(dir, 'prometheus.yml')
  const often = { scrape_interval: '2s', evaluation_interval: '1s', scrape_timeout: '2s' }
  const job = { job_name: 'istimrar', static_configs: [{ targets }] }
  writeFileSync(
    config,
    stringify({ global: often, rule_files: rules, scrape_configs: [job], ...more }),
  )
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const url = `http://${await listening(child, 'Server is ready')}`
  const api = async (path: string) => {
    const answer = await fetch(`${url}/api/v1/${path}`)
    const body = (await answer.json()) as { status: string; error?: string; data: unknown }
    if (body.status !== 'success') throw new Error(`Prometheus refuses ${path}: ${body.error}`)
    return body.data
  }
  const query = async (expression: string, at?: EpochMs) => {
    const time = at === undefined ? '' : `&time=${at / 1000}`
    return seriesOf(await api(`query?query=${encodeURIComponent(expression)}${time}`), expression)
  }
  return {
    url,
    api,
    query,
    waitFor: async (expression, enough) => {
      const deadline = performance.now() + 180_000
      for (;;) {
        const series = await query(expression)
        if (enough(series)) return series
        if (performance.now() > deadline) {
          throw new Error(`Not enough in time: ${expression}: ${JSON.stringify(series)}`)
        }
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
    stop: async () => {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The address that a program of Prometheus says it listens on, once it says what marks it ready. */
export function listening(child: ChildProcess, readyLine: string): Promise<string> {
  const lines: string[] = []
  let address = ''
  return new Promise((ready, fail) => {
    if (!child.stderr) throw new Error(`${child.spawnfile} has no log.`)
    // Reads on after that: a full pipe would stop it.
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line)
      address = /msg="Listening on" address=(\S+)/.exec(line)?.[1] ?? address
      if (line.includes(readyLine)) ready(address)
    })
    child.once('error', fail)
    child.once('exit', () => fail(new Error(`${child.spawnfile} ended:\n${lines.join('\n')}`)))
  })
}

function seriesOf(data: unknown, expression: string): Series[] {
  const { resultType, result } = data as {
    resultType: string
    result: { metric: Record<string, string>; value: [number, string] }[]
  }
  if (resultType !== 'vector') throw new Error(`No vector but ${resultType}: ${expression}`)
  return result.map(({ metric, value }) => ({ labels: metric, value: toNumber(value[1]) }))
}

function toNumber(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text)
}
