import { setTimeout as wait } from 'node:timers/promises'
import { minuteMs } from '../../../protocol/time.ts'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { newTally, type Row, type Tally } from '../row.ts'
import { finish } from '../settle.ts'

const clockPreload = new URL('../preload/shifted-clock.ts', import.meta.url).href
const awayMs = 20 * minuteMs
/** Starting, stopping and the minute's note of liveness blur the ends. */
const blurMs = 3 * minuteMs

const silenceMs = 3_000

type Sums = {
  upMs: number
  downMs: number
  unknownMs: number
  centreMs: number
  eligibleMs: number
}

/** F17: the collector is away for 20 minutes: that is its own outage, and nobody's rating. */
export const collectorAway: Row = {
  id: 'F17',
  what: 'collector away 20 min, and the KPI',
  injected: 'SIGKILL; both wall clocks put 20 min ahead before the next start',
  run: async ({ quick, random, folder, log }) => {
    const tally = newTally()
    let aheadMs = 0
    const now = () => Date.now() + aheadMs
    await using collector = await CollectorProcess.prepare(folder, { institutions: 2 })
    using http = httpExchange(() => collector.url)
    const usual = { random, exchange: http.exchange, outageEvery: 0, now }
    const fleet = new Fleet({ size: quick ? 4 : 40, ...usual, startedMsAgo: 0 })
    const start = () =>
      collector.start({
        nodeArgs: ['--import', clockPreload],
        environment: { FAULT_CLOCK_MS: String(aheadMs) },
      })
    await start()
    const tokens = await collector.tokens(500)
    await fleet.enrol(tokens)
    fleet.run()
    await fleet.acks(fleet.agents.length * 2, AbortSignal.timeout(60_000))
    await fleet.drain(60_000)
    await collector.end('SIGKILL')
    aheadMs += awayMs
    // Agents of the second institution forgot what they saw meanwhile, and say so.
    const silent = fleet.agents.filter(({ identity }) => identity.institution === 'ministry-2')
    const forget = () => {
      fleet.sealAll()
      for (const agent of silent) agent.drop(agent.backlog.length)
    }
    forget()
    const startedAt = performance.now()
    await start()
    tally.kills++
    await fleet.greet()
    // Some time with a collector and without evidence: unknown, and in every figure as such.
    await wait(silenceMs)
    forget()
    fleet.run()
    await fleet.acks(fleet.agents.length * 2, AbortSignal.timeout(60_000))
    tally.recoverMs.push(performance.now() - startedAt)
    await fleet.drain(60_000)
    // In order this time, so that it notes until when it ran.
    await collector.end('SIGTERM')
    // Figures end eleven minutes before now: time has to pass until the outage is in them.
    aheadMs += awayMs
    await start()
    tally.kills++
    await fleet.greet()
    fleet.run()
    await fleet.acks(fleet.agents.length, AbortSignal.timeout(60_000))
    await fleet.drain(60_000)
    for (const id of collector.institutions) {
      const sums = await sumsOf(collector, id)
      judgeSums(id, sums, tally)
      log(`${id}: ${JSON.stringify(sums)}`)
    }
    await finish(collector, fleet, tally)
    return tally
  },
}

async function sumsOf(collector: CollectorProcess, id: string): Promise<Sums> {
  type Answer = {
    institution: { environments: { continuity: { cycle: { sums: Sums | null } } }[] }
  }
  for (let turn = 0; turn < 40; turn++) {
    const { institution } = await collector.json<Answer>(`/api/v1/institutions/${id}`)
    const { sums } = institution.environments[0]!.continuity.cycle
    if (sums && sums.eligibleMs + sums.centreMs >= awayMs) return sums
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  throw new Error(`The figures of ${id} do not reach past the outage.`)
}

/** Nobody was down; what is not known of the outage is the centre's, not the institution's. */
function judgeSums(id: string, sums: Sums, tally: Tally): void {
  const { downMs, unknownMs, upMs, centreMs } = sums
  const misattributedMs = downMs + Math.max(0, unknownMs - blurMs)
  tally.figures[`${id} minutes`] = [
    ...[`up ${minutes(upMs)}`, `down ${minutes(downMs)}`],
    ...[`unknown ${minutes(unknownMs)}`, `centre ${minutes(centreMs)}`],
  ].join(', ')
  if (misattributedMs > 0) {
    tally.failures.push(`${id}: ${minutes(misattributedMs)} minutes are held against it.`)
  }
  const isSilent = id === 'ministry-2'
  if (isSilent && unknownMs === 0) tally.failures.push(`${id}: nothing is unknown: blind.`)
  if (isSilent && centreMs < awayMs - blurMs) {
    tally.failures.push(`${id}: of the outage only ${minutes(centreMs)} minutes are the centre's.`)
  }
  if (!isSilent && upMs < awayMs - blurMs) {
    tally.failures.push(`${id}: its evidence of the outage is not in its figures.`)
  }
}

function minutes(ms: number): string {
  return (ms / minuteMs).toFixed(1)
}
