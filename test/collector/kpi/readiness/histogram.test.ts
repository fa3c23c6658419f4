import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addValue } from '../../../../agent/values.ts'
import {
  mergeHistograms,
  percentileOf,
  type ValueHistogram,
} from '../../../../collector/kpi/readiness/histogram.ts'
import type { Histogram } from '../../../../protocol/batch.ts'

/** What an agent makes of values. */
function histogramOf(values: readonly number[]): ValueHistogram {
  return values.reduce<Histogram | null>((all, value) => addValue(all, value), null)!
}

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
})
/** What the schema lets through: also of an agent that counts wrong. */
const anything: fc.Arbitrary<ValueHistogram> = fc.record({
  n: fc.nat(),
  min: fc.double({ noNaN: true, noDefaultInfinity: true }),
  max: fc.double({ noNaN: true, noDefaultInfinity: true }),
  buckets: fc.array(
    fc.tuple(fc.integer({ min: -200 }), fc.integer({ min: -200, max: Number.MAX_SAFE_INTEGER })),
    { maxLength: 100 },
  ),
})

describe('histograms are merged', () => {
  test('in whatever order and groups', () => {
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 5 }), fc.nat(4), (all, cut) => {
        const whole = mergeHistograms(all)!
        const groups = [all.slice(0, cut), all.slice(cut)].flatMap(
          (group) => mergeHistograms(group) ?? [],
        )
        expect(mergeHistograms(groups)).toEqual(whole)
        expect(mergeHistograms(all.toReversed())).toEqual(whole)
        expect(whole.buckets.length).toBeLessThanOrEqual(441)
        expect(whole.buckets.every(([, count]) => count! > 0 && Number.isSafeInteger(count))).toBe(
          true,
        )
      }),
    )
  })

  test('into what one agent would have made of all their values', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (groups) => {
        const { last: _last, ...all } = histogramOf(groups.flat()) as Histogram
        expect(mergeHistograms(groups.map(histogramOf))).toEqual(all)
      }),
    )
  })

  test('of none there is none', () => {
    expect(mergeHistograms([])).toBeNull()
  })
})

describe('a percentile', () => {
  test.each<[string, readonly number[], number, number]>([
    ['one value', [0.3], 0.95, 0.3],
    ['all the same', Array(20).fill(0.8), 0.5, 0.8],
    ['the 19th of 20 is small', [...Array(19).fill(1), 1_000], 0.95, 2 ** 0.25],
    ['the 18th is, the 19th is not', [...Array(18).fill(1), 1_000, 1_000], 0.95, 1_000],
    [
      'a share of 7 in 100 is the seventh',
      [...Array(7).fill(1), ...Array(93).fill(64)],
      0.07,
      2 ** 0.25,
    ],
    ['nothing lost', Array(30).fill(0), 0.95, 0],
    ['the smallest', [1, 8, 64], 0, 2 ** 0.25],
    ['the largest', [1, 8, 64], 1, 64],
  ])('%s', (_name, told, share, expected) => {
    expect(percentileOf(histogramOf(told), share)).toBe(expected)
  })

  test('is never below the value of its rank, nor a fifth above it', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (told, share) => {
        const rank = Math.max(1, Math.ceil(share * told.length - 1e-9))
        const exact = Number(told.toSorted((a, b) => a - b)[rank - 1]!.toPrecision(6))
        const found = percentileOf(histogramOf(told), share)!
        expect(found).toBeGreaterThanOrEqual(exact)
        expect(found).toBeLessThanOrEqual(Math.max(exact * 2 ** 0.2501, 2 ** -49))
      }),
    )
  })

  test('of no values there is none', () => {
    expect(percentileOf({ n: 0, min: 0, max: 0, buckets: [] }, 0.95)).toBeNull()
  })
})
