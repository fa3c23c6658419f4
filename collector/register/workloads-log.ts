import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { dayAt } from '../kpi/migration/calendar.ts'
import type { Workload } from '../kpi/migration/workload.ts'
import { isRecord, judged } from './act-log.ts'
import type { Entry } from './difference.ts'
import { environmentVersions, hostingAt, type RegisterHistory, settingAt } from './history.ts'
import { fieldProblems } from './workload-fields.ts'
import { hasReached, registeredWorkload, type WorkloadRules } from './workloads.ts'

/** Whose a workload is, and which one. */
export type WorkloadKey = { readonly institution: string; readonly workload: string }

/** The `what` of an entry about a workload. */
export function workloadSubject({ institution, workload }: WorkloadKey): string {
  return `institution/${institution}/workload/${workload}`
}

/** The workload that an entry is about; null when it is about something else. */
export function parseWorkloadSubject(what: string): WorkloadKey | null {
  // Of many thousand entries nearly all are about something else.
  if (!what.includes('/workload/')) return null
  const parts = what.split('/')
  const [first, institution, second, workload] = parts
  const fits = first === 'institution' && second === 'workload' && parts.length === 4
  return fits && institution && workload ? { institution, workload } : null
}

/** Workloads by institution, in the order of their registration, without removed ones. */
export type WorkloadBook = Map<string, readonly Workload[]>

/** By subject, whether a workload ever reached `planned`; removed ones stay in it. */
export type WorkloadTrail = Map<string, boolean>

/**
 * Folds entries, oldest first, into the workloads as they stand, on top of what the book and the
 * trail hold. Every act is judged again by the rules that it was let in by (but for the names of
 * hosts: enrolments are no part of what figures rest on), and one that breaks them counts for
 * nothing.
 */
export function foldWorkloads(
  book: WorkloadBook,
  entries: readonly Entry[],
  history: RegisterHistory,
  trail: WorkloadTrail = new Map(),
): WorkloadBook {
  for (const entry of entries) {
    const key = parseWorkloadSubject(entry.what)
    if (!key) continue
    const { institution, workload } = key
    const all = book.get(institution) ?? []
    if (entry.after === null) {
      if (isRemoval(entry, key, all, trail)) keepWorkload(book, trail, key, null)
      continue
    }
    const state = { history, institution, book, trail }
    const after = judged(entry, workload, all, {
      // The rules look at every field.
      read: (value) => (isRecord(value) ? (value as Workload) : null),
      again: (known, value) =>
        registeredWorkload(value, known, workloadRules(state, entry.effectiveFrom)),
    })
    if (after) keepWorkload(book, trail, key, after)
  }
  return book
}

/** A workload that an entry holds; null where it holds something else. */
export function workloadOf(value: unknown): Workload | null {
  const isWhole = fieldProblems(value).length === 0
  return isWhole ? (value as Workload) : null // every field was looked at
}

/** Notes what an act left of a workload; null: nothing. */
export function keepWorkload(
  book: WorkloadBook,
  trail: WorkloadTrail,
  key: WorkloadKey,
  after: Workload | null,
): void {
  const subject = workloadSubject(key)
  const wasPlanned = trail.get(subject) ?? false
  trail.set(subject, wasPlanned || (after !== null && hasReached(after.state, 'planned')))
  const all = book.get(key.institution) ?? []
  const index = all.findIndex(({ id }) => id === key.workload)
  const place = index < 0 ? all.length : index
  book.set(key.institution, all.toSpliced(place, 1, ...(after ? [after] : [])))
}

/** By what acts about an institution's workloads are judged at an instant. */
export function workloadRules(
  state: {
    readonly history: RegisterHistory
    readonly institution: string
    readonly book: WorkloadBook
    readonly trail: WorkloadTrail
  },
  at: EpochMs,
  hostsOf: WorkloadRules['hostsOf'] = () => null,
): WorkloadRules {
  const { history, institution, book, trail } = state
  return {
    // Of many acts only those that name a day of the past need it.
    get today() {
      return dayAt(at, settingAt(history, 'timezone', at))
    },
    hosting: hostingAt(history, at),
    weights: settingAt(history, 'criticalityWeights', at),
    isEnvironment: (environment) =>
      environmentVersions(history, institution, environment).some(({ from }) => from <= at),
    hostsOf,
    isGone: (workload) => trail.has(workloadSubject({ institution, workload })),
    count: book.get(institution)?.length ?? 0,
  }
}

function isRemoval(
  { before }: Entry,
  key: WorkloadKey,
  all: readonly Workload[],
  trail: WorkloadTrail,
): boolean {
  const known = all.find(({ id }) => id === key.workload)
  return known !== undefined && isDeepStrictEqual(before, known) && isRemovable(trail, key)
}

/**
 * Whether a workload may leave the register as if it had never been there: what was planned once
 * is exempted or retired instead, or a promise could be taken out of what it is measured by.
 */
export function isRemovable(trail: WorkloadTrail, key: WorkloadKey): boolean {
  return trail.get(workloadSubject(key)) === false
}
