/** Milliseconds since 1970-01-01T00:00:00Z: an instant on the collector's clock. */
export type EpochMs = number

/** Milliseconds since the host booted, suspend included: an instant on an agent's clock. */
export type BootMs = number

/** Half-open interval `[from, to)`; both ends on the same clock. */
export type Span = { readonly from: number; readonly to: number }

export const secondMs = 1_000
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

/** Length of a span. Unit: milliseconds; never negative. */
export function lengthMs(span: Span): number {
  return Math.max(0, span.to - span.from)
}

/** The part of `a` inside `b`, or null when they do not overlap. */
export function intersect(a: Span, b: Span): Span | null {
  const from = Math.max(a.from, b.from)
  const to = Math.min(a.to, b.to)
  return from < to ? { from, to } : null
}

/** Spans sorted and merged where they touch or overlap; empty spans are dropped. */
export function union(spans: readonly Span[]): Span[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from >= to) continue
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** What is left of `span` after removing `holes`, in order. */
export function subtract(span: Span, holes: readonly Span[]): Span[] {
  const rest: Span[] = []
  let from = span.from
  for (const hole of union(holes)) {
    if (hole.to <= from) continue
    if (hole.from >= span.to) break
    if (hole.from > from) rest.push({ from, to: hole.from })
    from = Math.max(from, hole.to)
  }
  if (from < span.to) rest.push({ from, to: span.to })
  return rest
}

/** The start of the UTC day that holds the instant. Unit: epoch milliseconds. */
export function dayOf(at: EpochMs): EpochMs {
  return Math.floor(at / dayMs) * dayMs
}

/** The UTC days that a span touches, each as its start instant. */
export function daysOf(span: Span): EpochMs[] {
  const days: EpochMs[] = []
  for (let day = dayOf(span.from); day < span.to; day += dayMs) days.push(day)
  return days
}
