import type { Cause } from '../../collector/kpi/causes.ts'
import type { Needs } from '../../collector/kpi/compose.ts'
import { noTime, type Piece, type Sums } from '../../collector/kpi/environment-day.ts'
import type { CheckKind, State } from '../../protocol/check.ts'
import { minuteMs } from '../../protocol/time.ts'

/**
 * An environment told minute by minute, and what each minute counts as, worked out the slow way
 * from docs/methodology.md: what is up if all that is unknown were down is up, what is down if all
 * of it were up is down.
 */
export type History = {
  /** Number of the first minute since the epoch. */
  readonly start: number
  readonly checks: readonly MinuteCheck[]
  /** Out of scope where it has none. */
  readonly needs: readonly { from: number; to: number; needs: Needs | null }[]
  readonly class: 'public' | 'internal' | 'link'
  readonly witnesses: readonly { agent: string; saw: string }[] | null
  readonly needsWitnesses: boolean
  readonly siteAlive: string | null
  /** `x` where it holds. */
  readonly marks: Readonly<Record<Mark, string>>
  readonly disputes: readonly Decided[]
}
export type MinuteCheck = {
  readonly check: string
  readonly kind: CheckKind
  readonly since: number
  /** One letter a minute: U, G, D or . */
  readonly saw: string
}
export const markNames = ['alive', 'off', 'clock', 'stopped', 'centre', 'maintenance'] as const
export type Mark = (typeof markNames)[number]
export type Decided = {
  readonly from: number
  readonly to: number
  readonly id: string
  readonly state: 'up' | 'down' | 'unknown'
  readonly cause: Cause | null
}

const states: Record<string, State> = { U: 'up', G: 'degraded', D: 'down', '.': 'unknown' }

/** What a minute counts as, in the words of a piece; null out of scope. */
export function minuteAt(history: History, at: number): Omit<Piece, 'from' | 'to'> | null {
  const definition = history.needs.find(({ from, to }) => from <= at && at < to)
  if (!definition) return null
  const { inside, failure } = insideAt(history, definition.needs, at)
  const seen = found(history, inside, failure, at)
  const piece = decided(seen, history, at)
  if (has(history, 'maintenance', at)) return { ...piece, excluded: 'maintenance' }
  const isCentral = piece.state === 'unknown' && piece.cause === 'centre'
  return isCentral ? { ...piece, excluded: 'centre' } : piece
}

/** Milliseconds of all minutes of a stretch. */
export function sumMinutes(history: History, from: number, to: number): Sums {
  const sums: Record<keyof Sums, number> = { ...noTime }
  const gross = {
    up: 'grossUp',
    degraded: 'grossDegraded',
    down: 'grossDown',
    unknown: 'grossUnknown',
  } as const
  for (let at = from; at < to; at++) {
    const piece = minuteAt(history, at)
    if (!piece) continue
    const { state, excluded, cause, flags = [] } = piece
    sums[gross[state]] += minuteMs
    sums[excluded ?? state] += minuteMs
    if (excluded) continue
    const isExternal = cause === 'network' || cause === 'centre'
    if (state === 'down' && isExternal) sums.downExternal += minuteMs
    if (state === 'unknown' && isExternal) sums.unknownExternal += minuteMs
    if (state === 'unknown') continue
    const [self, seen] = [flags.includes('self_attested'), flags.includes('witnessed')]
    if (self && seen) sums.bothAttested += minuteMs
    else if (self) sums.selfAttested += minuteMs
    else if (seen) sums.witnessed += minuteMs
  }
  return sums
}

function has({ marks, start }: History, mark: Mark, at: number): boolean {
  return marks[mark][at - start] === 'x'
}

function insideAt({ checks, start }: History, needs: Needs | null, at: number) {
  const known = new Map(checks.map((check) => [check.check, states[check.saw[at - start]!]!]))
  const stateOf = (name: string): State => known.get(name) ?? 'unknown'
  const due = checks.filter(({ kind, since }) => kind !== 'disk' && since <= at)
  const expression = needs ?? { all: due.map(({ check }) => check) }
  if (typeof expression !== 'string' && 'all' in expression && expression.all.length === 0) {
    return { inside: 'unknown' as const, failure: null }
  }
  let inside = stateIn(expression, stateOf)
  const isAdvised = checks.some(
    ({ kind, check }) => kind === 'disk' && stateOf(check) === 'degraded',
  )
  if (inside === 'up' && isAdvised) inside = 'degraded'
  if (inside !== 'down') return { inside, failure: null }
  const kinds = brokenIn(expression, stateOf).map(
    (name) => checks.find(({ check }) => check === name)!.kind,
  )
  const isNetwork = kinds.every((kind) => ['dns', 'icmp', 'link'].includes(kind))
  const failure: Cause = kinds.includes('host') ? 'host' : isNetwork ? 'network' : 'service'
  return { inside, failure }
}

function works(needs: Needs, stateOf: (name: string) => State, guess: boolean): boolean {
  if (typeof needs === 'string') {
    const state = stateOf(needs)
    return state === 'unknown' ? guess : state !== 'down'
  }
  const members = 'all' in needs ? needs.all : needs.of
  const working = members.filter((member) => works(member, stateOf, guess)).length
  return working >= ('all' in needs ? members.length : needs.atLeast)
}

function stateIn(needs: Needs, stateOf: (name: string) => State): State {
  if (typeof needs === 'string') return stateOf(needs)
  if (!works(needs, stateOf, true)) return 'down'
  if (!works(needs, stateOf, false)) return 'unknown'
  const members = ('all' in needs ? needs.all : needs.of).map((member) => stateIn(member, stateOf))
  return members.includes('down') || members.includes('degraded') ? 'degraded' : 'up'
}

function brokenIn(needs: Needs, stateOf: (name: string) => State): string[] {
  if (works(needs, stateOf, true)) return []
  if (typeof needs === 'string') return [needs]
  return ('all' in needs ? needs.all : needs.of).flatMap((member) => brokenIn(member, stateOf))
}

function outsideAt(history: History, at: number): State | null {
  if (history.class !== 'public') return null
  if (!history.witnesses) return history.needsWitnesses ? 'unknown' : null
  let [ups, downs] = [0, 0]
  for (const agent of new Set(history.witnesses.map((each) => each.agent))) {
    const saw = history.witnesses
      .filter((each) => each.agent === agent)
      .map((each) => each.saw[at - history.start])
    if (saw.includes('D')) downs++
    else if (saw.some((letter) => letter !== '.')) ups++
  }
  if (downs > 1 && downs > ups) return 'down'
  return ups > 0 && ups >= downs ? 'up' : 'unknown'
}

type Seen = Pick<Piece, 'state' | 'cause' | 'flags'>

function found(history: History, inside: State, failure: Cause | null, at: number): Seen {
  const outside = outsideAt(history, at)
  const isSiteAlive = history.siteAlive && history.siteAlive[at - history.start] === 'x'
  if (inside !== 'unknown') {
    const isBoth = outside === 'up' || outside === 'down'
    const flags = isBoth ? (['self_attested', 'witnessed'] as const) : (['self_attested'] as const)
    if (inside === 'down') return { state: 'down', cause: failure!, flags }
    if (outside === 'down') return { state: 'down', cause: 'network', flags }
    const isUnproven = history.needsWitnesses && outside === 'unknown'
    return isUnproven ? { state: 'unknown', cause: 'centre' } : { state: inside, flags }
  }
  if (outside === 'up') return { state: 'up', flags: ['witnessed', 'agent_silent'] }
  if (outside === 'down') {
    return { state: 'down', cause: isSiteAlive ? 'host' : 'network', flags: ['witnessed'] }
  }
  if (has(history, 'centre', at)) return { state: 'unknown', cause: 'centre' }
  if (has(history, 'clock', at)) return { state: 'unknown', cause: 'clock' }
  if (has(history, 'off', at)) return { state: 'down', cause: 'host', flags: ['self_attested'] }
  if (has(history, 'stopped', at) || has(history, 'alive', at)) {
    return { state: 'unknown', cause: 'agent' }
  }
  const isCut = history.siteAlive !== null && !isSiteAlive
  return { state: 'unknown', cause: isCut ? 'network' : 'agent' }
}

function decided(seen: Seen, { disputes }: History, at: number): Omit<Piece, 'from' | 'to'> {
  const dispute = disputes.findLast(({ from, to }) => from <= at && at < to)
  if (!dispute) return seen
  const { cause: observed, ...rest } = seen
  const disputed = { id: dispute.id, was: seen.state }
  if (dispute.state === 'up') return { ...rest, state: 'up', disputed }
  // An earlier decision that this one takes the place of may have named a cause, or freed of one.
  let cause = observed
  for (const each of disputes.filter(({ from, to }) => from <= at && at < to)) {
    const usual = each.state === 'down' ? 'service' : 'agent'
    cause = each.state === 'up' ? undefined : (each.cause ?? cause ?? usual)
  }
  return { ...rest, state: dispute.state, cause: cause!, disputed }
}
