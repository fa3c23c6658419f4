import type Database from 'better-sqlite3'
import type { ObservedState } from '../../../protocol/check.ts'
import type { Span } from '../../../protocol/time.ts'
import type { CheckSums } from '../answers.ts'
import type { TimelineStore } from '../store.ts'

/** What was known of a check before an instant, by the span that was the last then. */
type Before = [
  ...[number: number, name: string, since: number | null, through: number],
  ...[spanFrom: number, start: number | null, stop: number | null, state: ObservedState | null],
  ...[upMs: number, degradedMs: number, downMs: number],
]

/**
 * Sums up the checks of an environment inside windows. Each span knows what was before it, so that
 * a window costs two looks into a timeline, however long it is.
 */
export function checkSummer(db: Database.Database): TimelineStore['checkSums'] {
  const before = db
    .prepare(
      `SELECT number, name, since, through, span_from, span.start, span.stop, span.state,
         span.up_ms, span.degraded_ms, span.down_ms
       FROM check_timeline LEFT JOIN span ON check_number = number AND span.start =
         (SELECT max(start) FROM span AS each WHERE each.check_number = number AND each.start < ?)
       WHERE institution = ? AND environment = ? ORDER BY name`,
    )
    .raw()
  return async ({ institution, environment }, window) => {
    const known = (at: number) => before.all(at, institution, environment) as Before[]
    const starts = known(window.from)
    return known(window.to).map((end, i) => checkSumsOf(starts[i]!, end, window))
  }
}

function checkSumsOf(start: Before, end: Before, window: Span): CheckSums {
  const [a, b] = [totalBefore(start, window.from), totalBefore(end, window.to)]
  const [, name, since] = end
  const upMs = b.up - a.up
  const degradedMs = b.degraded - a.degraded
  const downMs = b.down - a.down
  const from = Math.max(window.from, since ?? window.to)
  const unknownMs = Math.max(0, window.to - from) - upMs - degradedMs - downMs
  return { check: name, upMs, degradedMs, downMs, unknownMs }
}

/** Milliseconds by state before an instant. */
function totalBefore(row: Before, at: number): Record<ObservedState, number> {
  const [, , , through, spanFrom, start, stop, state, upMs, degradedMs, downMs] = row
  if (start === null || stop === null || state === null) return { up: 0, degraded: 0, down: 0 }
  const total = { up: upMs, degraded: degradedMs, down: downMs }
  // The last span of a check ends where the check does, whatever its row says.
  total[state] += Math.min(at, start === spanFrom ? through : stop) - start
  return total
}
