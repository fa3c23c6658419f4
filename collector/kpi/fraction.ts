import type { Bound } from './snapshot.ts'

/** An exact share: figures that ratings depend on are compared without rounding. */
export type Fraction = { readonly over: bigint; readonly under: bigint }

/** An exact fraction of two whole numbers, e.g. milliseconds. */
export function fraction(over: number, under: number): Fraction {
  return { over: BigInt(over), under: BigInt(under) }
}

/** The exact value of a decimal with at most six places, as settings are written. */
export function decimal(value: number): Fraction {
  return fraction(Math.round(value * 1e6), 1e6)
}

/** Whether a >= b, by cross-multiplication. */
export function isAtLeast(a: Fraction, b: Fraction): boolean {
  return a.over * b.under >= b.over * a.under
}

/** Whether a is larger than b by more than `gap`. */
export function exceedsBy(a: Fraction, b: Fraction, gap: Fraction): boolean {
  const over = a.over * b.under - b.over * a.under
  return over * gap.under > gap.over * a.under * b.under
}

/** The exact sum. */
export function sum(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.under + b.over * a.under, under: a.under * b.under }
}

/** The exact difference; may be negative. */
export function difference(a: Fraction, b: Fraction): Fraction {
  return sum(a, { over: -b.over, under: b.under })
}

/** The exact quotient; b must be above 0. */
export function quotient(a: Fraction, b: Fraction): Fraction {
  return { over: a.over * b.under, under: a.under * b.over }
}

/** The exact mean. The list must not be empty. */
export function mean(fractions: readonly Fraction[]): Fraction {
  // Most have the same denominator, and those are added without a common divisor.
  const sums = new Map<bigint, bigint>()
  for (const each of fractions) sums.set(each.under, (sums.get(each.under) ?? 0n) + each.over)
  let over = 0n
  let under = 1n
  for (const each of Array.from(sums, ([under, over]) => ({ over, under }))) {
    over = over * each.under + each.over * under
    under *= each.under
    const divisor = greatestCommonDivisor(over, under)
    over /= divisor
    under /= divisor
  }
  return { over, under: under * BigInt(fractions.length) }
}

/**
 * The exact mean by whole weights, not reduced. The list must not be empty, nor all weights 0.
 */
export function weightedMean(
  parts: readonly { readonly value: Fraction; readonly weight: number }[],
): Fraction {
  const sums = new Map<bigint, bigint>()
  let weights = 0
  for (const { value, weight } of parts) {
    weights += weight
    sums.set(value.under, (sums.get(value.under) ?? 0n) + value.over * BigInt(weight))
  }
  let over = 0n
  let under = 1n
  for (const [partUnder, partOver] of sums) {
    over = over * partUnder + partOver * under
    under *= partUnder
  }
  return { over, under: under * BigInt(weights) }
}

/** The same share in its lowest terms: what is added to many times stays small. */
export function reduced({ over, under }: Fraction): Fraction {
  const divisor = greatestCommonDivisor(over, under)
  return { over: over / divisor, under: under / divisor }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x === 0n ? 1n : x
}

/**
 * A fraction as it is published: the ratio, and the percentage with two decimals, floor or ceil.
 */
export function bound({ over, under }: Fraction, rounding: 'floor' | 'ceil'): Bound {
  const hundredths =
    rounding === 'floor' ? (over * 10_000n) / under : (over * 10_000n + under - 1n) / under
  const percent = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`
  return { ratio: ratioOf({ over, under }), percent }
}

const exactMax = BigInt(Number.MAX_SAFE_INTEGER)

/** The nearest number, as far as numbers are exact. */
export function ratioOf({ over, under }: Fraction): number {
  if (over <= exactMax && under <= exactMax) return Number(over) / Number(under)
  const scale = 10n ** 18n
  return Number((over * scale) / under) / 1e18
}
