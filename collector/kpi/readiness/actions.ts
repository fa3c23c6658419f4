import type { EpochMs } from '../../../protocol/time.ts'
import { meets } from './enabled.ts'
import type { Measure } from './inputs.ts'
import { type MetricName, metricOf } from './metrics.ts'
import type { IndicatorRule, Model, ScoreRule } from './model.ts'
import { creditOf, pointsOf } from './points.ts'
import type { AdviceStep } from './result.ts'
import { measureOf, type Unit, type Units } from './units.ts'

/** Something that can be done about one metric in one place, and what would then be measured. */
export type Action = Pick<AdviceStep, 'indicator' | 'environment' | 'host' | 'kind'> & {
  readonly metric: MetricName
  /** What is scored together: a host, an institution, or all hosts of an environment. */
  readonly units: readonly Unit[]
  /** What is measured afterwards, of those units that change. */
  readonly after: ReadonlyMap<Unit, Measure>
}

/**
 * All that can be done under a model at the instant `at`, in its order: each metric of each place
 * brought to its best score, or a claim that waits for its review confirmed as it is claimed.
 */
export function actionsOf(units: Units, { dimensions }: Model, at: EpochMs): Action[] {
  const rules = dimensions.flatMap(({ indicators }) => indicators)
  return rules.flatMap((rule) => {
    const { scope, ofAllHosts } = metricOf(rule.metric)
    const single = units[scope]
    const places = ofAllHosts
      ? Array.from(Map.groupBy(single, ({ environment }) => environment).values())
      : single.map((unit) => [unit])
    return places.flatMap((place) => actionOn(rule, place, at) ?? [])
  })
}

/** The units as they are once the actions are done. */
export function changed(units: readonly Unit[], actions: readonly Action[]): Unit[] {
  const after = new Map<Unit, Partial<Record<MetricName, Measure>>>()
  for (const action of actions) {
    for (const [unit, measure] of action.after) {
      after.set(unit, { ...after.get(unit), [action.metric]: measure })
    }
  }
  return units.map((unit) => {
    const news = after.get(unit)
    return news ? { ...unit, measures: { ...unit.measures, ...news } } : unit
  })
}

/** Null where nothing can be gained. */
function actionOn(rule: IndicatorRule, place: readonly Unit[], at: EpochMs): Action | null {
  const best = bestValue(rule)
  const bestPoints = pointsOf(rule.score, best)
  const kinds: Action['kind'][] = []
  const after = new Map<Unit, Measure>()
  for (const unit of place) {
    const measure = measureOf(unit, rule.metric)
    const credit = creditOf(rule, measure)
    if (credit === null || credit.low >= bestPoints) continue
    const kind = kindOf(rule.metric, measure)
    kinds.push(kind)
    after.set(unit, measureAfter(kind, rule.metric, measure, { value: best, at }))
  }
  const first = place[0]
  if (after.size === 0 || !first) return null
  return {
    indicator: rule.id,
    environment: first.environment?.id ?? null,
    host: place.length > 1 || metricOf(rule.metric).ofAllHosts ? null : (first.host?.agent ?? null),
    // What is known to be amiss in one of them comes before what is not known.
    kind: kinds.includes('fix') ? 'fix' : kinds[0]!,
    metric: rule.metric,
    units: place,
    after,
  }
}

function kindOf(metric: MetricName, { status, method }: Measure): Action['kind'] {
  if (status === 'declared_unverified') return 'review'
  if (metricOf(metric).source === 'declared') return 'declare'
  if (status === 'declared_verified' || (status === 'stale' && method === 'declared')) {
    return 'declare'
  }
  return status === 'measured' ? 'fix' : 'measure'
}

function measureAfter(
  kind: Action['kind'],
  metric: MetricName,
  before: Measure,
  best: Pick<Measure, 'value' | 'at'>,
): Measure {
  if (kind === 'review') return { ...before, status: 'declared_verified' }
  const isDeclared = kind === 'declare' || metricOf(metric).source === 'declared'
  const status = isDeclared ? 'declared_verified' : 'measured'
  return { ...before, ...best, status, reason: null }
}

/** A value with the most points that the rule gives, one that lifts its gate where there is one. */
function bestValue({ score, gate }: IndicatorRule): number | boolean {
  const values = valuesOf(score)
  const points = values.map((value) => pointsOf(score, value))
  const most = Math.max(...points)
  const best = values.filter((_, i) => points[i] === most)
  return best.find((value) => !gate || !meets(value, gate.when)) ?? best[0]!
}

const far = 1e9
const little = 1e-6

/** Values on both sides of whatever a rule makes a difference of. */
function valuesOf(score: ScoreRule): (number | boolean)[] {
  if (score.fn === 'bool') return [true]
  if (score.fn === 'ratio') return [1]
  if (score.fn === 'lin') {
    return [score.fullAt, score.fullAt > score.zeroAt ? score.fullAt + far : score.fullAt - far]
  }
  return [-far, ...score.steps.flatMap(({ below }) => [below - little, below]), far]
}
