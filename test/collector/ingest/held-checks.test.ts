import {
  array,
  assert,
  constantFrom,
  double,
  integer,
  oneof,
  option,
  property,
  record,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeldChecks, RecalledChecks } from '../../../collector/ingest/held-checks.ts'
import type { CheckRecord } from '../../../collector/store/store.ts'
import { reasons, states } from '../../../protocol/check.ts'
import { agent, check } from '../../contract/store-records.ts'

/** Few of them, so that often all checks have the same. */
const instant = oneof(constantFrom(0, 1), integer({ min: 0, max: 4_102_444_800_000 }))
const changing = record({
  since: option(instant),
  boot: option(constantFrom('a', 'b', 'c')),
  throughBoot: double({ min: 0, max: 1e12, noNaN: true }),
  through: instant,
  state: constantFrom(...states),
  reason: option(constantFrom(...reasons)),
  stateSince: instant,
  spanFrom: instant,
  upMs: instant,
  degradedMs: instant,
  downMs: instant,
})
const defined = record({
  label: option(constantFrom('portal', 'mail')),
  intervalMs: constantFrom(15_000, 60_000),
  declared: constantFrom(true, false),
})

function named(parts: readonly Partial<CheckRecord>[]): Map<string, CheckRecord> {
  return new Map(
    parts.map((part, i) => {
      const { institution, environment, agent: id, name } = agent
      const own = { institution, environment, agent: id, name: `${name}/check-${i}` }
      return [`check-${i}`, { ...check, ...part, ...own, number: i + 1 }]
    }),
  )
}

describe('checks held between messages', () => {
  it('are recalled as they were, whatever was held before them', () => {
    const records = array(record({ changing, defined }), { maxLength: 5 })
    assert(
      property(records, records, (earlier, later) => {
        const held = new HeldChecks()
        const of = (each: typeof earlier) =>
          named(each.map((e) => ({ ...e.changing, ...e.defined })))
        const before = held.hold(of(earlier), null)
        const after = held.hold(of(later), before)
        expect(new Map(new RecalledChecks(before, agent))).toEqual(of(earlier))
        expect(new Map(new RecalledChecks(after, agent))).toEqual(of(later))
      }),
    )
  })

  it('stay the same object while nobody touches them', () => {
    const held = new HeldChecks()
    const before = held.hold(named([{}]), null)
    expect(held.hold(new RecalledChecks(before, agent), before)).toBe(before)
  })
})
