import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { delayMs, retryAfterMs } from '../../../agent/backoff.ts'
import { limits } from '../../../protocol/limits.ts'
import { hourMs, minuteMs, secondMs } from '../../../protocol/time.ts'
import type { SimulatedAgent } from '../../simulation/simulated-agent.ts'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { newTally, type Row, type RowContext, type Tally } from '../row.ts'
import { finish } from '../settle.ts'
import { percentile } from '../tools.ts'

const liveMsMax = 5 * minuteMs
const drainMsMax = 10 * minuteMs
const retriesMax = 1.5
const progressMs = 30 * secondMs

type Storm = {
  readonly live: Set<SimulatedAgent>
  readonly ackMs: number[]
  requests: number[]
  bare: number
}

/** F13: all agents come back at once to a collector that starts cold, an hour behind. */
export const reconnectStorm: Row = {
  id: 'F13',
  what: 'reconnect storm after an hour',
  injected: 'agents with 6 batches each, by the back-off and rhythm of the real agent',
  run: async (context) => {
    const { quick, random, folder, log } = context
    const tally = newTally()
    const size = quick ? 200 : 5_000
    await using collector = await CollectorProcess.prepare(folder, { institutions: 56 })
    using http = httpExchange(() => collector.url, { timeoutMs: 15_000 })
    const fleet = new Fleet({ size, random, exchange: http.exchange, startedMsAgo: hourMs })
    await collector.start()
    log(`${size} agents join`)
    await fleet.enrol(await collector.tokens(500))
    await collector.end('SIGKILL')
    for (let turn = 1; turn <= 6; turn++) fleet.sealAt((turn * hourMs) / 6)
    const backlog = fleet.backlog
    log(`${size} agents, ${backlog} messages behind`)
    const storm: Storm = { live: new Set(), ackMs: [], requests: [], bare: 0 }
    const startedAt = performance.now()
    const startedAll = fleet.agents.map((agent) => comeBack(agent, http.exchange, storm, context))
    await collector.start()
    tally.kills = size
    const watch = setInterval(() => storm.requests.push(http.requests()), secondMs)
    let rssMib = 0
    let saidMs = 0
    const drained = Promise.all(startedAll).then(() => true)
    const since = () => performance.now() - startedAt
    let liveMs: number | null = null
    while (fleet.backlog > 0 && since() < drainMsMax && collector.isRunning) {
      await Promise.race([drained, wait(500)])
      rssMib = Math.max(rssMib, rssOf(collector.pid))
      if (liveMs === null && storm.live.size === size) liveMs = since()
      if (since() < saidMs + progressMs) continue
      saidMs = since()
      const [live, left] = [storm.live.size, fleet.backlog]
      log(`${Math.round(saidMs / secondMs)} s: ${live} agents live, ${left} messages behind`)
    }
    clearInterval(watch)
    const measured = { storm, fleet, backlog, drainMs: since(), liveMs: liveMs ?? since(), rssMib }
    report(measured, collector.isRunning, tally)
    await finish(collector, fleet, tally, log)
    return tally
  },
}

/** What the real agent does: heartbeats until one is heard, then one message a second. */
async function comeBack(
  agent: SimulatedAgent,
  exchange: Parameters<SimulatedAgent['deliver']>[0],
  storm: Storm,
  { random, quick }: RowContext,
): Promise<void> {
  // Heartbeats keep their rhythm while nobody answers, so the first one falls anywhere in it.
  await wait(random() * (quick ? 3 * secondMs : limits.heartbeatMs))
  let failures = 0
  while (agent.backlog.length > 0) {
    const sentAt = performance.now()
    const isHeard = failures === 0 && storm.live.has(agent)
    const outcome = isHeard
      ? await agent.deliver(exchange)
      : await agent.heartbeat(exchange, Date.now())
    const status = agent.lastReply?.status ?? 0
    if (outcome === 'refused') return
    if (outcome === 'failed') {
      const asked = agent.lastReply?.retryAfter ?? null
      if ([429, 503].includes(status) && asked === null) storm.bare++
      failures++
      const floorMs = retryAfterMs(asked, Date.now())
      const spreadMs = delayMs({ count: failures, denied: false, floorMs, local: false }, random)
      // The message waits that long; the next heartbeat comes in its rhythm.
      await wait(Math.min(spreadMs, quick ? 3 * secondMs : limits.heartbeatMs))
      continue
    }
    failures = 0
    storm.live.add(agent)
    if (!isHeard) continue
    storm.ackMs.push(performance.now() - sentAt)
    await wait(secondMs)
  }
}

type Measured = {
  readonly storm: Storm
  readonly fleet: Fleet
  readonly backlog: number
  readonly drainMs: number
  readonly liveMs: number
  readonly rssMib: number
}

function report(measured: Measured, isRunning: boolean, tally: Tally): void {
  const { storm, fleet, backlog, drainMs, liveMs, rssMib } = measured
  const attempts = fleet.agents.reduce((sum, agent) => sum + agent.attempts, 0)
  const perSecond = storm.requests.slice(1).map((count, i) => count - storm.requests[i]!)
  tally.figures['peak requests/s'] = Math.max(0, ...perSecond)
  tally.figures['p99 ack ms'] = Math.round(percentile(storm.ackMs, 0.99) ?? 0)
  tally.figures['RSS MiB'] = rssMib
  tally.figures['all live s'] = Math.round(liveMs / 1_000)
  tally.figures['drained s'] = Math.round(drainMs / 1_000)
  tally.figures['tries per batch'] = (attempts / backlog).toFixed(2)
  tally.recoverMs.push(liveMs)
  if (!isRunning) tally.failures.push('The collector ended in the storm.')
  if (fleet.backlog > 0) tally.failures.push(`${fleet.backlog} messages wait after 10 minutes.`)
  if (liveMs > liveMsMax) tally.failures.push('Not all agents were heard within 5 minutes.')
  if (storm.bare > 0) tally.failures.push(`${storm.bare} times 429 or 503 without Retry-After.`)
  if (attempts / backlog > retriesMax) tally.failures.push('More than 1.5 tries per batch.')
}

function rssOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024)
}
