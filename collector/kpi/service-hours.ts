import { type EpochMs, intersect, type Span, union } from '../../protocol/time.ts'

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
  const first = localDate(window.from, timezone).subtract({ days: 1 })
  const last = localDate(window.to, timezone)
  for (
    let date = first;
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    const weekday = weekdays[date.dayOfWeek - 1]!
    for (const { days, from, to } of hours) {
      if (!days.includes(weekday)) continue
      const span = { from: instantOf(date, from, timezone), to: instantOf(date, to, timezone) }
      const inside = intersect(span, window)
      if (inside) spans.push(inside)
    }
  }
  return union(spans)
}

/** In the order of ISO 8601, as `dayOfWeek` counts. */
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

function localDate(at: EpochMs, timezone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate()
}

function instantOf(date: Temporal.PlainDate, time: string, timezone: string): EpochMs {
  const [day, clock] = time === '24:00' ? [date.add({ days: 1 }), '00:00'] : [date, time]
  const plainTime = Temporal.PlainTime.from(clock)
  return day.toZonedDateTime({ timeZone: timezone, plainTime }).epochMilliseconds
}
