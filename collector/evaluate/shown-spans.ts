import { isDeepStrictEqual } from 'node:util'
import { type Span, subtract } from '../../protocol/time.ts'
import type { ShownSpan, ShownState } from '../http/views.ts'
import type { Piece } from '../kpi/environment-day.ts'
import type { StateSpan } from '../kpi/timeline.ts'

/** Pieces as a strip shows them: a day or a cause that changes is no change of state. */
export function shownSpans(pieces: readonly Piece[]): ShownSpan[] {
  const shown: ShownSpan[] = []
  for (const { from, to, state, excluded, disputed } of pieces) {
    const under = excluded === 'maintenance' ? 'maintenance' : state
    const last = shown.at(-1)
    const isSame = last?.state === under && isDeepStrictEqual(last.disputed, disputed)
    if (isSame && last.to === from) shown[shown.length - 1] = { ...last, to }
    else shown.push({ from, to, state: under, ...(disputed && { disputed }) })
  }
  return shown
}

/** Fills what is left of a window with one state. */
export function withRest<S extends StateSpan<ShownState>>(
  spans: readonly S[],
  window: Span,
  state: ShownState,
): (S | StateSpan<ShownState>)[] {
  const rest = subtract(window, spans).map((span) => ({ ...span, state }))
  return [...spans, ...rest].sort((a, b) => a.from - b.from)
}
