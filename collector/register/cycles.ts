import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { AppError, type ErrorCode } from '../error.ts'
import { type CycleMonths, cycleAt, cycleBefore } from '../kpi/cycle.ts'
import type { Cycle } from '../kpi/snapshot.ts'
import { roleMay } from '../people/permissions.ts'
import { type Decision, decide, type Proposal } from '../people/two-person.ts'

/** What an approval stored: the log commits to its bytes by this. */
export type FrozenResult = {
  readonly sha256: string
  /** Unit: bytes. */
  readonly length: number
  /** How far each log had grown. */
  readonly sizes: Readonly<Record<string, number>>
  /** SHA-256 of the register and of the policy in force. */
  readonly register: string
  readonly policy: string
  /** The readiness model; null while none is part of the figures. */
  readonly model: string | null
  readonly engine: string
  readonly at: EpochMs
}

/**
 * One proposal about a cycle: revision 0 freezes it, each later one replaces its figures. It is
 * this object, as JSON, that entries of the log hold before and after each act.
 */
export type CycleAct = Cycle &
  Proposal & {
    readonly revision: number
    readonly why: string
    /** Set exactly when it was approved. */
    readonly frozen: FrozenResult | null
  }

/** Proposals of a cycle by revision: of each the newest; those before the last are approved. */
export type CycleRecord = readonly CycleAct[]

/** Revisions of one cycle. */
export const revisionsMax = 100

/** What a cycle is at an instant. `open`: over, but late data still change it. */
export const cycleStates = ['running', 'open', 'frozen'] as const
export type CycleState = (typeof cycleStates)[number]

/** What a cycle is by its proposals. */
export function cycleState(cycle: Cycle, record: CycleRecord, now: EpochMs): CycleState {
  if (newestFrozen(record)) return 'frozen'
  return now < cycle.to ? 'running' : 'open'
}

/** The newest approved proposal of a cycle; null while it is open. */
export function newestFrozen(
  record: CycleRecord,
): (CycleAct & { readonly frozen: FrozenResult }) | null {
  const found = record.findLast(({ frozen }) => frozen !== null)
  return found ? { ...found, frozen: found.frozen! } : null
}

/** The proposal that waits for a second person; null when none does. */
export function openProposal(record: CycleRecord): CycleAct | null {
  const last = record.at(-1)
  return last && last.decision === null ? last : null
}

/** What proposals about cycles are judged by. */
export type CycleRules = {
  readonly freezeDays: number
  readonly timezone: string
  readonly months: CycleMonths
  /** When the register began; what ended before was not measured. */
  readonly measuredFrom: EpochMs
  readonly recordOf: (cycle: string) => CycleRecord
}

/** Proposes to freeze a cycle, or the next revision of a frozen one. Throws AppError. */
export function proposeCycle(
  cycle: Cycle,
  asked: { readonly revision: number; readonly why: string },
  who: { readonly by: string; readonly role: string },
  at: EpochMs,
  rules: CycleRules,
): CycleAct {
  if (!roleMay(who.role, 'cycles.propose')) {
    throw refusal('forbidden', 'role', 'Only an admin or the ministry may propose this.')
  }
  const record = rules.recordOf(cycle.id)
  if (openProposal(record)) {
    throw refusal('conflict', 'proposed', 'A proposal for this cycle already waits for approval.')
  }
  const { revision, why } = asked
  const next = newestFrozen(record) ? newestFrozen(record)!.revision + 1 : 0
  if (revision === 0 && next > 0) {
    throw refusal('conflict', 'frozen', 'The cycle is frozen; it only changes by a revision.')
  }
  if (revision > 0 && next === 0) {
    throw refusal('conflict', 'open', 'The cycle is not frozen yet, so it has no revisions.')
  }
  if (revision !== next) {
    throw refusal('conflict', 'number', `The next revision of the cycle is ${next}.`)
  }
  if (revision > revisionsMax) {
    throw refusal('conflict', 'revisions', `A cycle has at most ${revisionsMax} revisions.`)
  }
  if (revision === 0) requireFreezable(cycle, at, rules)
  return {
    ...{ id: cycle.id, name: cycle.name, from: cycle.from, to: cycle.to },
    ...{ revision, why, requestedBy: who.by, requestedAt: at, decision: null, frozen: null },
  }
}

/** When a cycle may be frozen: late data have come by then. */
export function freezableFrom({ to }: Pick<Cycle, 'to'>, freezeDays: number): EpochMs {
  return to + freezeDays * dayMs
}

function requireFreezable(cycle: Cycle, at: EpochMs, rules: CycleRules): void {
  const { timezone, months, measuredFrom, recordOf } = rules
  const earliest = freezableFrom(cycle, rules.freezeDays)
  if (at < earliest) {
    const instant = new Date(earliest).toISOString().slice(0, 16)
    const days = `${rules.freezeDays} days after its end`
    const message = `The cycle may be frozen ${days}, from ${instant}Z.`
    throw refusal('conflict', 'early', message, { earliest })
  }
  if (cycle.to <= measuredFrom) {
    throw refusal('conflict', 'unmeasured', 'The cycle ended before the register began.')
  }
  const before = cycleBefore(cycle, timezone, months)
  if (before.to > measuredFrom && !newestFrozen(recordOf(before.id))) {
    throw refusal('conflict', 'order', `The cycle ${before.id} must be frozen before this one.`)
  }
}

/** The proposal as a second person decided it, with what approval stored. Throws AppError. */
export function decideCycle(
  act: CycleAct,
  decision: Decision,
  frozen: FrozenResult | null,
): CycleAct {
  const decided = decide(act, decision, 'cycles.decide')
  if ((decision.is === 'approved') !== (frozen !== null)) {
    throw refusal('invalid', 'bytes', 'Exactly what is approved has frozen figures.')
  }
  return { ...decided, frozen }
}

/** All cycles that were measured at all, the newest first; the first of them runs. */
export function measuredCycles(
  now: EpochMs,
  { timezone, months, measuredFrom }: Pick<CycleRules, 'timezone' | 'months' | 'measuredFrom'>,
): Cycle[] {
  const cycles = [cycleAt(now, timezone, months)]
  while (cycles.at(-1)!.from > measuredFrom && cycles.length < cyclesMax) {
    cycles.push(cycleBefore(cycles.at(-1)!, timezone, months))
  }
  return cycles
}

/** A century. */
const cyclesMax = 200

function refusal(
  code: ErrorCode,
  rule: string,
  message: string,
  values: Readonly<Record<string, number>> = {},
): AppError {
  return new AppError(code, message, { detail: { rule, ...values } })
}
