import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysToFull, daysToFullMax, p95, samplesMin, theilSen } from '../../../agent/facts/trend.ts'

const samples = fc
  .uniqueArray(fc.integer({ min: 20_000, max: 20_060 }), { minLength: 2, maxLength: 30 })
  .chain((days) =>
    fc
      .array(fc.integer({ min: 0, max: 1_000_000 }), {
        minLength: days.length,
        maxLength: days.length,
      })
      .map((bytes) => days.sort((a, b) => a - b).map((day, i) => [day, bytes[i]!] as const)),
  )

/** The definition, word by word: every pair, both ways, and the middle of all. */
function bruteForce(points: readonly (readonly [number, number])[]): number {
  const slopes = points.flatMap(([x1, y1]) =>
    points.flatMap(([x2, y2]) => (x1 === x2 ? [] : [(y2 - y1) / (x2 - x1)])),
  )
  const sorted = slopes.sort((a, b) => a - b)
  // Every slope is there twice, so that the two in the middle stand side by side.
  const half = sorted.length / 2
  return (sorted[half - 1]! + sorted[half]!) / 2
}

test('Theil-Sen is the median of all slopes', () => {
  fc.assert(
    fc.property(samples, (points) => {
      expect(theilSen(points)).toBeCloseTo(bruteForce(points), 6)
    }),
  )
})

test('a straight line is told exactly, whatever one day in eight does', () => {
  const line = fc.record({
    slope: fc.integer({ min: 1, max: 1_000 }),
    days: fc.integer({ min: 16, max: 30 }),
    odd: fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 2, maxLength: 2 }),
    free: fc.integer({ min: 0, max: 100_000 }),
  })
  fc.assert(
    fc.property(line, ({ slope, days, odd, free }) => {
      const points = Array.from({ length: days }, (_, day) => {
        const off = day === 3 ? odd[0]! : day === 11 ? odd[1]! : 0
        return [day, 500_000 + slope * day + off] as const
      })
      expect(theilSen(points)).toBeCloseTo(slope, 6)
      expect(daysToFull(points, free)).toBeCloseTo(Math.min(daysToFullMax, free / slope), 6)
    }),
  )
})

test('fewer samples than a week tell nothing', () => {
  fc.assert(
    fc.property(samples, (points) => {
      expect(daysToFull(points, 1) === null).toBe(points.length < samplesMin)
    }),
  )
})

test('p95 of days that are merged is within a percent of that of all looks', () => {
  const looks = fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }), {
    minLength: 1,
    maxLength: 30,
  })
  fc.assert(
    fc.property(looks, (days) => {
      const counts = days.map((day) => {
        const steps: number[] = Array(101).fill(0)
        for (const value of day) steps[Math.round(100 * value)]! += 1
        return steps
      })
      const all = days.flat().sort((a, b) => a - b)
      const exact = all[Math.ceil(0.95 * all.length) - 1]
      const told = p95(counts)
      if (exact === undefined) expect(told).toBeNull()
      else expect(Math.abs(told! - exact)).toBeLessThanOrEqual(0.01)
    }),
  )
})
