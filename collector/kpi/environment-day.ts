import type { CheckKind, State } from '../../protocol/check.ts'
import { dayMs, type EpochMs, intersect, type Span } from '../../protocol/time.ts'
import { checksOf, combine, type Needs, sweep } from './compose.ts'
import type { StateSpan, Timeline } from './timeline.ts'

/** A check with what is known of it, as far as one day needs it. */
export type CheckTimeline = {
  /** `<agent name>/<check>` */
  readonly check: string
  readonly kind: CheckKind
  /** Whether its kind can be down; what cannot is advice: it degrades, and is never needed. */
  readonly canBeDown: boolean
  /** Its first evidence; before that nothing needs it. */
  readonly since: EpochMs
  readonly timeline: Timeline
}

/**
 * What holds for an environment over a stretch of time; outside every stretch it is out of scope.
 */
export type Definition = Span & {
  /** Null: every check that can be down and has been seen, in series. */
  readonly needs: Needs | null
}

/** What lies over observed time. Both are sorted and disjoint. */
export type Overlays = {
  /** Approved maintenance, already cut to the quota. */
  readonly maintenance: readonly Span[]
  /** When the collector itself did not run: unknown time in it is the centre's. */
  readonly centre: readonly Span[]
}

/** A stretch of one observed state; `excluded` says why it is not in the net denominator. */
export type Piece = StateSpan & { readonly excluded?: 'maintenance' | 'centre' }

/** Indices into the sums of a stretch of time. Unit: milliseconds. */
export const sumNames = [
  'up',
  'degraded',
  'down',
  'unknown',
  'maintenance',
  'centre',
  'grossUp',
  'grossDegraded',
  'grossDown',
  'grossUnknown',
] as const
export type Sums = Readonly<Record<(typeof sumNames)[number], number>>

/** One UTC day of one environment, derived from evidence and rewritten whenever that grows. */
export type EnvironmentDay = {
  readonly day: EpochMs
  readonly sums: Sums
  readonly pieces: readonly Piece[]
}

/**
 * Derives one UTC day of an environment. Unit: milliseconds. Time without evidence is unknown;
 * unknown time while the collector was down is the centre's and leaves the net denominator.
 * Source: docs/methodology.md §2 (precedence: scope, maintenance, observed), §3.
 */
export function environmentDay(
  checks: readonly CheckTimeline[],
  definitions: readonly Definition[],
  overlays: Overlays,
  day: EpochMs,
): EnvironmentDay {
  const window = { from: day, to: day + dayMs }
  const pieces: Piece[] = []
  for (const definition of definitions) {
    const span = intersect(definition, window)
    if (!span) continue
    for (const part of splitWhereNeedsGrow(span, definition.needs, checks)) {
      pieces.push(...overlay(observed(checks, definition.needs, part), overlays))
    }
  }
  return { day, sums: sumPieces(pieces), pieces: merged(pieces) }
}

/**
 * Default needs grow when a check is first seen: cut there, so that each part has one expression.
 */
function splitWhereNeedsGrow(
  span: Span,
  needs: Needs | null,
  checks: readonly CheckTimeline[],
): Span[] {
  if (needs !== null) return [span]
  const cuts = checks
    .filter((check) => check.canBeDown && check.since > span.from && check.since < span.to)
    .map((check) => check.since)
  const edges = [...new Set([span.from, ...cuts, span.to])].sort((a, b) => a - b)
  return edges.slice(1).map((to, i) => ({ from: edges[i]!, to }))
}

function observed(
  checks: readonly CheckTimeline[],
  needs: Needs | null,
  span: Span,
): StateSpan<State>[] {
  const seen = checks.filter((check) => check.canBeDown && check.since <= span.from)
  const expression = needs ?? { all: seen.map((check) => check.check) }
  const needed = checksOf(expression)
  const used = checks.filter((check) => needed.has(check.check) || !check.canBeDown)
  const index = new Map(used.map((check, i) => [check.check, i]))
  const advice = used.flatMap((check, i) => (check.canBeDown ? [] : [i]))
  const nothing = needed.size === 0
  return sweep(
    used.map((check) => check.timeline),
    span,
    (states) => {
      if (nothing) return 'unknown'
      const state = combine(expression, (check) => states[index.get(check) ?? -1] ?? 'unknown')
      const worse = state === 'up' && advice.some((i) => states[i] === 'degraded')
      return worse ? 'degraded' : state
    },
  )
}

/** Cuts observed spans where an overlay begins or ends, and marks what leaves the denominator. */
function overlay(spans: readonly StateSpan<State>[], { maintenance, centre }: Overlays): Piece[] {
  return spans.flatMap((span) =>
    cut(span, maintenance).flatMap(({ inside, ...part }): Piece[] => {
      if (inside) return [{ ...part, excluded: 'maintenance' }]
      if (part.state !== 'unknown') return [part]
      return cut(part, centre).map(({ inside: central, ...rest }) =>
        central ? { ...rest, excluded: 'centre' } : rest,
      )
    }),
  )
}

function cut<T extends Span>(span: T, covers: readonly Span[]): (T & { inside: boolean })[] {
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

/** Milliseconds by state, net and gross, of pieces. */
export function sumPieces(pieces: readonly Piece[], window?: Span): Sums {
  const sums = { ...noTime }
  for (const piece of pieces) {
    const span = window ? intersect(piece, window) : piece
    if (!span) continue
    const ms = span.to - span.from
    sums[piece.excluded ?? piece.state] += ms
    sums[grossNames[piece.state]] += ms
  }
  return sums
}

const grossNames = {
  up: 'grossUp',
  degraded: 'grossDegraded',
  down: 'grossDown',
  unknown: 'grossUnknown',
} as const

/** Sums of no time at all. */
export const noTime: Sums = Object.fromEntries(sumNames.map((name) => [name, 0])) as Sums

function merged(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (last?.to === piece.from && last.state === piece.state && last.excluded === piece.excluded) {
      result[result.length - 1] = { ...last, to: piece.to }
    } else {
      result.push(piece)
    }
  }
  return result
}
