import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { monthAt, monthBefore } from '../../../collector/kpi/month.ts'
import type { Model } from '../../../collector/kpi/readiness/model.ts'
import type { IndicatorRow, InstitutionReadiness } from '../../../collector/kpi/readiness/result.ts'
import {
  keptInstitution,
  keptNation,
  type MonthClosing,
  trendOf,
} from '../../../collector/kpi/readiness/trend.ts'
import { foldMonths, readinessTrend } from '../../../collector/register/readiness-months.ts'

const percent = fc.integer({ min: 0, max: 10_000 }).map((n) => (n / 100).toFixed(2))
const score = (low: string, high = '100.00') => ({ low, observed: null, high })
const model = {
  id: 'om-infra',
  version: '1.0.0',
  hash: 'a'.repeat(64),
  status: 'approved',
} as const

function closing(month: string, lows: readonly [string, string], more: object = {}): MonthClosing {
  const [d1, d2] = lows
  const low = (0.75 * Number(d1) + 0.25 * Number(d2)).toFixed(2)
  return {
    ...{ month, end: Date.parse(`${month}-28`), model, stage: 'measured', level: null },
    ...{ index: score(low), indicators: { 'd1.a': 0.75 * Number(d1), 'd2.b': 0.25 * Number(d2) } },
    dimensions: { d1: { weight: 75, ...score(d1) }, d2: { weight: 25, ...score(d2) } },
    ...more,
  }
}

describe('a trend', () => {
  const first = closing('2027-01', ['60.00', '80.00'])
  const second = closing('2027-02', ['64.00', '72.00'])

  test('says what moved each point by dimension and indicator, the largest first', () => {
    const [a, b] = trendOf([first, second])
    expect(a).toMatchObject({ isComparable: true, moved: null })
    expect(b?.moved).toEqual({
      ...{ since: '2027-01', points: 1, restPoints: 0 },
      dimensions: [
        { id: 'd1', points: 3 },
        { id: 'd2', points: -2 },
      ],
      indicators: [
        { id: 'd1.a', points: 3 },
        { id: 'd2.b', points: -2 },
      ],
    })
  })

  test.each([
    ['version', { version: '1.1.0' }],
    ['hash', { hash: 'b'.repeat(64) }],
    ['id', { id: 'other' }],
  ])('a point under another %s of the model is not compared', (_name, change) => {
    const other = { ...second, model: { ...model, ...change } }
    const [, b, c] = trendOf([first, other, { ...other, month: '2027-03' }])
    expect(b).toMatchObject({ isComparable: false, moved: null })
    expect(c).toMatchObject({ isComparable: true, moved: { points: 0, dimensions: [] } })
  })

  test('what is not known moves nothing, and a rest is told', () => {
    const [, b] = trendOf([first, { ...second, indicators: null, index: score('66.05') }])
    expect(b?.moved).toMatchObject({ indicators: null, points: 1.05, restPoints: 0.05 })
    const [, c] = trendOf([first, { ...second, index: null }])
    expect(c).toMatchObject({ isComparable: true, moved: null })
  })

  test('a dimension that only one of both has moves by all that it adds', () => {
    const { d1 } = second.dimensions
    const [, b] = trendOf([first, { ...second, dimensions: { d1: d1! } }])
    expect(b?.moved?.dimensions).toContainEqual({ id: 'd2', points: -20 })
  })
})

test('moves and the rest add up to what the index moved by, whatever moved', () => {
  const lows = fc.tuple(percent, percent)
  fc.assert(
    fc.property(lows, lows, (a, b) => {
      const [, point] = trendOf([closing('2027-01', a), closing('2027-02', b)])
      const { points, dimensions, restPoints } = point!.moved!
      const sum = dimensions.reduce((all, each) => all + each.points, restPoints)
      expect(sum).toBeCloseTo(points, 6)
      expect(Math.abs(restPoints)).toBeLessThanOrEqual(0.02)
    }),
  )
})

describe('what the log keeps', () => {
  const bound = (ratio: number) => ({ ratio, percent: (100 * ratio).toFixed(2) })
  const row = (id: string, weight: number, low: number, status = 'measured') =>
    ({ id, dimension: id.slice(0, 2), weight, low: bound(low), status }) as IndicatorRow
  const weights = {
    dimensions: [
      { id: 'd1', weight: 75 },
      { id: 'd2', weight: 25 },
    ],
  } as unknown as Model
  const of = (low: number, more: object = {}) => ({ ...bounds(low), isValid: true, ...more })
  const bounds = (low: number) => ({ low: bound(low), observed: null, high: bound(1) })
  const readiness = {
    ...{ stage: 'measured', index: { ...bounds(0.6), verdict: 'not_met' }, level: null },
    dimensions: [
      { id: 'd1', ...of(0.5) },
      { id: 'd2', ...of(0.9) },
    ],
  } as unknown as InstitutionReadiness

  test('indicators add up to the index, whatever does not apply', () => {
    const rows = [
      row('d1.a', 0.5, 0.5),
      row('d1.b', 0.25, 1, 'not_applicable'),
      row('d2.c', 0.25, 0.9),
    ]
    const kept = keptInstitution(readiness, rows, weights)
    expect(kept.indicators).toEqual({ 'd1.a': 37.5, 'd2.c': 22.5 })
    expect(kept).toMatchObject({ index: { low: '60.00' }, dimensions: { d1: { weight: 75 } } })
  })

  test('an invalid dimension adds nothing', () => {
    const dimensions = [readiness.dimensions[0]!, { ...readiness.dimensions[1]!, isValid: false }]
    const kept = keptInstitution({ ...readiness, dimensions }, [row('d2.c', 0.25, 0.9)], weights)
    expect(kept.indicators).toEqual({})
  })

  test('of the nation the mean over all members, or nothing where one is not known', () => {
    const nation = { index: null, members: 2, dimensions: [] } as never
    const kept = keptInstitution(readiness, [row('d2.c', 0.25, 0.9)], weights)
    expect(keptNation(nation, [kept], weights).indicators).toEqual({ 'd2.c': 11.25 })
    const unknown = { ...kept, indicators: null }
    expect(keptNation(nation, [kept, unknown], weights).indicators).toBeNull()
  })
})

describe('the log of months', () => {
  const entry = {
    ...{ actor: 'collector', role: 'admin', what: 'readiness-month/2027-01', why: 'over' },
    ...{ before: null, after: closing('2027-01', ['1.00', '2.00']), effectiveFrom: 1 },
  }
  const months = (...entries: object[]) =>
    readinessTrend(
      entries.map((each) => ({ ...entry, ...each })),
      null,
    ).map(({ month }) => month)

  test('closes a month once, and never one before another', () => {
    const next = { what: 'readiness-month/2027-02', after: closing('2027-02', ['1.00', '2.00']) }
    expect(months({}, {}, next, {})).toEqual(['2027-01', '2027-02'])
    const own = { what: 'readiness-month/2027-01/health' }
    expect(foldMonths(new Map(), [{ ...entry, ...own }]).get('health')).toHaveLength(1)
  })

  test.each([
    ['somebody else', { actor: 'amal' }],
    ['a change', { before: entry.after }],
    ['another month', { what: 'readiness-month/2027-02' }],
    ['no month', { what: 'readiness-month/2027-13' }],
    ['a score that is none', { after: { ...entry.after, index: score('high') } }],
    ['no model', { after: { ...entry.after, model: null } }],
    ['indicators that are none', { after: { ...entry.after, indicators: { a: 'x' } } }],
    ['nothing', { after: null }],
  ])('%s counts for nothing', (_name, change) => {
    expect(months(change)).toEqual([])
  })
})

describe('months', () => {
  test('are those of the zone', () => {
    const at = Date.parse('2027-01-31T20:00:00Z')
    expect(monthAt(at, 'Asia/Muscat')).toMatchObject({ id: '2027-02', from: at })
    expect(monthBefore(at, 'Asia/Muscat')).toMatchObject({ id: '2027-01', to: at })
    expect(monthAt(at - 1, 'Asia/Muscat').id).toBe('2027-01')
    expect(monthBefore(Date.parse('2027-01-10T00:00:00Z'), 'UTC').id).toBe('2026-12')
  })
})
