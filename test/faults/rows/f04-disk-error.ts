import { setTimeout as wait } from 'node:timers/promises'
import { CollectorProcess } from '../collector-process.ts'
import { httpExchange } from '../exchange.ts'
import { Fleet } from '../fleet.ts'
import { between } from '../randomness.ts'
import { newTally, type Row, type Tally } from '../row.ts'
import { finish } from '../settle.ts'
import { missingTracing, straced } from '../tools.ts'

/** A failing call, and what the collector must do. A full disk passes, an error never does. */
const faults = [
  { call: 'fsync,fdatasync', error: 'EIO', ends: true, lasting: '' },
  { call: 'fsync,fdatasync', error: 'EIO', ends: true, lasting: '+' },
  { call: 'pwrite64', error: 'EIO', ends: true, lasting: '' },
  { call: 'pwrite64', error: 'ENOSPC', ends: false, lasting: '' },
  { call: 'pwrite64', error: 'ENOSPC', ends: false, lasting: '+' },
] as const
/** Calls of a start, which shall succeed; the failing one comes so many later. */
const startCalls = { 'fsync,fdatasync': 30, pwrite64: 200 } as const
const endMsMax = 120_000

/** F4: the disk refuses a write or a sync: no answer, the process ends, the next one goes on. */
export const diskError: Row = {
  id: 'F4',
  what: 'sync or write fails',
  injected: 'strace error=EIO or ENOSPC at the n-th fsync or pwrite64, once and lasting',
  run: async ({ quick, random, folder, log }) => {
    const tally = newTally()
    const missing = missingTracing()
    if (missing) return { ...tally, notRun: [missing] }
    await using collector = await CollectorProcess.prepare(folder)
    using http = httpExchange(() => collector.url)
    const fleet = new Fleet({ size: quick ? 20 : 100, random, exchange: http.exchange })
    await collector.start()
    await fleet.enrol(await collector.tokens(500))
    fleet.run()
    for (let round = 1; round <= (quick ? 1 : 12); round++) {
      for (const fault of faults) {
        await collector.end('SIGTERM')
        const { call, error, lasting } = fault
        const when = startCalls[call] + between(random, 1, 20)
        const wrap = straced(`${call}:error=${error}:when=${when}${lasting}`)
        const refusedBefore = fleet.replies.get(503) ?? 0
        // A fault that falls into the start must end it as well.
        const isUp = await collector.start({ wrap, mayFail: fault.ends })
        const name = `${error} at ${call.split(',')[0]}${lasting}`
        tally.kills++
        if (fault.ends || !isUp) await mustEnd(collector, tally, name)
        else await mustRefuse(collector, fleet, refusedBefore, tally, name, lasting === '+')
        await restart(collector, fleet, tally)
        log(`${name} at call ${when}: ${fleet.acked} acknowledged`)
      }
    }
    await finish(collector, fleet, tally)
    // What was refused and is in the record all the same was answered as a duplicate later.
    tally.figures['NACKed but stored'] = fleet.duplicateAnswers
    return tally
  },
}

/** Fail-stop: going on after a failed sync could lose what was acknowledged. */
async function mustEnd(collector: CollectorProcess, tally: Tally, name: string): Promise<void> {
  if (!(await collector.endsWithin(endMsMax))) {
    tally.failures.push(`${name}: the collector goes on`)
    return
  }
  if ((await collector.ended()) === 0) tally.failures.push(`${name}: it ended with 0`)
}

/** A full disk is answered with 503, and passes. */
async function mustRefuse(
  collector: CollectorProcess,
  fleet: Fleet,
  before: number,
  tally: Tally,
  name: string,
  isLasting: boolean,
): Promise<void> {
  const late = AbortSignal.timeout(endMsMax)
  const refused = () => (fleet.replies.get(503) ?? 0) - before
  while (refused() === 0 && collector.isRunning && !late.aborted) await wait(50)
  if (!collector.isRunning) tally.failures.push(`${name}: the collector ended`)
  else if (refused() === 0) tally.failures.push(`${name}: nobody was refused with 503`)
  else if (!isLasting) await fleet.acks(1, late)
  if (late.aborted) tally.failures.push(`${name}: it does not go on by itself`)
}

async function restart(collector: CollectorProcess, fleet: Fleet, tally: Tally): Promise<void> {
  await collector.end('SIGKILL')
  const startedAt = performance.now()
  await collector.start()
  await fleet.acks(1, AbortSignal.timeout(60_000))
  tally.recoverMs.push(performance.now() - startedAt)
}
