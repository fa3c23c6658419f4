import type { Span } from '../../protocol/time.ts'
import { dayMs, type EpochMs, minuteMs } from '../../protocol/time.ts'
import type { ByWindow, Cycle } from './snapshot.ts'
import { instantAt, wallAt } from './zone.ts'

/**
 * The months in which a cycle starts: the one that closes in April, the one that closes in
 * October.
 */
export type CycleMonths = { readonly april: number; readonly october: number }

/**
 * The half-year of measurement that holds an instant, in local calendar months of the zone.
 * `april` runs from the start of its month to the start of the other's, and the reverse.
 * Source: docs/methodology.md §1, T1.
 */
export function cycleAt(at: EpochMs, timezone: string, months: CycleMonths): Cycle {
  const year = yearAt(at, timezone)
  const starts = [year - 1, year, year + 1].flatMap((year) => [
    { name: 'april' as const, start: monthStart(year, months.april, timezone) },
    { name: 'october' as const, start: monthStart(year, months.october, timezone) },
  ])
  starts.sort((a, b) => a.start - b.start)
  const index = starts.findLastIndex(({ start }) => start <= at)
  const { name, start: from } = starts[index]!
  const to = starts[index + 1]!.start
  const month = name === 'april' ? '04' : '10'
  return { id: `${yearAt(to, timezone)}-${month}`, name, from, to }
}

function yearAt(at: EpochMs, timezone: string): number {
  return new Date(wallAt(at, timezone)).getUTCFullYear()
}

/**
 * The cycle of an id such as `2027-04`; null when no cycle has it. Source: docs/methodology.md §1.
 */
export function cycleById(id: string, timezone: string, months: CycleMonths): Cycle | null {
  const [, year, month] = /^([12]\d{3})-(04|10)$/.exec(id) ?? []
  if (!year) return null
  // The cycle ends where the other one starts.
  const end = monthStart(Number(year), month === '04' ? months.october : months.april, timezone)
  const cycle = cycleAt(end - 1, timezone, months)
  return cycle.id === id ? cycle : null
}

/** The cycle that ends where this one starts. */
export function cycleBefore({ from }: Span, timezone: string, months: CycleMonths): Cycle {
  return cycleAt(from - 1, timezone, months)
}

function monthStart(year: number, month: number, timezone: string): EpochMs {
  return instantAt(Date.UTC(year, month - 1, 1), timezone)
}

/** The windows of a snapshot; all end at `asOf`. */
export function windowsAt(asOf: EpochMs, cycle: Cycle): ByWindow<Span> {
  return {
    cycle: { from: cycle.from, to: asOf },
    '30d': { from: asOf - 30 * dayMs, to: asOf },
    '7d': { from: asOf - 7 * dayMs, to: asOf },
    '24h': { from: asOf - dayMs, to: asOf },
  }
}

/** How far evidence may lag, and since when there is any. */
export type Rhythm = {
  readonly sealMs: number
  readonly youngMs: number
  readonly sealYoungMs: number
  /** When the first agent of all enrolled; null before. */
  readonly firstEnrolledAt: EpochMs | null
}

/**
 * Where every window ends: the last whole minute by which every agent must have sealed, one minute
 * for delivery granted; the same for everybody. In a nation's very first minutes all agents seal
 * every few seconds, so the figures follow them; they then wait until the usual rhythm has caught
 * up. Never moves back as `now` grows. Source: docs/methodology.md §1.
 */
export function asOfAt(now: EpochMs, rhythm: Rhythm): EpochMs {
  const { sealMs, youngMs, sealYoungMs, firstEnrolledAt } = rhythm
  const usual = floor(now, minuteMs) - sealMs - minuteMs
  if (firstEnrolledAt === null) return usual
  const young = Math.min(now, firstEnrolledAt + youngMs) - 2 * sealYoungMs
  return Math.max(usual, floor(young, sealYoungMs))
}

function floor(at: number, stepMs: number): number {
  return Math.floor(at / stepMs) * stepMs
}
