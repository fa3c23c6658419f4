import { dayMs, type EpochMs, intersect, minuteMs, type Span, union } from '../../protocol/time.ts'
import { type Context, witnessVerdict } from '../kpi/attribution.ts'
import { clip, type Timeline } from '../kpi/timeline.ts'
import type { Version } from '../register/history.ts'
import { agentNameOf } from '../register/names.ts'
import type { Environment } from '../register/register.ts'
import type { BootRow, SightReader } from '../store/sight.ts'
import type { EnvironmentKey } from '../store/store.ts'

/** A shutdown recorded longer than this before the stream was decided is another clock's. */
const contradictionMsMax = 2 * minuteMs

/**
 * What witnesses saw together of an environment on a day, while its register named them; null where
 * it named none on that day.
 */
export async function outsideOn(
  reader: Pick<SightReader, 'witnessTimelines'>,
  versions: readonly Version<Environment>[],
  day: EpochMs,
): Promise<Timeline | null> {
  const window = { from: day, to: day + dayMs }
  const verdicts: Timeline[] = []
  for (const { value, ...version } of versions) {
    const span = intersect(version, window)
    if (!span || value.class !== 'public' || !value.witnesses) continue
    const timelines = await reader.witnessTimelines(value.witnesses, span)
    const votes = [...timelines].map(([check, timeline]) => {
      return { agent: agentNameOf(check), timeline: clip(timeline, span) as Timeline }
    })
    verdicts.push(witnessVerdict(votes))
  }
  return verdicts.length === 0 ? null : verdicts.flat()
}

/** What the hosts of an environment themselves tell of the time in which nothing was seen. */
export type Silence = Pick<Context, 'off' | 'clock' | 'stopped'>

/** The same of a day; `agents` are the names of all that ever saw something there until then. */
export async function silenceOn(
  reader: Pick<SightReader, 'boots' | 'clockSpans' | 'pauses'>,
  key: EnvironmentKey,
  agents: ReadonlySet<string>,
  day: EpochMs,
): Promise<Silence> {
  const window = { from: day, to: day + dayMs }
  const pauses = await reader.pauses(key, window)
  return {
    off: offOf(await reader.boots(key, window), agents),
    clock: union(await reader.clockSpans(key, window)),
    stopped: union(pauses.filter(({ why }) => why === 'agent_stopped')),
  }
}

/**
 * When all hosts were off, as far as their systems recorded it: each from a shutdown to its next
 * boot. One host that does not say so may have been running.
 */
export function offOf(boots: readonly BootRow[], agents: ReadonlySet<string>): Span[] {
  if (agents.size === 0) return []
  const byAgent = Map.groupBy(boots, ({ agent }) => agent)
  let off: readonly Span[] = [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }]
  for (const agent of agents) {
    const own = union((byAgent.get(agent) ?? []).flatMap(offBefore))
    off = off.flatMap((span) => own.flatMap((each) => intersect(span, each) ?? []))
  }
  return union(off)
}

function offBefore({ startedAt, previousThrough, shutdownAt }: BootRow): Span[] {
  if (shutdownAt === null) return []
  const decided = previousThrough ?? shutdownAt
  // What was seen after it shows that the record is of another time.
  if (shutdownAt < decided - contradictionMsMax) return []
  return [{ from: Math.max(shutdownAt, decided), to: startedAt }]
}
