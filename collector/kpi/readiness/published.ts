import { decimal, type Fraction } from '../fraction.ts'
import type { Bound } from '../snapshot.ts'
import type { Exact } from './exact.ts'
import { fullPoints } from './points.ts'
import type { Score } from './result.ts'

/**
 * A score as it is published: ratios of whole millionths of a point, low and observed rounded down,
 * high rounded up; percent with two decimals by the same rule. Where low and high are equal both
 * are rounded down, and a high that does not reach a line (a target, the begin of a level) is not
 * written as if it did. So whoever compares the published ratio judges as the exact one would.
 */
export function published({ low, observed, high }: Exact, lines: readonly number[]): Score {
  const isOne = low.over * high.under === high.over * low.under
  return {
    low: boundDown(low),
    observed: observed && boundDown(observed),
    high: isOne ? boundDown(high) : boundUp(high, lines.map(lineOf)),
  }
}

/** A share as it is published, rounded down. */
export function boundDown(value: Fraction): Bound {
  const points = roundedDown(value)
  return { ratio: points / fullPoints, percent: percent(Math.floor(points / perHundredth)) }
}

function boundUp(value: Fraction, lines: readonly number[]): Bound {
  const down = roundedDown(value)
  const isWhole = BigInt(down) * value.under === value.over * BigInt(fullPoints)
  const points = isWhole || isCrossed(down, down + 1, lines) ? down : down + 1
  const hundredths = Math.ceil(points / perHundredth)
  const isOver = isCrossed(points, hundredths * perHundredth, lines)
  return {
    ratio: points / fullPoints,
    percent: percent(isOver ? Math.floor(points / perHundredth) : hundredths),
  }
}

/** What was published as whole millionths of a point again: figures are compared as such alone. */
export function pointsIn({ ratio }: Pick<Bound, 'ratio'>): number {
  return Math.round(ratio * fullPoints)
}

/** Millionths of a point in a hundredth of a percent. */
const perHundredth = fullPoints / 10_000

function roundedDown({ over, under }: Fraction): number {
  return Number((over * BigInt(fullPoints)) / under)
}

function lineOf(ratio: number): number {
  return roundedDown(decimal(ratio))
}

function isCrossed(from: number, to: number, lines: readonly number[]): boolean {
  return lines.some((line) => from < line && to >= line)
}

function percent(hundredths: number): string {
  return (hundredths / 100).toFixed(2)
}
