import { expect, test } from 'vitest'
import { jumpsOf } from '../../../collector/kpi/publish-guard.ts'
import type { InstitutionRow, Snapshot } from '../../../collector/kpi/snapshot.ts'
import { dayMs } from '../../../protocol/time.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

const thresholds = { reportingFallRatio: 0.2, rowsLostRatio: 0.05, lostMin: 2, jumpPoints: 5 }

type Shape = {
  reporting?: number
  institutions?: number
  environments?: number
  low?: number | null
  high?: number
  stage?: 'being_set_up' | 'measured'
  cycle?: string
  cycleDays?: number
}

/** A nation of forty institutions with one environment each, of which all report, at 97 to 98 %. */
function snapshot(shape: Shape = {}): Snapshot {
  const { reporting = 40, institutions = 40, environments = 40, stage = 'measured' } = shape
  const { low = 0.97, high = 0.98, cycle = '2027-04', cycleDays = 30 } = shape
  const sample = sampleSnapshot.institutions[0]!
  const rows = Array.from({ length: institutions }, (_, i): InstitutionRow => {
    return {
      ...sample,
      id: `i${i}`,
      environments: i < environments ? [sample.environments[0]!] : [],
    }
  })
  const { nation } = sampleSnapshot
  const bound = (ratio: number) => ({ ratio, percent: (ratio * 100).toFixed(2) })
  const pooled = {
    ...nation.continuity.cycle.pooled,
    low: low === null ? null : bound(low),
    high: bound(high),
  }
  const continuity = { ...nation.continuity, cycle: { ...nation.continuity.cycle, pooled } }
  const from = sampleSnapshot.asOf - cycleDays * dayMs
  return {
    ...sampleSnapshot,
    cycle: { ...sampleSnapshot.cycle, id: cycle, from },
    nation: { ...nation, reporting, stage, headline: 'pooled', continuity },
    institutions: rows,
  }
}

test.each<[string, Shape, Shape, string[]]>([
  ['nothing', {}, {}, []],
  ['a fifth fell silent', {}, { reporting: 32 }, ['reporting']],
  ['nearly a fifth fell silent', {}, { reporting: 33 }, []],
  ['all came back', { reporting: 1 }, { reporting: 40 }, []],
  [
    'a twentieth of the institutions left',
    {},
    { institutions: 38, environments: 38 },
    ['institutions', 'environments'],
  ],
  ['one of forty left', {}, { institutions: 39, environments: 39 }, []],
  ['a twentieth of the environments left', {}, { environments: 38 }, ['environments']],
  ['one of two fell silent', { reporting: 2 }, { reporting: 1 }, []],
  ['one of twenty left', { institutions: 20, environments: 20 }, { environments: 19 }, []],
  ['rows came', { institutions: 20, environments: 20 }, {}, []],
  ['low fell by five points', {}, { low: 0.92 }, ['low']],
  ['low fell by less', {}, { low: 0.9201 }, []],
  ['high rose by five points', { high: 0.93, low: 0.9 }, { high: 0.98, low: 0.9 }, ['high']],
  ['a value went away', {}, { low: null }, []],
  ['all at once', {}, { reporting: 0, low: 0, high: 0.1 }, ['reporting', 'low', 'high']],
  ['being set up', { stage: 'being_set_up' }, { reporting: 0, low: 0 }, []],
  ['another cycle began', {}, { cycle: '2027-10', low: 0 }, []],
  ['the first day of a cycle', { cycleDays: 0.9 }, { cycleDays: 0.9, low: 0 }, []],
  ['after a day of it', { cycleDays: 1 }, { cycleDays: 1, low: 0 }, ['low']],
])('%s', (_name, before, after, expected) => {
  const jumps = jumpsOf(snapshot(before), snapshot(after), thresholds)
  expect(jumps.map(({ what }) => what)).toEqual(expected)
})
