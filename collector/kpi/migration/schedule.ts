import type { EpochMs } from '../../../protocol/time.ts'
import {
  bound,
  decimal,
  difference,
  type Fraction,
  fraction,
  isAtLeast,
  quotient,
  ratioOf,
  sum,
} from '../fraction.ts'
import { addMonths, afterMonths, monthNumber, monthsUntil, startOf } from './calendar.ts'
import type { Forecast, MigrationClosing, Schedule } from './result.ts'
import type { Baseline, Day } from './workload.ts'

/**
 * What one or more roadmaps promise: whole weight by the end of each calendar month after the
 * start. `promised[0]` is 0, the last one is all of it; between two ends it grows evenly.
 */
export type Plan = { readonly startOn: Day; readonly promised: readonly number[] }

/** The plan of all these baselines together; the list must not be empty. */
export function planOf(baselines: readonly Baseline[]): Plan {
  const startOn = baselines.map((each) => each.startOn).reduce((a, b) => (a < b ? a : b))
  const months = baselines.flatMap(({ workloads }) =>
    workloads.map(({ weight, finishOn }) => ({ weight, month: monthNumber(startOn, finishOn) })),
  )
  const length = months.reduce((longest, { month }) => Math.max(longest, month), 1)
  const promised = Array.from({ length: length + 1 }, () => 0)
  for (const { weight, month } of months) promised[month]! += weight
  for (let month = 1; month <= length; month++) promised[month]! += promised[month - 1]!
  return { startOn, promised }
}

/** Share of the plan's weight that is promised so many months after its start. Exact. */
export function promisedShare({ promised }: Plan, months: Fraction): Fraction {
  const all = BigInt(promised.at(-1)!)
  const month = Number(months.over / months.under)
  if (month >= promised.length - 1) return fraction(1, 1)
  const before = BigInt(promised[month]!)
  const rest = months.over % months.under
  const over = before * months.under + (BigInt(promised[month + 1]!) - before) * rest
  return { over, under: all * months.under }
}

/**
 * Months of the plan that a share done has earned (earned schedule): as many as promise no more
 * than that, and the part of the next one. Where the plan stands still before that one, those
 * months count only as far as they have passed: a plan that promises nothing puts nobody ahead.
 * Exact.
 */
export function earnedMonths({ promised }: Plan, done: Fraction, passed: Fraction): Fraction {
  // Weight done where all of the plan is the denominator; times `done.under`, as all here.
  const weight = done.over * BigInt(promised.at(-1)!)
  const promisedBy = (month: number) => BigInt(promised[month]!) * done.under
  const last = promised.findLastIndex((_, month) => promisedBy(month) <= weight)
  const first = promised.indexOf(promised[last]!)
  const rest = weight - promisedBy(last)
  const step = rest === 0n ? 1n : promisedBy(last + 1) - promisedBy(last)
  const after = (month: number, months: number): Fraction => {
    return { over: BigInt(month) * step + BigInt(months) * rest, under: step }
  }
  return clamped(passed, after(first, last + 1 - first), after(last, 1))
}

/**
 * Where a plan stands at an instant, and where it leads: METHODOLOGY 2.6, T15. `done` is the share
 * of those the plan is of; `newest` are their re-baselines, shown beside and never instead.
 */
export function scheduleOf(
  plan: Plan,
  newest: Plan | null,
  done: Fraction,
  closings: readonly MigrationClosing[],
  { at, timezone }: { readonly at: EpochMs; readonly timezone: string },
): Schedule {
  const passed = monthsUntil(plan.startOn, at, timezone)
  const earned = earnedMonths(plan, done, passed)
  const planned = promisedShare(plan, passed)
  const promisedBy = (other: Plan) =>
    bound(promisedShare(other, monthsUntil(other.startOn, at, timezone)), 'floor')
  return {
    startAt: startOf(plan.startOn, timezone),
    plannedFinishAt: startOf(addMonths(plan.startOn, plan.promised.length - 1), timezone),
    planned: bound(planned, 'floor'),
    rebaselined: newest && promisedBy(newest),
    earnedMonths: ratioOf(earned),
    actualMonths: ratioOf(passed),
    performance: planned.over === 0n ? null : ratioOf(quotient(done, planned)),
    timePerformance: passed.over === 0n ? null : ratioOf(quotient(earned, passed)),
    forecast: forecastOf(
      { plan, done, passed, earned, isIdle: done.over === 0n && planned.over > 0n },
      quartersOf(plan, closings),
      timezone,
    ),
  }
}

type Standing = {
  readonly plan: Plan
  readonly done: Fraction
  readonly passed: Fraction
  readonly earned: Fraction
  /** Nothing is done although something was promised. */
  readonly isIdle: boolean
}

/**
 * The finish at the pace so far, start + length of the plan / SPI(t), and what is left at the pace
 * of the best and of the worst quarter. The pace so far counts as one of them, so that the band
 * holds the forecast.
 */
function forecastOf(standing: Standing, quarters: readonly Fraction[], timezone: string): Forecast {
  const { plan, done, passed, earned, isIdle } = standing
  const without = { finishAt: null, earliestAt: null, latestAt: null }
  if (isAtLeast(done, fraction(1, 1))) return { status: 'finished', ...without }
  if (passed.over === 0n) return { status: 'not_started', ...without }
  const left = difference(fraction(plan.promised.length - 1, 1), earned)
  const finishBy = (pace: Fraction) => {
    if (pace.over <= 0n) return null
    return afterMonths(plan.startOn, sum(passed, quotient(left, pace)), timezone)
  }
  const pace = quotient(earned, passed)
  const finishAt = isIdle ? null : finishBy(pace)
  if (finishAt === null) return { status: 'no_progress', ...without }
  if (quarters.length < 2) return { status: 'forecast', ...without, finishAt }
  const paces = [pace, ...quarters.map((each) => quotient(each, fraction(3, 1)))]
  const best = paces.reduce((a, b) => (isAtLeast(a, b) ? a : b))
  const worst = paces.reduce((a, b) => (isAtLeast(b, a) ? a : b))
  return { status: 'forecast', finishAt, earliestAt: finishBy(best), latestAt: finishBy(worst) }
}

/**
 * Months of the plan that were earned in each quarter: three closings in a row, the first after
 * the start of the plan where that is the first day of a month.
 */
function quartersOf({ startOn }: Plan, closings: readonly MigrationClosing[]): Fraction[] {
  const ends = [{ on: startOn, earned: fraction(0, 1) }]
  for (const { month, earnedMonths } of closings) {
    const on = addMonths(`${month}-01`, 1)
    if (earnedMonths !== null && on > startOn) ends.push({ on, earned: decimal(earnedMonths) })
  }
  const quarters: Fraction[] = []
  let first = 0
  for (const [index, { on, earned }] of ends.entries()) {
    const before = ends[index - 1]
    if (!before || addMonths(before.on, 1) !== on) first = index
    if (index - first < 3) continue
    quarters.push(difference(earned, ends[first]!.earned))
    first = index
  }
  return quarters
}

function clamped(value: Fraction, least: Fraction, most: Fraction): Fraction {
  if (isAtLeast(least, value)) return least
  return isAtLeast(value, most) ? most : value
}
