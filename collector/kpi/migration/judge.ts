import { dayAt } from './calendar.ts'
import { complianceOf } from './compliance.ts'
import { moveReadiness } from './move-readiness.ts'
import type { MigrationContext, ObservedInstitution, WorkloadObservation } from './observation.ts'
import { moveOf, proofsOf } from './proofs.ts'
import { creditHundredths, type Proof, type WorkloadRow, type WorkloadState } from './result.ts'
import type { Day, Exemption, MigrationRegister, Workload } from './workload.ts'

/** What is known of a workload that nothing was measured of. */
export const nothingObserved: WorkloadObservation = {
  source: null,
  target: null,
  before: null,
  after: null,
  points: [],
}

/** Every workload as it counts, in the order of registration. Source: METHODOLOGY 2.6. */
export function workloadRows(
  register: MigrationRegister,
  observed: ObservedInstitution,
  context: MigrationContext,
): WorkloadRow[] {
  const today = dayAt(context.at, context.timezone)
  const promised = register.baselines.find(({ number }) => number === 1)?.workloads ?? []
  const finishes = new Map(promised.map(({ id, finishOn }) => [id, finishOn]))
  const exemptions = new Map(register.exemptions.map((each) => [each.workload, each]))
  return register.workloads.map((workload) => {
    const observation = observed.workloads.get(workload.id) ?? nothingObserved
    const exemption = exemptions.get(workload.id) ?? null
    const move = moveOf(workload, observation, context)
    const proofs = move ? proofsOf(move) : []
    const state = stateOf(workload, proofs, exemption, context)
    const baselineFinish = finishes.get(workload.id) ?? null
    const judged = { workload, observation, state, proofs, exemption, baselineFinish, today }
    return {
      ...{ workload, state, proofs, baselineFinish },
      readiness: moveReadiness(observation.points),
      compliance: complianceOf(judged, context),
      exemptUntil: exemption?.expiresAt ?? null,
      isLate: isPending(state) && [baselineFinish, workload.plannedFinish].some(isBefore(today)),
    }
  })
}

/** A claim counts as done only where every proof passes; until then it is as if cut over. */
function stateOf(
  { state }: Workload,
  proofs: readonly Proof[],
  exemption: Exemption | null,
  { at }: MigrationContext,
): WorkloadState {
  if (exemption && exemption.expiresAt > at) return 'exempt'
  if (state !== 'cut_over' && state !== 'retired') return state
  const isProven = proofs.length > 0 && proofs.every(({ status }) => status === 'pass')
  if (!isProven) return 'cut_over'
  return state === 'cut_over' ? 'validated' : 'retired'
}

/** Whether measurement has found the move, or the end, of a workload. */
export function isDone(state: WorkloadState): boolean {
  return state === 'validated' || state === 'retired'
}

/** Whether a workload is in scope and not done. */
export function isPending(state: WorkloadState): boolean {
  return state !== 'exempt' && !isDone(state)
}

/**
 * What a workload in scope has earned. Unit: hundredths of its weight. One that is to stay earns
 * nothing before it is done; one that was rolled back no more than a planned one.
 */
export function creditOf({ workload, state }: WorkloadRow): number {
  if (state === 'exempt') return 0
  const credit = creditHundredths[state]
  if (isDone(state)) return credit
  if (workload.strategy === 'retain') return 0
  return workload.isRolledBack ? Math.min(credit, creditHundredths.planned) : credit
}

function isBefore(today: Day): (day: Day | null) => boolean {
  return (day) => day !== null && day < today
}
