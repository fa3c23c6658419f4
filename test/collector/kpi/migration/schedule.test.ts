import { describe, expect, test } from 'vitest'
import { fraction } from '../../../../collector/kpi/fraction.ts'
import type { MigrationClosing } from '../../../../collector/kpi/migration/result.ts'
import {
  earnedMonths,
  planOf,
  promisedShare,
  scheduleOf,
} from '../../../../collector/kpi/migration/schedule.ts'
import { baseline, judgedOn, midnight } from '../../../support/moving.ts'

/** A baseline of one unit for each finish. */
function promises(startOn: string, finishes: readonly string[]) {
  return baseline(startOn, Object.fromEntries(finishes.map((day, index) => [`w${index}`, day])))
}

/** T15: what is promised by the end of each of twelve months, in units. */
const cumulative = [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20]
const t15 = promises(
  '2026-01-01',
  cumulative.flatMap((units, index) => {
    const month = String(index + 1).padStart(2, '0')
    return Array.from({ length: units - (cumulative[index - 1] ?? 0) }, () => `2026-${month}-15`)
  }),
)

function closing(month: string, earnedMonths: number | null): MigrationClosing {
  const rest = { end: 0, at: 0, done: '0.00', earned: '0.00', planned: null }
  return { month, ...rest, earnedMonths }
}

/** Closings of months one after the other, from January 2026 on or another one. */
function closings(earned: readonly (number | null)[], first = 1, year = 2026): MigrationClosing[] {
  return earned.map((each, index) => {
    return closing(`${year}-${String(index + first).padStart(2, '0')}`, each)
  })
}

function schedule(
  done: readonly [number, number],
  on: string,
  past: readonly MigrationClosing[] = [],
  plan = planOf([t15]),
) {
  return scheduleOf(plan, null, fraction(...done), past, judgedOn(on))
}

describe('T15', () => {
  test('after six months six of twenty are done: SPI .60, SPI(t) .6667, 18 months', () => {
    expect(schedule([6, 20], '2026-07-01')).toEqual({
      startAt: midnight('2026-01-01'),
      plannedFinishAt: midnight('2027-01-01'),
      planned: { ratio: 0.5, percent: '50.00' },
      rebaselined: null,
      earnedMonths: 4,
      actualMonths: 6,
      performance: 0.6,
      timePerformance: 4 / 6,
      forecast: {
        status: 'forecast',
        finishAt: midnight('2027-07-01'),
        earliestAt: null,
        latestAt: null,
      },
    })
  })
  test('the plan grows evenly inside of a month, by its own days', () => {
    const plan = planOf([t15])
    expect(promisedShare(plan, fraction(5, 2))).toEqual(fraction(2 * 2 + 2, 20 * 2))
    expect(schedule([6, 20], '2026-02-15').planned.ratio).toBeCloseTo(1.5 / 20, 12)
    expect(schedule([6, 20], '2026-02-15').actualMonths).toBe(1.5)
    expect(promisedShare(plan, fraction(12, 1))).toEqual(fraction(1, 1))
    expect(promisedShare(plan, fraction(40, 1))).toEqual(fraction(1, 1))
  })
  test('a share between two ends of months has earned a part of the next', () => {
    const { earnedMonths, forecast } = schedule([7, 20], '2026-07-01')
    expect(earnedMonths).toBe(4.5)
    // 12 x 6 / 4.5 = 16 months.
    expect(forecast.finishAt).toBe(midnight('2027-05-01'))
  })
})

describe('months of a plan', () => {
  test.each([
    ['the day on which a month ends is still in it', '2026-02-01', 1],
    ['the day after is not', '2026-02-02', 2],
    ['what was promised before the start is of the first', '2025-06-01', 1],
  ])('%s', (_name, day, length) => {
    expect(planOf([promises('2026-01-01', [day])]).promised.length - 1).toBe(length)
  })
  test('from the last day of January months end on the last day of shorter ones', () => {
    const plan = planOf([promises('2026-01-31', ['2026-02-28', '2026-03-01', '2026-03-31'])])
    expect(plan.promised).toEqual([0, 1, 3])
    const { actualMonths, plannedFinishAt } = schedule([0, 1], '2026-02-28', [], plan)
    expect([actualMonths, plannedFinishAt]).toEqual([1, midnight('2026-03-31')])
  })
  test('several baselines make one plan from the earliest start on, by weight', () => {
    const heavy = promises('2026-02-01', ['2026-03-10'])
    const weighted = {
      ...heavy,
      workloads: heavy.workloads.map((each) => ({ ...each, weight: 5 })),
    }
    expect(planOf([weighted, promises('2026-01-01', ['2026-01-10'])])).toEqual({
      startOn: '2026-01-01',
      promised: [0, 1, 1, 6],
    })
  })
})

describe('earned months', () => {
  // Nothing is promised in the first two months and in the fifth.
  const plan = planOf([promises('2026-01-01', ['2026-03-10', '2026-04-10', '2026-06-10'])])
  test.each<[string, [number, number], number, number]>([
    ['nothing done, nothing promised yet: on time', [0, 3], 1, 1],
    ['nothing done: no more than the months without a promise', [0, 3], 5, 2],
    ['ahead: all months up to the standstill', [2, 3], 2, 4],
    ['in the standstill: as many as have passed', [2, 3], 4.5, 4.5],
    ['after the standstill: all of it', [2, 3], 7, 5],
    ['half of the last one', [5, 6], 7, 5.5],
    ['half of the last one, early: half of the way there from the last promise', [5, 6], 4, 5],
    ['half of the last one, on the way', [5, 6], 5.25, 5.25],
    ['some before anything is promised, later than that', [1, 6], 2, 2],
    ['some before anything is promised, and early', [1, 6], 1, 1.5],
    ['all', [3, 3], 9, 6],
    ['all, early', [3, 3], 1, 6],
  ])('%s', (_name, done, passed, expected) => {
    const { over, under } = earnedMonths(plan, fraction(...done), fraction(passed * 4, 4))
    expect(Number(over) / Number(under)).toBe(expected)
  })
})

describe('the forecast', () => {
  test.each<[string, [number, number], string, string]>([
    ['before the start', [0, 20], '2025-12-31', 'not_started'],
    ['at the start', [0, 20], '2026-01-01', 'not_started'],
    ['nothing done', [0, 20], '2026-01-02', 'no_progress'],
    [
      'so little that it would take more than a hundred years',
      [1, 9999],
      '2027-01-01',
      'no_progress',
    ],
    ['all done', [20, 20], '2026-05-01', 'finished'],
    ['all done before the start', [20, 20], '2025-05-01', 'finished'],
  ])('%s', (_name, done, on, status) => {
    const without = { finishAt: null, earliestAt: null, latestAt: null }
    expect(schedule(done, on).forecast).toEqual({ status, ...without })
  })
  test('no ratios before there is something to divide by', () => {
    expect(schedule([0, 20], '2026-01-01')).toMatchObject({
      ...{ performance: null, timePerformance: null, actualMonths: 0, earnedMonths: 0 },
    })
    expect(schedule([0, 20], '2026-01-02')).toMatchObject({ performance: 0, timePerformance: 0 })
  })
  test('nothing was promised yet, nothing is done: the finish is that of the plan', () => {
    const plan = planOf([promises('2026-01-01', ['2026-06-30'])])
    const { forecast, performance } = schedule([0, 1], '2026-03-01', [], plan)
    expect(forecast).toMatchObject({ status: 'forecast', finishAt: midnight('2026-07-01') })
    expect(performance).toBeNull()
  })
  test('the newest re-baseline is shown beside, and changes nothing else', () => {
    const later = planOf([promises('2026-07-01', ['2026-07-20', '2027-03-01'])])
    const before = schedule([6, 20], '2026-08-01')
    const after = scheduleOf(planOf([t15]), later, fraction(6, 20), [], judgedOn('2026-08-01'))
    expect(after).toEqual({ ...before, rebaselined: { ratio: 0.5, percent: '50.00' } })
  })
})

describe('the band of the forecast', () => {
  /** Months still to go at the forecast, the best and the worst quarter. */
  const band = (past: readonly MigrationClosing[], done: [number, number] = [6, 20]) => {
    const { earliestAt, latestAt } = schedule(done, '2026-07-01', past).forecast
    return [earliestAt, latestAt]
  }
  test('best and worst of the quarters from the start of the plan on', () => {
    // 1.5 and 2.5 months earned: eight are left at 2.5 / 3 and at 1.5 / 3 a month.
    expect(band(closings([0.5, 1, 1.5, 2, 3, 4]))).toEqual([
      // 9.6 months after the first of July: six tenths of April.
      midnight('2027-04-01') + 0.6 * 30 * 86_400_000,
      midnight('2027-11-01'),
    ])
  })
  test.each<[string, MigrationClosing[]]>([
    ['one quarter is no band', closings([0.5, 1, 1.5, 2, 3])],
    ['a month without a value breaks the row', closings([0.5, 1, 1.5, null, 3, 4])],
    ['a month that did not close does', closings([0.5, 1, 1.5, 2, 3, 4]).toSpliced(1, 1)],
    ['closings before the start do not count', closings([0, 0, 0, 0, 0, 0, 0], 6, 2025)],
  ])('%s', (_name, past) => {
    expect(band(past)).toEqual([null, null])
  })
  test('a quarter without progress: the latest is never', () => {
    const [earliestAt, latestAt] = band(closings([0, 0, 0, 2, 3, 4]))
    expect(latestAt).toBeNull()
    expect(earliestAt).toBe(midnight('2027-01-01'))
  })
  test('a quarter in which it fell back too', () => {
    expect(band(closings([3, 4, 5, 5, 4, 4]))[1]).toBeNull()
  })
  test('the pace so far is one of them, so that the forecast is never outside', () => {
    // Both quarters were slower than all of it: the newest month was the fastest.
    const { finishAt, earliestAt, latestAt } = schedule(
      [6, 20],
      '2026-07-01',
      closings([0.2, 0.3, 0.5, 0.7, 0.8, 1]),
    ).forecast
    expect(earliestAt).toBe(finishAt)
    expect(latestAt).toBe(midnight('2030-07-01'))
  })
  test('where the plan starts inside of a month, from the end of that month on', () => {
    const plan = planOf([{ ...t15, startOn: '2026-01-15' }])
    const of = (past: MigrationClosing[]) => schedule([6, 20], '2026-08-15', past, plan).forecast
    expect(of(closings([0.5, 1, 1.5, 2, 3, 4])).earliestAt).toBeNull()
    expect(of(closings([0.5, 1, 1.5, 2, 3, 4, 5])).earliestAt).not.toBeNull()
  })
})
