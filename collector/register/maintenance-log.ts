import { hourMs, type Span } from '../../protocol/time.ts'
import {
  type ActBook,
  type ActKey,
  type ActRules,
  actSubject,
  foldActs,
  isAsked,
  parseActSubject,
  valuesOf,
} from './act-log.ts'
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
export type MaintenanceKey = ActKey

/** The `what` of an entry about a window. */
export function maintenanceSubject(key: MaintenanceKey): string {
  return actSubject('maintenance', key)
}

/** The window that an entry is about; null when it is about something else. */
export function parseMaintenanceSubject(what: string): MaintenanceKey | null {
  return parseActSubject('maintenance', what)
}

/** Windows by `<institution>/<environment>`, in the order in which they were asked for. */
export type MaintenanceBook = ActBook<MaintenanceWindow>

/** Folds entries, oldest first, into what became of each window, on top of what the book holds. */
export function foldMaintenance(
  book: MaintenanceBook,
  entries: readonly Entry[],
  history: RegisterHistory,
): MaintenanceBook {
  const again: ActRules<MaintenanceWindow>['again'] = (known, after, entry, others) =>
    known ? changed(known, after, entry) : requested(after, entry, others, history)
  return foldActs(book, entries, { kind: 'maintenance', read: windowOf, again })
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
export function maintenanceTouched(entry: Pick<Entry, 'before' | 'after'>): Span[] {
  const known = valuesOf(entry, { kind: 'maintenance', read: windowOf })
  return known.some(isApproved) ? known.map(({ from, to }) => ({ from, to })) : []
}

/** A window that an entry holds; null where it holds something else. */
export function windowOf(value: unknown): MaintenanceWindow | null {
  // Every field was looked at.
  return isAsked(value) ? (value as unknown as MaintenanceWindow) : null
}
