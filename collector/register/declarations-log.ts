import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { isDecision, isInstant, isRecord, judged } from './act-log.ts'
import {
  type Declaration,
  type DeclarationRules,
  type DeclaredAbout,
  declarationState,
  declaredDaysMax,
  requestDeclaration,
  reviewDeclaration,
  subjectOf,
  withdrawDeclaration,
} from './declarations.ts'
import type { Entry } from './difference.ts'
import { environmentVersions, type RegisterHistory, registerHistory } from './history.ts'

/** Whose a declaration is, and which one. */
export type DeclarationKey = { readonly institution: string; readonly id: string }

/** The `what` of an entry about a declaration. */
export function declarationSubject({ institution, id }: DeclarationKey): string {
  return `institution/${institution}/declaration/${id}`
}

/** The declaration that an entry is about; null when it is about something else. */
export function parseDeclarationSubject(what: string): DeclarationKey | null {
  // Of many thousand entries nearly all are about something else.
  if (!what.includes('/declaration/')) return null
  const parts = what.split('/')
  const [first, institution, second, id] = parts
  const fits = first === 'institution' && second === 'declaration' && parts.length === 4
  return fits && institution && id ? { institution, id } : null
}

/** Declarations by institution, in the order in which they were made. */
export type DeclarationBook = Map<string, readonly Declaration[]>

/**
 * Folds entries, oldest first, into what became of each declaration, on top of what the book holds.
 * Every act is judged again by the rules that it was let in by, and one that breaks them counts for
 * nothing.
 */
export function foldDeclarations(
  book: DeclarationBook,
  entries: readonly Entry[],
  history: RegisterHistory,
): DeclarationBook {
  for (const entry of entries) {
    const key = parseDeclarationSubject(entry.what)
    if (!key) continue
    const all = book.get(key.institution) ?? []
    const { actor: by, role, why, effectiveFrom: at } = entry
    const after = judged(entry, key.id, all, {
      read: declarationOf,
      again: (known, value) => {
        const { institution } = key
        const rules = declarationRules(history, institution, at, all)
        if (!known) return requestDeclaration(value, { id: by, role }, at, rules)
        if (value.withdrawnAt !== null) return withdrawDeclaration(known, at, all)
        if (value.decision === null) return known
        return reviewDeclaration(known, { ...value.decision, by, role, at, why })
      },
    })
    const index = all.findIndex(({ id }) => id === key.id)
    const place = index < 0 ? all.length : index
    if (after) book.set(key.institution, all.toSpliced(place, 1, after))
  }
  return book
}

/** By what a declaration of an institution is judged at an instant. */
export function declarationRules(
  history: RegisterHistory,
  institution: string,
  at: EpochMs,
  all: readonly Declaration[],
): DeclarationRules {
  const isRegistered = (environment: string | null) => {
    const versions =
      environment === null
        ? (history.get(`institution/${institution}`) ?? [])
        : environmentVersions(history, institution, environment)
    return versions.some(({ from, to }) => from <= at && at < to)
  }
  return { daysMax: declaredDaysMax, isRegistered, all }
}

/** What holds of a declaration at an instant. */
export type DeclaredValue = {
  readonly id: string
  readonly institution: string
  /** Null: the institution itself. */
  readonly environment: string | null
  /** The age of something, in days, has grown since it was declared. */
  readonly about: DeclaredAbout
  readonly evidenceSha256: string
  readonly detail: string
  /** When it was declared. */
  readonly at: EpochMs
  readonly expiresAt: EpochMs
  /**
   * Whether another body reviewed it. A value is a claim until then; a waiver and what does not
   * apply count for nothing.
   */
  readonly isVerified: boolean
}

/**
 * What is declared and in force at an instant, by institution, at most one of each subject: what
 * was reviewed holds until its renewal is. `history` is that of the same entries.
 */
export function declarationsAt(
  entries: readonly Entry[],
  at: EpochMs,
  history: RegisterHistory = registerHistory(entries),
): ReadonlyMap<string, readonly DeclaredValue[]> {
  const past = entries.filter(({ effectiveFrom }) => effectiveFrom <= at)
  return declaredIn(foldDeclarations(new Map(), past, history), at)
}

/** The same from a book of what had happened by the instant. */
export function declaredIn(
  book: DeclarationBook,
  at: EpochMs,
): ReadonlyMap<string, readonly DeclaredValue[]> {
  const found = new Map<string, readonly DeclaredValue[]>()
  for (const [institution, all] of book) {
    const bySubject = new Map<string, DeclaredValue>()
    for (const each of all) {
      const state = declarationState(each, at, all)
      if (state !== 'open' && state !== 'verified') continue
      const held = bySubject.get(subjectOf(each))
      if (!held?.isVerified) bySubject.set(subjectOf(each), declaredValue(institution, each, at))
    }
    if (bySubject.size > 0) found.set(institution, [...bySubject.values()])
  }
  return found
}

function declaredValue(institution: string, declaration: Declaration, at: EpochMs): DeclaredValue {
  const { id, environment, about, evidenceSha256, detail, expiresAt, decision } = declaration
  return {
    ...{ id, institution, environment, about: grown(about, declaration.requestedAt, at) },
    ...{ evidenceSha256, detail, at: declaration.requestedAt, expiresAt },
    isVerified: decision !== null,
  }
}

/**
 * An age goes on by itself, by a day at each midnight, UTC: a restore that was proven 10 days ago
 * was proven 40 days ago a month later.
 */
function grown(about: DeclaredAbout, from: EpochMs, at: EpochMs): DeclaredAbout {
  if (about.kind !== 'metric' || about.metric !== 'backup.restore_age_days') return about
  const { kind, metric, value } = about
  const days = Math.floor(at / dayMs) - Math.floor(from / dayMs)
  return { kind, metric, value: Number(value) + days }
}

/** A declaration that an entry holds; null where it holds something else. */
export function declarationOf(value: unknown): Declaration | null {
  if (!isRecord(value)) return null
  const { environment, about, decision, withdrawnAt } = value
  const { id, evidenceSha256, detail, requestedBy, requestedRole } = value
  const texts = [id, evidenceSha256, detail, requestedBy, requestedRole]
  const instants = [value.expiresAt, value.requestedAt, withdrawnAt ?? 0]
  const fits =
    texts.every((each) => typeof each === 'string') &&
    instants.every(isInstant) &&
    (environment === null || typeof environment === 'string') &&
    (decision === null || isDecision(decision)) &&
    isAbout(about)
  return fits ? (value as unknown as Declaration) : null // every field was looked at
}

function isAbout(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { kind, metric, criterion } = value
  if (kind === 'waiver') return typeof criterion === 'string'
  return (kind === 'metric' || kind === 'not_applicable') && typeof metric === 'string'
}
