import { dayMs, type EpochMs, type Span } from '../../../protocol/time.ts'
import { nationalLog } from '../../evidence/leaf.ts'
import { type CycleMonths, cycleAt } from '../../kpi/cycle.ts'
import type { FrozenFigures } from '../../kpi/cycle-figures.ts'
import { ratioOfPercent } from '../../kpi/migration/curve.ts'
import type { MigrationClosing } from '../../kpi/migration/result.ts'
import { monthAt } from '../../kpi/month.ts'
import type { EnabledShare } from '../../kpi/readiness/result.ts'
import type { KeptScore, MonthClosing } from '../../kpi/readiness/trend.ts'

/** A value of a gauge that was kept for good, and the time that it stands for. */
export type KeptValue = {
  /** As on `/metrics`, `__name__` among them. */
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly span: Span
}

/** The gauges that closings of months give a history of. */
export const readinessNames = ['istimrar_readiness_ratio', 'istimrar_readiness_dimension_ratio']
export const migrationNames = [
  'istimrar_migration_done_ratio',
  'istimrar_migration_earned_ratio',
  'istimrar_migration_planned_ratio',
]
/** The gauges that frozen cycles give a history of, beside continuity. */
export const frozenNames = [
  'istimrar_frozen_readiness_ratio',
  'istimrar_frozen_enabled_ratio',
  'istimrar_frozen_migration_done_ratio',
  'istimrar_enabled_ratio',
  'istimrar_enabled',
]

const enabledStatuses = ['enabled', 'not_enabled', 'unknown'] as const

/** What a closing of readiness says: of an institution, or of the nation. */
export function* readinessValues(
  closings: readonly MonthClosing[],
  whose: string,
  timezone: string,
): Iterable<KeptValue> {
  for (const { end, index, dimensions } of closings) {
    const span = { from: end, to: monthAfter(end, timezone) }
    const of = scoped(whose)
    for (const bound of ['low', 'observed', 'high'] as const) {
      const labels = { __name__: 'istimrar_readiness_ratio', ...of, bound }
      yield { labels, span, value: ratioIn(index, bound) }
    }
    for (const [dimension, score] of Object.entries(dimensions)) {
      for (const bound of ['low', 'high'] as const) {
        const labels = { __name__: 'istimrar_readiness_dimension_ratio', ...of, dimension, bound }
        yield { labels, span, value: ratioIn(score, bound) }
      }
    }
  }
}

/** What a closing of the migration says: of an institution, or of the nation. */
export function* migrationValues(
  closings: readonly MigrationClosing[],
  whose: string,
  timezone: string,
): Iterable<KeptValue> {
  for (const { end, at, ...closing } of closings) {
    const span = { from: at, to: monthAfter(end, timezone) }
    for (const share of ['done', 'earned', 'planned'] as const) {
      const percent = closing[share]
      const labels = { __name__: `istimrar_migration_${share}_ratio`, ...scoped(whose) }
      yield { labels, span, value: percent === null ? Number.NaN : ratioOfPercent(percent) }
    }
  }
}

/** A revision of a frozen cycle, and when it is the newest one. */
export type StandingRevision = Span & { readonly figures: FrozenFigures }

/**
 * What a revision of a frozen cycle says beside continuity. Its own gauges stand until the next
 * revision; those without a cycle among their labels end with the cycle after it.
 */
export function* frozenValues(
  { figures, ...span }: StandingRevision,
  cycleMonths: CycleMonths,
): Iterable<KeptValue> {
  const { cycle, readiness, migration, timezone } = figures
  const window = cycle.id
  if (readiness) {
    const { nation, institutions } = readiness
    const all = [[nationalLog, nation] as const, ...Object.entries(institutions)]
    for (const [whose, { index }] of all) {
      for (const bound of ['low', 'observed', 'high'] as const) {
        const name = 'istimrar_frozen_readiness_ratio'
        const labels = { __name__: name, ...scoped(whose), window, bound }
        yield { labels, span, value: index?.[bound]?.ratio ?? Number.NaN }
      }
    }
    const next = cycleAt(cycle.to, timezone, cycleMonths).to
    const current = { from: span.from, to: Math.min(span.to, next) }
    yield* enabledValues(nation.enabled, window, { span, current })
    for (const [institution, { enabled }] of Object.entries(institutions)) {
      for (const status of enabledStatuses) {
        const labels = { __name__: 'istimrar_enabled', institution, status }
        yield { labels, span: current, value: status === enabled.status ? 1 : 0 }
      }
    }
  }
  if (!migration) return
  const moving = [
    [nationalLog, migration.nation] as const,
    ...Object.entries(migration.institutions),
  ]
  for (const [whose, { done }] of moving) {
    const labels = { __name__: 'istimrar_frozen_migration_done_ratio', ...scoped(whose), window }
    yield { labels, span, value: done?.ratio ?? Number.NaN }
  }
}

function* enabledValues(
  enabled: EnabledShare,
  window: string,
  { span, current }: Readonly<Record<'span' | 'current', Span>>,
): Iterable<KeptValue> {
  for (const bound of ['low', 'high'] as const) {
    const value = enabled[bound]?.ratio ?? Number.NaN
    const name = 'istimrar_frozen_enabled_ratio'
    yield { labels: { __name__: name, window, bound }, span, value }
    yield { labels: { __name__: 'istimrar_enabled_ratio', bound }, span: current, value }
  }
}

/** The end of the month that begins where another ends, whatever zone that was counted in. */
function monthAfter(end: EpochMs, timezone: string): EpochMs {
  return monthAt(end + dayMs, timezone).to
}

function scoped(whose: string) {
  if (whose === nationalLog) return { scope: 'nation', institution: '' }
  return { scope: 'institution', institution: whose }
}

function ratioIn(score: KeptScore | null, bound: keyof KeptScore): number {
  const percent = score?.[bound] ?? null
  return percent === null ? Number.NaN : ratioOfPercent(percent)
}
