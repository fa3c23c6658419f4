import type { EpochMs } from '../../protocol/time.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { MigrationClosing } from '../kpi/migration/result.ts'
import { isInstant, isRecord } from './act-log.ts'
import type { Entry } from './difference.ts'
import { monthCloser } from './readiness-months.ts'

/** Closings by institution, or by `national`; the oldest first. */
export type MigrationMonthBook = Map<string, readonly MigrationClosing[]>

/** The `what` of the entry that closes a month of migration for an institution, or `national`. */
export function migrationMonthSubject(month: string, whose: string): string {
  const subject = `migration-month/${month}`
  return whose === nationalLog ? subject : `institution/${whose}/${subject}`
}

const pattern =
  /^(?:institution\/([a-z0-9][a-z0-9-]{0,62})\/)?migration-month\/(\d{4}-(?:0[1-9]|1[0-2]))$/

/** What an entry closes; null when it is about something else. */
export function parseMigrationMonthSubject(what: string): { month: string; whose: string } | null {
  // Of many thousand entries nearly all are about something else.
  if (!what.includes('migration-month/')) return null
  const found = pattern.exec(what)
  return found ? { month: found[2]!, whose: found[1] ?? nationalLog } : null
}

/**
 * Folds entries, oldest first, into what months of the migration closed with, on top of what the
 * book holds. A month is closed once and after the ones before it; what anybody but the collector
 * says of it counts for nothing.
 */
export function foldMigrationMonths(
  book: MigrationMonthBook,
  entries: readonly Entry[],
): MigrationMonthBook {
  for (const { what, actor, before, after, effectiveFrom } of entries) {
    const key = parseMigrationMonthSubject(what)
    if (!key || actor !== monthCloser.actor || before !== null) continue
    const closing = migrationClosingOf(after)
    if (closing?.month !== key.month || closing.at > effectiveFrom) continue
    const known = book.get(key.whose) ?? []
    const last = known.at(-1)
    if (last && (last.month >= closing.month || last.end >= closing.end)) continue
    book.set(key.whose, [...known, closing])
  }
  return book
}

/** What the months closed with by an instant, oldest first: of an institution, or the nation. */
export function closingsAt(
  entries: readonly Entry[],
  at: EpochMs,
  institution: string | null,
): readonly MigrationClosing[] {
  const past = entries.filter(({ effectiveFrom }) => effectiveFrom <= at)
  return foldMigrationMonths(new Map(), past).get(institution ?? nationalLog) ?? []
}

/** A closing that an entry holds, and nothing beside it; null where it holds something else. */
export function migrationClosingOf(value: unknown): MigrationClosing | null {
  if (!isRecord(value) || Object.keys(value).length !== 7) return null
  const { month, end, at, done, earned, planned, earnedMonths } = value
  const fits =
    typeof month === 'string' &&
    isInstant(end) &&
    isInstant(at) &&
    end <= at &&
    [done, earned, planned ?? '0.00'].every(isPercent) &&
    (earnedMonths === null || (Number.isFinite(earnedMonths) && (earnedMonths as number) >= 0))
  return fits ? (value as unknown as MigrationClosing) : null // every field was looked at
}

function isPercent(value: unknown): boolean {
  return typeof value === 'string' && /^(?:100\.00|\d{1,2}\.\d{2})$/.test(value)
}
