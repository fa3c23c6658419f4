import type { Measure } from './inputs.ts'
import type { IndicatorRule, ScoreRule } from './model.ts'

/** 100 points. Scores are whole millionths of a point, so that no order of adding matters. */
export const fullPoints = 100_000_000

/**
 * What a value is worth. Unit: millionths of a point, whole, 0 to 100 million; rounded once, here,
 * and never again. What is no number is worth nothing. Source: METHODOLOGY 2.5.
 */
export function pointsOf(rule: ScoreRule, value: number | boolean): number {
  if (rule.fn === 'bool') return value === true ? fullPoints : 0
  const number = Number(value)
  if (Number.isNaN(number)) return 0
  if (rule.fn === 'ratio') return clamped(number * fullPoints)
  if (rule.fn === 'lin') {
    return clamped(((number - rule.zeroAt) / (rule.fullAt - rule.zeroAt)) * fullPoints)
  }
  const points = rule.steps.find(({ below }) => number < below)?.points ?? rule.otherwise
  return clamped((points * fullPoints) / 100)
}

function clamped(points: number): number {
  return Math.min(fullPoints, Math.max(0, Math.round(points)))
}

/** What one measure is worth: proven, of what is available, possible. Millionths of a point. */
export type Credit = {
  readonly low: number
  /** Null where nothing valid is there: missing, stale, or not yet reviewed. */
  readonly observed: number | null
  readonly high: number
  /** Told by measurement, not declared. */
  readonly isMeasured: boolean
}

const nothingKnown: Credit = { low: 0, observed: null, high: fullPoints, isMeasured: false }

/**
 * What a measure is worth under an indicator; null where it does not apply and so leaves the
 * denominator. Missing and stale: low 0, high 100. Not reviewed: low 0, high what is claimed.
 * Source: METHODOLOGY 2.5.
 */
export function creditOf(
  { score, mayNotApply }: Pick<IndicatorRule, 'score' | 'mayNotApply'>,
  { status, value }: Pick<Measure, 'status' | 'value'>,
): Credit | null {
  if (status === 'not_applicable') return mayNotApply ? null : nothingKnown
  if (status === 'missing' || status === 'stale' || value === null) return nothingKnown
  const points = pointsOf(score, value)
  if (status === 'declared_unverified') return { ...nothingKnown, high: points }
  return { low: points, observed: points, high: points, isMeasured: status === 'measured' }
}
