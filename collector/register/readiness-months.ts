import { nationalLog } from '../evidence/leaf.ts'
import { type MonthClosing, type TrendPoint, trendOf } from '../kpi/readiness/trend.ts'
import { isInstant, isRecord } from './act-log.ts'
import type { Entry } from './difference.ts'

/** Who closes months: the collector's own timer. */
export const monthCloser = { actor: 'collector', role: 'admin' } as const

/** Closings by institution, or by `national`; the oldest first. */
export type MonthBook = Map<string, readonly MonthClosing[]>

/** The `what` of the entry that closes a month for an institution, or for `national`. */
export function monthSubject(month: string, whose: string): string {
  return whose === nationalLog ? `readiness-month/${month}` : `readiness-month/${month}/${whose}`
}

/** What an entry closes; null when it is about something else. */
export function parseMonthSubject(what: string): { month: string; whose: string } | null {
  const pattern = /^readiness-month\/(\d{4}-(?:0[1-9]|1[0-2]))(?:\/([a-z0-9][a-z0-9-]{0,62}))?$/
  const found = pattern.exec(what)
  return found ? { month: found[1]!, whose: found[2] ?? nationalLog } : null
}

/**
 * Folds entries, oldest first, into what months closed with. A month is closed once and after the
 * ones before it; what anybody but the collector says of it counts for nothing.
 */
export function foldMonths(book: MonthBook, entries: readonly Entry[]): MonthBook {
  for (const { what, actor, before, after } of entries) {
    const key = parseMonthSubject(what)
    if (!key || actor !== monthCloser.actor || before !== null || !isClosing(after)) continue
    const known = book.get(key.whose) ?? []
    const last = known.at(-1)
    if (after.month !== key.month || (last && last.month >= key.month)) continue
    book.set(key.whose, [...known, after])
  }
  return book
}

/** The trend of an institution, or of the nation (null), by what the log says. */
export function readinessTrend(
  entries: readonly Entry[],
  institution: string | null,
): TrendPoint[] {
  return trendOf(foldMonths(new Map(), entries).get(institution ?? nationalLog) ?? [])
}

/** Whether a value is a closing: all that a trend reads of it. */
function isClosing(value: unknown): value is MonthClosing {
  if (!isRecord(value) || !isRecord(value.model) || !isRecord(value.dimensions)) return false
  const { month, end, model, index, dimensions, indicators } = value
  const marks = [month, model.id, model.version, model.hash]
  const isMarked = marks.every((each) => typeof each === 'string') && isInstant(end)
  const isScored = index === null || isScore(index)
  const areScored = Object.values(dimensions).every((each) => {
    return isScore(each) && typeof (each as Record<string, unknown>).weight === 'number'
  })
  const areShares =
    indicators === null ||
    (isRecord(indicators) && Object.values(indicators).every((each) => typeof each === 'number'))
  return isMarked && isScored && areScored && areShares
}

function isScore(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { low, observed, high } = value
  const percents = observed === null ? [low, high] : [low, observed, high]
  return percents.every((each) => typeof each === 'string' && /^\d{1,3}\.\d{2}$/.test(each))
}
