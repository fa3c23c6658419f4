import type { EpochMs } from '../../protocol/time.ts'
import type { MigrationRegister } from '../kpi/migration/workload.ts'
import { isDecision, isInstant, isRecord, judged } from './act-log.ts'
import {
  approvedBaselines,
  type BaselineAct,
  decideBaseline,
  proposeBaseline,
  withdrawBaseline,
} from './baselines.ts'
import type { Entry } from './difference.ts'
import {
  decideExemption,
  type ExemptionAct,
  exemptionState,
  requestExemption,
  standingExemptions,
  withdrawExemption,
} from './exemptions.ts'
import { type RegisterHistory, registerHistory } from './history.ts'
import {
  foldWorkloads,
  parseWorkloadSubject,
  type WorkloadBook,
  type WorkloadTrail,
} from './workloads-log.ts'

/** What people ask for about the roadmap, as it stands in the subject of an act. */
export const roadmapKinds = ['exemption', 'baseline'] as const
export type RoadmapKind = (typeof roadmapKinds)[number]

/** Whose it is, and which one: of a baseline its number. */
export type RoadmapKey = { readonly institution: string; readonly id: string }

/** The `what` of an entry about it. */
export function roadmapSubject(kind: RoadmapKind, { institution, id }: RoadmapKey): string {
  return `institution/${institution}/${kind}/${id}`
}

/** What an entry is about; null when it is about something else. */
export function parseRoadmapSubject(what: string): (RoadmapKey & { kind: RoadmapKind }) | null {
  // Of many thousand entries nearly all are about something else.
  if (!what.includes('/exemption/') && !what.includes('/baseline/')) return null
  const parts = what.split('/')
  const [first, institution, second, id] = parts
  const kind = roadmapKinds.find((each) => each === second)
  const fits = first === 'institution' && kind && parts.length === 4
  return fits && institution && id ? { kind, institution, id } : null
}

/** All that was ever asked for about migrations, by institution, as the log tells it. */
export type MigrationBook = {
  readonly workloads: WorkloadBook
  readonly trail: WorkloadTrail
  readonly exemptions: Map<string, readonly ExemptionAct[]>
  readonly baselines: Map<string, readonly BaselineAct[]>
}

/** A book before the first act. */
export function emptyMigrationBook(): MigrationBook {
  return { workloads: new Map(), trail: new Map(), exemptions: new Map(), baselines: new Map() }
}

/**
 * Folds entries, oldest first, on top of what the book holds. Every act is judged again by what
 * stood when it was made: an exemption of a workload that was not there, a baseline that promises
 * other than what was planned, and a decision of its own body count for nothing.
 */
export function foldMigration(
  book: MigrationBook,
  entries: readonly Entry[],
  history: RegisterHistory,
): MigrationBook {
  for (const entry of entries) {
    const key = parseRoadmapSubject(entry.what)
    if (key?.kind === 'exemption') foldExemption(book, key, entry)
    else if (key) foldBaseline(book, key, entry)
    else foldWorkloads(book.workloads, [entry], history, book.trail)
  }
  return book
}

/**
 * The book of a log that grows, at one instant after another: what was folded is not folded again.
 * Each asks with all acts so far; an earlier instant than before is folded from the beginning.
 */
export class MigrationFold {
  readonly #book = emptyMigrationBook()
  /** Entries that are in the book or of no matter to it, and the newest instant among them. */
  #count = 0
  #newest = Number.NEGATIVE_INFINITY

  /** The book holds until the next call: it is folded on. */
  read(entries: readonly Entry[], at: EpochMs, history: RegisterHistory): MigrationBook {
    const fresh = entries.slice(this.#count)
    const open = fresh.findIndex((entry) => isAboutMigration(entry) && entry.effectiveFrom > at)
    const rest = open < 0 ? [] : fresh.slice(open)
    // A clock that was set back, or an instant of the past: then the order is not that of time.
    const isMixed = rest.some((entry) => isAboutMigration(entry) && entry.effectiveFrom <= at)
    if (isMixed || at < this.#newest || entries.length < this.#count) {
      return foldMigration(emptyMigrationBook(), inForceAt(entries, at), history)
    }
    const due = (open < 0 ? fresh : fresh.slice(0, open)).filter(isAboutMigration)
    foldMigration(this.#book, due, history)
    for (const { effectiveFrom } of due) this.#newest = Math.max(this.#newest, effectiveFrom)
    this.#count = entries.length - rest.length
    return this.#book
  }
}

/** Whether an act is folded into the book at all. */
export function isAboutMigration({ what }: Entry): boolean {
  return parseRoadmapSubject(what) !== null || parseWorkloadSubject(what) !== null
}

function inForceAt(entries: readonly Entry[], at: EpochMs): Entry[] {
  return entries.filter(({ effectiveFrom }) => effectiveFrom <= at)
}

function foldExemption(book: MigrationBook, { institution, id }: RoadmapKey, entry: Entry): void {
  const all = book.exemptions.get(institution) ?? []
  const { actor: by, role, why, effectiveFrom: at } = entry
  const after = judged(entry, id, all, {
    read: exemptionOf,
    again: (known, value) => {
      if (!known) {
        const rules = exemptionRules(book, institution)
        return requestExemption(value, { id: by, role }, at, rules)
      }
      if (value.withdrawnAt !== null) return withdrawExemption(known, role, at, all)
      return value.decision
        ? decideExemption(known, { ...value.decision, by, role, at, why })
        : known
    },
  })
  if (after) book.exemptions.set(institution, placed(all, after))
}

function foldBaseline(book: MigrationBook, { institution, id }: RoadmapKey, entry: Entry): void {
  const all = book.baselines.get(institution) ?? []
  const { actor: by, role, why, effectiveFrom: at } = entry
  const after = judged(entry, id, all, {
    read: baselineOf,
    again: (known, value) => {
      if (known && value.withdrawnAt !== null) return withdrawBaseline(known, role, at)
      if (known && value.decision)
        return decideBaseline(known, { ...value.decision, by, role, at, why })
      // One that was refused or withdrawn leaves its number to the next.
      return proposeBaseline(value, { id: by, role }, at, baselineRules(book, institution, at))
    },
  })
  if (after) book.baselines.set(institution, placed(all, after))
}

function placed<T extends { readonly id: string }>(all: readonly T[], after: T): readonly T[] {
  const index = all.findIndex(({ id }) => id === after.id)
  return all.toSpliced(index < 0 ? all.length : index, 1, after)
}

/** By what an exemption of an institution is judged when it is asked for. */
export function exemptionRules({ workloads, exemptions }: MigrationBook, institution: string) {
  const known = workloads.get(institution) ?? []
  return {
    isRegistered: (workload: string) => known.some(({ id }) => id === workload),
    all: exemptions.get(institution) ?? [],
  }
}

/** By what a baseline of an institution is judged when it is proposed. */
export function baselineRules(book: MigrationBook, institution: string, at: EpochMs) {
  const exemptions = book.exemptions.get(institution) ?? []
  const held = exemptions.filter((each) => exemptionState(each, at, exemptions) === 'in_force')
  const exempt = new Set(held.map(({ workload }) => workload))
  return {
    workloads: book.workloads.get(institution) ?? [],
    isExempt: (workload: string) => exempt.has(workload),
    all: book.baselines.get(institution) ?? [],
  }
}

/**
 * What people registered of the migration as it stands at an instant, by institution: those that
 * have a workload, an exemption or a baseline. `history` is that of the same entries. It folds all
 * acts: whoever asks again and again does so by `MigrationFold`.
 */
export function migrationAt(
  entries: readonly Entry[],
  at: EpochMs,
  history: RegisterHistory = registerHistory(entries),
): ReadonlyMap<string, MigrationRegister> {
  return registersOf(foldMigration(emptyMigrationBook(), inForceAt(entries, at), history))
}

/** The same from a book of what had happened by the instant. */
export function registersOf(book: MigrationBook): ReadonlyMap<string, MigrationRegister> {
  const { workloads, exemptions, baselines } = book
  const found = new Map<string, MigrationRegister>()
  for (const institution of [...workloads.keys(), ...exemptions.keys(), ...baselines.keys()]) {
    if (found.has(institution)) continue
    const register = {
      institution,
      workloads: workloads.get(institution) ?? [],
      exemptions: standingExemptions(exemptions.get(institution) ?? []),
      baselines: approvedBaselines(baselines.get(institution) ?? []),
    }
    const { workloads: all, exemptions: held, baselines: promised } = register
    if (all.length + held.length + promised.length > 0) found.set(institution, register)
  }
  return found
}

/** An exemption that an entry holds; null where it holds something else. */
export function exemptionOf(value: unknown): ExemptionAct | null {
  if (!isProposal(value)) return null
  const { workload, reason, expiresAt } = value
  const fits = [workload, reason].every((each) => typeof each === 'string') && isInstant(expiresAt)
  return fits ? (value as unknown as ExemptionAct) : null // every field was looked at
}

/** A baseline that an entry holds; null where it holds something else. */
export function baselineOf(value: unknown): BaselineAct | null {
  if (!isProposal(value)) return null
  const { startOn, workloads } = value
  if (typeof startOn !== 'string' || !Array.isArray(workloads)) return null
  const fit = workloads.every((each: unknown) => {
    if (!isRecord(each)) return false
    const { id, weight, finishOn } = each
    return typeof id === 'string' && typeof finishOn === 'string' && Number.isSafeInteger(weight)
  })
  return fit ? (value as unknown as BaselineAct) : null // every field was looked at
}

function isProposal(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false
  const { id, requestedBy, requestedRole, requestedAt, decision, withdrawnAt } = value
  const texts = [id, requestedBy, requestedRole].every((each) => typeof each === 'string')
  const instants = [requestedAt, withdrawnAt ?? 0].every(isInstant)
  return texts && instants && (decision === null || isDecision(decision))
}
