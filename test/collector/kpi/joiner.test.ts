import fc from 'fast-check'
import { expect, test } from 'vitest'
import { continuity } from '../../../collector/kpi/continuity.ts'
import { noTime } from '../../../collector/kpi/environment-day.ts'
import { joinerOf } from '../../../collector/kpi/joiner.ts'
import { institutionSums, type Part } from '../../../collector/kpi/population.ts'
import { dayMs } from '../../../protocol/time.ts'

const one = { over: 1n, under: 100n }
const standard = { target: { over: 95n, under: 100n }, gapMax: one, centreMax: one }
const window = { from: 0, to: 100 * dayMs }

/** An environment in scope for so many days, up for all of them but those down. */
function part(days: number, down: number, weight = 1): Part {
  const [up, lost] = [(days - down) * dayMs, down * dayMs]
  const sums = { ...noTime, up, down: lost, grossUp: up, grossDown: lost }
  return { id: 'portal', critical: true, weight, assessed: true, sums }
}

test.each<[string, number, Part[], number[], string | null]>([
  ['who was there from the start did not join', 0, [part(100, 10)], [0], null],
  ['nor did who was there before', 0, [part(100, 10)], [-dayMs], null],
  ['nor who is still to come', 0, [part(0, 0)], [100 * dayMs], null],
  ['half the window', 50, [part(50, 5)], [50 * dayMs], '45.00 95.00'],
  [
    'the first environment counts',
    50,
    [part(50, 0), part(10, 0)],
    [50 * dayMs, 90 * dayMs],
    '37.50 100.00',
  ],
  ['weights count', 50, [part(50, 0, 4), part(50, 50, 1)], [50 * dayMs, 50 * dayMs], '40.00 90.00'],
])('%s', (_name, day, parts, inScopeFrom, expected) => {
  const joiner = joinerOf(parts, inScopeFrom, window, standard)
  if (expected === null) return expect(joiner).toBeUndefined()
  expect(joiner).toMatchObject({ rule: 'in_scope', joinedAt: day * dayMs })
  const { low, high } = joiner!.whole
  expect(`${low?.percent} ${high?.percent}`).toBe(expected)
})

test('the other reading is never narrower than the figure', () => {
  const days = fc.integer({ min: 1, max: 99 })
  fc.assert(
    fc.property(days, fc.nat(99), (day, down) => {
      const parts = [part(100 - day, Math.min(down, 100 - day))]
      const { low, high } = continuity(institutionSums(parts), standard)
      const { whole } = joinerOf(parts, [day * dayMs], window, standard)!
      expect(whole.low!.ratio).toBeLessThanOrEqual(low!.ratio)
      expect(whole.high!.ratio).toBeGreaterThanOrEqual(high!.ratio)
    }),
  )
})
