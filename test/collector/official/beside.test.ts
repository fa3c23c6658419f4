import { expect, test } from 'vitest'
import { beside, type EndedCycle } from '../../../collector/official/beside.ts'
import { closingAt } from '../../support/sample-published.ts'

const to = Date.parse('2026-09-30T20:00:00Z')
const closing = closingAt('2026-09', 60)
const { stage, model, level } = closing
const index = { low: '61.00', observed: null, high: '70.00' }
const official = {
  ...{ cycle: '2026-10', institution: 'health', indexPercent: 90, level: null, axesPercent: {} },
  ...{ source: 'Report', date: '2026-11-02', fileSha256: '' },
}

/** Both series of the cycle. */
function sides(
  rows: (typeof official)[],
  closings: (typeof closing)[],
  frozen: EndedCycle['frozen'],
) {
  return beside(rows, closings, [{ id: '2026-10', to, frozen }], 'Asia/Muscat').map((each) => [
    each.cycle,
    each.endMonth,
    each.official?.indexPercent ?? null,
    each.measured?.index?.low ?? null,
    each.measured?.isFrozen ?? null,
  ])
}

test.each([
  ['neither', [], [], null, []],
  ['official alone', [official], [], null, [['2026-10', '2026-09', 90, null, null]]],
  ['the month it ended with', [], [closing], null, [['2026-10', '2026-09', null, '59.88', false]]],
  [
    'both, and the frozen cycle goes before the month',
    [official],
    [closing],
    { stage, model, level, index },
    [['2026-10', '2026-09', 90, '61.00', true]],
  ],
  ['another month', [], [closingAt('2026-08', 60)], null, []],
])('%s', (_name, rows, closings, frozen, expected) => {
  expect(sides(rows, closings, frozen)).toEqual(expected)
})

test('a cycle before anything was measured has no month, and comes last', () => {
  const old = { ...official, cycle: '2023-04' }
  expect(sides([old, official], [], null)).toEqual([
    ['2026-10', '2026-09', 90, null, null],
    ['2023-04', null, 90, null, null],
  ])
})
