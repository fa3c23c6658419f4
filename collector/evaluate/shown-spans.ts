import { isDeepStrictEqual } from 'node:util'
import type { ShownSpan } from '../http/views.ts'
import type { Piece } from '../kpi/environment-day.ts'

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
