import type { CheckKind, ObservedState, State } from '../../protocol/check.ts'
import { dayMs, type EpochMs, type Span } from '../../protocol/time.ts'
import type { Cause } from './causes.ts'
import { firstEndingAfter, sweep } from './compose.ts'
import type { Piece, PieceFlag } from './environment-day.ts'
import type { StateSpan, Timeline } from './timeline.ts'

/** From this long after it a piece is settled; before, late evidence may change it. */
export const settledMs = 7 * dayMs

/** Whether what is known of a span is settled rather than provisional. */
export function isSettled({ to }: Span, asOf: EpochMs): boolean {
  return asOf - to >= settledMs
}

/**
 * What is known of a day beside the environment's own checks. Spans are sorted and disjoint.
 */
export type Context = {
  readonly class: 'public' | 'internal' | 'link'
  /** What witnesses saw together (`witnessVerdict`); null without any. Of public ones only. */
  readonly outside: Timeline | null
  /** Whether a public environment is up only where witnesses saw it. */
  readonly needsWitnesses: boolean
  /** When an agent of the environment left evidence. */
  readonly alive: readonly Span[]
  /** The same of other agents at its site; null without any. */
  readonly siteAlive: readonly Span[] | null
  /** When all its hosts were proved to be off: from shutdown to boot. */
  readonly off: readonly Span[]
  /** Evidence that could not be dated. */
  readonly clock: readonly Span[]
  /** When agents said that they were stopped. */
  readonly stopped: readonly Span[]
}

/** Nothing is known beside the checks. */
export const noContext: Context = {
  class: 'internal',
  outside: null,
  needsWitnesses: false,
  alive: [],
  siteAlive: null,
  off: [],
  clock: [],
  stopped: [],
}

/** All that is known of one instant. */
export type Instant = {
  readonly inside: State
  /** What fails inside; null unless that is down. */
  readonly failure: Cause | null
  /** Null: witnesses are not asked. */
  readonly outside: State | null
  readonly needsWitnesses: boolean
  readonly alive: boolean
  /** Null without other agents at the site. */
  readonly siteAlive: boolean | null
  readonly off: boolean
  readonly clock: boolean
  readonly stopped: boolean
  readonly centre: boolean
}

/** What an instant becomes. Down and unknown always have a cause. */
export type Finding = Pick<Piece, 'state' | 'cause' | 'flags'>

const self: readonly PieceFlag[] = ['self_attested']
const seen: readonly PieceFlag[] = ['witnessed']
const both: readonly PieceFlag[] = ['self_attested', 'witnessed']
const silent: readonly PieceFlag[] = ['witnessed', 'agent_silent']

/**
 * The rules of attribution, first that fits. A down that was seen is never turned into up, and
 * what is not proved stays unknown. Source: docs/methodology.md §5.
 */
export function judge(at: Instant): Finding {
  const { inside, failure, outside, siteAlive } = at
  const own = failure ?? 'service'
  if (outside === 'down') {
    if (inside === 'unknown') return lost('down', siteAlive ? 'host' : 'network', seen)
    return lost('down', inside === 'down' ? own : 'network', both)
  }
  if (outside === 'up' || outside === 'degraded') {
    if (inside === 'unknown') return { state: 'up', flags: silent }
    return inside === 'down' ? lost('down', own, both) : { state: inside, flags: both }
  }
  if (inside === 'unknown') return judgeSilence(at)
  if (inside === 'down') return lost('down', own, self)
  return at.needsWitnesses ? lost('unknown', 'centre') : { state: inside, flags: self }
}

function judgeSilence({ centre, clock, off, stopped, alive, siteAlive }: Instant): Finding {
  if (centre) return lost('unknown', 'centre')
  if (clock) return lost('unknown', 'clock')
  if (off) return lost('down', 'host', self)
  const isSiteCut = siteAlive === false && !alive && !stopped
  return lost('unknown', isSiteCut ? 'network' : 'agent')
}

function lost(state: 'down' | 'unknown', cause: Cause, flags?: readonly PieceFlag[]): Finding {
  return { state, cause, ...(flags && { flags }) }
}

const networkKinds: readonly CheckKind[] = ['dns', 'icmp', 'link']

/** Why needed checks fail, by their kinds: the host before a service before the network. */
export function causeOfFailure(kinds: readonly CheckKind[]): Cause {
  if (kinds.includes('host')) return 'host'
  const isNetwork = kinds.length > 0 && kinds.every((kind) => networkKinds.includes(kind))
  return isNetwork ? 'network' : 'service'
}

/**
 * Gives every observed span its cause and what it rests on, cutting it where the context changes.
 * `causesOf` is asked only about spans that are down: it covers them by what fails.
 */
export function attribute(
  observed: readonly StateSpan[],
  context: Context,
  centre: readonly Span[],
  causesOf: (down: Span) => readonly StateSpan<Cause>[],
): Piece[] {
  const needsWitnesses = context.class === 'public' && context.needsWitnesses
  const witnesses = context.class === 'public' ? context.outside : null
  const outside = witnesses ?? (needsWitnesses ? [] : null)
  return observed.flatMap((span): Piece[] => {
    const isKnown = span.state !== 'unknown'
    if (isKnown && span.state !== 'down' && outside === null) return [{ ...span, flags: self }]
    const failures = span.state === 'down' ? causesOf(span) : []
    const { alive, siteAlive, off, clock, stopped } = context
    const silence = isKnown ? [] : [alive, siteAlive ?? [], off, clock, stopped, centre]
    return stretches(span, [outside ?? [], failures, ...silence]).map((part) => {
      const finding = judge({
        inside: span.state,
        failure: at(failures, part.from)?.state ?? null,
        outside: outside && (at(outside, part.from)?.state ?? 'unknown'),
        needsWitnesses,
        alive: at(alive, part.from) !== null,
        siteAlive: siteAlive && at(siteAlive, part.from) !== null,
        off: at(off, part.from) !== null,
        clock: at(clock, part.from) !== null,
        stopped: at(stopped, part.from) !== null,
        centre: at(centre, part.from) !== null,
      })
      return { ...part, ...finding }
    })
  })
}

/** A span cut at every edge of the lists inside of it. */
function stretches(span: Span, lists: readonly (readonly Span[])[]): Span[] {
  const edges = new Set([span.from, span.to])
  for (const list of lists) {
    for (let i = firstEndingAfter(list, span.from); i < list.length; i++) {
      const { from, to } = list[i]!
      if (from >= span.to) break
      if (from > span.from) edges.add(from)
      if (to < span.to) edges.add(to)
    }
  }
  const sorted = [...edges].sort((a, b) => a - b)
  return sorted.slice(1).map((to, i) => ({ from: sorted[i]!, to }))
}

function at<T extends Span>(list: readonly T[], instant: EpochMs): T | null {
  const found = list[firstEndingAfter(list, instant)]
  return found && found.from <= instant ? found : null
}

/** A check of a witness, with what it saw. */
export type WitnessTimeline = { readonly agent: string; readonly timeline: Timeline }

/**
 * What witnesses saw together: down when at least two do and more than see it up; up when at least
 * one does and no fewer than see it down. Each agent has one vote, the worst of its checks: one
 * alone cannot decide down. Source: docs/methodology.md §5.
 */
export function witnessVerdict(witnesses: readonly WitnessTimeline[]): Timeline {
  const edges = witnesses.flatMap(({ timeline }) => timeline.flatMap(({ from, to }) => [from, to]))
  if (edges.length === 0) return []
  const window = edges.reduce(
    (all, edge) => ({ from: Math.min(all.from, edge), to: Math.max(all.to, edge) }),
    { from: edges[0]!, to: edges[0]! },
  )
  const timelines = witnesses.map(({ timeline }) => timeline)
  const verdicts = sweep(timelines, window, (states): State => {
    const votes = new Map<string, State>()
    for (const [i, { agent }] of witnesses.entries()) {
      const state = states[i]!
      if (state === 'unknown' || votes.get(agent) === 'down') continue
      votes.set(agent, state === 'down' ? 'down' : 'up')
    }
    const downs = [...votes.values()].filter((vote) => vote === 'down').length
    const ups = votes.size - downs
    if (downs >= 2 && downs > ups) return 'down'
    return ups >= 1 && ups >= downs ? 'up' : 'unknown'
  })
  return verdicts.filter((span): span is StateSpan<ObservedState> => span.state !== 'unknown')
}
