import type { CheckKind, State } from '../../protocol/check.ts'
import { dayMs, type EpochMs, intersect, type Span } from '../../protocol/time.ts'
import { attribute, type Context, causeOfFailure, noContext } from './attribution.ts'
import { type Cause, externalCauses } from './causes.ts'
import { checksOf, combine, failing, type Needs, sweep } from './compose.ts'
import { applyDecided, type DecidedSpan } from './disputes.ts'
import { cutBy, type StateSpan, type Timeline } from './timeline.ts'

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

/** What lies over observed time. Spans are sorted and disjoint. */
export type Overlays = {
  /** Approved maintenance, already cut to the quota. */
  readonly maintenance: readonly Span[]
  /** When the collector itself did not run: unknown time in it is the centre's. */
  readonly centre: readonly Span[]
  /** What else is known beside the environment's own checks; absent: nothing. */
  readonly attribution?: Context
  /** What evaluators decided; the later in the list counts. */
  readonly disputes?: readonly DecidedSpan[]
}

/**
 * What a piece rests on: the institution's own agents, witnesses, or both; and whether an agent was
 * silent while witnesses saw the environment up. In this order.
 */
export const pieceFlags = ['self_attested', 'witnessed', 'agent_silent'] as const
export type PieceFlag = (typeof pieceFlags)[number]

/**
 * A stretch of one state; `excluded` says why it is not in the net denominator. Every piece that is
 * down or unknown has a cause; `disputed` says what it was before an evaluator decided.
 */
export type Piece = StateSpan & {
  readonly excluded?: 'maintenance' | 'centre'
  readonly cause?: Cause
  readonly flags?: readonly PieceFlag[]
  readonly disputed?: { readonly id: string; readonly was: State }
}

/**
 * Indices into the sums of a stretch of time. Unit: milliseconds. `downExternal` and
 * `unknownExternal` are the parts of down and unknown with an external cause; the last three part
 * known time by what it rests on. Names are only ever added at the end.
 */
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
  'downExternal',
  'unknownExternal',
  'selfAttested',
  'witnessed',
  'bothAttested',
] as const
export type Sums = Readonly<Record<(typeof sumNames)[number], number>>

/** One UTC day of one environment, derived from evidence and rewritten whenever that grows. */
export type EnvironmentDay = {
  readonly day: EpochMs
  readonly sums: Sums
  readonly pieces: readonly Piece[]
}

/**
 * Derives one UTC day of an environment. Unit: milliseconds. Time without evidence is unknown,
 * whatever it is charged to; what is the centre's leaves the net denominator.
 * Source: docs/methodology.md §2 (precedence: scope, maintenance, disputes, observed), §3, §5.
 */
export function environmentDay(
  checks: readonly CheckTimeline[],
  definitions: readonly Definition[],
  overlays: Overlays,
  day: EpochMs,
): EnvironmentDay {
  const { centre, attribution = noContext, disputes = [] } = overlays
  const window = { from: day, to: day + dayMs }
  const pieces: Piece[] = []
  for (const definition of definitions) {
    const span = intersect(definition, window)
    if (!span) continue
    for (const part of splitWhereNeedsGrow(span, definition.needs, checks)) {
      const { spans, causesOf } = observed(checks, definition.needs, part)
      const attributed = attribute(spans, attribution, centre, causesOf)
      pieces.push(...exclude(applyDecided(attributed, disputes), overlays.maintenance))
    }
  }
  const whole = merged(pieces)
  return { day, sums: sumPieces(whole), pieces: whole }
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

/** What the checks say of a span, and for a part of it that is down, why by what fails. */
function observed(
  checks: readonly CheckTimeline[],
  needs: Needs | null,
  span: Span,
): { spans: StateSpan[]; causesOf: (down: Span) => StateSpan<Cause>[] } {
  const seen = checks.filter((check) => check.canBeDown && check.since <= span.from)
  const expression = needs ?? { all: seen.map((check) => check.check) }
  const needed = checksOf(expression)
  const used = checks.filter((check) => needed.has(check.check) || !check.canBeDown)
  const index = new Map(used.map((check, i) => [check.check, i]))
  const advice = used.flatMap((check, i) => (check.canBeDown ? [] : [i]))
  const nothing = needed.size === 0
  const timelines = used.map((check) => check.timeline)
  const spans = sweep(timelines, span, (states): State => {
    if (nothing) return 'unknown'
    const state = combine(expression, (check) => states[index.get(check) ?? -1] ?? 'unknown')
    const worse = state === 'up' && advice.some((i) => states[i] === 'degraded')
    return worse ? 'degraded' : state
  })
  const causesOf = (down: Span) =>
    sweep(timelines, down, (states) => {
      const names = failing(expression, (check) => states[index.get(check) ?? -1] ?? 'unknown')
      return causeOfFailure(names.flatMap((name) => used[index.get(name) ?? -1]?.kind ?? []))
    })
  return { spans, causesOf }
}

/** Marks what leaves the denominator; maintenance before the centre. */
function exclude(pieces: readonly Piece[], maintenance: readonly Span[]): Piece[] {
  return pieces.flatMap((piece) =>
    cutBy(piece, maintenance).map(({ inside, ...part }): Piece => {
      if (inside) return { ...part, excluded: 'maintenance' }
      const isCentral = part.state === 'unknown' && part.cause === 'centre'
      return isCentral ? { ...part, excluded: 'centre' } : part
    }),
  )
}

/** Milliseconds of pieces by state, net and gross, by who is to blame and what they rest on. */
export function sumPieces(pieces: readonly Piece[], window?: Span): Sums {
  const sums = { ...noTime }
  for (const piece of pieces) {
    const span = window ? intersect(piece, window) : piece
    if (!span) continue
    const ms = span.to - span.from
    sums[piece.excluded ?? piece.state] += ms
    sums[grossNames[piece.state]] += ms
    if (piece.excluded) continue
    if (piece.cause && externalCauses.includes(piece.cause)) {
      if (piece.state === 'down') sums.downExternal += ms
      if (piece.state === 'unknown') sums.unknownExternal += ms
    }
    const basis = piece.state === 'unknown' ? null : basisOf(piece)
    if (basis) sums[basis] += ms
  }
  return sums
}

function basisOf({ flags = [] }: Piece): 'selfAttested' | 'witnessed' | 'bothAttested' | null {
  const isSelf = flags.includes('self_attested')
  if (flags.includes('witnessed')) return isSelf ? 'bothAttested' : 'witnessed'
  return isSelf ? 'selfAttested' : null
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
    if (last?.to === piece.from && isAlike(last, piece)) {
      result[result.length - 1] = { ...last, to: piece.to }
    } else {
      result.push(piece)
    }
  }
  return result
}

function isAlike(a: Piece, b: Piece): boolean {
  return (
    a.state === b.state &&
    a.excluded === b.excluded &&
    a.cause === b.cause &&
    a.disputed?.id === b.disputed?.id &&
    a.disputed?.was === b.disputed?.was &&
    (a.flags === b.flags || a.flags?.join() === b.flags?.join())
  )
}
