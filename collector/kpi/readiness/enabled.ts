import { bound, fraction } from '../fraction.ts'
import type { Measure, ReadinessEnvironment, ReadinessInputs } from './inputs.ts'
import { type MetricName, metricOf } from './metrics.ts'
import type { Condition, Criterion, Model } from './model.ts'
import type { CriterionStatus, EnabledFigure, EnabledShare, EnabledStatus } from './result.ts'

/** Whether evidence shows that something holds. */
type Shown = 'pass' | 'fail' | 'unknown'

type CriterionCondition = Criterion['conditions'][number]

/**
 * Whether an institution is digitally enabled at the reference instant, criterion by criterion.
 * Only valid evidence decides: what is missing, stale or not yet reviewed is unknown. A criterion
 * under a waiver is waived whatever its evidence says, and the institution not enabled.
 * Source: METHODOLOGY 2.4.
 */
export function enabledFigure(inputs: ReadinessInputs, model: Model): EnabledFigure {
  const expiries = new Map<string, number>()
  for (const { criterion, expiresAt } of inputs.waivers) {
    expiries.set(criterion, Math.max(expiresAt, expiries.get(criterion) ?? 0))
  }
  const criteria = model.enabled.map((criterion) => {
    const expiresAt = expiries.get(criterion.id) ?? null
    const status: CriterionStatus =
      expiresAt === null ? all(shownOf(criterion.conditions, inputs)) : 'waived'
    return { id: criterion.id, status, expiresAt }
  })
  const environments = inputs.environments.map((environment) => {
    const statuses = model.enabled.flatMap(({ id, conditions }) => {
      const asked = conditions.filter((each) => asks(each, environment))
      if (asked.length === 0) return []
      return expiries.has(id) ? ['waived' as const] : [all(shownOf(asked, inputs, environment))]
    })
    return { id: environment.id, status: statusOf(statuses) }
  })
  return { status: statusOf(criteria.map(({ status }) => status)), criteria, environments }
}

/**
 * Share of members that are enabled, by count: low those that are, high also those of which it is
 * unknown. 100 % is printed, and `met`, only where the counts are equal. Source: METHODOLOGY 2.4.
 */
export function enabledShare(
  statuses: readonly { readonly status: EnabledStatus; readonly isWaived: boolean }[],
): EnabledShare {
  const count = (wanted: EnabledStatus) => statuses.filter((each) => each.status === wanted).length
  const members = statuses.length
  const enabled = count('enabled')
  const unknown = count('unknown')
  const possible = enabled + unknown
  const counts = {
    members,
    enabled,
    notEnabled: members - possible,
    unknown,
    waived: statuses.filter(({ isWaived }) => isWaived).length,
  }
  if (members === 0) return { ...counts, low: null, high: null, verdict: null }
  const high = bound(fraction(possible, members), 'ceil')
  // Of more than 10,000, ceil would print 100.00 although one is missing.
  const isShort = possible < members && high.percent === '100.00'
  return {
    ...counts,
    low: bound(fraction(enabled, members), 'floor'),
    high: isShort ? { ...high, percent: '99.99' } : high,
    verdict: enabled === members ? 'met' : possible < members ? 'not_met' : 'undetermined',
  }
}

/** What evidence says of each unit that the conditions are about. */
function shownOf(
  conditions: readonly CriterionCondition[],
  inputs: ReadinessInputs,
  only?: ReadinessEnvironment,
): Shown[] {
  return conditions.flatMap((condition) => {
    const { metric } = condition
    if (metricOf(metric).scope === 'institution') return [shown(inputs.measures[metric], condition)]
    const environments = only ? [only] : inputs.environments
    // Nothing registered: that nothing is amiss with nothing proves nothing.
    if (environments.length === 0) return ['unknown' as const]
    return environments
      .filter((environment) => asks(condition, environment))
      .flatMap((environment) => unitsOf(environment, metric).map((each) => shown(each, condition)))
  })
}

/** Whether a condition is about an environment or its hosts. */
function asks(
  { metric, scope }: CriterionCondition,
  { isCritical }: ReadinessEnvironment,
): boolean {
  return metricOf(metric).scope !== 'institution' && (scope === 'all' || isCritical)
}

/** The measures of a metric in an environment; without hosts, one that is missing. */
function unitsOf(
  { measures, hosts }: ReadinessEnvironment,
  metric: MetricName,
): (Measure | undefined)[] {
  if (metricOf(metric).scope === 'environment') return [measures[metric]]
  return hosts.length === 0 ? [undefined] : hosts.map((host) => host.measures[metric])
}

function shown(measure: Measure | undefined, condition: CriterionCondition): Shown {
  if (!measure) return 'unknown'
  const { status, value } = measure
  if (status === 'not_applicable') return condition.mayNotApply ? 'pass' : 'unknown'
  if (status !== 'measured' && status !== 'declared_verified') return 'unknown'
  if (value === null || typeof value !== typeof condition.value) return 'unknown'
  return meets(value, condition) ? 'pass' : 'fail'
}

/** Whether a value meets a condition; yes and no can only be equal to one another, or not. */
export function meets(value: number | boolean, { op, value: limit }: Condition): boolean {
  if (op === '=') return value === limit
  if (typeof value === 'boolean' || typeof limit === 'boolean') return false
  if (op === '<') return value < limit
  if (op === '<=') return value <= limit
  return op === '>' ? value > limit : value >= limit
}

/** One known failure decides, then one thing unknown. */
function all(each: readonly Shown[]): Shown {
  if (each.includes('fail')) return 'fail'
  return each.includes('unknown') ? 'unknown' : 'pass'
}

/** Where nothing is asked, nothing is proven. */
function statusOf(criteria: readonly CriterionStatus[]): EnabledStatus {
  if (criteria.includes('fail') || criteria.includes('waived')) return 'not_enabled'
  return criteria.includes('unknown') || criteria.length === 0 ? 'unknown' : 'enabled'
}
