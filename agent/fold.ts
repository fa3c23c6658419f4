import type { CheckDefinition, Fact, Histogram, Pause } from '../protocol/batch.ts'
import {
  type Observation,
  type ObservationPart,
  type ObservedState,
  observationParts,
  type Reason,
  type State,
} from '../protocol/check.ts'
import { limits } from '../protocol/limits.ts'
import { type BootMs, type EpochMs, intersect, lengthMs, type Span } from '../protocol/time.ts'
import { addValue } from './values.ts'

/** One look at a check: what was seen, and when the look began. */
export type Look = Observation & { readonly at: BootMs }

/** A decided stretch of one check. `count` is the number of looks it rests on. */
export type Stretch = Span & {
  readonly state: State
  readonly reason?: Reason
  readonly count: number
}

export type CheckFold = {
  readonly definition: CheckDefinition
  /** The last look that counts. What it saw is open until the next one. */
  readonly last: Look | null
  /** A failure that no second look has confirmed yet: nothing is decided by it. */
  readonly doubt: Look | null
  /** What was decided since the last seal: without holes, neighbours differ. */
  readonly stretches: readonly Stretch[]
  /** The last stretch that was sealed. */
  readonly sealed: Stretch | null
  /** Values since the last fact of them. */
  readonly values: Histogram | null
  /** Likewise what was told beside the value. Absent in folds kept by older agents. */
  readonly parts?: Parts
}

type Parts = Readonly<Partial<Record<ObservationPart, Histogram>>>

/** All that the agent knows and has not sealed, within one boot. Plain JSON. */
export type Fold = {
  readonly boot: string
  readonly checks: readonly CheckFold[]
  /** Kept until they are sealed and no stretch can need them any more. */
  readonly pauses: readonly (Pause & { readonly sealed?: true })[]
  /** Where the next batch's window begins. */
  readonly from: BootMs
  /** When every run and definition was last spelled out; null before the first time. */
  readonly fullAt: BootMs | null
  /** When values were last put into facts. */
  readonly valuesAt: BootMs
  /** Readiness facts that no batch holds yet. Absent in folds kept by older agents. */
  readonly facts?: readonly Fact[]
}

/** A fold as it is kept on disk: with the moment up to which the agent looked. */
export type KeptFold = {
  readonly fold: Fold
  readonly at: { readonly wall: EpochMs; readonly boot: BootMs }
}

/** A fold that has seen nothing. */
export function newFold(boot: string, definitions: readonly CheckDefinition[], at: BootMs): Fold {
  const checks = definitions.map((definition) => ({
    definition,
    last: null,
    doubt: null,
    stretches: [],
    sealed: null,
    values: null,
  }))
  return { boot, checks, pauses: [], from: at, fullAt: null, valuesAt: at }
}

/**
 * The fold after one more look. A failure counts once a second look confirms it, and then from
 * when it was first seen; a failure that the second look denies counts as nothing. Between two
 * looks that count, the hold rule of docs/methodology.md §2 decides. A look that is not later than
 * the last one is ignored.
 */
export function observe(fold: Fold, name: string, { at, ...seen }: Look): Fold {
  return observeAll(fold, new Map([[name, seen]]), at)
}

/** The fold after one look at each of some checks, all begun at the same instant: see `observe`. */
export function observeAll(
  fold: Fold,
  seen: ReadonlyMap<string, Observation | null>,
  at: BootMs,
): Fold {
  const checks = fold.checks.map((check) => {
    const observation = seen.get(check.definition.check)
    return observation ? observed(check, observation, at, fold.pauses) : check
  })
  return { ...fold, checks }
}

function observed(
  check: CheckFold,
  { state, reason, value, parts }: Observation,
  at: BootMs,
  pauses: Fold['pauses'],
): CheckFold {
  if (at <= ((check.doubt ?? check.last)?.at ?? -1)) return check
  const look = reason ? { state, reason, at } : { state, at }
  const values = value === undefined ? check.values : addValue(check.values, value)
  const told = { ...check, values, ...(parts && { parts: addParts(check.parts, parts) }) }
  return judge(told, look, pauses)
}

function addParts(before: Parts | undefined, told: NonNullable<Observation['parts']>): Parts {
  const parts: { -readonly [P in keyof Parts]: Parts[P] } = { ...before }
  for (const name of observationParts) {
    const value = told[name]
    if (value !== undefined) parts[name] = addValue(parts[name] ?? null, value)
  }
  return parts
}

/** The fold with readiness facts for the next batch; of an indicator only the newest is kept. */
export function addFacts(fold: Fold, facts: readonly Fact[]): Fold {
  const newer = new Set(facts.map(({ indicator }) => indicator))
  const kept = (fold.facts ?? []).filter(({ indicator }) => !newer.has(indicator))
  return { ...fold, facts: [...kept, ...facts] }
}

/** The fold after a stretch in which the agent did not look. */
export function addPause(fold: Fold, pause: Pause): Fold {
  if (lengthMs(pause) === 0) return fold
  const last = fold.pauses.at(-1)
  // Only restarts in quick succession come this far: their pauses grow together.
  if (last && fold.pauses.length >= limits.pausesMax) {
    const joined = { from: last.from, to: pause.to, why: pause.why }
    return { ...fold, pauses: [...fold.pauses.slice(0, -1), joined] }
  }
  return { ...fold, pauses: [...fold.pauses, pause] }
}

/** Whether another look soon would decide something: a failure, a recovery, the very first look. */
export function isUnsettled(check: CheckFold): boolean {
  if (check.doubt) return true
  return check.last !== null && check.last.state !== (check.stretches.at(-1) ?? check.sealed)?.state
}

/** Whether a stretch not sealed yet differs from what was sealed last. */
export function hasNews({ stretches, sealed }: CheckFold): boolean {
  return stretches.length > 1 || (stretches.length === 1 && !isSame(stretches[0], sealed))
}

/** Whether two stretches tell the same of a check. */
function isSame(a: Stretch | null | undefined, b: Stretch | null | undefined): boolean {
  return a?.state === b?.state && a?.reason === b?.reason
}

/**
 * How many intervals a look holds: in any case, and when the next one sees the same. Source:
 * docs/methodology.md §2.
 */
const hold = 1.5
const holdEqual = 2.5

const severity = { up: 0, degraded: 1, down: 2 } as const satisfies Record<ObservedState, number>

function isWorse(a: Look, b: Look | null): boolean {
  return severity[a.state] > severity[b?.state ?? 'up']
}

function judge(check: CheckFold, look: Look, pauses: Fold['pauses']): CheckFold {
  const { doubt, last, definition } = check
  // What was seen too long ago says nothing about now: a failure has to be confirmed again.
  const isHeld = last !== null && look.at - last.at <= holdEqual * definition.intervalMs
  if (!isWorse(look, isHeld ? last : null)) return count(check, look, pauses)
  if (!doubt) return { ...check, doubt: look }
  // Both looks failed; what both saw is the milder of the two, and that is what counts.
  const milder = isWorse(doubt, look) ? look : doubt
  const confirmed = count(check, { ...milder, at: doubt.at }, pauses)
  return judge(confirmed, look, pauses)
}

/**
 * Lets a look count: what lies between it and the last one is decided, the look is the new last,
 * and no failure is in doubt.
 */
function count(check: CheckFold, look: Look, pauses: Fold['pauses']): CheckFold {
  const { last, stretches } = check
  if (!last) return { ...check, doubt: null, last: look }
  const between = decide(last, look, check.definition.intervalMs, pauses)
  return { ...check, doubt: null, last: look, stretches: append(stretches, between) }
}

/** The hold rule: what held between two neighbouring looks at a check. */
function decide(a: Look, b: Look, intervalMs: number, pauses: Fold['pauses']): Stretch {
  const span = { from: a.at, to: b.at }
  const gapMs = lengthMs(span)
  if (gapMs <= hold * intervalMs || (gapMs <= holdEqual * intervalMs && a.state === b.state)) {
    const { state, reason } = a
    return { ...span, state, ...(reason && { reason }), count: 1 }
  }
  let reason: Reason = 'not_observed'
  let longestMs = 0
  for (const pause of pauses) {
    const overlap = intersect(span, pause)
    if (!overlap || lengthMs(overlap) <= longestMs) continue
    longestMs = lengthMs(overlap)
    reason = pause.why
  }
  return { ...span, state: 'unknown', reason, count: 0 }
}

function append(stretches: readonly Stretch[], next: Stretch): readonly Stretch[] {
  const last = stretches.at(-1)
  if (last && isSame(last, next)) {
    return stretches.with(-1, { ...last, to: next.to, count: last.count + next.count })
  }
  const [first, second, ...rest] = stretches
  if (!first || !second || stretches.length < limits.runsMax) return [...stretches, next]
  // Nothing could be sealed for very long: the oldest detail is given up, and is unknown then.
  const unknown = { state: 'unknown', reason: 'not_observed', count: 0 } as const
  return [{ ...unknown, from: first.from, to: second.to }, ...rest, next]
}
