import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { between } from '../randomness.ts'
import { newTally, type Row, type RowContext, type Tally } from '../row.ts'
import { finish } from '../settle.ts'
import { missingTracing, straced } from '../tools.ts'

/** A quarter of the kills in full is at each of the two calls. */
const turnsOfCall = 50
/** SQLite syncs with either call, depending on how it was built. */
const calls = ['fsync,fdatasync', 'pwrite64'] as const
/** Starting takes some 20 syncs and 120 writes; the rest falls into traffic. */
const callsMax = { 'fsync,fdatasync': 60, pwrite64: 300 } as const
const tracedMsMax = 10_000
/** Traffic at every moment, and not more messages than the oracle can read again in minutes. */
const fullPaceMs = [100, 600] as const

/** F2: the collector dies at any moment under load; what it acknowledged is there. */
export const collectorKilled: Row = {
  id: 'F2',
  what: 'collector killed under agents',
  injected: 'SIGKILL at random; strace signal=KILL at the n-th fsync or pwrite64',
  run: async (context) => {
    const { quick, random, folder } = context
    const tally = newTally()
    await using collector = await CollectorProcess.prepare(folder)
    using http = httpExchange(() => collector.url)
    const fleet = new Fleet({
      size: quick ? 40 : 500,
      random,
      exchange: http.exchange,
      ...(!quick && { paceMs: fullPaceMs }),
    })
    await collector.start()
    await fleet.enrol(await collector.tokens(500))
    fleet.run()
    const missing = missingTracing()
    if (missing) tally.notRun.push(`kills at the n-th write or sync: ${missing}`)
    const kills = quick ? 4 : 200
    for (let kill = 1; kill <= kills; kill++) {
      if (kill % 2 === 0 && !missing) await killAtCall(collector, fleet, context, tally, kill / 2)
      else await killAtRandom(collector, fleet, context, tally)
      if (kill % 20 === 0) context.log(`${kill} kills, ${fleet.acked} acknowledged`)
    }
    await finish(collector, fleet, tally, context.log)
    return tally
  },
}

async function killAtRandom(
  collector: CollectorProcess,
  fleet: Fleet,
  { random }: RowContext,
  tally: Tally,
): Promise<void> {
  if (!collector.isRunning) await recover(collector, fleet, tally)
  await new Promise((resolve) => setTimeout(resolve, between(random, 20, 1_500)))
  await collector.end('SIGKILL')
  tally.kills++
}

/** The n-th call of a life kills it, n from 1 up: start, migration and traffic are all swept. */
async function killAtCall(
  collector: CollectorProcess,
  fleet: Fleet,
  { random, quick }: RowContext,
  tally: Tally,
  turn: number,
): Promise<void> {
  const call = calls[turn % 2]!
  const step = Math.ceil(turn / 2)
  // In full the turns share all calls among them, one stretch each.
  const stretch = callsMax[call] / turnsOfCall
  const [first, last] = quick ? [1, callsMax[call]] : [(step - 1) * stretch + 1, step * stretch]
  const when = between(random, Math.floor(first), Math.floor(last))
  if (collector.isRunning) await collector.end('SIGKILL')
  await collector.start({ wrap: straced(`${call}:signal=KILL:when=${when}`), mayFail: true })
  const name = `killed at ${call}`
  // A life that never reaches the call ends all the same.
  if (!(await collector.endsWithin(tracedMsMax))) await collector.end('SIGKILL')
  else tally.figures[name] = Number(tally.figures[name] ?? 0) + 1
  tally.kills++
  await recover(collector, fleet, tally)
}

async function recover(collector: CollectorProcess, fleet: Fleet, tally: Tally): Promise<void> {
  const startedAt = performance.now()
  await collector.start()
  const late = AbortSignal.timeout(60_000)
  await fleet.acks(1, late)
  if (late.aborted) tally.failures.push('Nothing was acknowledged within 60 s of a restart.')
  tally.recoverMs.push(performance.now() - startedAt)
}
