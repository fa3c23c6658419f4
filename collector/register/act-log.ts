import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Decision } from '../people/two-person.ts'
import type { Entry } from './difference.ts'

/** What people ask for about an environment, as it stands in the subject of an act. */
export type ActKind = 'maintenance' | 'dispute'

/** Where something that was asked for belongs, and which one it is. */
export type ActKey = {
  readonly institution: string
  readonly environment: string
  readonly id: string
}

/** The `what` of an entry about it. */
export function actSubject(kind: ActKind, { institution, environment, id }: ActKey): string {
  return `institution/${institution}/environment/${environment}/${kind}/${id}`
}

/** What an entry is about; null when it is about something else. */
export function parseActSubject(kind: ActKind, what: string): ActKey | null {
  // Of many thousand entries nearly all are about something else.
  if (!what.includes(`/${kind}/`)) return null
  const parts = what.split('/')
  const [first, institution, second, environment, third, id] = parts
  const fits = first === 'institution' && second === 'environment' && third === kind
  if (!fits || parts.length !== 6 || !institution || !environment || !id) return null
  return { institution, environment, id }
}

/** What was asked for by `<institution>/<environment>`, in the order in which it was. */
export type ActBook<T> = Map<string, readonly T[]>

/** How acts of one kind are read and judged. */
export type ActRules<T> = {
  readonly kind: ActKind
  /** What an entry holds before or after the act; null where it holds something else. */
  readonly read: (value: unknown) => T | null
  /**
   * What the act makes of what was known (null: nothing), by the rules that it was let in by.
   * Throws AppError where they do not allow it.
   */
  readonly again: (known: T | null, after: T, entry: Entry, others: readonly T[], key: ActKey) => T
}

/**
 * Folds entries, oldest first, into what became of everything that was asked for, on top of what
 * the book holds of earlier ones. Every act is judged again by the rules that it was let in by, and
 * one that breaks them counts for nothing: whoever writes into a log past the program gains no
 * minute by it.
 */
export function foldActs<T extends { readonly id: string }>(
  book: ActBook<T>,
  entries: readonly Entry[],
  rules: ActRules<T>,
): ActBook<T> {
  for (const entry of entries) {
    const key = parseActSubject(rules.kind, entry.what)
    if (!key) continue
    const place = `${key.institution}/${key.environment}`
    const all = book.get(place) ?? []
    const index = all.findIndex(({ id }) => id === key.id)
    const { read, again } = rules
    const after = judged(entry, key.id, all, {
      read,
      again: (known, value) => again(known, value, entry, all, key),
    })
    if (after) book.set(place, all.toSpliced(index < 0 ? all.length : index, 1, after))
  }
  return book
}

/** What an act about one of `all` left, judged by its rules again; null where it breaks them. */
export function judged<T extends { readonly id: string }>(
  entry: Entry,
  id: string,
  all: readonly T[],
  rules: {
    readonly read: (value: unknown) => T | null
    readonly again: (known: T | null, after: T) => T
  },
): T | null {
  const known = all.find((each) => each.id === id) ?? null
  const after = rules.read(entry.after)
  if (after?.id !== id || !isDeepStrictEqual(entry.before, known)) return null
  try {
    return isDeepStrictEqual(rules.again(known, after), after) ? after : null
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/** What an entry holds before and after, where there is any. Throws Error for other things. */
export function valuesOf<T>(
  { before, after }: Pick<Entry, 'before' | 'after'>,
  { kind, read }: Pick<ActRules<T>, 'kind' | 'read'>,
): T[] {
  return [before, after].flatMap((value) => {
    if (value === null) return []
    const known = read(value)
    if (known === null) throw new Error(`It holds no ${kind}.`)
    return [known]
  })
}

/** Whether a value is what people ask for a span of time: all fields of every kind of it. */
export function isAsked(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false
  const { id, from, to, why, requestedBy, requestedAt, decision, withdrawnAt } = value
  const texts = [id, why, requestedBy].every((each) => typeof each === 'string')
  const instants = [from, to, requestedAt, withdrawnAt ?? 0].every(isInstant)
  const decided = decision === null || isDecision(decision)
  return texts && instants && (from as EpochMs) < (to as EpochMs) && decided
}

/** Whether a value is what the second person said. */
export function isDecision(value: unknown): value is Decision {
  if (!isRecord(value)) return false
  const { is, by, role, at, why } = value
  const texts = [by, role, why].every((each) => typeof each === 'string')
  return (is === 'approved' || is === 'refused') && texts && isInstant(at)
}

/** The last instant that a date can name. Unit: epoch milliseconds. */
const instantMax = 8_640_000_000_000_000

/** Whether a value is an instant that a date can name. */
export function isInstant(value: unknown): value is EpochMs {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= instantMax
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
