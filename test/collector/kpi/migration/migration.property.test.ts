import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fraction, fraction, isAtLeast } from '../../../../collector/kpi/fraction.ts'
import {
  afterMonths,
  dayAt,
  endOf,
  monthsUntil,
  startOf,
} from '../../../../collector/kpi/migration/calendar.ts'
import { institutionFigures, nationFigures } from '../../../../collector/kpi/migration/figures.ts'
import { migrationFindings } from '../../../../collector/kpi/migration/findings.ts'
import { isDone, workloadRows } from '../../../../collector/kpi/migration/judge.ts'
import type { WorkloadObservation } from '../../../../collector/kpi/migration/observation.ts'
import type { MigrationPart } from '../../../../collector/kpi/migration/result.ts'
import {
  earnedMonths,
  type Plan,
  planOf,
  promisedShare,
  scheduleOf,
} from '../../../../collector/kpi/migration/schedule.ts'
import {
  type Baseline,
  claimedStates,
  strategies,
  type Workload,
} from '../../../../collector/kpi/migration/workload.ts'
import {
  continuity,
  environment,
  host,
  inHall,
  inSky,
  judgedOn,
  midnight,
  observedOf,
  registered,
  untold,
  workload,
} from '../../../support/moving.ts'

const on = '2026-07-01'
const dayIn = (from: string, to: string) =>
  fc
    .integer({ min: 0, max: (Date.parse(to) - Date.parse(from)) / 86_400_000 })
    .map((days) => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10))
const perhaps = <T>(each: fc.Arbitrary<T>) => fc.option(each, { nil: null })

const workloads = fc.record({
  ...{
    state: fc.constantFrom(...claimedStates),
    strategy: perhaps(fc.constantFrom(...strategies)),
  },
  ...{ weight: fc.integer({ min: 1, max: 100 }), isRolledBack: fc.boolean() },
  provider: fc.constantFrom('sky', 'sky', 'house', 'cellar', null),
  dataClass: fc.constantFrom('public', 'restricted', null),
  source: fc.constantFrom({ environment: 'own', hosts: [] }, null),
  cutOverOn: dayIn('2026-04-01', '2026-06-10'),
  retiredOn: dayIn('2026-04-01', '2026-06-10'),
  serviceSince: perhaps(dayIn('2020-01-01', '2026-04-01')),
  plannedFinish: perhaps(dayIn('2026-02-01', '2027-06-01')),
  blocked: perhaps(fc.constant({ reason: 'no line', since: '2026-03-01' })),
}) satisfies fc.Arbitrary<Partial<Workload>>

const hosts = (name: string, ...told: (typeof inSky)[]) =>
  fc
    .tuple(
      fc.constantFrom(...told),
      dayIn('2026-04-01', '2026-06-10'),
      dayIn('2026-05-01', '2026-06-29'),
      fc.constantFrom('active', 'active', 'active', 'quarantined', 'revoked', 'pending'),
    )
    .map(([each, from, to, status]) => host(name, each, [from, to], { status: status as 'active' }))

const levels = perhaps(fc.constantFrom(0.9, 0.94, 0.95, 0.99, 1).map((low) => continuity(low)))

const observations: fc.Arbitrary<WorkloadObservation> = fc.record({
  source: perhaps(
    fc
      .array(hosts('old', inHall, inHall, untold), { maxLength: 2 })
      .map((all) => environment('own', all)),
  ),
  target: perhaps(
    fc
      .array(hosts('new', inSky, inSky, inSky, inHall, untold), { maxLength: 3 })
      .map((all) => environment('cloud', all)),
  ),
  ...{ before: levels, after: levels, points: fc.constant([]) },
})

type Drawn = { readonly of: Partial<Workload>; readonly seen: WorkloadObservation }
const anything: fc.Arbitrary<Drawn> = fc.record({ of: workloads, seen: observations })
/** Moved in all but what a few of its days tell. */
const almostMoved: fc.Arbitrary<Drawn> = fc
  .record({ weight: fc.integer({ min: 1, max: 100 }), first: dayIn('2026-05-25', '2026-06-01') })
  .map(({ weight, first }) => ({
    of: { weight, cutOverOn: '2026-04-10' },
    seen: {
      source: environment('own', [host('old', inHall, ['2026-04-01', '2026-04-12'])]),
      target: environment('cloud', [host('new', inSky, [first, '2026-06-29'])]),
      ...{ before: continuity(0.99), after: continuity(0.99), points: [] },
    },
  }))
const drawn = fc.oneof(anything, almostMoved)

/** Workloads with exemptions, in force or expired, of every fifth. */
const institutions = fc.array(drawn, { maxLength: 12 })

function partOf(all: readonly Drawn[], baselines: readonly Baseline[] = []): MigrationPart {
  const context = judgedOn(on)
  const own = all.map(({ of }, index) => workload({ ...of, id: `w${index}` }))
  const exemptions = own
    .filter((_, index) => index % 5 === 4)
    .map(({ id }, index) => ({
      ...{ id: `x-${id}`, workload: id, reason: 'a contract', approvedBy: 'ministry' },
      approvedAt: midnight('2026-01-01'),
      expiresAt: midnight(index % 2 === 0 ? '2027-01-01' : '2026-06-01'),
    }))
  const register = registered(own, { exemptions, baselines })
  const seen = Object.fromEntries(all.map((each, index) => [`w${index}`, each.seen]))
  const observed = observedOf(seen)
  const rows = workloadRows(register, observed, context)
  const findings = migrationFindings(register, rows, observed, context)
  return { institution: 'ministry', rows, findings, baselines, closings: [] }
}

const figuresOf = (part: MigrationPart) => institutionFigures(part, judgedOn(on))

const baselines = (number = 1) =>
  fc
    .record({
      startOn: dayIn('2025-06-01', '2026-07-20'),
      workloads: fc.array(
        fc.record({
          weight: fc.integer({ min: 1, max: 100 }),
          finishOn: dayIn('2026-01-01', '2028-01-01'),
        }),
        { minLength: 1, maxLength: 12 },
      ),
    })
    .map(({ startOn, workloads }) => ({
      ...{ number, startOn, approvedAt: midnight(startOn) },
      workloads: workloads.map((each, index) => ({ id: `w${index}`, ...each })),
    }))

const numberOf = ({ over, under }: Fraction) => Number(over) / Number(under)

describe('progress', () => {
  test('every share is within 0 and 1, what is done is earned, compliance low is not above high', () => {
    let moved = 0
    fc.assert(
      fc.property(institutions, baselines(), (all, baseline) => {
        const part = partOf(all, [baseline])
        const { done, earned, compliance, schedule, weight, states } = figuresOf(part)
        moved += states.validated.workloads
        expect(done === null).toBe(weight === 0)
        if (done === null || earned === null) return
        expect(done.ratio).toBeGreaterThanOrEqual(0)
        expect(done.ratio).toBeLessThanOrEqual(earned.ratio)
        expect(earned.ratio).toBeLessThanOrEqual(1)
        expect(compliance.low?.ratio).toBeLessThanOrEqual(compliance.high!.ratio)
        expect(schedule?.planned.ratio).toBeGreaterThanOrEqual(0)
        expect(schedule?.planned.ratio).toBeLessThanOrEqual(1)
      }),
      { numRuns: 300 },
    )
    // Else nothing was said of what is done.
    expect(moved).toBeGreaterThan(20)
  })
  test('one more workload that is not done never raises what is done', () => {
    fc.assert(
      fc.property(institutions, drawn, (all, each) => {
        const before = figuresOf(partOf(all))
        const part = partOf([...all, each])
        fc.pre(!isDone(part.rows.at(-1)!.state))
        expect(figuresOf(part).done?.ratio ?? 0).toBeLessThanOrEqual(before.done?.ratio ?? 1)
      }),
    )
  })
  test('a re-baseline changes nothing but what stands beside', () => {
    fc.assert(
      fc.property(institutions, baselines(), baselines(2), (all, first, second) => {
        const { rebaselined: _, ...before } = figuresOf(partOf(all, [first])).schedule ?? {}
        const after = figuresOf(partOf(all, [first, second]))
        const { rebaselined: __, ...schedule } = after.schedule ?? {}
        expect({ ...after, schedule }).toEqual({
          ...figuresOf(partOf(all, [first])),
          schedule: before,
        })
      }),
    )
  })
  test('a nation of one institution has its figures; the order of workloads changes none', () => {
    fc.assert(
      fc.property(institutions, baselines(), (all, baseline) => {
        const part = partOf(all, [baseline])
        const figures = figuresOf(part)
        const nation = nationFigures([part], { institutions: 1, closings: [] }, judgedOn(on))
        expect(nation).toEqual({
          ...figures,
          ...{ institutions: 1, withoutBaseline: 0, withoutWorkloads: all.length === 0 ? 1 : 0 },
        })
        expect(figuresOf({ ...part, rows: part.rows.toReversed() })).toEqual(figures)
      }),
    )
  })
})

describe('what is not known validates nothing', () => {
  const hidden: Record<string, (each: WorkloadObservation) => WorkloadObservation> = {
    'no continuity after': (each) => ({ ...each, after: null }),
    'no target': (each) => ({ ...each, target: null }),
    'no source': (each) => ({ ...each, source: null }),
    'hosts of the target that tell nothing': (each) => ({
      ...each,
      target: environment('cloud', [host('new', untold, ['2026-04-01', '2026-06-29'])]),
    }),
  }
  test.each(Object.entries(hidden))('%s', (name, hide) => {
    fc.assert(
      fc.property(drawn, ({ of, seen }) => {
        const source = { environment: 'own', hosts: [] }
        const claims = {
          ...of,
          state: 'cut_over',
          ...(name === 'no source' && { source }),
        } as const
        const [row] = partOf([{ of: claims, seen: hide(seen) }]).rows
        expect(row?.state).toBe('cut_over')
      }),
    )
  })
  test('no policy; and one day less in the target is never more', () => {
    const state = (each: Drawn, policy = judgedOn(on).policy) => {
      const observed = observedOf({ w: each.seen })
      const one = workload({ ...each.of, id: 'w', state: 'cut_over' })
      return workloadRows(registered([one]), observed, { ...judgedOn(on), policy })[0]?.state
    }
    fc.assert(
      fc.property(drawn, fc.nat(), ({ of, seen }, number) => {
        expect(state({ of, seen }, null)).toBe('cut_over')
        const forget = (told: Told) => (told.cloud === 'openstack' ? { ...told, ...untold } : told)
        const less = seen.target?.hosts.map((each) => {
          const at = number % Math.max(1, each.days.length)
          return {
            ...each,
            days: each.days.map((told, index) => (index === at ? forget(told) : told)),
          }
        })
        const target = less ? environment('cloud', less) : null
        if (state({ of, seen: { ...seen, target } }) === 'validated') {
          expect(state({ of, seen })).toBe('validated')
        }
      }),
    )
  })
})

type Told = ReturnType<typeof host>['days'][number]

describe('schedule', () => {
  const plans = fc.array(baselines(), { minLength: 1, maxLength: 3 }).map(planOf)
  const lengthOf = ({ promised }: Plan) => promised.length - 1
  const shares = fc
    .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
    .map(([a, b]) => fraction(Math.min(a, b), b))
  const months = fc.integer({ min: 0, max: 600 }).map((tenths) => fraction(tenths, 10))

  test('who has done what was promised by now has earned the months that passed, exactly', () => {
    fc.assert(
      fc.property(plans, months, (plan, passed) => {
        fc.pre(isAtLeast(fraction(lengthOf(plan), 1), passed))
        const earned = earnedMonths(plan, promisedShare(plan, passed), passed)
        expect(earned.over * passed.under).toBe(passed.over * earned.under)
      }),
    )
  })
  test('more done never earns less; what is earned was promised for no more than is done', () => {
    fc.assert(
      fc.property(plans, months, shares, shares, (plan, passed, a, b) => {
        const [less, more] = isAtLeast(a, b) ? [b, a] : [a, b]
        const earned = earnedMonths(plan, less, passed)
        expect(isAtLeast(earnedMonths(plan, more, passed), earned)).toBe(true)
        expect(isAtLeast(less, promisedShare(plan, earned))).toBe(true)
        expect(numberOf(earned)).toBeLessThanOrEqual(lengthOf(plan))
      }),
    )
  })
  test('the forecast lies inside its band, and not before now', () => {
    let bands = 0
    const past = fc
      .array(fc.integer({ min: 0, max: 150 }), { minLength: 6, maxLength: 12 })
      .map((earned) =>
        earned.map((each, index) => ({
          month: `${2025 + Math.floor((index + 6) / 12)}-${String(((index + 6) % 12) + 1).padStart(2, '0')}`,
          ...{
            end: 0,
            at: 0,
            done: '0.00',
            earned: '0.00',
            planned: null,
            earnedMonths: each / 10,
          },
        })),
      )
    fc.assert(
      fc.property(plans, shares, past, (plan, done, closings) => {
        const context = judgedOn(on)
        const { forecast } = scheduleOf(plan, null, done, closings, context)
        const { status, finishAt, earliestAt, latestAt } = forecast
        expect(finishAt === null).toBe(status !== 'forecast')
        if (finishAt === null) {
          expect([earliestAt, latestAt]).toEqual([null, null])
          return
        }
        if (earliestAt !== null) bands++
        expect(context.at).toBeLessThanOrEqual(earliestAt ?? finishAt)
        expect(earliestAt ?? finishAt).toBeLessThanOrEqual(finishAt)
        expect(finishAt).toBeLessThanOrEqual(latestAt ?? finishAt)
      }),
      { numRuns: 500 },
    )
    expect(bands).toBeGreaterThan(20)
  })
})

describe('the calendar', () => {
  const zones = fc.constantFrom('Asia/Muscat', 'UTC', 'Europe/Berlin', 'America/St_Johns')
  const days = dayIn('2020-01-01', '2030-12-31')
  test('months and back is the same instant, in any zone', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 4000 * 24 }), zones, (start, hours, timezone) => {
        const at = startOf(start, timezone) + hours * 3_600_000
        expect(afterMonths(start, monthsUntil(start, at, timezone), timezone)).toBe(at)
      }),
    )
  })
  test('a day lasts from its start to its end', () => {
    fc.assert(
      fc.property(days, zones, (day, timezone) => {
        expect(dayAt(startOf(day, timezone), timezone)).toBe(day)
        expect(dayAt(endOf(day, timezone) - 1, timezone)).toBe(day)
        expect(dayAt(endOf(day, timezone), timezone) > day).toBe(true)
      }),
    )
  })
  test('before the start no month has passed; beyond a hundred years there is no date', () => {
    expect(monthsUntil('2026-01-01', startOf('2025-12-01', 'UTC'), 'UTC')).toEqual(fraction(0, 1))
    expect(afterMonths('2026-01-01', fraction(11_999, 10), 'UTC')).not.toBeNull()
    expect(afterMonths('2026-01-01', fraction(1200, 1), 'UTC')).toBeNull()
  })
})
