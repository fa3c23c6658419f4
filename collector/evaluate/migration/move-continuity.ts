import { dayMs, type EpochMs, type Span } from '../../../protocol/time.ts'
import { asDown, boundsOf } from '../../kpi/continuity.ts'
import { bound, fraction } from '../../kpi/fraction.ts'
import type { Ledger } from '../../kpi/ledger.ts'
import type { ObservedContinuity } from '../../kpi/migration/observation.ts'
import type { Day } from '../../kpi/migration/workload.ts'
import { instantAt } from '../../kpi/zone.ts'

/** Whole days of the policy's zone over which continuity is held against each other. */
const daysBefore = 30
const daysAfterMax = 90

/** Midnights that are held: more than the workloads of a nation have days. */
const midnightsMax = 20_000

/** By what the continuity around a cut over is counted. */
export type ContinuityRules = {
  /** The reference instant. */
  readonly at: EpochMs
  readonly timezone: string
  readonly degradedCountsAsUp: boolean
}

/** The days before a cut over and those after it; empty ones are absent. */
export type MoveWindows = { readonly before: Span | null; readonly after: Span | null }

/** Knows the midnights of a zone; to ask for one costs a hundred times as much as to remember. */
export class Midnights {
  readonly #timezone: string
  readonly #known = new Map<string, EpochMs>()

  constructor(timezone: string) {
    this.#timezone = timezone
  }

  /** The windows around a cut over, as far as they are over; its own day is in none of them. */
  around(cutOverOn: Day, at: EpochMs): MoveWindows {
    const window = (first: number, last: number): Span | null => {
      const from = this.#of(cutOverOn, first)
      const to = Math.min(this.#of(cutOverOn, last), at)
      return from < to ? { from, to } : null
    }
    return { before: window(-daysBefore, 0), after: window(1, 1 + daysAfterMax) }
  }

  /** The midnight at which the day began that lies some days from this one. */
  #of(day: Day, later: number): EpochMs {
    const key = `${day} ${later}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= midnightsMax) this.#known.clear()
    const midnight = instantAt(Date.parse(day) + later * dayMs, this.#timezone)
    this.#known.set(key, midnight)
    return midnight
  }
}

/** Net proven low inside a window, and how much of it was known; null: nothing was in scope. */
export function windowContinuity(
  ledger: Ledger | null,
  window: Span,
  { degradedCountsAsUp }: ContinuityRules,
): ObservedContinuity | null {
  if (!ledger) return null
  const found = ledger.sums(window)
  const sums = degradedCountsAsUp ? found : asDown(found)
  const bounds = boundsOf(sums)
  if (!bounds) return null
  const known = sums.up + sums.degraded + sums.down
  return {
    low: bound(bounds.low, 'floor'),
    coverage: bound(fraction(known, known + sums.unknown), 'floor'),
  }
}
