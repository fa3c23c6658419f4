import type { Bound } from '../snapshot.ts'
import { meets } from './enabled.ts'
import { metricOf } from './metrics.ts'
import type { Gate, IndicatorRule, Model } from './model.ts'
import { pointsIn } from './published.ts'
import type { FiredGate, IndexFigure, LevelBounds } from './result.ts'
import { measureOf, type Unit, type Units } from './units.ts'

/**
 * The gates that hold an institution's level down, one a unit, in the order of the model and of the
 * units. A value that was measured or is claimed fires it; without valid data it is not ruled out,
 * and holds down the low alone: hiding a fault never pays. Source: METHODOLOGY 2.5, T14.
 */
export function firedGates(units: Units, { dimensions }: Model): FiredGate[] {
  return dimensions.flatMap(({ indicators }) =>
    indicators.flatMap((rule) => {
      const { gate } = rule
      if (!gate) return []
      return units[metricOf(rule.metric).scope].flatMap((unit) => {
        const is = isInScope(gate, unit) ? outcome(rule, gate, unit) : null
        if (is === null) return []
        const environment = unit.environment?.id ?? null
        const host = unit.host?.agent ?? null
        return [{ indicator: rule.id, environment, host, is, capLevel: gate.capLevel }]
      })
    }),
  )
}

function isInScope({ scope }: Gate, { environment }: Unit): boolean {
  return scope === 'all' || environment === null || environment.isCritical
}

function outcome(
  { metric, mayNotApply }: IndicatorRule,
  { when }: Gate,
  unit: Unit,
): FiredGate['is'] | null {
  const { status, value } = measureOf(unit, metric)
  if (status === 'not_applicable') return mayNotApply ? null : 'not_ruled_out'
  if (status === 'missing' || status === 'stale' || value === null) return 'not_ruled_out'
  if (meets(value, when)) return 'fired'
  return status === 'declared_unverified' ? 'not_ruled_out' : null
}

/**
 * The level of the low and of the high. Each is at most what the gates leave: those that fired
 * hold down both, those not ruled out the low alone. Source: METHODOLOGY 2.5, T14.
 */
export function levelBounds(
  { low, high }: Pick<IndexFigure, 'low' | 'high'>,
  gates: readonly FiredGate[],
  { levels }: Model,
): LevelBounds {
  const ranks = new Map(levels.map(({ id }, rank) => [id, rank]))
  const atMost = (bound: Bound, caps: readonly FiredGate[]) => {
    const points = pointsIn(bound)
    const reached = levels.findIndex(({ minRatio }) => points >= pointsIn({ ratio: minRatio }))
    const rank = Math.max(reached, ...caps.map(({ capLevel }) => ranks.get(capLevel) ?? 0))
    return levels[rank]?.id ?? ''
  }
  return {
    low: atMost(low, gates),
    high: atMost(
      high,
      gates.filter(({ is }) => is === 'fired'),
    ),
  }
}
