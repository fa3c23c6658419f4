import { dayMs, type EpochMs, type Span } from '../../protocol/time.ts'
import { causes } from '../kpi/causes.ts'
import { cycleAt } from '../kpi/cycle.ts'
import type { Bound } from '../kpi/snapshot.ts'
import {
  type ActBook,
  type ActKey,
  type ActRules,
  actSubject,
  foldActs,
  isAsked,
  isInstant,
  isRecord,
  parseActSubject,
  valuesOf,
} from './act-log.ts'
import type { Entry } from './difference.ts'
import {
  claimedStates,
  type Dispute,
  type DisputedFigures,
  type DisputeRules,
  decideDispute,
  decidedSpans,
  type FrozenThrough,
  requestDispute,
  withdrawDispute,
} from './disputes.ts'
import { environmentVersions, policyAt, type RegisterHistory } from './history.ts'

/** The `what` of an entry about a dispute. */
export function disputeSubject(key: ActKey): string {
  return actSubject('dispute', key)
}

/** The dispute that an entry is about; null when it is about something else. */
export function parseDisputeSubject(what: string): ActKey | null {
  return parseActSubject('dispute', what)
}

/** Disputes by `<institution>/<environment>`, in the order in which they were asked for. */
export type DisputeBook = ActBook<Dispute>

/** Folds entries, oldest first, into what became of each dispute, on top of what the book holds. */
export function foldDisputes(
  book: DisputeBook,
  entries: readonly Entry[],
  history: RegisterHistory,
  frozenThrough: FrozenThrough,
): DisputeBook {
  const again: ActRules<Dispute>['again'] = (known, after, entry, others, key) => {
    const { actor: by, role, why, effectiveFrom: at } = entry
    if (!known) {
      const rules = disputeRules(history, key, at, frozenThrough)
      return requestDispute(after, by, at, { ...rules, others })
    }
    if (after.withdrawnAt !== null || after.decision === null) return withdrawDispute(known, at)
    return decideDispute(known, { ...after.decision, by, role, at, why }, frozenThrough(at))
  }
  return foldActs(book, entries, { kind: 'dispute', read: disputeOf, again })
}

/** By what a dispute about an environment is judged at an instant. */
export function disputeRules(
  history: RegisterHistory,
  { institution, environment }: Omit<ActKey, 'id'>,
  at: EpochMs,
  frozenThrough: FrozenThrough,
): Omit<DisputeRules, 'others'> {
  const { timezone, cycleMonths, freezeDays } = policyAt(history, at)
  return {
    cycleAt: (instant) => cycleAt(instant, timezone, cycleMonths),
    freezeMs: freezeDays * dayMs,
    frozenThrough: frozenThrough(at),
    inScope: environmentVersions(history, institution, environment),
    timezone,
  }
}

/** The time that an act decides about. Throws Error when the entry makes no sense. */
export function disputeTouched(entry: Pick<Entry, 'before' | 'after'>): Span[] {
  return decidedSpans(valuesOf(entry, { kind: 'dispute', read: disputeOf }))
}

/** A dispute that an entry holds; null where it holds something else. */
export function disputeOf(value: unknown): Dispute | null {
  if (!isAsked(value) || !isClaim(value.claim)) return null
  const { evidenceSha256: hash, decision } = value
  const fits =
    (hash === null || typeof hash === 'string') && (decision === null || isFull(decision))
  return fits ? (value as unknown as Dispute) : null // every field was looked at
}

function isClaim(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { state, cause } = value
  const known = cause === null || causes.some((each) => each === cause)
  return known && claimedStates.some((each) => each === state)
}

function isFull(decision: unknown): boolean {
  if (!isRecord(decision)) return false
  const { granted, before } = decision
  return (granted === null || isGranted(granted)) && (before === null || isFigures(before))
}

function isGranted(value: unknown): boolean {
  if (!isClaim(value) || !isRecord(value)) return false
  const { from, to } = value
  return isInstant(from) && isInstant(to) && from < to
}

/** Figures have no more fields than these: nothing else is kept in their name. */
function isFigures(value: unknown): value is DisputedFigures {
  if (!isRecord(value) || Object.keys(value).length !== 4) return false
  const { cycle, asOf, environment, institution } = value
  return typeof cycle === 'string' && isInstant(asOf) && [environment, institution].every(isLowHigh)
}

function isLowHigh(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).length !== 2) return false
  return [value.low, value.high].every((each) => each === null || isBound(each))
}

function isBound(value: unknown): value is Bound {
  if (!isRecord(value) || Object.keys(value).length !== 2) return false
  return typeof value.ratio === 'number' && typeof value.percent === 'string'
}
