import { minuteMs } from '../../../protocol/time.ts'
import type { Fleet } from '../../simulation/load-fleet.ts'
import { loadDefinitions } from '../../simulation/load-nation.ts'
import { looksPerCheck, measurePeer } from './peer.ts'
import { heartbeatsPerBatch } from './phases.ts'

/** CPU time of all threads of the collector for one message. Unit: milliseconds. */
export type OwnCost = {
  readonly batchMs: number
  /** The same without the thread that evaluates KPIs: from the socket to the receipt. */
  readonly admissionMs: number
  readonly heartbeatMs: number
}

/** CPU time for the same looks, ours to theirs; null where VictoriaMetrics is not installed. */
export type Ratios = {
  readonly admission_cpu_vs_victoriametrics: number | null
  readonly cpu_vs_victoriametrics: number | null
  readonly cpu_vs_victoriametrics_same_requests: number | null
  readonly cpu_vs_victoriametrics_with_heartbeats: number | null
}

/** No comparison. */
export const notCompared: Ratios = {
  admission_cpu_vs_victoriametrics: null,
  cpu_vs_victoriametrics: null,
  cpu_vs_victoriametrics_same_requests: null,
  cpu_vs_victoriametrics_with_heartbeats: null,
}

/** Measures VictoriaMetrics and says what each ratio means. */
export async function compare(
  dir: string,
  fleet: Fleet,
  { batchMs, admissionMs, heartbeatMs }: OwnCost,
  rounds: number,
  say: (line: string) => void,
): Promise<Ratios> {
  const peer = await measurePeer(dir, fleet, { endAt: Date.now() - minuteMs, rounds })
  if (!peer) {
    say('victoria-metrics is not installed: its figures are null')
    return notCompared
  }
  const { asScrapesMs, asBatchesMs } = peer
  const looks = loadDefinitions.length * looksPerCheck
  const servedMs = batchMs + heartbeatsPerBatch * heartbeatMs
  const ratio = (oursMs: number, theirsMs: number) => Number((oursMs / looks / theirsMs).toFixed(3))
  const ratios: Ratios = {
    admission_cpu_vs_victoriametrics: ratio(admissionMs, asScrapesMs),
    cpu_vs_victoriametrics: ratio(batchMs, asScrapesMs),
    cpu_vs_victoriametrics_same_requests: ratio(batchMs, asBatchesMs),
    cpu_vs_victoriametrics_with_heartbeats: ratio(servedMs, asScrapesMs),
  }
  const us = (ms: number) => `${(ms * 1_000).toFixed(2)} us`
  say(`CPU for one look at one check, ${looks} looks a host in ten minutes:`)
  say(
    `  ours ${us(batchMs / looks)}, with ${heartbeatsPerBatch} heartbeats ${us(servedMs / looks)}`,
  )
  say(
    `  VictoriaMetrics ${us(asScrapesMs)} in a request a minute, ${us(asBatchesMs)} in our requests`,
  )
  say(
    `  admission of evidence / remote write as it comes: ${ratios.admission_cpu_vs_victoriametrics}`,
  )
  say(`  evidence as it comes / remote write as it comes: ${ratios.cpu_vs_victoriametrics}`)
  say(`  both in one request in ten minutes: ${ratios.cpu_vs_victoriametrics_same_requests}`)
  say(
    `  evidence and heartbeats / remote write as it comes: ` +
      `${ratios.cpu_vs_victoriametrics_with_heartbeats}`,
  )
  return ratios
}
