import { array, assert, constantFrom, double, option, property, record, string } from 'fast-check'
import { expect, it } from 'vitest'
import { HeldRows } from '../../../collector/evaluate/held-rows.ts'
import { states } from '../../../protocol/check.ts'

const number = option(double({ noNaN: true, noDefaultInfinity: true }))
const row = record({
  check: string(),
  agent: constantFrom('one', 'two'),
  kind: constantFrom('http' as const, 'disk' as const),
  label: option(string()),
  intervalMs: constantFrom(15_000, 60_000),
  state: constantFrom(...states),
  reason: option(constantFrom('timeout' as const, 'refused' as const)),
  since: number,
  through: number,
  value: number,
  needed: constantFrom(true, false),
  declared: constantFrom(true, false),
})

it('answers rows as they came, whatever was held before them', () => {
  assert(
    property(array(row), array(row), (earlier, later) => {
      const before = new HeldRows(earlier, null)
      const after = new HeldRows(later, before)
      expect(before.rows()).toEqual(earlier)
      expect(after.rows()).toEqual(later)
    }),
  )
})
