import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { AppError, type ErrorCode } from '../error.ts'
import type { Exemption } from '../kpi/migration/workload.ts'
import { roleMay } from '../people/permissions.ts'
import { type BodyProposal, type Decision, decideAsOtherBody } from '../people/two-person.ts'

/**
 * What somebody asks for: that a workload may stay where it is for now. It is this object, as JSON,
 * that entries of the log hold before and after each act.
 */
export type ExemptionAct = BodyProposal & {
  readonly id: string
  readonly workload: string
  readonly reason: string
  readonly expiresAt: EpochMs
}

/**
 * What it is at an instant. `lapsed`: its time was over before anybody decided; `expired`: it held
 * and holds no more, which is a breach; `replaced`: by a later one of the same workload.
 */
export const exemptionStates = [
  'open',
  'in_force',
  'refused',
  'withdrawn',
  'lapsed',
  'expired',
  'replaced',
] as const
export type ExemptionState = (typeof exemptionStates)[number]

/** Days that an exemption holds at most: 24 months. */
export const exemptionDaysMax = 731
/** Exemptions of one institution that nobody has decided. */
export const exemptionsOpenMax = 200

/** What an exemption is judged by when it is asked for. */
export type ExemptionRules = {
  /** Whether the institution has such a workload now. */
  readonly isRegistered: (workload: string) => boolean
  /** All of the institution, in the order in which they were asked for. */
  readonly all: readonly ExemptionAct[]
}

export type AskedExemption = Pick<ExemptionAct, 'workload' | 'reason' | 'expiresAt'>

/** A new exemption, which waits. Throws AppError; its detail names the rule that was broken. */
export function requestExemption(
  asked: AskedExemption & Pick<ExemptionAct, 'id'>,
  by: { readonly id: string; readonly role: string },
  at: EpochMs,
  { isRegistered, all }: ExemptionRules,
): ExemptionAct {
  const { id, workload, reason, expiresAt } = asked
  requireRoadmapAsker(by.role)
  if (!isRegistered(workload)) throw new AppError('not_found', 'There is no such workload.')
  if (expiresAt <= at) {
    throw refusal('invalid', 'expired', 'An exemption must expire in the future.')
  }
  if (expiresAt > at + exemptionDaysMax * dayMs) {
    const message = 'An exemption holds for at most 24 months; then another one is asked for.'
    throw refusal('invalid', 'too_long', message, { until: at + exemptionDaysMax * dayMs })
  }
  const open = all.filter((each) => exemptionState(each, at, all) === 'open')
  const other = open.find((each) => each.workload === workload)
  if (other) {
    const message = `One of this workload waits for a decision already: ${other.id}.`
    throw refusal('conflict', 'waiting', message)
  }
  if (open.length >= exemptionsOpenMax) {
    const message = `The institution has ${exemptionsOpenMax} exemptions nobody has decided.`
    throw refusal('conflict', 'open', message)
  }
  return {
    ...{ id, workload, reason, expiresAt, requestedBy: by.id, requestedRole: by.role },
    ...{ requestedAt: at, decision: null, withdrawnAt: null },
  }
}

/** Throws AppError `forbidden` for roles that ask for nothing. */
export function requireRoadmapAsker(role: string): void {
  if (roleMay(role, 'roadmap.ask')) return
  const message = 'Only the institution itself, the ministry or an admin may ask for this.'
  throw refusal('forbidden', 'role', message)
}

/** `all` are those of the institution, in the order in which they were asked for. */
export function exemptionState(
  exemption: ExemptionAct,
  at: EpochMs,
  all: readonly ExemptionAct[],
): ExemptionState {
  const { id, decision, withdrawnAt, expiresAt } = exemption
  if (withdrawnAt !== null) return 'withdrawn'
  if (decision?.is === 'refused') return 'refused'
  if (!decision) return expiresAt <= at ? 'lapsed' : 'open'
  if (!standingExemptions(all).some((each) => each.id === id)) return 'replaced'
  return expiresAt <= at ? 'expired' : 'in_force'
}

/**
 * The approved ones that stand, in force or expired, one of each workload: the newest. Where that
 * one was withdrawn none stands, but one that had expired before: no breach ends by taking back
 * what came after it.
 */
export function standingExemptions(all: readonly ExemptionAct[]): Exemption[] {
  const standing = new Map<string, Exemption>()
  // One of a workload waits at a time, so they were approved in the order of their asking.
  for (const { id, workload, reason, expiresAt, decision, withdrawnAt } of all) {
    if (decision?.is !== 'approved') continue
    const { by: approvedBy, at: approvedAt } = decision
    const before = standing.get(workload)
    if (withdrawnAt === null) {
      standing.set(workload, { id, workload, reason, approvedBy, approvedAt, expiresAt })
    } else if (before && before.expiresAt > approvedAt) {
      standing.delete(workload)
    }
  }
  return [...standing.values()]
}

/** The exemption as another body decided it. Throws AppError. */
export function decideExemption(exemption: ExemptionAct, decision: Decision): ExemptionAct {
  const decided = decideAsOtherBody(exemption, decision)
  if (exemption.expiresAt > decision.at) return decided
  throw refusal('conflict', 'lapsed', 'It expired before anybody decided.')
}

/** The exemption as taken back while it waits or holds. Throws AppError. */
export function withdrawExemption(
  exemption: ExemptionAct,
  role: string,
  at: EpochMs,
  all: readonly ExemptionAct[],
): ExemptionAct {
  requireRoadmapAsker(role)
  const state = exemptionState(exemption, at, all)
  if (state === 'open' || state === 'in_force') return { ...exemption, withdrawnAt: at }
  throw refusal('conflict', 'closed', 'It holds no more, so nothing is left to withdraw.')
}

function refusal(
  code: ErrorCode,
  rule: string,
  message: string,
  values: Readonly<Record<string, number>> = {},
): AppError {
  return new AppError(code, message, { detail: { rule, ...values } })
}
