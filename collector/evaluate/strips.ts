import { type Span, subtract, union } from '../../protocol/time.ts'
import type { ShownSpan, ShownState } from '../http/views.ts'
import type { Ledger } from '../kpi/ledger.ts'
import { clip, type StateSpan, type Timeline } from '../kpi/timeline.ts'
import { shownSpans, withRest } from './shown-spans.ts'

/** States of an environment, without holes; out of scope where its ledger has nothing. */
export function environmentStrip(ledger: Ledger | null, window: Span): ShownSpan[] {
  return withRest(shownSpans(ledger?.pieces(window) ?? []), window, 'not_in_scope')
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
