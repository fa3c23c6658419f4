import type { EpochMs } from '../../../protocol/time.ts'
import { ratioOf } from '../fraction.ts'
import { monthAt } from '../month.ts'
import { monthsUntil, startOf } from './calendar.ts'
import { plansOf } from './figures.ts'
import type { MigrationContext } from './observation.ts'
import type { CurvePoint, MigrationClosing, MigrationFigures, MigrationPart } from './result.ts'
import { type Plan, promisedShare } from './schedule.ts'

/** The longest curve, in months: what a forecast adds beyond it is left out. */
const maxMonths = 240

/**
 * Plan, past and forecast at the ends of months; besides at the start of the plan, now, and at the
 * expected finish. Of an institution `parts` is its own one alone; of the nation all of them, with
 * the closings and the figures of the nation. Empty where there is nothing to draw.
 */
export function curveOf(
  parts: readonly Pick<MigrationPart, 'baselines'>[],
  closings: readonly MigrationClosing[],
  figures: MigrationFigures,
  context: MigrationContext,
): CurvePoint[] {
  const { at, timezone } = context
  const planned = parts.filter(({ baselines }) => baselines.length > 0)
  const plans = planned.length === 0 ? null : plansOf(planned)
  const closed = new Map(closings.map((closing) => [closing.end, closing]))
  const { done, earned } = figures
  const forecast = forecastLine(figures, at)
  const shareAt = (plan: Plan | null, instant: EpochMs) => {
    if (!plan || instant < startOf(plan.startOn, timezone)) return null
    return ratioOf(promisedShare(plan, monthsUntil(plan.startOn, instant, timezone)))
  }
  return instantsOf(closings, figures, context).map((instant) => {
    const closing = closed.get(instant)
    const isNow = instant === at
    return {
      at: instant,
      planned: shareAt(plans?.first ?? null, instant),
      rebaselined: shareAt(plans?.newest ?? null, instant),
      done: isNow ? (done?.ratio ?? null) : closing ? ratioOfPercent(closing.done) : null,
      earned: isNow ? (earned?.ratio ?? null) : closing ? ratioOfPercent(closing.earned) : null,
      forecast: forecast(instant),
    }
  })
}

function instantsOf(
  closings: readonly MigrationClosing[],
  { done, schedule }: MigrationFigures,
  { at, timezone }: MigrationContext,
): EpochMs[] {
  if (!schedule && !done && closings.length === 0) return []
  const finishAt = schedule?.forecast.finishAt ?? null
  const own = schedule ? [schedule.startAt, schedule.plannedFinishAt] : []
  const instants = new Set([at, ...own, ...closings.map(({ end }) => end)])
  if (finishAt !== null) instants.add(finishAt)
  const from = Math.min(...instants)
  const to = Math.max(...instants)
  let month = monthAt(from, timezone)
  for (let number = 0; number < maxMonths && month.to < to; number++) {
    instants.add(month.to)
    month = monthAt(month.to, timezone)
  }
  return [...instants].filter((instant) => instant <= Math.max(at, month.to)).sort((a, b) => a - b)
}

/** From what is done now evenly to all of it at the expected finish; null before and after. */
function forecastLine({ schedule, done }: MigrationFigures, at: EpochMs) {
  const finishAt = schedule?.forecast.finishAt ?? null
  return (instant: EpochMs): number | null => {
    if (finishAt === null || !done || instant < at || instant > finishAt) return null
    if (instant === finishAt) return 1
    return done.ratio + ((1 - done.ratio) * (instant - at)) / (finishAt - at)
  }
}

/** The ratio of a percent as closings keep it: dividing would make 0.5700999999999999 of 57.01. */
export function ratioOfPercent(percent: string): number {
  return Number(`${percent}e-2`)
}

/** What a month closes with; null without workloads in scope. */
export function closingOf(
  { done, earned, schedule }: MigrationFigures,
  month: string,
  end: EpochMs,
  at: EpochMs,
): MigrationClosing | null {
  if (!done || !earned) return null
  return {
    ...{ month, end, at, done: done.percent, earned: earned.percent },
    planned: schedule?.planned.percent ?? null,
    earnedMonths: schedule?.earnedMonths ?? null,
  }
}
