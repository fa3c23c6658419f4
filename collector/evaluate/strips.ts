import { type Span, subtract, union } from '../../protocol/time.ts'
import type { ShownState } from '../http/views.ts'
import type { Ledger } from '../kpi/ledger.ts'
import { clip, type StateSpan, type Timeline } from '../kpi/timeline.ts'

/** States of an environment, without holes; out of scope where its ledger has nothing. */
export function environmentStrip(ledger: Ledger | null, window: Span): StateSpan<ShownState>[] {
  const pieces = ledger?.pieces(window) ?? []
  const shown = pieces.map(({ from, to, state, excluded }): StateSpan<ShownState> => {
    return { from, to, state: excluded === 'maintenance' ? 'maintenance' : state }
  })
  return withRest(shown, window, 'not_in_scope')
}

/**
 * States of a check with their reasons, without holes: unknown where nothing was seen, out of scope
 * where its environment was.
 */
export function checkStrip(
  seen: Timeline,
  ledger: Ledger | null,
  window: Span,
): StateSpan<ShownState>[] {
  const inScope = ledger?.pieces(window) ?? []
  const known = clip<ShownState>(seen, window)
  const unknown = union(inScope)
    .flatMap((span) => subtract(span, known))
    .map((span) => ({ ...span, state: 'unknown' as const }))
  return withRest([...known, ...unknown], window, 'not_in_scope')
}

/** Fills what is left of a window with one state. */
function withRest(
  spans: readonly StateSpan<ShownState>[],
  window: Span,
  state: ShownState,
): StateSpan<ShownState>[] {
  const rest = subtract(window, spans).map((span) => ({ ...span, state }))
  return [...spans, ...rest].sort((a, b) => a.from - b.from)
}
