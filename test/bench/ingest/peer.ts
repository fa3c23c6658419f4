import { limits } from '../../../protocol/limits.ts'
import { type EpochMs, minuteMs } from '../../../protocol/time.ts'
import { type Fleet, type FleetMember, inParallel } from '../../simulation/load-fleet.ts'
import { watchProcess } from '../process-usage.ts'
import { inRounds, median, requestsAtOnce, sleep } from './phases.ts'
import type { WrittenSeries } from './remote-write.ts'
import { VictoriaMetrics } from './victoria-metrics.ts'

/** Looks at one check that a batch of ten minutes stands for. */
export const looksPerCheck = limits.sealMs / minuteMs
const settleMs = 3_000

/** CPU time that VictoriaMetrics takes for one sample. Unit: milliseconds. */
export type PeerCost = {
  /** Requests with the same looks as our batches: 20 series of 10 samples, every ten minutes. */
  readonly asBatchesMs: number
  /** Requests as who writes remotely sends them: 20 series of 1 sample, every minute. */
  readonly asScrapesMs: number
}

/**
 * VictoriaMetrics takes what the fleet saw, by remote write; null where it is not installed. Each
 * round is ten minutes of the whole fleet that it has not seen before, up to `endAt` at most.
 */
export async function measurePeer(
  dir: string,
  fleet: Fleet,
  { endAt, rounds }: { readonly endAt: EpochMs; readonly rounds: number },
): Promise<PeerCost | null> {
  await using peer = await VictoriaMetrics.start(dir)
  if (!peer) return null
  let at = endAt - (2 * rounds + 1) * limits.sealMs
  // All series are registered before, as our agents had declared their checks.
  await writeAll(peer, fleet, at, 1)
  const measureAs = (samplesEach: number) =>
    inRounds(rounds, async () => {
      const from = at + minuteMs
      at += limits.sealMs
      return measured(peer, fleet, from, samplesEach)
    })
  const asBatches = await measureAs(looksPerCheck)
  const asScrapes = await measureAs(1)
  return { asBatchesMs: median(asBatches), asScrapesMs: median(asScrapes) }
}

/** Ten minutes of the fleet in requests of so many samples a series; CPU time for one sample. */
async function measured(peer: VictoriaMetrics, fleet: Fleet, from: number, samplesEach: number) {
  const before = await peer.samples()
  const watch = watchProcess(peer.pid)
  for (let minute = 0; minute < looksPerCheck; minute += samplesEach) {
    await writeAll(peer, fleet, from + minute * minuteMs, samplesEach)
  }
  await sleep(settleMs)
  const { cpuMs } = watch.end()
  const taken = (await peer.samples()) - before
  const checks = fleet.agents.reduce((sum, agent) => sum + agent.definitions.length, 0)
  const sent = looksPerCheck * checks
  if (taken !== sent) throw new Error(`VictoriaMetrics took ${taken} of ${sent} samples.`)
  return cpuMs / taken
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
      const at = from + minute * minuteMs
      const isDown = agent.seed % 10 === 0 && i === 1 && (at / minuteMs) % looksPerCheck < 1
      return { value: isDown ? 0 : 1, at }
    }),
  }))
}
