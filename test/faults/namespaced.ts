import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { CollectorProcess } from './collector-process.ts'
import { httpExchange } from './exchange.ts'
import { Fleet } from './fleet.ts'
import { randomOf } from './randomness.ts'
import { newTally } from './row.ts'
import { finish } from './settle.ts'

/**
 * Row F8 inside its network namespace, started by the row: collector and agents share a loopback
 * on which iptables plays. The last line printed is the result.
 */
const settings = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as {
  quick: boolean
  seed: string
  folder: string
}

const tally = newTally()
const random = randomOf(settings.seed)
await using collector = await CollectorProcess.prepare(settings.folder)
using http = httpExchange(() => collector.url, { timeoutMs: 5_000 })
const fleet = new Fleet({ size: settings.quick ? 20 : 100, random, exchange: http.exchange })
await collector.start()
await fleet.enrol(await collector.tokens(500))
fleet.run()

const port = String(collector.port)
const chance = (share: number) => [
  ...['-m', 'statistic', '--mode', 'random', '--probability', String(share)],
]
const rules = {
  'loss 1 %': [...chance(0.01), '-j', 'DROP'],
  'loss 5 %': [...chance(0.05), '-j', 'DROP'],
  'loss 20 %': [...chance(0.2), '-j', 'DROP'],
  'reset 5 %': [
    ...['-p', 'tcp', '--dport', port, ...chance(0.05)],
    ...['-j', 'REJECT', '--reject-with', 'tcp-reset'],
  ],
  'all lost': ['-j', 'DROP'],
} as const

for (const [name, rule] of Object.entries(rules)) {
  iptables('-A', 'INPUT', ...rule)
  await wait(settings.quick ? 800 : name === 'all lost' ? 600_000 : 60_000)
  iptables('-F', 'INPUT')
  const startedAt = performance.now()
  await fleet.acks(1, AbortSignal.timeout(60_000))
  tally.recoverMs.push(performance.now() - startedAt)
  tally.kills++
}
tally.figures['requests without answer'] = fleet.replies.get(0) ?? 0
await finish(collector, fleet, tally)
console.log(JSON.stringify(tally))

function iptables(...args: readonly string[]): void {
  execFileSync('iptables', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
