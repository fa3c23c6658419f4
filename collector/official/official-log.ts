import { isDeepStrictEqual } from 'node:util'
import { type AxisName, axisNames } from '../kpi/readiness/model.ts'
import { roleMay } from '../people/permissions.ts'
import { isRecord } from '../register/act-log.ts'
import type { Entry } from '../register/difference.ts'

/** The levels of the official measurement, the highest first. */
export const officialLevels = ['advanced', 'above', 'average', 'below', 'low'] as const
export type OfficialLevel = (typeof officialLevels)[number]

/**
 * What the official measurement gave in one cycle, as somebody imported it. It stands beside what
 * is measured here and never takes its place. Shares are percent, as they were published.
 */
export type OfficialResult = {
  readonly indexPercent: number
  readonly level: OfficialLevel | null
  readonly axesPercent: Readonly<Partial<Record<AxisName, number>>>
  /** Where it was read: a document and its page, or an address. */
  readonly source: string
  /** Day of publication, such as 2027-05-02. */
  readonly date: string
  /** SHA-256 of the file that it was imported from. */
  readonly fileSha256: string
}

/** Of whom and when. `national` stands for the nation; no institution has that id. */
export type OfficialKey = { readonly cycle: string; readonly institution: string }

/** A result with whose it is. */
export type OfficialRow = OfficialKey & OfficialResult

/** The `what` of an entry about an official result. */
export function officialSubject({ cycle, institution }: OfficialKey): string {
  return `official/${cycle}/${institution}`
}

/** What an entry is about, where that is an official result; else null. */
export function parseOfficialSubject(what: string): OfficialKey | null {
  const found = /^official\/(\d{4}-\d{2})\/([a-z0-9][a-z0-9-]{0,62})$/.exec(what)
  return found ? { cycle: found[1]!, institution: found[2]! } : null
}

/** Official results by the `what` of their entries. */
export type OfficialBook = Map<string, OfficialRow>

/**
 * Folds entries, oldest first, into what stands. An entry that nobody may have written, or that
 * does not follow from what stood before it, counts for nothing.
 */
export function foldOfficial(book: OfficialBook, entries: readonly Entry[]): OfficialBook {
  for (const { what, role, before, after } of entries) {
    const key = parseOfficialSubject(what)
    if (!key || !roleMay(role, 'official.import')) continue
    const known = book.get(what) ?? null
    if (!isDeepStrictEqual(before, known && resultOf(known))) continue
    if (after === null) book.delete(what)
    else if (isResult(after)) book.set(what, { ...key, ...after })
  }
  return book
}

/** A row without whose it is: what an entry holds. */
export function resultOf({ cycle: _cycle, institution: _whose, ...result }: OfficialRow) {
  return result satisfies OfficialResult
}

/** One result that a file changes; `before` is null where there was none. */
export type OfficialChange = {
  readonly what: string
  readonly before: OfficialResult | null
  readonly after: OfficialResult
}

/** What importing rows would do: the same values from another file change nothing. */
export function officialDifference(
  book: OfficialBook,
  rows: readonly OfficialRow[],
): { readonly changes: OfficialChange[]; readonly same: number } {
  const changes = rows.flatMap((row) => {
    const what = officialSubject(row)
    const known = book.get(what)
    const before = known ? resultOf(known) : null
    const after = resultOf(row)
    const { fileSha256 } = after
    return before && isDeepStrictEqual({ ...before, fileSha256 }, after)
      ? []
      : [{ what, before, after }]
  })
  return { changes, same: rows.length - changes.length }
}

function isResult(value: unknown): value is OfficialResult {
  if (!isRecord(value) || !isRecord(value.axesPercent)) return false
  const { indexPercent, level, axesPercent, source, date, fileSha256 } = value
  const isKnown = level === null || officialLevels.some((each) => each === level)
  const axes = Object.entries(axesPercent)
  const areKnown = axes.every(([name]) => axisNames.some((axis) => axis === name))
  const shares = [indexPercent, ...axes.map(([, share]) => share)].every(isPercent)
  const texts = [source, date, fileSha256].every((each) => typeof each === 'string')
  return isKnown && areKnown && shares && texts
}

/** Whether a value is a share from 0 to 100 with at most two decimals. */
export function isPercent(value: unknown): value is number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 100)) return false
  return Number(value.toFixed(2)) === value
}
