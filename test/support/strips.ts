import type { StateSpan, Timeline } from '../../collector/kpi/timeline.ts'
import type { ObservedState, State } from '../../protocol/check.ts'
import { minuteMs, type Span } from '../../protocol/time.ts'

/** One letter is one minute: U up, G degraded, D down, . unknown. */
const letters: Record<string, State> = { U: 'up', G: 'degraded', D: 'down', '.': 'unknown' }

/** Spans of a strip, from minute `start` on; neighbours of equal state are one span. */
export function spans(strip: string, start = 0): StateSpan[] {
  const found: StateSpan[] = []
  for (const [i, letter] of [...strip].entries()) {
    const state = letters[letter]
    if (!state) throw new Error(`A strip has no letter ${letter}.`)
    const span = minutes(start + i, start + i + 1)
    const last = found.at(-1)
    if (last?.state === state) found[found.length - 1] = { ...last, to: span.to }
    else found.push({ ...span, state })
  }
  return found
}

/** What is known of a strip: unknown minutes have no span. */
export function timeline(strip: string, start = 0): Timeline {
  return spans(strip, start).filter(
    (span): span is StateSpan<ObservedState> => span.state !== 'unknown',
  )
}

/** Spans back as a strip, so that a failing test shows what happened when. */
export function strip(parts: readonly StateSpan<string>[]): string {
  const names = Object.entries(letters)
  return parts
    .map(({ from, to, state }) => {
      const letter = names.find(([, name]) => name === state)?.[0] ?? '?'
      return letter.repeat((to - from) / minuteMs)
    })
    .join('')
}

/** A window in minutes since the epoch. */
export function minutes(from: number, to: number): Span {
  return { from: from * minuteMs, to: to * minuteMs }
}
