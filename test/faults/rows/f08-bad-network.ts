import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { rootDir } from '../../support/processes.ts'
import { missingForNamespace, NetworkNamespace } from '../namespace.ts'
import { FaultProxy, type Weather } from '../proxy.ts'
import { newTally, type Row, type RowContext, type RowResult, type Tally } from '../row.ts'
import { setScene } from '../scene.ts'

const weathers: Readonly<Record<string, Weather>> = {
  'resets 1 %': { resetShare: 0.01 },
  'resets 5 %': { resetShare: 0.05 },
  'resets 20 %': { resetShare: 0.2 },
  'late 800 ms': { latencyMs: 800 },
  '32 kbit/s': { bytesPerSecond: 4_000 },
  'half open': { isHalfOpen: true },
  refused: { refuses: true },
}
/** The agent may not grow with what it cannot send. */
const growthMibMax = 20
const ackMsMax = 180_000

/** F8: a line that loses, resets, crawls or falls silent: all arrives, the agent stays small. */
export const badNetwork: Row = {
  id: 'F8',
  what: 'loss, reset, silence, 32 kbit/s',
  injected: 'TCP proxy; iptables statistic, REJECT tcp-reset and DROP in a network namespace',
  run: async (context) => {
    const tally = newTally()
    await behindProxy(context, tally)
    const missing = missingForNamespace()
    if (missing) tally.notRun.push(`packet loss by the kernel: ${missing}`)
    else await inNamespace(context, tally)
    return tally
  },
}

/** A real agent behind each weather in turn. */
async function behindProxy({ quick, random, folder, log }: RowContext, tally: Tally) {
  await using scene = await setScene(join(folder, 'proxied'))
  const { tap } = scene
  await using proxy = await FaultProxy.start({ target: tap.port, random })
  const agent = await scene.agent({ via: proxy.url })
  agent.start()
  await tap.until(() => tap.acked.length >= 2, ackMsMax)
  const rssBefore = agent.rssBytes()
  let rssPeak = rssBefore
  const chosen = Object.entries(weathers).filter((_, i) => !quick || i % 3 === 2)
  for (const [name, weather] of chosen) {
    proxy.weather = weather
    const endAt = performance.now() + (quick ? 3_000 : 60_000)
    while (performance.now() < endAt) {
      await wait(500)
      rssPeak = Math.max(rssPeak, agent.rssBytes())
    }
    proxy.weather = {}
    // What hangs in silence is freed: an agent waits its time-out, this row need not.
    proxy.cut()
    const count = tap.acked.length
    const startedAt = performance.now()
    await tap.until(() => tap.acked.length > count, ackMsMax)
    tally.recoverMs.push(performance.now() - startedAt)
    tally.kills++
    if (!agent.isRunning) tally.failures.push(`${name}: the agent ended.`)
    log(`${name}: ${tap.acked.length} acknowledged`)
  }
  const grownMib = Math.round((rssPeak - rssBefore) / 1_048_576)
  tally.figures['agent RSS MiB'] = Math.round(rssPeak / 1_048_576)
  tally.figures['agent grew MiB'] = grownMib
  tally.figures.resets = proxy.resets
  if (grownMib > growthMibMax) tally.failures.push(`The agent grew by ${grownMib} MiB.`)
  await scene.finish(tally, [agent])
}

/** The same traffic in a network of its own, where the kernel loses packets. */
async function inNamespace({ quick, random, folder }: RowContext, tally: Tally): Promise<void> {
  using namespace = new NetworkNamespace('faults')
  const settings = { quick, seed: String(random()), folder: join(folder, 'namespaced') }
  const file = join(folder, 'namespaced.json')
  writeFileSync(file, JSON.stringify(settings))
  const program = 'test/faults/namespaced.ts'
  const said = await namespace.output([process.execPath, program, file], rootDir)
  const result = JSON.parse(said.trim().split('\n').at(-1)!) as RowResult
  tally.kills += result.kills
  tally.acked += result.acked
  tally.lost += result.lost
  tally.undeclared += result.undeclared
  tally.duplicates += result.duplicates
  tally.recoverMs.push(...result.recoverMs)
  tally.failures.push(...result.failures)
  for (const [name, value] of Object.entries(result.figures)) {
    tally.figures[`in namespace: ${name}`] = value
  }
}
