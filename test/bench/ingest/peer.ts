import { limits } from '../../../protocol/limits.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { type Fleet, type FleetMember, inParallel } from '../../simulation/load-fleet.ts'
import { type Usage, watchProcess } from '../process-usage.ts'
import { requestsAtOnce, sleep } from './phases.ts'
import type { WrittenSeries } from './remote-write.ts'
import { VictoriaMetrics } from './victoria-metrics.ts'

/** Looks at checks that one batch of ten minutes stands for: its checks times its minutes. */
export const looksPerCheck = limits.sealMs / minuteMs
const settleMs = 3_000

export type Peer = {
  /** One request an agent, with the same looks as its batch: 20 series of 10 samples. */
  readonly asBatches: { readonly usage: Usage; readonly samples: number }
  /** One request an agent and minute: 20 series of 1 sample. */
  readonly asScrapes: { readonly usage: Usage; readonly samples: number }
}

/** VictoriaMetrics takes what the fleet saw, by remote write; null where it is not installed. */
export async function measurePeer(dir: string, fleet: Fleet, endAt: number): Promise<Peer | null> {
  await using peer = await VictoriaMetrics.start(dir)
  if (!peer) return null
  // All series are registered before, as our agents had declared their checks.
  const firstAt = endAt - 2 * limits.sealMs
  await writeAll(peer, fleet, firstAt, 1)
  const asBatches = await measured(peer, fleet, firstAt + minuteMs, looksPerCheck)
  const asScrapes = await measured(peer, fleet, endAt, 1)
  return { asBatches, asScrapes }
}

async function measured(peer: VictoriaMetrics, fleet: Fleet, from: number, samples: number) {
  const before = await peer.samples()
  const watch = watchProcess(peer.pid)
  await writeAll(peer, fleet, from, samples)
  await sleep(settleMs)
  const usage = watch.end()
  const taken = (await peer.samples()) - before
  const sent = samples * fleet.agents.reduce((sum, agent) => sum + agent.definitions.length, 0)
  if (taken !== sent) throw new Error(`VictoriaMetrics took ${taken} of ${sent} samples.`)
  return { usage, samples: taken }
}

async function writeAll(peer: VictoriaMetrics, fleet: Fleet, from: number, samples: number) {
  await inParallel(fleet.members, requestsAtOnce, (member) =>
    peer.write(seriesOf(member, from, samples)),
  )
}

/** Each check as a series: 1 for up, and one down minute in ten where the batch had changes. */
function seriesOf({ agent, place }: FleetMember, from: number, samples: number): WrittenSeries[] {
  const { institution, environment } = place
  return agent.definitions.map(({ check }, i) => ({
    labels: [
      ['__name__', 'istimrar_check_up'],
      ['agent', agent.agent],
      ['check', check],
      ['environment', environment],
      ['institution', institution],
    ],
    samples: Array.from({ length: samples }, (_, minute) => {
      const isDown = agent.seed % 10 === 0 && i === 1 && minute === 1
      return { value: isDown ? 0 : 1, at: from + minute * minuteMs }
    }),
  }))
}
