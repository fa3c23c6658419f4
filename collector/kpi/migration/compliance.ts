import { bound, fraction } from '../fraction.ts'
import type { MigrationContext, WorkloadObservation } from './observation.ts'
import { approvedMatchOf, hostsOf, isFresh } from './platform.ts'
import { isBornInTarget } from './proofs.ts'
import type {
  Compliance,
  ComplianceReason,
  Proof,
  ProofName,
  WorkloadCompliance,
  WorkloadState,
} from './result.ts'
import type { Day, Exemption, Workload } from './workload.ts'

/** What the compliance of one workload is judged by. */
export type Judged = {
  readonly workload: Workload
  readonly observation: WorkloadObservation
  readonly state: WorkloadState
  readonly proofs: readonly Proof[]
  /** Expired where the state is not `exempt`. */
  readonly exemption: Exemption | null
  readonly baselineFinish: Day | null
  readonly today: Day
}

const statusOf = {
  measured_in_approved_cloud: 'compliant',
  retired: 'compliant',
  exemption_expired: 'breach',
  new_on_premises: 'breach',
  provider_not_approved: 'breach',
  location_not_allowed: 'breach',
  overdue: 'breach',
  not_moved_yet: 'unknown',
  no_evidence: 'unknown',
  no_policy: 'unknown',
  exempt: 'exempt',
} as const satisfies Record<ComplianceReason, WorkloadCompliance['status']>

/** Whether a workload keeps the circular on cloud hosting, and why. Source: METHODOLOGY 2.6. */
export function complianceOf(judged: Judged, context: MigrationContext): WorkloadCompliance {
  const reason = goodReason(judged) ?? breachReason(judged, context) ?? openReason(judged, context)
  return { status: statusOf[reason], reason }
}

function goodReason({ workload, state, proofs }: Judged): ComplianceReason | null {
  if (state === 'exempt' || state === 'retired') return state
  const passes = (id: ProofName) => isProof(proofs, id, 'pass')
  // What never was anywhere else has no continuity before, and no source to fall silent.
  const isMeasuredThere =
    isBornInTarget(workload) &&
    passes('seen_in_target') &&
    passes('provider_approved') &&
    passes('location_allowed')
  return state === 'validated' || isMeasuredThere ? 'measured_in_approved_cloud' : null
}

function breachReason(judged: Judged, context: MigrationContext): ComplianceReason | null {
  const { proofs, exemption, baselineFinish, today } = judged
  if (exemption) return 'exemption_expired'
  if (isNewOnPremises(judged, context)) return 'new_on_premises'
  if (isProof(proofs, 'provider_approved', 'fail')) return 'provider_not_approved'
  if (isProof(proofs, 'location_allowed', 'fail')) return 'location_not_allowed'
  return baselineFinish !== null && today > baselineFinish ? 'overdue' : null
}

function openReason({ proofs }: Judged, { policy }: MigrationContext): ComplianceReason {
  if (!policy) return 'no_policy'
  const isElsewhere = isProof(proofs, 'seen_in_target', 'fail')
  return proofs.length === 0 || isElsewhere ? 'not_moved_yet' : 'no_evidence'
}

/**
 * In service only since the circular, and where people say that it runs a host is measured that is
 * no approved provider's, and none that is.
 */
function isNewOnPremises({ workload, observation }: Judged, { policy, at }: MigrationContext) {
  const { serviceSince, state, source, target } = workload
  if (!policy || serviceSince === null || serviceSince <= policy.circularDate) return false
  const window = { from: 0, at }
  const hosts =
    state === 'cut_over'
      ? hostsOf(target, observation.target, window)
      : hostsOf(source, observation.source, window)
  const matches = hosts.flatMap(({ host, newest }) => {
    if (host.status === 'revoked' || !newest || !isFresh(newest.day, at)) return []
    return [approvedMatchOf(policy, newest)]
  })
  return matches.includes('no') && !matches.includes('yes')
}

function isProof(proofs: readonly Proof[], id: ProofName, status: Proof['status']): boolean {
  return proofs.some((proof) => proof.id === id && proof.status === status)
}

/** The share of workloads that comply; what is unknown is in the high alone. */
export function complianceShare(each: readonly WorkloadCompliance[]): Compliance {
  const count = (status: WorkloadCompliance['status']) =>
    each.filter((one) => one.status === status).length
  const [compliant, breach] = [count('compliant'), count('breach')]
  const [unknown, exempt] = [count('unknown'), count('exempt')]
  const all = compliant + breach + unknown
  return {
    ...{ compliant, breach, unknown, exempt },
    low: all === 0 ? null : bound(fraction(compliant, all), 'floor'),
    high: all === 0 ? null : bound(fraction(compliant + unknown, all), 'ceil'),
  }
}
