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
 * brought to its best score; and, where a claim is worth less than that, its review alone.
 */
export function actionsOf(units: Units, { dimensions }: Model, at: EpochMs): Action[] {
  const rules = dimensions.flatMap(({ indicators }) => indicators)
  return rules.flatMap((rule) => {
    const { scope, ofAllHosts } = metricOf(rule.metric)
    const single = units[scope]
    const places = ofAllHosts
      ? Array.from(Map.groupBy(single, ({ environment }) => environment).values())
      : single.map((unit) => [unit])
    return places.flatMap((place) => actionsOn(rule, place, at))
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

function actionsOn(rule: IndicatorRule, place: readonly Unit[], at: EpochMs): Action[] {
  const { metric } = rule
  const best = bestValue(rule)
  const bestPoints = pointsOf(rule.score, best)
  const kinds = new Set<Action['kind']>()
  const after = new Map<Unit, Measure>()
  const reviewed = new Map<Unit, Measure>()
  for (const unit of place) {
    const measure = measureOf(unit, metric)
    const credit = creditOf(rule, measure)
    if (credit === null || credit.low >= bestPoints) continue
    const isClaimed = measure.status === 'declared_unverified'
    const confirmed: Measure = { ...measure, status: 'declared_verified' }
    if (isClaimed && credit.high > 0) reviewed.set(unit, confirmed)
    const isReview = isClaimed && credit.high >= bestPoints
    const kind = isReview ? 'review' : kindOf(metric, measure)
    const status = kind === 'declare' ? 'declared_verified' : 'measured'
    const improved: Measure = { ...measure, status, value: best, at, reason: null }
    kinds.add(kind)
    after.set(unit, isReview ? confirmed : improved)
  }
  const first = place[0]
  if (after.size === 0 || !first) return []
  const host = metricOf(metric).ofAllHosts ? null : (first.host?.agent ?? null)
  const environment = first.environment?.id ?? null
  const about = { indicator: rule.id, environment, host, metric, units: place }
  // Of several hosts: what is known to be amiss, then what is not known; what only waits last.
  const kind = kindOrder.find((each) => kinds.has(each)) ?? 'review'
  const isReviewLess = reviewed.size > 0 && kinds.difference(new Set(['review'])).size > 0
  const whole: Action = { ...about, kind, after }
  return isReviewLess ? [whole, { ...about, kind: 'review', after: reviewed }] : [whole]
}

const kindOrder = ['fix', 'measure', 'declare', 'review'] as const

function kindOf(metric: MetricName, { status, method }: Measure): Action['kind'] {
  const isDeclared = status === 'declared_verified' || status === 'declared_unverified'
  const wasDeclared = isDeclared || (status === 'stale' && method === 'declared')
  if (metricOf(metric).source === 'declared' || wasDeclared) return 'declare'
  return status === 'measured' ? 'fix' : 'measure'
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
