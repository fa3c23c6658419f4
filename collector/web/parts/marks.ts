import { type EpochMs, intersect, lengthMs, type Span, union } from '../../../protocol/time.ts'
import type { ShownSpan, ShownState } from '../../http/views.ts'
import type { StateSpan } from '../../kpi/timeline.ts'

/** How finely a strip is drawn: 3 minutes of a day, 9 hours of a cycle. */
export const marksMax = 480

/** From best to worst: within one mark the worst is shown, so that no outage can vanish. */
const worse: readonly ShownState[] = [
  'not_in_scope',
  'up',
  'maintenance',
  'degraded',
  'unknown',
  'down',
]

/** A stretch of equal marks, counted from the start of the window: `[from, to)`. */
export type Mark = Span & { readonly state: ShownState }

/** Length of what one mark stands for. Unit: milliseconds. */
export function markMs(window: Span): number {
  return lengthMs(window) / marksMax
}

/** What a strip shows: the window in marks, each in its worst state; nothing where no span is. */
export function marksOf(spans: readonly StateSpan<ShownState>[], window: Span): Mark[] {
  const size = markMs(window)
  const ranks = new Array<number>(marksMax).fill(-1)
  for (const { from, to, state } of spans) {
    const rank = worse.indexOf(state)
    const last = Math.min(marksMax, Math.ceil((to - window.from) / size))
    for (let i = Math.max(0, Math.floor((from - window.from) / size)); i < last; i++) {
      ranks[i] = Math.max(ranks[i] ?? -1, rank)
    }
  }
  const marks: { state: ShownState; from: number; to: number }[] = []
  ranks.forEach((rank, i) => {
    const state = worse[rank]
    const before = marks.at(-1)
    if (!state) return
    if (before?.state === state && before.to === i) before.to = i + 1
    else marks.push({ state, from: i, to: i + 1 })
  })
  return marks
}

/** What the evaluator decided, as one span where decisions touch. */
export function disputedSpans(spans: readonly ShownSpan[]): Span[] {
  return union(spans.filter(({ disputed }) => disputed))
}

/** The marks in which something was decided, counted from the start of the window. */
export function disputedMarks(spans: readonly ShownSpan[], window: Span): Span[] {
  const size = markMs(window)
  return union(
    disputedSpans(spans).map(({ from, to }) => ({
      from: Math.max(0, Math.floor((from - window.from) / size)),
      to: Math.min(marksMax, Math.ceil((to - window.from) / size)),
    })),
  )
}

/** How long each state lasted inside the window, longest first. Unit: milliseconds. */
export function lengthsOf(
  spans: readonly StateSpan<ShownState>[],
  window: Span,
): [ShownState, number][] {
  const lengths = new Map<ShownState, number>()
  for (const span of spans) {
    const inside = intersect(span, window)
    if (inside) lengths.set(span.state, (lengths.get(span.state) ?? 0) + lengthMs(inside))
  }
  return [...lengths].sort((a, b) => b[1] - a[1])
}

/** Instants at the quarters of a window, both ends included. */
export function quarters(window: Span): EpochMs[] {
  return [0, 1, 2, 3, 4].map((i) => window.from + (i * lengthMs(window)) / 4)
}
