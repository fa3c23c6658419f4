import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  dayMs,
  daysOf,
  intersect,
  lengthMs,
  type Span,
  subtract,
  union,
} from '../../protocol/time.ts'

const span = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) }))

/** The whole numbers inside spans: the slow truth that the fast arithmetic must agree with. */
function points(spans: readonly Span[]): number[] {
  const inside = new Set<number>()
  for (const { from, to } of spans) for (let at = from; at < to; at++) inside.add(at)
  return [...inside].sort((a, b) => a - b)
}

test('intersect, union and subtract are what sets are', () => {
  fc.assert(
    fc.property(span, fc.array(span, { maxLength: 6 }), (whole, parts) => {
      const covered = new Set(points(parts))
      const cut = parts.map((part) => intersect(whole, part)).filter((each) => each !== null)
      expect(points(cut)).toEqual(points([whole]).filter((at) => covered.has(at)))
      expect(points(union(parts))).toEqual(points(parts))
      expect(points(subtract(whole, parts))).toEqual(
        points([whole]).filter((at) => !covered.has(at)),
      )
    }),
  )
})

test('union and subtract answer in order, without touching or empty spans', () => {
  fc.assert(
    fc.property(span, fc.array(span, { maxLength: 6 }), (whole, parts) => {
      for (const answer of [union(parts), subtract(whole, parts)]) {
        answer.forEach((each, i) => {
          expect(lengthMs(each)).toBeGreaterThan(0)
          if (i > 0) expect(each.from).toBeGreaterThan(answer[i - 1]!.to)
        })
      }
    }),
  )
})

test('the days of a span are those it has time in', () => {
  expect(daysOf({ from: dayMs - 1, to: dayMs })).toEqual([0])
  expect(daysOf({ from: dayMs - 1, to: dayMs + 1 })).toEqual([0, dayMs])
  expect(daysOf({ from: dayMs, to: dayMs })).toEqual([])
})
