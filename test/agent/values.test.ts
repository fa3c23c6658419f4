import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addValue, bucketOf } from '../../agent/values.ts'
import type { Histogram } from '../../protocol/batch.ts'
import { limits } from '../../protocol/limits.ts'

test.each([
  [1, 0],
  [1.18, 0],
  [1.2, 1],
  [2, 4],
  [0.5, -4],
  [0.0123, -26],
  [0, -200],
  [-86_400, -200],
  [1e-300, -200],
])('the bucket of %d is %i', (value, bucket) => expect(bucketOf(value)).toBe(bucket))

test('a bucket holds what lies between its powers of two', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-14, max: 1e14, noNaN: true }), (value) => {
      const index = bucketOf(value)
      expect(value).toBeGreaterThanOrEqual(2 ** (index / 4) * (1 - 1e-12))
      expect(value).toBeLessThan(2 ** ((index + 1) / 4) * (1 + 1e-12))
    }),
  )
})

const histogramOf = (values: readonly number[]) =>
  values.reduce<Histogram | null>((histogram, value) => addValue(histogram, value), null)

test('counts, extremes and the last value are those of the values', () => {
  expect(histogramOf([0.5, 2, 0.5, 1.000000123])).toEqual({
    ...{ n: 4, min: 0.5, max: 2, last: 1 },
    buckets: [
      [-4, 2],
      [0, 1],
      [4, 1],
    ],
  })
})

test('buckets are in order, never too many, and hold every value', () => {
  const value = fc.double({ min: -10, max: 1e300, noNaN: true })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 400 }), (values) => {
      const { n, buckets } = histogramOf(values)!
      expect(buckets.length).toBeLessThanOrEqual(limits.bucketsMax)
      expect(buckets.reduce((sum, [, count]) => sum + count!, 0)).toBe(n)
      expect(n).toBe(values.length)
      const indices = buckets.map(([index]) => index!)
      expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b))
    }),
  )
})
