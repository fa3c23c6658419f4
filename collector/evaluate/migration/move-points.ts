import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import type { DataPoint, ObservedHost } from '../../kpi/migration/observation.ts'
import type { WorkloadPlace } from '../../kpi/migration/workload.ts'
import type { FactDay } from '../../store/facts.ts'

/** What readiness to move is seen by, beside the platform. */
export const moveIndicators = [
  'backup.age_seconds',
  'cpu.used_p95_ratio',
  'memory.used_p95_ratio',
  'os.support_left_days',
  'updates.security_oldest_days',
] as const
type MoveIndicator = (typeof moveIndicators)[number]

/** What was told on an earlier day says nothing of now. */
export const moveDays = 7

/** A backup older than this is none that a move could fall back on. */
const backupDaysMax = 7

/** What a host told last, by indicator; null where it said why there is no value. */
export type Newest = ReadonlyMap<string, { readonly day: EpochMs; readonly value: number | null }>

/** The newest of what was told, on top of what was known before, by agent. */
export function newestOf(
  rows: readonly FactDay[],
  before: ReadonlyMap<string, Newest>,
): ReadonlyMap<string, Newest> {
  const all = new Map(before)
  for (const [agent, own] of Map.groupBy(rows, (row) => row.agent)) {
    const newest = new Map(before.get(agent))
    for (const { indicator, day, value } of own) {
      const known = newest.get(indicator)
      if (known && known.day > day) continue
      newest.set(indicator, { day, value: typeof value === 'number' ? value : null })
    }
    all.set(agent, newest)
  }
  return all
}

/**
 * The data points of the hosts of a place by what they told in the last seven of the UTC days that
 * ended by `until`; none where no host of it told anything. A host that is named and told nothing
 * is known of in no point; one that was revoked is no host any more.
 */
export function movePoints(
  { hosts: named }: WorkloadPlace,
  hosts: readonly ObservedHost[],
  newest: ReadonlyMap<string, Newest>,
  until: EpochMs,
): DataPoint[] {
  const byName = new Map(hosts.map((host) => [host.name, host]))
  const names = named.length > 0 ? named : hosts.map(({ name }) => name)
  const points = names.flatMap((name): DataPoint[] => {
    const host = byName.get(name)
    if (host?.status === 'revoked') return []
    return pointsOf(name, host?.days.at(-1), newest.get(name), until)
  })
  return points.some(({ isGood }) => isGood !== null) ? points : []
}

function pointsOf(
  host: string,
  platform: ObservedHost['days'][number] | undefined,
  newest: Newest | undefined,
  until: EpochMs,
): DataPoint[] {
  const first = until - moveDays * dayMs
  const told = (indicator: MoveIndicator) => {
    const fact = newest?.get(indicator)
    if (!fact || fact.day < first || fact.value === null) return null
    // It was told on that day: at least since the end of it, time has passed.
    return { value: fact.value, passedDays: (until - fact.day) / dayMs - 1 }
  }
  const isTold = (...all: readonly unknown[]) => (all.includes(null) ? null : true)
  const support = told('os.support_left_days')
  const backup = told('backup.age_seconds')
  const virtualisation = platform && platform.day >= first ? platform.virtualisation : null
  const backupDays = backup && (backup.value * 1_000) / dayMs + backup.passedDays
  const points: readonly [DataPoint['id'], boolean | null][] = [
    ['os_supported', support && support.value - support.passedDays > 0],
    ['platform_known', isTold(virtualisation)],
    ['load_known', isTold(told('cpu.used_p95_ratio'), told('memory.used_p95_ratio'))],
    ['backup_recent', backupDays === null ? null : backupDays <= backupDaysMax],
    ['updates_known', isTold(told('updates.security_oldest_days'))],
  ]
  return points.map(([id, isGood]) => ({ id, host, isGood }))
}
