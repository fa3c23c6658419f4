import type { State } from '../../protocol/check.ts'
import type { Span } from '../../protocol/time.ts'
import type { StateSpan } from './timeline.ts'

/**
 * What must work for an environment to be up: one check, all of several (series), or at least k
 * of several. Checks are named `<agent name>/<check>`.
 */
export type Needs =
  | string
  | { readonly all: readonly Needs[] }
  | { readonly atLeast: number; readonly of: readonly Needs[] }

/** The checks an expression names, each once. */
export function checksOf(needs: Needs): Set<string> {
  if (typeof needs === 'string') return new Set([needs])
  const members = 'all' in needs ? needs.all : needs.of
  return new Set(members.flatMap((member) => [...checksOf(member)]))
}

/**
 * The state of an expression at one instant, three-valued: what is not known cannot make it up.
 * Series: down if any is down, else unknown if any is unknown. k of n: up if k are up, down if k
 * can no longer be. Up with a member down or degraded is degraded. Source: docs/methodology.md §2,
 * T8.
 */
export function combine(needs: Needs, stateOf: (check: string) => State): State {
  if (typeof needs === 'string') return stateOf(needs)
  const members = 'all' in needs ? needs.all : needs.of
  const wanted = 'all' in needs ? members.length : needs.atLeast
  let ups = 0
  let downs = 0
  let impaired = false
  for (const member of members) {
    const state = combine(member, stateOf)
    if (state === 'up' || state === 'degraded') ups++
    if (state === 'down') downs++
    if (state === 'down' || state === 'degraded') impaired = true
  }
  if (ups >= wanted) return impaired ? 'degraded' : 'up'
  return members.length - downs < wanted ? 'down' : 'unknown'
}

/**
 * The checks that make an expression down: those down inside of what is down, so that a spare that
 * fails is not blamed for what something else does. Empty unless the expression is down.
 */
export function failing(needs: Needs, stateOf: (check: string) => State): string[] {
  if (combine(needs, stateOf) !== 'down') return []
  if (typeof needs === 'string') return [needs]
  const members = 'all' in needs ? needs.all : needs.of
  return members.flatMap((member) => failing(member, stateOf))
}

/**
 * Walks several timelines at once and calls `stateAt` for every stretch in which none changes.
 * Returns spans that cover the window without holes; neighbours of equal state are one span.
 * `index` in `stateAt(states)` follows the order of `timelines`; a hole in one is `unknown`.
 */
export function sweep<S extends string>(
  timelines: readonly (readonly StateSpan[])[],
  window: Span,
  stateAt: (states: readonly State[]) => S,
): StateSpan<S>[] {
  const positions = timelines.map((timeline) => firstEndingAfter(timeline, window.from))
  const now: State[] = timelines.map(() => 'unknown')
  const result: StateSpan<S>[] = []
  let at = window.from
  while (at < window.to) {
    let next = window.to
    for (let i = 0; i < timelines.length; i++) {
      const timeline = timelines[i]!
      while (positions[i]! < timeline.length && timeline[positions[i]!]!.to <= at) positions[i]!++
      const span = timeline[positions[i]!]
      const inside = span !== undefined && span.from <= at
      now[i] = inside ? span.state : 'unknown'
      if (span) next = Math.min(next, inside ? span.to : span.from)
    }
    append(result, { from: at, to: next, state: stateAt(now) })
    at = next
  }
  return result
}

function append<S extends string>(spans: StateSpan<S>[], span: StateSpan<S>): void {
  const last = spans.at(-1)
  if (last?.state === span.state && last.to === span.from) {
    spans[spans.length - 1] = { ...last, to: span.to }
  } else {
    spans.push(span)
  }
}

/** Index of the first span that ends after the instant; spans are sorted and disjoint. */
export function firstEndingAfter(timeline: readonly Span[], at: number): number {
  let low = 0
  let high = timeline.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeline[middle]!.to <= at) low = middle + 1
    else high = middle
  }
  return low
}
