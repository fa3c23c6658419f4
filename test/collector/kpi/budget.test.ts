import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budgetRows, errorBudget } from '../../../collector/kpi/budget.ts'
import { verdictOf } from '../../../collector/kpi/continuity.ts'
import { decimal, fraction } from '../../../collector/kpi/fraction.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { metricsSnapshot } from '../../support/metrics-snapshot.ts'

const target = decimal(0.95)

/** A budget in minutes, of time given in minutes. */
function budgetOf(
  scope: number,
  ahead: number,
  down: number,
  unknown: number,
  { weight = 1, wanted = target } = {},
) {
  const sums = {
    eligibleMs: scope * minuteMs,
    downMs: down * minuteMs,
    unknownMs: unknown * minuteMs,
  }
  const budget = errorBudget({ sums, aheadMs: ahead * minuteMs, weight }, wanted)
  return (
    budget && {
      total: budget.totalMs / minuteMs,
      low: budget.leftMs.low / minuteMs,
      high: budget.leftMs.high / minuteMs,
      ratio: budget.leftRatio && [budget.leftRatio.low, budget.leftRatio.high],
    }
  )
}

describe('the error budget', () => {
  const half = { total: 13_104, low: 6_552, high: 6_552, ratio: [0.5, 0.5] }
  test.each([
    // METHODOLOGY §2.3: 5 % of a half-year of 262,080 minutes is 13,104.
    ['untouched', budgetOf(262_080, 0, 0, 0), { total: 13_104, low: 13_104, ratio: [1, 1] }],
    ['half spent', budgetOf(262_080, 0, 6_552, 0), half],
    ['half spent, half a cycle to come', budgetOf(131_040, 131_040, 6_552, 0), half],
    ['unknown time may have been spent', budgetOf(262_080, 0, 0, 13_104), { low: 0, high: 13_104 }],
    ['T7', budgetOf(261_480, 0, 5_000, 9_000), { total: 13_074, low: -926, high: 8_074 }],
    ['more spent than there was', budgetOf(1_000, 0, 100, 0), { low: -50, ratio: [-1, -1] }],
    ['a pool of weights 4, 2 and 1', budgetOf(700, 0, 7, 0, { weight: 7 }), { total: 5, low: 4 }],
    ['nothing in scope', budgetOf(0, 0, 0, 0), null],
    ['not yet in scope', budgetOf(0, 1_000, 0, 0), { total: 50, ratio: [1, 1] }],
    [
      'a target of 100 %',
      budgetOf(1_000, 0, 1, 0, { wanted: decimal(1) }),
      { ratio: null, low: -1 },
    ],
  ])('%s', (_name, budget, expected) => {
    if (expected === null) expect(budget).toBeNull()
    else expect(budget).toMatchObject(expected)
  })

  test('is left exactly where the target is met, and may be left where it is not missed', () => {
    const part = fc.integer({ min: 0, max: 200 * 86_400_000 })
    fc.assert(
      fc.property(
        part,
        part,
        part,
        fc.integer({ min: 0, max: 100 }),
        (up, down, unknown, percent) => {
          fc.pre(up + down + unknown > 0)
          const wanted = fraction(percent, 100)
          const eligibleMs = up + down + unknown
          const sums = { eligibleMs, downMs: down, unknownMs: unknown }
          const { leftMs } = errorBudget({ sums, aheadMs: 0, weight: 1 }, wanted)!
          const low = fraction(up, eligibleMs)
          const high = fraction(up + unknown, eligibleMs)
          const verdict = verdictOf(low, high, wanted)
          expect([leftMs.low >= 0, leftMs.high >= 0]).toEqual([
            verdict === 'met',
            verdict !== 'not_met',
          ])
        },
      ),
    )
  })
})

test('each scope has a budget of the cycle and of 30 days; nobody outside is the nation', () => {
  const snapshot = metricsSnapshot()
  const aheadMs = (institution: string, environment: string) => {
    return institution === 'health' ? (environment === 'portal' ? 60_000 : 30_000) : 0
  }
  const weights = { critical: 4, important: 2, supporting: 1 }
  const rows = budgetRows(snapshot, { weights, aheadMs })
  const totalOf = (scope: string, id: string, window: string) =>
    rows.find(({ labels, ...row }) => {
      return labels[0] === scope && row.window === window && labels.slice(1).join('') === id
    })?.budget?.totalMs
  const { continuity, environments } = snapshot.institutions[0]!
  const eligible = (at: typeof continuity, window: 'cycle' | '30d') => at[window].sums!.eligibleMs
  const portal = environments[0]!.continuity
  const close = (ms: number) => expect.closeTo(ms, 6)
  expect(totalOf('environment', 'healthportal', '30d')).toEqual(close(eligible(portal, '30d') / 20))
  expect(totalOf('environment', 'healthportal', 'cycle')).toEqual(
    close((eligible(portal, 'cycle') + 60_000) / 20),
  )
  // Four of the portal and two of the records.
  const ahead = 4 * 60_000 + 2 * 30_000
  expect(totalOf('institution', 'health', 'cycle')).toEqual(
    close((eligible(continuity, 'cycle') + ahead) / 20 / 6),
  )
  const pooled = snapshot.nation.continuity.cycle.pooled.sums!.eligibleMs
  expect(totalOf('nation', '', 'cycle')).toEqual(close((pooled + ahead) / 20 / 14))
  expect(totalOf('institution', 'dhofar', 'cycle')).toBeUndefined()
  expect(rows).toHaveLength(2 * (1 + 3 + 4))
})
