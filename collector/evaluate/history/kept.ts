import type { EpochMs, Span } from '../../../protocol/time.ts'
import type { FrozenFigures } from '../../kpi/cycle-figures.ts'
import { foldMigrationMonths } from '../../register/migration-months.ts'
import type { Policy } from '../../register/policy.ts'
import { foldMonths } from '../../register/readiness-months.ts'
import type { CycleReader } from '../../store/cycles.ts'
import type { EvidenceReader } from '../../store/store.ts'
import { frozenBytesOf } from '../freeze.ts'
import type { HistoryBasis } from './basis.ts'
import {
  frozenNames,
  frozenValues,
  type KeptValue,
  migrationNames,
  migrationValues,
  readinessNames,
  readinessValues,
  type StandingRevision,
} from './kept-values.ts'
import type { Selector, Wanted } from './selector.ts'

/** What is read of what was kept for good. */
export type KeptReader = Pick<CycleReader, 'frozenCycles' | 'frozenBytes'> &
  Pick<EvidenceReader, 'entries'>

/**
 * The revisions of frozen cycles that are asked for and stand at one of the instants, each from
 * when it was frozen until the next one. Throws AppError where their bytes are damaged.
 */
export async function standingOf(
  selector: Selector,
  reader: KeptReader,
  instants: readonly EpochMs[],
): Promise<StandingRevision[]> {
  const ofCycle = !selector.isEmpty || selector.allowsAny(frozenNames.filter(isOfCycle))
  const asked = (cycle: string) =>
    (ofCycle && selector.allows('window', cycle)) ||
    selector.allowsAny(frozenNames.filter((name) => !isOfCycle(name)))
  const rows = (await reader.frozenCycles()).filter(({ cycle }) => asked(cycle))
  const standing: StandingRevision[] = []
  for (const [id, revisions] of Map.groupBy(rows, ({ cycle }) => cycle)) {
    for (const frozen of revisions) {
      const later = revisions.filter(({ revision }) => revision > frozen.revision)
      const span = { from: frozen.at, to: Math.min(...later.map(({ at }) => at)) }
      if (!instants.some((at) => span.from <= at && at < span.to)) continue
      const bytes = await frozenBytesOf(reader, { id, revision: frozen.revision, frozen })
      standing.push({ ...span, figures: JSON.parse(bytes.toString()) as FrozenFigures })
    }
  }
  return standing
}

function isOfCycle(name: string): boolean {
  return name.startsWith('istimrar_frozen_')
}

/** A series that is asked for, with the spans that its values stand for, oldest first. */
export type KeptSeries = {
  readonly labels: Wanted['labels']
  readonly spans: readonly (Span & { readonly value: number })[]
}

/** What was kept for good of what is asked for: closings of months, and frozen cycles. */
export async function keptOf(
  selector: Selector,
  reader: KeptReader,
  from: { readonly basis: HistoryBasis; readonly revisions: readonly StandingRevision[] },
): Promise<KeptSeries[]> {
  const { policy } = from.basis.basisAt(from.basis.asOf)
  const all = new Map<string, { labels: Wanted['labels']; spans: KeptSeries['spans'][number][] }>()
  for (const { labels, value, span } of await valuesOf(selector, reader, policy, from.revisions)) {
    const asked = selector.labelsOf(labels)
    if (!asked) continue
    const series = all.getOrInsert(JSON.stringify(asked), { labels: asked, spans: [] })
    series.spans.push({ ...span, value })
  }
  return [...all.values()]
}

async function valuesOf(
  selector: Selector,
  reader: KeptReader,
  { timezone, cycleMonths }: Policy,
  revisions: readonly StandingRevision[],
): Promise<KeptValue[]> {
  const values: KeptValue[] = []
  const isReadiness = selector.allowsAny(readinessNames)
  const isMigration = selector.allowsAny(migrationNames)
  const entries = isReadiness || isMigration ? await reader.entries('months') : []
  if (isReadiness) {
    for (const [whose, closings] of foldMonths(new Map(), entries)) {
      values.push(...readinessValues(closings, whose, timezone))
    }
  }
  if (isMigration) {
    for (const [whose, closings] of foldMigrationMonths(new Map(), entries)) {
      values.push(...migrationValues(closings, whose, timezone))
    }
  }
  if (!selector.allowsAny(frozenNames)) return values
  return [...values, ...revisions.flatMap((each) => [...frozenValues(each, cycleMonths)])]
}
