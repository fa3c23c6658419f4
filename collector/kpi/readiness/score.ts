import { verdictOf } from '../continuity.ts'
import { decimal, type Fraction, fraction, isAtLeast } from '../fraction.ts'
import type { Bound } from '../snapshot.ts'
import { enabledFigure } from './enabled.ts'
import {
  dimensionScore,
  type Exact,
  type ExactDimension,
  indicatorScore,
  meanScore,
  measuredShare,
} from './exact.ts'
import { firedGates, levelBounds } from './gates.ts'
import { type MeasureStatus, measureStatuses, type ReadinessInputs } from './inputs.ts'
import { metricOf } from './metrics.ts'
import { axisNames, type Dimension, type IndicatorRule, type Model } from './model.ts'
import { creditOf, fullPoints } from './points.ts'
import { boundDown, pointsIn, published } from './published.ts'
import type { IndexFigure, IndicatorRow, InstitutionReadiness, Score, UnitRow } from './result.ts'
import { type Tallies, talliesOf, tallyOf } from './tally.ts'
import { inOrder, measureOf, type Units, unitsOf } from './units.ts'

/** Which populations an institution is a member of. */
export type Membership = { readonly isMember: boolean; readonly isEnabledMember: boolean }

/**
 * The readiness of one institution. Unit: ratio, 0 to 1, and percent. Unknown is worth nothing in
 * the low and everything in the high. The same inputs and model give the same result, whatever
 * order hosts and environments come in. Source: METHODOLOGY 2.5, T13, T14.
 */
export function scoreInstitution(
  inputs: ReadinessInputs,
  model: Model,
  { isMember, isEnabledMember }: Membership,
): InstitutionReadiness {
  const ordered = inOrder(inputs)
  const units = unitsOf(ordered)
  const tallies = talliesOf(units, model)
  const scored = scoredDimensions(tallies, model)
  const index = indexFigure(meanScore(scored, model.missing), model)
  const measured = measuredShare(model, tallies)
  const isKnown = isAtLeast(measured, decimal(model.missing.minAvailableRatio))
  const stage = inputs.isSetUp && isKnown ? 'measured' : 'being_set_up'
  const gates = firedGates(units, model)
  const mean = (parts: readonly Scored[]) => scoreOf(meanScore(parts, model.missing), model)
  return {
    stage,
    isMember,
    isEnabledMember,
    index,
    measured: boundDown(measured),
    level: stage === 'measured' ? levelBounds(index, gates, model) : null,
    gates,
    dimensions: scored.map(({ dimension, score }) => ({
      id: dimension.id,
      ...scoreOf(score, model),
      available: boundDown(score.available),
      isValid: score.isValid,
    })),
    axes: axisNames.flatMap((id) => {
      const parts = scored.filter(({ dimension }) => dimension.axis === id)
      return parts.length === 0 ? [] : [{ id, ...mean(parts) }]
    }),
    objectives: objectiveNumbers.flatMap((number) => {
      const parts = scored.filter(({ dimension }) => dimension.objectives.includes(number))
      return parts.length === 0 ? [] : [{ number, ...mean(parts) }]
    }),
    equalWeights: mean(scored.map((each) => ({ ...each, weight: 1 }))),
    enabled: enabledFigure(ordered, model),
  }
}

/** The programme's objectives, as far as an institution can be scored by them. */
const objectiveNumbers = [1, 2, 3, 4, 5, 6, 7, 8] as const

type Scored = {
  readonly dimension: Dimension
  readonly score: ExactDimension
  readonly weight: number
}

function scoredDimensions(tallies: Tallies, { dimensions, missing }: Model): Scored[] {
  return dimensions.map((dimension, number) => ({
    dimension,
    score: dimensionScore(dimension, tallies[number] ?? [], missing),
    weight: dimension.weight,
  }))
}

/** An index with its verdict. Neither target nor the begin of a level is rounded over. */
export function indexFigure(exact: Exact, { targetRatio, levels }: Model): IndexFigure {
  const score = published(exact, [targetRatio, ...levels.map(({ minRatio }) => minRatio)])
  const verdict = verdictOf(exactly(score.low), exactly(score.high), decimal(targetRatio))
  return { ...score, verdict }
}

function exactly(bound: Bound): Fraction {
  return fraction(pointsIn(bound), fullPoints)
}

function scoreOf(exact: Exact, { targetRatio }: Model): Score {
  return published(exact, [targetRatio])
}

/** Every indicator of a model with the units it rests on; in the order of the model. */
export function indicatorRows(inputs: ReadinessInputs, model: Model): IndicatorRow[] {
  const units = unitsOf(inOrder(inputs))
  return model.dimensions.flatMap((dimension) =>
    dimension.indicators.map((rule) => ({
      id: rule.id,
      dimension: dimension.id,
      metric: rule.metric,
      weight: (dimension.weight * rule.weight) / 10_000,
      ...scoreOf(indicatorScore(tallyOf(rule, units)), model),
      ...unitRows(rule, units),
    })),
  )
}

function unitRows(rule: IndicatorRule, units: Units): { status: MeasureStatus; units: UnitRow[] } {
  let worst = -1
  const rows = units[metricOf(rule.metric).scope].map((unit) => {
    const measure = measureOf(unit, rule.metric)
    const credit = creditOf(rule, measure)
    const isRefused = measure.status === 'not_applicable' && credit !== null
    const status = isRefused ? 'missing' : measure.status
    if (credit) worst = Math.max(worst, measureStatuses.indexOf(status))
    return {
      environment: unit.environment?.id ?? null,
      host: unit.host?.agent ?? null,
      measure,
      low: inPoints(credit?.low ?? 0),
      observed: credit?.observed == null ? null : inPoints(credit.observed),
      high: inPoints(credit?.high ?? fullPoints),
    }
  })
  return { status: measureStatuses[worst] ?? 'not_applicable', units: rows }
}

function inPoints(millionths: number): number {
  return (millionths * 100) / fullPoints
}
