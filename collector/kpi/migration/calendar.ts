import type { EpochMs } from '../../../protocol/time.ts'
import { type Fraction, fraction } from '../fraction.ts'
import { instantAt, wallAt } from '../zone.ts'
import type { Day } from './workload.ts'

/** Farthest that months are counted: a hundred years. What lies beyond is no date to plan by. */
const maxMonths = 1_200

/** The instant at which a day begins in the zone. */
export function startOf(day: Day, timezone: string): EpochMs {
  return instantAt(wallOf(day), timezone)
}

/** The instant at which a day is over in the zone. */
export function endOf(day: Day, timezone: string): EpochMs {
  const wall = new Date(wallOf(day))
  return instantAt(wall.setUTCDate(wall.getUTCDate() + 1), timezone)
}

/** The day that clocks in the zone show. */
export function dayAt(at: EpochMs, timezone: string): Day {
  return dayOfWall(wallAt(at, timezone))
}

/** The same day of a later month, or the last day of that month where it is shorter. */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = partsOf(day)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dayOfWall(Date.UTC(year, month - 1 + months, Math.min(date, last)))
}

/** Which month after `start` holds a day: the first is 1, and also holds all days before it. */
export function monthNumber(start: Day, day: Day): number {
  const [startYear, startMonth] = partsOf(start)
  const [year, month] = partsOf(day)
  const months = (year - startYear) * 12 + month - startMonth
  return Math.max(1, day <= addMonths(start, months) ? months : months + 1)
}

/**
 * Months from the beginning of a day to an instant: whole ones of the calendar, and the share of
 * the one that holds it. Exact; 0 before the start.
 */
export function monthsUntil(start: Day, at: EpochMs, timezone: string): Fraction {
  if (at <= startOf(start, timezone)) return fraction(0, 1)
  const number = monthNumber(start, dayAt(at, timezone))
  const ends = (months: number) => startOf(addMonths(start, months), timezone)
  // The last day of a month is that on which the next begins.
  const whole = ends(number) <= at ? number : number - 1
  const from = ends(whole)
  const length = ends(whole + 1) - from
  return fraction(whole * length + at - from, length)
}

/** The instant so many months after the beginning of a day; null beyond a hundred years. */
export function afterMonths(
  start: Day,
  { over, under }: Fraction,
  timezone: string,
): EpochMs | null {
  const whole = over / under
  if (whole >= BigInt(maxMonths)) return null
  const from = startOf(addMonths(start, Number(whole)), timezone)
  const to = startOf(addMonths(start, Number(whole) + 1), timezone)
  return from + Number(((over % under) * BigInt(to - from)) / under)
}

function partsOf(day: Day): [year: number, month: number, date: number] {
  const [year, month, date] = day.split('-').map(Number)
  return [year!, month!, date!]
}

function wallOf(day: Day): number {
  const [year, month, date] = partsOf(day)
  return Date.UTC(year, month - 1, date)
}

function dayOfWall(wall: number): Day {
  return new Date(wall).toISOString().slice(0, 10)
}
