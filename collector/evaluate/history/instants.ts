import { type EpochMs, hourMs, minuteMs, type Span } from '../../../protocol/time.ts'
import type { ReadQuery } from './wire.ts'

/** How far back Prometheus looks for a sample, unless it is told otherwise. */
export const lookbackMs = 5 * minuteMs

/**
 * The whole minutes that a query gets samples of, oldest first, inside `known`, both ends included.
 * A range selector gets a grid; any other one a sample for each instant it is evaluated at, which
 * Prometheus takes as it is no older than its lookback. At most `most` and one more.
 */
export function instantsOf(query: ReadQuery, known: Span, most: number): EpochMs[] {
  const { hints } = query
  const from = Math.max(query.from, hints?.from ?? query.from, known.from)
  const to = floor(Math.min(query.to, hints?.to ?? query.to, known.to), minuteMs)
  const found = new Set<EpochMs>()
  const every = (first: EpochMs, stepMs: number) => {
    const skipped = Math.max(0, Math.ceil((from - first) / stepMs))
    for (let at = first + skipped * stepMs; at <= to && found.size <= most; at += stepMs) {
      const minute = floor(at, minuteMs)
      if (minute >= from) found.add(minute)
    }
  }
  const gridMs = gridOf(query)
  if (gridMs !== null) every(0, gridMs)
  else {
    const stepMs = hints?.stepMs ?? 0
    if (hints && stepMs > 0) {
      every(hints.from + lookbackMs, stepMs)
      // Subqueries are evaluated at whole multiples of their step.
      every(0, stepMs)
    }
    // For the last instant, which may lie a little later than the figures end.
    if (to >= from && found.size <= most) found.add(to)
  }
  return [...found].sort((a, b) => a - b)
}

/** The grid of a query; null where single instants are asked for. */
function gridOf({ hints }: ReadQuery): number | null {
  if (!hints) return lookbackMs
  const { rangeMs, stepMs } = hints
  if (rangeMs >= 2 * hourMs) return hourMs
  if (rangeMs >= 2 * lookbackMs) return lookbackMs
  if (rangeMs > 0) return minuteMs
  return stepMs > 0 && stepMs <= lookbackMs ? minuteMs : null
}

function floor(at: number, stepMs: number): number {
  return Math.floor(at / stepMs) * stepMs
}
