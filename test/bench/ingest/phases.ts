import { evaluatingThread } from '../../../collector/evaluate/thread.ts'
import { limits } from '../../../protocol/limits.ts'
import { minuteMs, secondMs } from '../../../protocol/time.ts'
import { type Fleet, inParallel, waitedOut } from '../../simulation/load-fleet.ts'
import { LoadTally, percentile } from '../../simulation/load-tally.ts'
import { type Usage, watchProcess } from '../process-usage.ts'
import type { CollectorUnderLoad } from './collector-under-load.ts'
import { StoredRecord } from './stored-record.ts'

/** How many hosts ask to join at the same moment. */
const joinersAtOnce = 500
/** Requests in flight while batches come as fast as they are taken: one group of a commit. */
export const requestsAtOnce = 64
/** Heartbeats between two batches, at most: one that a batch makes needless is not sent. */
export const heartbeatsPerBatch = Math.ceil(limits.sealMs / limits.heartbeatMs)
/** Work that a request leaves behind is counted too. */
const settleMs = 3 * secondMs
/** Failures in a row after an hour of heartbeats that nobody heard. */
const failuresAfterAnHour = 40
const backlogBatches = 6
const drainMsMax = 15 * minuteMs

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** What joining took. A tenth of those at once sends the same request twice, as retries do. */
export async function enrolFleet(
  collector: CollectorUnderLoad,
  fleet: Fleet,
): Promise<{ seconds: number; atOnce: number; ghosts: number; errors: string[] }> {
  const tokens = new Map<string, string>()
  const keyOf = ({ institution, environment }: Fleet['members'][number]['place']) =>
    `${institution}/${environment}`
  for (const [key, members] of Map.groupBy(fleet.members, ({ place }) => keyOf(place))) {
    tokens.set(key, await collector.token(members[0]!.place, members.length))
  }
  const errors: string[] = []
  const join = async ({ agent, exchange, place }: Fleet['members'][number]) => {
    const token = tokens.get(keyOf(place))!
    for (let isJoined = false; !isJoined; ) {
      try {
        await agent.enrol(exchange, token)
        isJoined = true
      } catch (error) {
        if (await waitedOut(agent)) continue
        errors.push((error as Error).message)
        return
      }
    }
  }
  const atOnce = Math.min(joinersAtOnce, fleet.members.length)
  await inParallel(fleet.members.slice(0, -atOnce), 16, join)
  const startedAt = performance.now()
  const last = fleet.members.slice(-atOnce)
  await Promise.all(
    last.flatMap((member, i) => (i % 10 === 0 ? [member, member] : [member])).map(join),
  )
  const seconds = (performance.now() - startedAt) / secondMs
  using record = new StoredRecord(collector.databaseFile)
  return { seconds, atOnce, ghosts: record.ghosts(fleet.agents), errors }
}

export type Burst = {
  readonly usage: Usage
  readonly bytesPerBatch: number
  readonly tally: LoadTally
}

/** Every agent's next batch as fast as they are taken. */
export async function measureBurst(
  collector: CollectorUnderLoad,
  fleet: Fleet,
  withChanges: boolean,
): Promise<Burst> {
  using record = new StoredRecord(collector.databaseFile)
  const bytesBefore = record.bytes()
  const tally = new LoadTally()
  fleet.seal(limits.sealMs, withChanges)
  const watch = watchProcess(collector.pid, evaluatingThread)
  await fleet.deliver(requestsAtOnce, tally)
  await sleep(settleMs)
  const bytesPerBatch = (record.bytes() - bytesBefore) / tally.ackMs.length
  return { usage: watch.end(), bytesPerBatch, tally }
}

export type Beats = { readonly usage: Usage; readonly tally: LoadTally }

/** As many heartbeats of every agent as come between two batches, as fast as they are taken. */
export async function measureBeats(collector: CollectorUnderLoad, fleet: Fleet): Promise<Beats> {
  const tally = new LoadTally()
  const watch = watchProcess(collector.pid, evaluatingThread)
  for (let i = 0; i < heartbeatsPerBatch; i++) await fleet.beat(requestsAtOnce, tally)
  await sleep(settleMs)
  return { usage: watch.end(), tally }
}

/** The same thing so many times, one after another. */
export async function inRounds<T>(rounds: number, measure: () => Promise<T>): Promise<T[]> {
  const measured: T[] = []
  while (measured.length < rounds) measured.push(await measure())
  return measured
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5)
}

export type Rhythm = { readonly usage: Usage; readonly tally: LoadTally; readonly p99Ms: number }

/** All agents by the clock, their phases spread evenly, for a while. */
export async function measureRhythm(
  collector: CollectorUnderLoad,
  fleet: Fleet,
  { speed, rhythmMs }: { speed: number; rhythmMs: number },
): Promise<Rhythm> {
  const tally = new LoadTally()
  const { length } = fleet.members
  fleet.start(tally, (i) => ({
    sealInMs: ((i + 1) / length) * (limits.sealMs / speed),
    // Any fixed order of its own, so that seals and heartbeats do not go in step.
    heartbeatInMs: (((i * 7_919) % length) / length) * (limits.heartbeatMs / speed),
    failures: 0,
  }))
  const watch = watchProcess(collector.pid, evaluatingThread)
  await sleep(rhythmMs)
  const usage = watch.end()
  await fleet.stop()
  return { usage, tally, p99Ms: percentile(tally.ackMs, 0.99) }
}

export type Outage = {
  readonly usage: Usage
  readonly tally: LoadTally
  /** From the start of the collector; null when it did not end in time. */
  readonly liveMs: number | null
  readonly drainMs: number | null
  /** Requests with a batch, for each batch that was acknowledged. */
  readonly attemptsPerBatch: number
}

/**
 * The collector was away for an hour and comes back with nothing in memory: every agent has a
 * backlog of that hour, heartbeats that failed all along, and goes on sealing.
 */
export async function measureOutage(
  collector: CollectorUnderLoad,
  fleet: Fleet,
  speed: number,
): Promise<Outage> {
  await collector.stop()
  for (let i = 0; i < backlogBatches; i++) fleet.seal(limits.sealMs, i === 0)
  const { agents } = fleet
  const goals = agents.map((agent) => agent.acked.length + agent.backlog.length)
  const attempts = () => agents.reduce((sum, agent) => sum + agent.attempts, 0)
  const acked = () => agents.reduce((sum, agent) => sum + agent.acked.length, 0)
  const before = { attempts: attempts(), acked: acked() }
  const tally = new LoadTally()
  let liveMs: number | null = null
  const startedAt = performance.now()
  tally.watch((heard) => {
    if (heard === agents.length) liveMs = performance.now() - startedAt
  })
  const starting = collector.start()
  fleet.start(tally, () => ({
    sealInMs: (Math.random() * limits.sealMs) / speed,
    heartbeatInMs: (Math.random() * limits.heartbeatMs) / speed,
    failures: failuresAfterAnHour,
  }))
  await starting
  // What met a collector that was not there yet is no error of its own.
  tally.errors.clear()
  const watch = watchProcess(collector.pid, evaluatingThread)
  const isDrained = () => agents.every((agent, i) => agent.acked.length >= goals[i]!)
  while (!isDrained() && performance.now() - startedAt < drainMsMax) await sleep(100)
  const drainMs = isDrained() ? performance.now() - startedAt : null
  const usage = watch.end()
  await fleet.stop()
  const attemptsPerBatch = (attempts() - before.attempts) / (acked() - before.acked)
  return { usage, tally, liveMs, drainMs, attemptsPerBatch }
}
