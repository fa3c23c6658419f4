import { decimal, type Fraction, fraction, isAtLeast, quotient, weightedMean } from '../fraction.ts'
import type { Dimension, Model } from './model.ts'
import { fullPoints } from './points.ts'
import type { Tallies, Tally } from './tally.ts'

/** A score before it is rounded for print. Ratios, 0 to 1. */
export type Exact = {
  readonly low: Fraction
  readonly observed: Fraction | null
  readonly high: Fraction
}

export type ExactDimension = Exact & { readonly available: Fraction; readonly isValid: boolean }

/** A part of a mean, with its weight; whole. */
export type Weighted = { readonly score: Exact; readonly weight: number }

const none = fraction(0, 1)
const all = fraction(1, 1)

/** One indicator; nothing is known of one that does not apply to any unit. */
export function indicatorScore({ applicable, available, low, observed, high }: Tally): Exact {
  if (applicable === 0) return { low: none, observed: null, high: all }
  const bounds = { low: points(low, applicable), high: points(high, applicable) }
  return {
    ...bounds,
    observed: available === 0 ? null : within(points(observed, available), bounds),
  }
}

/**
 * One dimension: the weighted mean of its indicators. What does not apply leaves the denominator;
 * where more than the model allows does not apply, or nothing applies, it is invalid: low 0, high
 * 100. Observed is the mean over what is available alone, from the model's share of it on.
 * Source: METHODOLOGY 2.5.
 */
export function dimensionScore(
  { indicators }: Dimension,
  tallies: readonly Tally[],
  missing: Model['missing'],
): ExactDimension {
  const weighed = tallies.map((tally, index) => ({ tally, weight: indicators[index]?.weight ?? 0 }))
  const applying = weighed.filter(({ tally }) => tally.applicable > 0)
  if (applying.length === 0) {
    return { low: none, observed: null, high: all, available: none, isValid: false }
  }
  const mean = (part: (tally: Tally) => Fraction) =>
    weightedMean(applying.map(({ tally, weight }) => ({ value: part(tally), weight })))
  const available = mean((tally) => fraction(tally.available, tally.applicable))
  const applicable = weightedMean(
    weighed.map(({ tally, weight }) => ({
      value: fraction(tally.applicable, tally.weight),
      weight,
    })),
  )
  if (!isAtLeast(applicable, decimal(1 - missing.maxNotApplicableRatio))) {
    return { low: none, observed: null, high: all, available, isValid: false }
  }
  const low = mean((tally) => points(tally.low, tally.applicable))
  const high = mean((tally) => points(tally.high, tally.applicable))
  const seen = mean((tally) => points(tally.observed, tally.applicable))
  const observed = available.over === 0n ? null : quotient(seen, available)
  const exact = withObserved({ low, high }, observed, available, missing)
  return { ...exact, available, isValid: true }
}

/**
 * The weighted mean of scores. Observed is the mean of those that have one, null where they are
 * less than the model's share of the weight. The list must not be empty. T13.
 */
export function meanScore(parts: readonly Weighted[], missing: Model['missing']): Exact {
  const low = weightedMean(parts.map(({ score, weight }) => ({ value: score.low, weight })))
  const high = weightedMean(parts.map(({ score, weight }) => ({ value: score.high, weight })))
  const seen = parts.flatMap(({ score, weight }) =>
    score.observed === null ? [] : [{ value: score.observed, weight }],
  )
  const observed = seen.length === 0 ? null : weightedMean(seen)
  return withObserved({ low, high }, observed, fraction(total(seen), total(parts)), missing)
}

/**
 * Bounds with what was observed, where that is of enough: `share` is that of the weight it is of.
 * It may lie outside of what is certain of the whole, where parts with too little available are
 * left out of it: then the nearer bound is the better estimate.
 */
export function withObserved(
  bounds: Pick<Exact, 'low' | 'high'>,
  observed: Fraction | null,
  share: Fraction,
  { minAvailableRatio }: Model['missing'],
): Exact {
  const isEnough = observed !== null && isAtLeast(share, decimal(minAvailableRatio))
  return { ...bounds, observed: isEnough ? within(observed, bounds) : null }
}

/**
 * Share of the weight of all indicators that is measured, not declared, of what applies. Unit:
 * ratio, 0 to 1; 0 where nothing applies.
 */
export function measuredShare({ dimensions }: Model, tallies: Tallies): Fraction {
  const parts = dimensions.flatMap(({ weight, indicators }, number) =>
    indicators.flatMap((rule, index) => {
      const tally = tallies[number]?.[index]
      if (!tally || tally.applicable === 0) return []
      return [{ value: fraction(tally.measured, tally.applicable), weight: weight * rule.weight }]
    }),
  )
  return parts.length === 0 ? none : weightedMean(parts)
}

function points(sum: number, weight: number): Fraction {
  return { over: BigInt(sum), under: BigInt(weight) * BigInt(fullPoints) }
}

function within(observed: Fraction, { low, high }: Pick<Exact, 'low' | 'high'>): Fraction {
  if (isAtLeast(low, observed)) return low
  return isAtLeast(observed, high) ? high : observed
}

function total(parts: readonly { readonly weight: number }[]): number {
  return parts.reduce((sum, { weight }) => sum + weight, 0)
}
