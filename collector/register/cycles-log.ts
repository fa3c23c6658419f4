import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { cycleById } from '../kpi/cycle.ts'
import {
  type CycleAct,
  type CycleRecord,
  type CycleRules,
  decideCycle,
  type FrozenResult,
  newestFrozen,
  proposeCycle,
} from './cycles.ts'
import type { Entry } from './difference.ts'
import { policyAt, type RegisterHistory, registerHistory } from './history.ts'

/** Which cycle an entry is about, and which revision; 0 is the freeze. */
export type CycleKey = { readonly cycle: string; readonly revision: number }

/** The `what` of an entry about a cycle. */
export function cycleSubject({ cycle, revision }: CycleKey): string {
  return revision === 0 ? `cycle/${cycle}/freeze` : `cycle/${cycle}/revision/${revision}`
}

/** What an entry is about, where that is a cycle; else null. */
export function parseCycleSubject(what: string): CycleKey | null {
  if (!what.startsWith('cycle/')) return null
  const found = /^cycle\/(\d{4}-\d{2})\/(?:freeze|revision\/([1-9]\d{0,2}))$/.exec(what)
  return found ? { cycle: found[1]!, revision: Number(found[2] ?? 0) } : null
}

/** Cycles with any act, by id. */
export type CycleBook = Map<string, CycleRecord>

/**
 * Folds entries of the national log, oldest first, into what became of each cycle. Every act is
 * judged again by the rules that it was let in by, and one that breaks them counts for nothing.
 */
export function foldCycles(
  book: CycleBook,
  entries: readonly Entry[],
  history: RegisterHistory,
): CycleBook {
  for (const entry of entries) {
    const key = parseCycleSubject(entry.what)
    const act = key && judged(entry, key, book, history)
    if (!key || !act) continue
    const record = book.get(key.cycle) ?? []
    book.set(key.cycle, [...record.slice(0, key.revision), act])
  }
  return book
}

/** What cycles are judged by at an instant. */
export function cycleRules(
  history: RegisterHistory,
  book: ReadonlyMap<string, CycleRecord>,
  at: EpochMs,
): CycleRules {
  const { freezeDays, timezone, cycleMonths: months } = policyAt(history, at)
  const recordOf = (cycle: string) => book.get(cycle) ?? []
  return { freezeDays, timezone, months, measuredFrom: measuredFrom(history), recordOf }
}

/** When the register began; Infinity before it did. */
export function measuredFrom(history: RegisterHistory): EpochMs {
  const starts = [...history.values()].flatMap((versions) => versions.map(({ from }) => from))
  return starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
}

/**
 * The end of the newest frozen cycle; -Infinity while none is. Late data, maintenance and disputes
 * change nothing published before it.
 */
export function frozenThrough(entries: readonly Entry[]): EpochMs {
  return frozenEnd(foldCycles(new Map(), entries, registerHistory(entries)))
}

/** The same of a book. */
export function frozenEnd(book: ReadonlyMap<string, CycleRecord>): EpochMs {
  const ends = [...book.values()].map((record) => newestFrozen(record)?.to)
  return ends.reduce<number>((end, each) => Math.max(end, each ?? end), Number.NEGATIVE_INFINITY)
}

/** The end of the newest cycle that was frozen before an instant; -Infinity where none was. */
export function frozenEndAt(book: ReadonlyMap<string, CycleRecord>, at: EpochMs): EpochMs {
  const ends = [...book.values()].map(([freeze]) =>
    freeze?.frozen && freeze.frozen.at < at ? freeze.to : Number.NEGATIVE_INFINITY,
  )
  return Math.max(Number.NEGATIVE_INFINITY, ...ends)
}

/** The proposal after an act, or null for an act that its rules do not allow. */
function judged(
  entry: Entry,
  { cycle: id, revision }: CycleKey,
  book: CycleBook,
  history: RegisterHistory,
): CycleAct | null {
  const known = book.get(id)?.[revision] ?? null
  const after = cycleActOf(entry.after)
  const fits = after?.id === id && after.revision === revision
  if (!fits || !isDeepStrictEqual(entry.before, known)) return null
  try {
    const isNew = known === null || known.decision !== null
    const again = isNew ? proposed(after, entry, book, history) : decided(known, after, entry)
    return isDeepStrictEqual(again, after) ? after : null
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

function proposed(
  after: CycleAct,
  { actor: by, role, effectiveFrom: at }: Entry,
  book: CycleBook,
  history: RegisterHistory,
): CycleAct | null {
  const rules = cycleRules(history, book, at)
  // What was frozen keeps its edges, whatever the policy says of cycles since.
  const first = book.get(after.id)?.[0]
  const cycle = after.revision > 0 ? first : cycleById(after.id, rules.timezone, rules.months)
  return cycle ? proposeCycle(cycle, after, { by, role }, at, rules) : null
}

function decided(
  known: CycleAct,
  { decision, frozen }: CycleAct,
  { actor: by, role, why, effectiveFrom: at }: Entry,
): CycleAct | null {
  if (!decision || (frozen && frozen.at !== at)) return null
  return decideCycle(known, { is: decision.is, by, role, at, why }, frozen)
}

/** A proposal that an entry holds; null where it holds something else. */
export function cycleActOf(value: unknown): CycleAct | null {
  if (!isRecord(value)) return null
  const { id, name, from, to, revision, why, requestedBy, requestedAt, decision, frozen } = value
  const texts = [id, why, requestedBy].every((each) => typeof each === 'string')
  const isNamed = name === 'april' || name === 'october'
  const numbers = [from, to, revision, requestedAt].every(Number.isSafeInteger)
  const isDecided = decision === null || isDecision(decision)
  const isFrozen = frozen === null || isResult(frozen)
  // Every field was looked at.
  const fits = texts && isNamed && numbers && isDecided && isFrozen
  return fits ? (value as unknown as CycleAct) : null
}

function isDecision(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { is, by, role, at, why } = value
  const texts = [by, role, why].every((each) => typeof each === 'string')
  return (is === 'approved' || is === 'refused') && texts && Number.isSafeInteger(at)
}

const hashPattern = /^[0-9a-f]{64}$/

function isResult(value: unknown): value is FrozenResult {
  if (!isRecord(value) || !isRecord(value.sizes)) return false
  const { sha256, register, policy, model, engine, length, at, sizes } = value
  const isHash = (each: unknown) => typeof each === 'string' && hashPattern.test(each)
  const hashes = [sha256, register, policy].every(isHash) && (model === null || isHash(model))
  const numbers = [length, at, ...Object.values(sizes)].every(Number.isSafeInteger)
  return hashes && numbers && typeof engine === 'string'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
