import { describe, expect, test } from 'vitest'
import { closingOf, curveOf } from '../../../../collector/kpi/migration/curve.ts'
import { institutionFigures, nationFigures } from '../../../../collector/kpi/migration/figures.ts'
import { workloadRows } from '../../../../collector/kpi/migration/judge.ts'
import type {
  MigrationClosing,
  MigrationFinding,
  MigrationPart,
} from '../../../../collector/kpi/migration/result.ts'
import { wavesOf } from '../../../../collector/kpi/migration/waves.ts'
import type { Baseline, Workload } from '../../../../collector/kpi/migration/workload.ts'
import {
  baseline,
  environment,
  host,
  inHall,
  judgedOn,
  midnight,
  movedObservation,
  observedOf,
  registered,
  workload,
} from '../../../support/moving.ts'

const on = '2026-07-01'
const notYet = { state: 'planned', cutOverOn: null, startedOn: null } as const
const gone = { state: 'retired', retiredOn: '2026-03-01', cutOverOn: null } as const

/** A part of these workloads; the sources of those that are `gone` are silent. */
function partOf(
  changes: readonly Partial<Workload>[],
  baselines: readonly Baseline[] = [],
  exempt: readonly string[] = [],
): MigrationPart {
  const workloads = changes.map((each, index) => workload({ id: `w${index}`, weight: 1, ...each }))
  const observed = movedObservation({
    source: environment('own', [host('old', inHall, ['2026-01-01', '2026-03-01'])]),
  })
  const exemptions = exempt.map((id) => ({
    ...{ id: `x-${id}`, workload: id, reason: 'a contract', approvedBy: 'ministry' },
    ...{ approvedAt: midnight('2026-01-01'), expiresAt: midnight('2027-01-01') },
  }))
  const rows = workloadRows(
    registered(workloads, { baselines, exemptions }),
    observedOf(Object.fromEntries(workloads.map(({ id }) => [id, observed]))),
    judgedOn(on),
  )
  return { institution: 'ministry', rows, findings: [], baselines, closings: [] }
}

const figuresOf = (part: MigrationPart) => institutionFigures(part, judgedOn(on))

/** T15 with real workloads: twenty, of which six are retired by measurement. */
const cumulative = [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19, 20]
const twenty = Array.from({ length: 20 }, (_, index) => (index < 6 ? gone : notYet))
const promised = Object.fromEntries(
  twenty.map((_, index) => {
    const month = cumulative.findIndex((units) => units > index) + 1
    return [`w${index}`, `2026-${String(month).padStart(2, '0')}-28`]
  }),
)
const t15 = baseline('2026-01-01', promised)

describe('an institution', () => {
  test('T15 from workloads, a baseline and what was measured', () => {
    const figures = figuresOf(partOf(twenty, [t15]))
    expect(figures).toMatchObject({
      ...{ workloads: 20, weight: 20, late: 4, blocked: 0, findings: {} },
      done: { ratio: 0.3, percent: '30.00' },
      // Six whole ones and a fifth of fourteen: 8.8 of 20.
      earned: { ratio: 0.44, percent: '44.00' },
      schedule: { performance: 0.6, earnedMonths: 4, actualMonths: 6 },
    })
    expect(figures.schedule?.timePerformance?.toFixed(4)).toBe('0.6667')
    expect(figures.schedule?.forecast.finishAt).toBe(midnight('2027-07-01'))
  })
  test('weights, states, blocked and compliance; exempt ones are in no share', () => {
    const blocked = { reason: 'no line', since: '2026-03-01' }
    const changes = [
      { ...gone, weight: 1, blocked },
      { ...notYet, weight: 2, blocked },
      { ...notYet, weight: 4, blocked },
      { ...notYet, weight: 3, state: 'migrating' as const },
    ]
    const figures = figuresOf(partOf(changes, [], ['w2']))
    expect(figures).toMatchObject({
      ...{ workloads: 3, weight: 6, blocked: 1, schedule: null },
      states: {
        retired: { workloads: 1, weight: 1 },
        planned: { workloads: 1, weight: 2 },
        migrating: { workloads: 1, weight: 3 },
        exempt: { workloads: 1, weight: 4 },
        validated: { workloads: 0, weight: 0 },
      },
      // A sixth, rounded down; (1 + 2 x .2 + 3 x .6) / 6.
      done: { percent: '16.66' },
      earned: { percent: '53.33' },
      compliance: { compliant: 1, breach: 0, unknown: 2, exempt: 1 },
    })
    expect(figures.compliance).toMatchObject({
      low: { percent: '33.33' },
      high: { percent: '100.00' },
    })
  })
  test('the low of compliance is rounded down, the high up', () => {
    const { compliance } = figuresOf(
      partOf([gone, notYet, notYet], [baseline('2026-01-01', { w1: '2026-02-01' })]),
    )
    expect(compliance).toMatchObject({
      ...{ compliant: 1, breach: 1, unknown: 1 },
      low: { percent: '33.33' },
      high: { percent: '66.67' },
    })
  })
  test.each<[string, MigrationPart]>([
    ['without workloads', partOf([])],
    ['with exempt ones alone', partOf([notYet], [t15], ['w0'])],
  ])('%s nothing has a value', (_name, part) => {
    const figures = figuresOf(part)
    expect(figures).toMatchObject({ workloads: 0, done: null, earned: null, schedule: null })
    expect(figures.compliance).toMatchObject({ low: null, high: null })
    expect(closingOf(figures, '2026-06', 0, 0)).toBeNull()
  })
  test('findings are counted by kind', () => {
    const finding = (kind: MigrationFinding['kind']): MigrationFinding => ({
      ...{ kind, workload: 'w0', environment: null, hosts: [], since: null },
      ...{ declared: null, measured: null, mayBeEarlier: false },
    })
    const findings = [
      finding('target_silent'),
      finding('provider_differs'),
      finding('target_silent'),
    ]
    expect(figuresOf({ ...partOf([notYet]), findings }).findings).toEqual({
      target_silent: 2,
      provider_differs: 1,
    })
  })
  test('a re-baseline stands beside the first, the newest of several', () => {
    const again = [
      baseline('2026-06-01', { w0: '2026-06-15', w1: '2026-07-15' }, { number: 3 }),
      baseline('2026-01-01', { w0: '2026-02-01' }, { number: 2 }),
    ]
    const before = figuresOf(partOf(twenty, [t15])).schedule
    const after = figuresOf(partOf(twenty, [...again, t15])).schedule
    expect(after).toEqual({ ...before, rebaselined: { ratio: 0.5, percent: '50.00' } })
  })
})

describe('the nation', () => {
  const nation = (parts: readonly MigrationPart[], closings: MigrationClosing[] = []) =>
    nationFigures(parts, { institutions: 56, closings }, judgedOn(on))
  test('pools weights; its schedule is of those with a baseline alone', () => {
    const others = partOf([{ ...gone, weight: 20 }])
    const more = partOf([{ ...gone, weight: 10 }])
    const figures = nation([partOf(twenty, [t15]), others, more, partOf([])])
    expect(figures).toMatchObject({
      ...{ institutions: 56, withoutWorkloads: 53, withoutBaseline: 2, workloads: 22 },
      done: { percent: '72.00' },
      schedule: { performance: 0.6, earnedMonths: 4, rebaselined: null },
    })
  })
  test('its plan begins with the first of all, and is made anew where one was', () => {
    const other = baseline('2026-04-01', { w0: '2027-04-01' })
    const again = baseline('2026-06-01', { w0: '2027-05-01' }, { number: 2 })
    const { schedule } = nation([partOf(twenty, [t15]), partOf([notYet], [other, again])])
    expect(schedule).toMatchObject({
      startAt: midnight('2026-01-01'),
      plannedFinishAt: midnight('2027-04-01'),
      planned: { percent: '47.61' },
      rebaselined: { percent: '47.61' },
    })
  })
  test('its forecast has the band of its own closings', () => {
    const closing = (month: number, earnedMonths: number): MigrationClosing => ({
      ...{ month: `2026-0${month}`, end: 0, at: 0, done: '0.00', earned: '0.00', planned: null },
      earnedMonths,
    })
    const closings = [0.5, 1, 1.5, 2, 3, 4].map((each, index) => closing(index + 1, each))
    expect(nation([partOf(twenty, [t15])], closings).schedule?.forecast.latestAt).toBe(
      midnight('2027-11-01'),
    )
  })
  test('no institution has begun', () => {
    expect(nation([])).toMatchObject({
      ...{ withoutWorkloads: 56, withoutBaseline: 0, done: null, schedule: null },
    })
  })
})

describe('waves', () => {
  const waves = (changes: readonly Partial<Workload>[], exempt: readonly string[] = []) =>
    wavesOf(partOf(changes, [], exempt).rows)
  const blocked = { reason: 'no line', since: '2026-03-01' }
  test.each<[string, Partial<Workload>[], string]>([
    ['finished', [gone, { ...gone, plannedFinish: null }], 'finished'],
    ['on time', [gone, notYet], 'on_time'],
    [
      'late',
      [
        { ...notYet, plannedFinish: '2026-06-30' },
        { ...notYet, blocked },
      ],
      'late',
    ],
    [
      'blocked',
      [
        { ...notYet, blocked },
        { ...notYet, plannedFinish: null },
      ],
      'blocked',
    ],
    ['what is done is not blocked', [{ ...gone, blocked }, notYet], 'on_time'],
    ['not planned', [notYet, { ...notYet, plannedFinish: null }], 'not_planned'],
  ])('%s', (_name, changes, status) => {
    expect(waves(changes).map((wave) => wave.status)).toEqual([status])
  })
  test('from the first start to the last finish, with the share that is done', () => {
    const changes = [
      { ...gone, wave: 'a', plannedStart: null, plannedFinish: '2026-05-01', weight: 1 },
      { ...notYet, wave: 'a', plannedStart: '2026-02-01', plannedFinish: '2026-09-01' },
      { ...notYet, wave: 'a', plannedStart: '2026-01-15', plannedFinish: null },
      { ...notYet, wave: 'a', weight: 50 },
    ]
    expect(waves(changes, ['w3'])).toEqual([
      {
        ...{ name: 'a', startOn: '2026-01-15', finishOn: '2026-09-01', workloads: 3 },
        ...{ done: { ratio: 1 / 3, percent: '33.33' }, status: 'not_planned' },
      },
    ])
  })
  test('by their start, then by name; those without a start, and without a wave, last', () => {
    const of = (wave: string | null, plannedStart: string | null) => ({
      ...notYet,
      wave,
      plannedStart,
    })
    const changes = [
      of(null, '2025-01-01'),
      of('z', null),
      of('c', '2026-01-01'),
      of('y', null),
      of('b', '2026-02-01'),
      of('a', '2026-02-01'),
    ]
    expect(waves(changes).map(({ name }) => name)).toEqual(['c', 'a', 'b', 'y', 'z', null])
    expect(waves(changes.toReversed()).map(({ name }) => name)).toEqual([
      'c',
      'a',
      'b',
      'y',
      'z',
      null,
    ])
  })
})

describe('the curve', () => {
  const closing = (month: string, nextMonth: string, done: string): MigrationClosing => ({
    ...{ month, end: midnight(`${nextMonth}-01`), at: midnight(`${nextMonth}-01`), done },
    ...{ earned: '20.00', planned: null, earnedMonths: null },
  })
  const context = judgedOn('2026-07-11')
  const curve = (part: MigrationPart, closings: readonly MigrationClosing[] = []) =>
    curveOf([part], closings, institutionFigures(part, context), context)
  const days = (points: readonly { readonly at: number }[]) =>
    points.map(({ at }) => new Date(at + 4 * 3_600_000).toISOString().slice(0, 10))

  test('the ends of months from the start of the plan to its finish, and now', () => {
    const part = partOf(
      [gone, notYet],
      [baseline('2026-05-16', { w0: '2026-07-01', w1: '2026-09-01' })],
    )
    const points = curve(part, [closing('2026-06', '2026-07', '25.00')])
    expect(days(points)).toEqual([
      ...['2026-05-16', '2026-06-01', '2026-07-01', '2026-07-11', '2026-08-01', '2026-09-01'],
      ...['2026-09-05', '2026-09-16'],
    ])
    const at = (day: string) => points[days(points).indexOf(day)]
    const none = { rebaselined: null, done: null, earned: null, forecast: null }
    expect(at('2026-05-16')).toEqual({ at: midnight('2026-05-16'), planned: 0, ...none })
    expect(at('2026-06-01')).toEqual({ at: midnight('2026-06-01'), planned: 0, ...none })
    expect(at('2026-07-01')).toMatchObject({
      planned: 0.25,
      done: 0.25,
      earned: 0.2,
      forecast: null,
    })
    expect(at('2026-07-11')).toMatchObject({ done: 0.5, earned: 0.6, forecast: 0.5 })
    // The forecast line goes evenly to its end.
    expect(at('2026-08-01')?.forecast).toBeCloseTo(0.5 + (0.5 * 21) / (56 + 2 / 3), 6)
    expect(at('2026-08-01')?.done).toBeNull()
    expect(at('2026-09-05')?.forecast).toBe(1)
    expect(at('2026-09-16')).toMatchObject({ planned: 1, forecast: null })
  })
  test('a re-baseline has its own line from its start on', () => {
    const again = baseline('2026-07-01', { w0: '2026-07-15' }, { number: 2 })
    const points = curve(partOf([notYet], [baseline('2026-05-01', { w0: '2026-09-01' }), again]))
    expect(points.map(({ rebaselined }) => rebaselined)).toEqual([
      ...[null, null, 0, 10 / 31, 1, 1],
    ])
  })
  test('without a plan: what closed, and now', () => {
    const points = curve(partOf([gone, notYet]), [closing('2026-04', '2026-05', '0.00')])
    expect(points.map(({ done, planned }) => [done, planned])).toEqual([
      ...[
        [0, null],
        [null, null],
        [null, null],
        [0.5, null],
      ],
    ])
    expect(days(points)).toEqual(['2026-05-01', '2026-06-01', '2026-07-01', '2026-07-11'])
  })
  test('now at the end of a month that closed: the figures of now', () => {
    const part = partOf([gone, notYet])
    const now = judgedOn('2026-08-01')
    const figures = institutionFigures(part, now)
    const points = curveOf([part], [closing('2026-07', '2026-08', '25.00')], figures, now)
    expect(points.map(({ done }) => done)).toEqual([0.5])
  })
  test('with exempt workloads alone the past is left', () => {
    const part = partOf([notYet], [], ['w0'])
    expect(curve(part)).toEqual([])
    expect(curve(part, [closing('2026-06', '2026-07', '25.00')])).toMatchObject([
      { done: 0.25 },
      { done: null, earned: null },
    ])
  })
  test('it ends after twenty years, wherever the forecast lies', () => {
    const many = Array.from({ length: 60 }, () => notYet)
    const finishes = Object.fromEntries(many.map((_, index) => [`w${index}`, '2026-02-01']))
    const part = partOf(
      [gone, ...many],
      [baseline('2026-01-01', { ...finishes, w60: '2026-02-01' })],
    )
    const points = curve(part)
    expect(institutionFigures(part, context).schedule?.forecast.finishAt).toBeGreaterThan(
      midnight('2056-01-01'),
    )
    expect(days(points).at(-1)).toBe('2046-01-01')
    expect(points.length).toBe(242)
  })
  test('a month closes with what is published', () => {
    const figures = figuresOf(partOf(twenty, [t15]))
    const rest = { month: '2026-06', end: 1, at: 2, done: '30.00', earned: '44.00' }
    expect(closingOf(figures, '2026-06', 1, 2)).toEqual({
      ...rest,
      ...{ planned: '50.00', earnedMonths: 4 },
    })
    expect(closingOf({ ...figures, schedule: null }, '2026-06', 1, 2)).toEqual({
      ...rest,
      ...{ planned: null, earnedMonths: null },
    })
  })
})
