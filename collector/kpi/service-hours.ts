import { dayMs, dayOf, hourMs, intersect, minuteMs, type Span, union } from '../../protocol/time.ts'
import { instantAt, wallAt } from './zone.ts'

/** A part of the week in which an environment must work, in local time. */
export type ServicePeriod = {
  readonly days: readonly ('sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat')[]
  /** `HH:MM`; `to` is not included and may be `24:00`. */
  readonly from: string
  readonly to: string
}

/**
 * When an environment must work inside a window; outside it is out of scope. Periods may touch or
 * overlap. Source: docs/methodology.md §2.
 */
export function serviceSpans(
  hours: 'always' | readonly ServicePeriod[],
  timezone: string,
  window: Span,
): Span[] {
  if (hours === 'always') return [window]
  const spans: Span[] = []
  const first = dayOf(wallAt(window.from, timezone)) - dayMs
  const last = wallAt(window.to, timezone)
  for (let day = first; day <= last; day += dayMs) {
    const weekday = weekdays[new Date(day).getUTCDay()]!
    for (const { days, from, to } of hours) {
      if (!days.includes(weekday)) continue
      const span = {
        from: instantAt(day + clockMs(from), timezone),
        to: instantAt(day + clockMs(to), timezone),
      }
      const inside = intersect(span, window)
      if (inside) spans.push(inside)
    }
  }
  return union(spans)
}

/** In the order of `getUTCDay`. */
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

function clockMs(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return hours! * hourMs + minutes! * minuteMs
}
