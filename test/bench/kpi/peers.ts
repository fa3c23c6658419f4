import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../../../protocol/time.ts'
import { closedPort } from '../../support/closed-port.ts'
import { has } from '../../support/programs.ts'
import { median } from '../ingest/phases.ts'
import { VictoriaMetrics } from '../ingest/victoria-metrics.ts'
import { cpuMs } from '../process-usage.ts'
import { instantsOf, looksOf } from './stored-nation.ts'
import { outagesOf } from './year.ts'

/** What a peer took for a year's average of so many checks. */
export type PeerResult = {
  readonly checks: number
  /** CPU time of one query: the middle one of several. Unit: milliseconds. */
  readonly cpuMs: number
  readonly cpu7dMs: number
  /** By check, as a ratio. */
  readonly values: ReadonlyMap<number, number>
}

type PeerOptions = {
  readonly dir: string
  readonly start: EpochMs
  readonly end: EpochMs
  readonly checks: number
  readonly rounds: number
}

/** VictoriaMetrics, its cache of answers off; null where it is not installed. */
export async function measureVictoriaMetrics(options: PeerOptions): Promise<PeerResult | null> {
  const more = ['-retentionPeriod=3y', '-search.disableCache', '-search.maxQueryDuration=5m']
  await using peer = await VictoriaMetrics.start(options.dir, more)
  if (!peer) return null
  const timestamps = `"timestamps":[${instantsOf(options.start).join(',')}]}\n`
  for (let check = 0; check < options.checks; check++) {
    const head = `{"metric":{"__name__":"up","check":"${check}"},"values":[`
    const looks = looksOf(outagesOf(check))
    const values = Buffer.alloc(looks.length * 2 - 1, ',')
    for (let i = 0; i < looks.length; i++) values[i * 2] = 48 + looks[i]!
    await peer.import(Buffer.concat([Buffer.from(head), values, Buffer.from(`],${timestamps}`)]))
  }
  await peer.flush()
  // Awaited here: the peer ends with this function.
  return await query(peer.url, peer.pid, options)
}

/** Prometheus on blocks that promtool made; null where one of them is not installed. */
export async function measurePrometheus(options: PeerOptions): Promise<PeerResult | null> {
  if (!has('prometheus') || !has('promtool')) return null
  const blocks = join(options.dir, 'prometheus')
  const file = join(options.dir, 'year.om')
  writeOpenMetrics(file, options)
  const backfill = ['tsdb', 'create-blocks-from', '--max-block-duration=8784h', 'openmetrics']
  const made = spawn('promtool', [...backfill, '-q', file, blocks], { stdio: 'ignore' })
  const [code] = await once(made, 'exit')
  if (code !== 0) throw new Error(`promtool ends with ${code}.`)
  const port = await closedPort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${emptyConfig(options.dir)}`,
      `--storage.tsdb.path=${blocks}`,
      '--storage.tsdb.retention.time=10y',
      '--query.max-samples=1000000000',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  try {
    const url = `http://127.0.0.1:${port}`
    await isReady(`${url}/-/ready`)
    return await query(url, child.pid!, options)
  } finally {
    await ended(child)
  }
}

async function query(url: string, pid: number, { end, rounds }: PeerOptions): Promise<PeerResult> {
  const ask = async (days: number) => {
    const text = encodeURIComponent(`avg_over_time(up[${days}d])`)
    const answer = await fetch(`${url}/api/v1/query?query=${text}&time=${end / 1_000}`)
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const measured = async (days: number) => {
    const used: number[] = []
    for (let i = 0; i < rounds; i++) {
      const before = cpuMs(pid)
      await ask(days)
      used.push(cpuMs(pid) - before)
    }
    return median(used)
  }
  const { result } = (await ask(365)).data
  const values = new Map(
    result.map(({ metric, value }) => [Number(metric.check), Number(value[1])]),
  )
  const [cpu7dMs, yearMs] = [await measured(7), await measured(365)]
  return { checks: values.size, cpuMs: yearMs, cpu7dMs, values }
}

type Answer = {
  data: { result: { metric: { check: string }; value: [number, string] }[] }
}

function writeOpenMetrics(file: string, { start, checks }: PeerOptions): void {
  const instants = instantsOf(start).map((at) => (at / 1_000).toFixed(3))
  const fd = openSync(file, 'w')
  writeSync(fd, '# TYPE up gauge\n')
  for (let check = 0; check < checks; check++) {
    const looks = looksOf(outagesOf(check))
    for (let i = 0; i < looks.length; i += 50_000) {
      const lines = instants
        .slice(i, i + 50_000)
        .map((at, k) => `up{check="${check}"} ${looks[i + k]} ${at}\n`)
      writeSync(fd, lines.join(''))
    }
  }
  writeSync(fd, '# EOF\n')
  closeSync(fd)
}

function emptyConfig(dir: string): string {
  const file = join(dir, 'prometheus.yml')
  closeSync(openSync(file, 'w'))
  return file
}

async function isReady(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Prometheus does not become ready.')
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
}
