import type { Body } from '../../agent/seal.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import { definitionsHash } from '../../protocol/definitions.ts'

/** One stretch as whoever reads the batches knows it. */
export type ReadRun = {
  from: number
  to: number
  readonly state: string
  readonly reason: string | undefined
  count: number
}

/**
 * Reads the batches of one boot as docs/protocol.md says, and nothing else: the runs of each check, those
 * that tell the same joined. Throws where the batches contradict themselves.
 */
export function readBatches(bodies: readonly Body[]): Map<string, ReadRun[]> {
  let definitions: readonly CheckDefinition[] = []
  const timelines = new Map<string, ReadRun[]>()
  for (const { checks, steady, runs, sealed } of bodies) {
    definitions = checks ?? definitions
    if (steady.checks !== definitionsHash(definitions)) throw new Error('unknown definitions')
    for (const run of runs) {
      const timeline = timelines.get(run.check) ?? []
      timelines.set(run.check, timeline)
      append(timeline, { reason: undefined, ...run })
    }
    steady.through.forEach((through, index) => {
      if (through === null) return
      const check = definitions[index]?.check ?? ''
      const last = timelines.get(check)?.at(-1)
      if (!last) throw new Error(`steady before the first run of ${check}`)
      if (runs.some((run) => run.check === check)) throw new Error(`${check} is told twice`)
      append(timelines.get(check)!, {
        ...last,
        from: last.to,
        to: through,
        count: steady.counts[index]!,
      })
    })
    for (const timeline of timelines.values()) {
      if (timeline.at(-1)!.to > sealed.boot) throw new Error('a run ends after the seal')
    }
  }
  return timelines
}

function append(timeline: ReadRun[], { state, reason, from, to, count }: ReadRun): void {
  const last = timeline.at(-1)
  if (from >= to) throw new Error('an empty run')
  if (last && last.to !== from) throw new Error(`a run starts at ${from}, not at ${last.to}`)
  if (last?.state === state && last.reason === reason) {
    last.to = to
    last.count += count
  } else timeline.push({ state, reason, from, to, count })
}
