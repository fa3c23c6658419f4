import type { ObservedState, Reason, State } from '../../protocol/check.ts'
import { intersect, type Span } from '../../protocol/time.ts'

/** One state over a half-open stretch of time on the collector's clock. */
export type StateSpan<S extends string = State> = Span & {
  readonly state: S
  readonly reason?: Reason
}

/**
 * What is known of one check: sorted, disjoint, never `unknown`. Unknown is the absence of spans,
 * so that nothing has to be written for it and nothing can turn it into up.
 */
export type Timeline = readonly StateSpan<ObservedState>[]

/** The parts of spans inside the window. */
export function clip<S extends string>(
  spans: readonly StateSpan<S>[],
  window: Span,
): StateSpan<S>[] {
  return spans.flatMap((each) => {
    const span = intersect(each, window)
    return span ? [{ ...each, ...span }] : []
  })
}

/** A span cut where covers, sorted and disjoint, begin or end, with whether each part is in one. */
export function cutBy<T extends Span>(
  span: T,
  covers: readonly Span[],
): (T & { inside: boolean })[] {
  const parts: (T & { inside: boolean })[] = []
  let from = span.from
  for (const cover of covers) {
    const hit = intersect(cover, span)
    if (!hit) continue
    if (hit.from > from) parts.push({ ...span, from, to: hit.from, inside: false })
    parts.push({ ...span, ...hit, inside: true })
    from = hit.to
  }
  if (from < span.to) parts.push({ ...span, from, inside: false })
  return parts
}
