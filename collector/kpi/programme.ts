import { bound, fraction } from './fraction.ts'
import type { Bound } from './snapshot.ts'

/** A published value, as far as it can be computed with. Shares are percent as published. */
export type Published = {
  readonly count?: number
  readonly percent?: number
  readonly parts?: readonly number[]
  readonly denominator: number | null
  readonly otherBases?: readonly number[]
}

/**
 * What follows from a published value by arithmetic alone. It is shown beside the value and
 * corrects nothing: where both differ, that is what a reader must see.
 */
export type ProgrammeCheck =
  /** The count over a denominator. `stated`: whether the published share is that, rounded. */
  | {
      readonly is: 'share'
      readonly base: number
      readonly share: Bound
      readonly left: number
      readonly stated: boolean | null
    }
  /** The denominators that a count and its share imply, both included; null: none does. */
  | {
      readonly is: 'implied_base'
      readonly bases: { readonly from: number; readonly to: number } | null
      readonly compared: readonly { readonly base: number; readonly fits: boolean }[]
    }
  /** The counts that a share of a denominator stands for, both included, and the nearest. */
  | {
      readonly is: 'implied_count'
      readonly base: number
      readonly nearest: number
      readonly counts: { readonly from: number; readonly to: number } | null
    }
  /** The counts that round to the published parts; only where they add up to the denominator. */
  | {
      readonly is: 'parts'
      readonly base: number
      readonly fitting: readonly (readonly number[])[]
      /** Whether there are more than are listed. */
      readonly more: boolean
    }

/** How many fitting sets of counts are listed. */
const fittingMax = 5

/**
 * Everything that follows from a published value. A share is taken as rounded half up to as many
 * decimals as it has. Source: docs/official-results.md, T16-T18.
 */
export function programmeChecks(value: Published): ProgrammeCheck[] {
  const { count, percent, parts, denominator, otherBases = [] } = value
  const bases = denominator === null ? otherBases : [denominator, ...otherBases]
  if (parts) return bases.map((base) => fittingParts(parts, base))
  if (count === undefined) {
    return percent === undefined ? [] : bases.map((base) => impliedCount(percent, base))
  }
  if (percent !== undefined && denominator === null) return [impliedBase(count, percent, bases)]
  return bases.map((base) => {
    const stated = percent === undefined ? null : roundsTo(count, base, percent)
    const share = bound(fraction(count, base), 'floor')
    return { is: 'share', base, share, left: base - count, stated }
  })
}

/** A share in hundredths of a percent, and half of its last decimal in the same. */
function widthOf(percent: number): { readonly exact: number; readonly half: number } {
  const decimals = `${percent}`.split('.')[1]?.length ?? 0
  // Twice as fine, so that the half is whole.
  return { exact: Math.round(percent * 200), half: 10 ** (2 - Math.min(decimals, 2)) }
}

/** Whether `count` of `base`, rounded half up, is what was published. */
function roundsTo(count: number, base: number, percent: number): boolean {
  const { exact, half } = widthOf(percent)
  const share = BigInt(count) * 20_000n
  return share >= BigInt(base) * BigInt(exact - half) && share < BigInt(base) * BigInt(exact + half)
}

function impliedBase(count: number, percent: number, bases: readonly number[]): ProgrammeCheck {
  const { exact, half } = widthOf(percent)
  const compared = bases.map((base) => ({ base, fits: roundsTo(count, base, percent) }))
  // share < base * (exact + half), so base is above share / (exact + half).
  const from = Math.max(Math.floor((count * 20_000) / (exact + half)) + 1, count, 1)
  const to = exact > half ? Math.floor((count * 20_000) / (exact - half)) : from - 1
  return { is: 'implied_base', bases: from <= to ? { from, to } : null, compared }
}

function impliedCount(percent: number, base: number): ProgrammeCheck {
  const counts = countsOf(percent, base)
  const nearest = Math.round((percent * base) / 100)
  return { is: 'implied_count', base, nearest, counts }
}

/** The counts of a base that round to a share; null where none does. */
function countsOf(percent: number, base: number) {
  const { exact, half } = widthOf(percent)
  const from = Math.max(0, Math.ceil((base * (exact - half)) / 20_000))
  const to = Math.min(base, Math.ceil((base * (exact + half)) / 20_000) - 1)
  return from <= to ? { from, to } : null
}

function fittingParts(parts: readonly number[], base: number): ProgrammeCheck {
  const ranges = parts.map((percent) => countsOf(percent, base))
  const found: number[][] = []
  // At most the first few sets, so that a wide range costs nothing.
  const place = (chosen: readonly number[], left: number): void => {
    if (found.length > fittingMax) return
    const range = ranges[chosen.length]
    if (chosen.length === ranges.length) {
      if (left === 0) found.push([...chosen])
    } else if (range) {
      const rest = ranges.slice(chosen.length + 1)
      const [least, most] = [sum(rest, 'from'), sum(rest, 'to')]
      const from = Math.max(range.from, left - most)
      const to = Math.min(range.to, left - least)
      for (let n = from; n <= to; n++) place([...chosen, n], left - n)
    }
  }
  place([], base)
  const fitting = found.slice(0, fittingMax)
  return { is: 'parts', base, fitting, more: found.length > fittingMax }
}

function sum(
  ranges: readonly ({ readonly from: number; readonly to: number } | null)[],
  edge: 'from' | 'to',
): number {
  return ranges.reduce((all, range) => all + (range?.[edge] ?? 0), 0)
}
