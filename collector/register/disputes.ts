import {
  dayMs,
  type EpochMs,
  intersect,
  minuteMs,
  type Span,
  subtract,
} from '../../protocol/time.ts'
import { AppError, type ErrorCode } from '../error.ts'
import type { Cause } from '../kpi/causes.ts'
import type { DecidedSpan } from '../kpi/disputes.ts'
import type { Bound } from '../kpi/snapshot.ts'
import { localTime } from '../kpi/zone.ts'
import { type Decision, decide, type Proposal } from '../people/two-person.ts'

/** States that can be claimed, from the best to the worst: the evaluator grants none better. */
export const claimedStates = ['up', 'unknown', 'down'] as const

/** What an institution says that a time was; without a cause, unknown time keeps its own. */
export type Claim = {
  readonly state: (typeof claimedStates)[number]
  readonly cause: Cause | null
}

/** What of a dispute the evaluator granted. */
export type Granted = Span & Claim

type LowHigh = { readonly low: Bound | null; readonly high: Bound | null }

/** The published figures of a cycle so far that a dispute bears on. */
export type DisputedFigures = {
  readonly cycle: string
  readonly asOf: EpochMs
  readonly environment: LowHigh
  readonly institution: LowHigh
}

/**
 * What the evaluator said. `granted` is null exactly where all was refused; `before` is what was
 * shown to everybody at that moment, null where no figures of the dispute's cycle were.
 */
export type DisputeDecision = Decision & {
  readonly granted: Granted | null
  readonly before: DisputedFigures | null
}

/**
 * A time of one of its environments that an institution contests. It is this object, as JSON, that
 * entries of the log hold before and after each act.
 */
export type Dispute = Span &
  Proposal & {
    readonly id: string
    readonly claim: Claim
    readonly why: string
    /** SHA-256 in hex of a file that the institution keeps; null where there is none. */
    readonly evidenceSha256: string | null
    readonly decision: DisputeDecision | null
    readonly withdrawnAt: EpochMs | null
  }

/** What a dispute is. `lapsed`: its cycle was frozen before anybody decided. */
export const disputeStates = [
  'open',
  'granted',
  'granted_in_part',
  'refused',
  'withdrawn',
  'lapsed',
] as const
export type DisputeState = (typeof disputeStates)[number]

/** The end of the newest cycle that was frozen at an instant; 0 before the first. */
export type FrozenThrough = (at: EpochMs) => EpochMs

/** As long as no cycle is frozen by anybody. */
export const neverFrozen: FrozenThrough = () => 0

export function disputeState(dispute: Dispute, frozenThrough: EpochMs): DisputeState {
  const { from, to, claim, decision, withdrawnAt } = dispute
  if (withdrawnAt !== null) return 'withdrawn'
  if (!decision) return from < frozenThrough ? 'lapsed' : 'open'
  const { granted } = decision
  if (!granted) return 'refused'
  const isWhole = granted.from === from && granted.to === to
  const isSame = granted.state === claim.state && granted.cause === claim.cause
  return isWhole && isSame ? 'granted' : 'granted_in_part'
}

/** No dispute is longer. */
export const disputeMsMax = 30 * dayMs
/** Disputes of one environment that nobody has decided. */
export const disputesOpenMax = 50

/** What a dispute is judged by when it is made. */
export type DisputeRules = {
  /** The cycle that holds an instant, and how long after its end it may be contested. */
  readonly cycleAt: (at: EpochMs) => Span
  readonly freezeMs: number
  readonly frozenThrough: EpochMs
  /** When the environment was in the register; sorted and disjoint. */
  readonly inScope: readonly Span[]
  /** Only for the sentence of a refusal. */
  readonly timezone: string
  /** All other disputes of the environment. */
  readonly others: readonly Dispute[]
}

/** A new dispute. Throws AppError; its detail names the rule that was broken. */
export function requestDispute(
  asked: Span & Pick<Dispute, 'id' | 'claim' | 'why' | 'evidenceSha256'>,
  requestedBy: string,
  at: EpochMs,
  rules: DisputeRules,
): Dispute {
  const { id, from, to, why, evidenceSha256 } = asked
  requireSpan(asked)
  requireCause(asked.claim)
  if (to > at) throw refusal('invalid', 'future', 'Only time that has passed can be contested.')
  if (to - from > disputeMsMax) {
    throw refusal('invalid', 'length', 'A dispute is about at most 30 days.')
  }
  if (evidenceSha256 !== null && !/^[0-9a-f]{64}$/.test(evidenceSha256)) {
    const message = 'The evidence is named by its SHA-256: 64 hex digits in lower case.'
    throw refusal('invalid', 'evidence', message)
  }
  requireOpenCycle(asked, at, rules)
  if (subtract(asked, rules.inScope).length > 0) {
    const message = 'The environment was not in the register for all of this time.'
    throw refusal('invalid', 'scope', message)
  }
  requireRoom(asked, rules)
  const { state, cause } = asked.claim
  return {
    ...{ id, from, to, claim: { state, cause }, why, evidenceSha256, requestedBy },
    ...{ requestedAt: at, decision: null, withdrawnAt: null },
  }
}

function requireSpan({ from, to }: Span): void {
  if (to <= from) throw refusal('invalid', 'order', 'A contested time must end after it starts.')
  if (from % minuteMs !== 0 || to % minuteMs !== 0) {
    throw refusal('invalid', 'minutes', 'A contested time starts and ends at whole minutes.')
  }
}

function requireCause({ state, cause }: Claim): void {
  if (state !== 'unknown' && (state === 'up') !== (cause === null)) {
    const message = 'Time that was down has a cause, and time that was up has none.'
    throw refusal('invalid', 'cause', message)
  }
  if (cause === 'emergency_maintenance' && state !== 'down') {
    throw refusal('invalid', 'emergency', 'In emergency maintenance an environment is down.')
  }
}

function requireOpenCycle(
  { from, to }: Span,
  at: EpochMs,
  { cycleAt, freezeMs, frozenThrough, timezone }: DisputeRules,
): void {
  const cycle = cycleAt(from)
  if (to > cycle.to) {
    const end = localTime(cycle.to, timezone)
    const message = `A dispute lies within one cycle: this one ends ${end}.`
    throw refusal('invalid', 'cycle', message, { end: cycle.to })
  }
  if (from < frozenThrough) throw frozen()
  const until = cycle.to + freezeMs
  if (at >= until) {
    const message = `Time of this cycle could be contested until ${localTime(until, timezone)}.`
    throw refusal('conflict', 'late', message, { until })
  }
}

function requireRoom(asked: Span, { others, frozenThrough, timezone }: DisputeRules): void {
  const open = others.filter((each) => disputeState(each, frozenThrough) === 'open')
  if (open.length >= disputesOpenMax) {
    const message = `The environment has ${disputesOpenMax} disputes that nobody has decided.`
    throw refusal('conflict', 'open', message)
  }
  const standing = [...open.map(({ id, from, to }) => ({ id, from, to })), ...decidedSpans(others)]
  const other = standing.find((each) => intersect(each, asked))
  if (!other) return
  const times = [other.from, other.to].map((each) => localTime(each, timezone)).join(' to ')
  const message = `It overlaps the dispute ${other.id}, from ${times}.`
  throw refusal('conflict', 'overlap', message, { from: other.from, to: other.to })
}

/**
 * The dispute as the evaluator decided it: refused, or granted whole or in part, never more than
 * was claimed. Throws AppError.
 */
export function decideDispute(
  dispute: Dispute,
  decision: DisputeDecision,
  frozenThrough: EpochMs,
): Dispute {
  const { is, by, role, at, why, granted, before } = decision
  const rebuilt = { is, by, role, at, why, granted: granted && rebuiltGrant(granted), before }
  const decided = decide(dispute, rebuilt, 'disputes.decide')
  const state = disputeState(dispute, frozenThrough)
  if (state === 'withdrawn') throw refusal('conflict', 'withdrawn', 'It was withdrawn.')
  if (state === 'lapsed') throw frozen()
  if ((is === 'approved') !== (granted !== null)) {
    throw refusal('invalid', 'part', 'What is granted must be said, and only then.')
  }
  if (granted) requireWithin(dispute, granted)
  return decided
}

function rebuiltGrant({ from, to, state, cause }: Granted): Granted {
  return { from, to, state, cause }
}

function requireWithin({ from, to, claim }: Dispute, granted: Granted): void {
  requireSpan(granted)
  requireCause(granted)
  const isLess = claimedStates.indexOf(granted.state) >= claimedStates.indexOf(claim.state)
  if (granted.from >= from && granted.to <= to && isLess) return
  const message = 'No more is granted than was claimed: a part of the time, or a worse state.'
  throw refusal('invalid', 'beyond', message)
}

/** The dispute as given up before anybody decided. Throws AppError. */
export function withdrawDispute(dispute: Dispute, at: EpochMs): Dispute {
  if (dispute.decision === null && dispute.withdrawnAt === null) {
    return { ...dispute, withdrawnAt: at }
  }
  const message = 'Only a dispute that nobody has decided is withdrawn.'
  throw refusal('conflict', 'closed', message)
}

/** What was granted, sorted and disjoint: it takes the place of what was observed. */
export function decidedSpans(disputes: readonly Dispute[]): DecidedSpan[] {
  return disputes
    .flatMap(({ id, decision }) => (decision?.granted ? [{ id, ...decision.granted }] : []))
    .sort((a, b) => a.from - b.from)
}

function frozen(): AppError {
  return refusal('conflict', 'frozen', 'The cycle is frozen: it changes only by a revision.')
}

function refusal(
  code: ErrorCode,
  rule: string,
  message: string,
  values: Readonly<Record<string, number>> = {},
): AppError {
  return new AppError(code, message, { detail: { rule, ...values } })
}
