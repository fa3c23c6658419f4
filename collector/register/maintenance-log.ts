import { isDeepStrictEqual } from 'node:util'
import { hourMs, type Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Entry } from './difference.ts'
import { policyAt, type RegisterHistory } from './history.ts'
import {
  decideMaintenance,
  isApproved,
  type MaintenanceWindow,
  requestMaintenance,
  shortenMaintenance,
  withdrawMaintenance,
} from './maintenance.ts'

/** Where a window belongs, and which one it is. */
export type MaintenanceKey = {
  readonly institution: string
  readonly environment: string
  readonly id: string
}

/** The `what` of an entry about a window. */
export function maintenanceSubject({ institution, environment, id }: MaintenanceKey): string {
  return `institution/${institution}/environment/${environment}/maintenance/${id}`
}

/** The window that an entry is about; null when it is about something else. */
export function parseMaintenanceSubject(what: string): MaintenanceKey | null {
  // Of many thousand entries nearly all are about something else.
  if (!what.includes('/maintenance/')) return null
  const parts = what.split('/')
  const [first, institution, second, environment, third, id] = parts
  const fits = first === 'institution' && second === 'environment' && third === 'maintenance'
  if (!fits || parts.length !== 6 || !institution || !environment || !id) return null
  return { institution, environment, id }
}

/** Windows by `<institution>/<environment>`, in the order in which they were asked for. */
export type MaintenanceBook = Map<string, readonly MaintenanceWindow[]>

/**
 * Folds entries, oldest first, into what became of each window, on top of what the book holds of
 * earlier ones. Every act is judged again by the rules that it was let in by, and one that breaks
 * them counts for nothing: whoever writes into a log past the program gains no minute by it.
 */
export function foldMaintenance(
  book: MaintenanceBook,
  entries: readonly Entry[],
  history: RegisterHistory,
): MaintenanceBook {
  for (const entry of entries) {
    const key = parseMaintenanceSubject(entry.what)
    if (!key) continue
    const place = `${key.institution}/${key.environment}`
    const windows = book.get(place) ?? []
    const index = windows.findIndex(({ id }) => id === key.id)
    const window = judged(entry, key.id, windows, history)
    if (window) book.set(place, windows.toSpliced(index < 0 ? windows.length : index, 1, window))
  }
  return book
}

/** The window after an act, or null for an act that its rules do not allow. */
function judged(
  entry: Entry,
  id: string,
  windows: readonly MaintenanceWindow[],
  history: RegisterHistory,
): MaintenanceWindow | null {
  const known = windows.find((each) => each.id === id) ?? null
  const after = windowOf(entry.after)
  if (after?.id !== id || !isDeepStrictEqual(entry.before, known)) return null
  try {
    const again = known ? changed(known, after, entry) : requested(after, entry, windows, history)
    return isDeepStrictEqual(again, after) ? after : null
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

function requested(
  after: MaintenanceWindow,
  { actor, effectiveFrom: at }: Entry,
  others: readonly MaintenanceWindow[],
  history: RegisterHistory,
): MaintenanceWindow {
  const { maintenanceNoticeHours, timezone } = policyAt(history, at)
  const noticeMs = maintenanceNoticeHours * hourMs
  return requestMaintenance(after, actor, at, { noticeMs, timezone, others })
}

function changed(
  known: MaintenanceWindow,
  after: MaintenanceWindow,
  { actor: by, role, why, effectiveFrom: at }: Entry,
): MaintenanceWindow {
  if (after.withdrawnAt !== null) return withdrawMaintenance(known, at)
  if (after.decision === null || known.decision !== null) {
    return shortenMaintenance(known, after.to, at)
  }
  return decideMaintenance(known, { is: after.decision.is, by, role, at, why })
}

/** The days on which an act may change what counts. Throws Error when the entry makes no sense. */
export function maintenanceTouched({ before, after }: Pick<Entry, 'before' | 'after'>): Span[] {
  const windows = [before, after].filter((each) => each !== null).map(windowOf)
  if (windows.some((each) => each === null)) throw new Error('It holds no maintenance.')
  const known = windows.filter((each) => each !== null)
  return known.some(isApproved) ? known.map(({ from, to }) => ({ from, to })) : []
}

/** A window that an entry holds; null where it holds something else. */
export function windowOf(value: unknown): MaintenanceWindow | null {
  if (!isRecord(value)) return null
  const { id, from, to, why, requestedBy, requestedAt, decision, withdrawnAt } = value
  const texts = [id, why, requestedBy].every((each) => typeof each === 'string')
  const instants = [from, to, requestedAt, withdrawnAt ?? 0].every(isInstant)
  const fits = texts && instants && (from as number) < (to as number)
  const decided = decision === null || isDecision(decision)
  // Every field was looked at.
  return fits && decided ? (value as unknown as MaintenanceWindow) : null
}

function isDecision(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { is, by, role, at, why } = value
  const texts = [by, role, why].every((each) => typeof each === 'string')
  return (is === 'approved' || is === 'refused') && texts && isInstant(at)
}

/** The last instant that a date can name. Unit: epoch milliseconds. */
const instantMax = 8_640_000_000_000_000

function isInstant(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= instantMax
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
