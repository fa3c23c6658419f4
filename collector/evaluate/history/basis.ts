import type { EpochMs } from '../../../protocol/time.ts'
import { AppError } from '../../error.ts'
import type { Ledger } from '../../kpi/ledger.ts'
import { measuredFrom } from '../../register/cycles-log.ts'
import type { Policy } from '../../register/policy.ts'
import type { EnvironmentKey } from '../../store/store.ts'
import type { AgentBook } from '../agent-book.ts'
import type { Basis, BasisBook } from '../basis.ts'
import type { EnvironmentBook } from '../environment-book.ts'
import { usualEnd } from '../frame.ts'
import type { EnvironmentSource } from '../ledgers.ts'
import type { LostBasis } from '../lost.ts'

/** What history is told from: the last evaluation, its ledgers, and the register of any instant. */
export type HistoryBasis = {
  /** Where history ends: the figures shown end there. */
  readonly asOf: EpochMs
  /** Where it begins: with the register. */
  readonly measuredFrom: EpochMs
  /** What held for figures that end at an instant. */
  readonly basisAt: (at: EpochMs) => Basis
  readonly ledgerOf: (key: EnvironmentKey) => Ledger | null
  /** Whether an environment has the checks that a policy asks for. */
  readonly isAssessed: (source: EnvironmentSource, policy: Policy) => boolean
}

/** What an evaluator holds between two evaluations. */
export type Books = {
  readonly basis: BasisBook
  readonly agents: Pick<AgentBook, 'firstEnrolledAt'>
  readonly environments: Pick<EnvironmentBook, 'isAssessed'>
}

/** What history is told from just now, of which an evaluation is shown. */
export function historyBasis(
  { snapshot: { asOf, computedAt }, ledgerOf }: LostBasis,
  { basis, agents, environments }: Books,
  now: EpochMs,
): HistoryBasis {
  const newest = basis.newest
  const end = usualEnd(newest, now, agents.firstEnrolledAt)
  return {
    asOf,
    measuredFrom: measuredFrom(newest.history),
    // As any other window is measured.
    basisAt: (at) => (at < end ? basis.inEra(at - 1) : newest),
    ledgerOf,
    isAssessed: assessedBy((source, policy) => environments.isAssessed(source, policy, computedAt)),
  }
}

/** Asks once for each environment and profile. Throws AppError `unavailable` where nobody knows. */
function assessedBy(
  ask: (source: EnvironmentSource, policy: Policy) => boolean | null,
): HistoryBasis['isAssessed'] {
  const known = new Map<Policy['minimumProfile'], Map<EnvironmentSource, boolean>>()
  return (source, policy) => {
    const answers = known.getOrInsert(policy.minimumProfile, new Map())
    const before = answers.get(source)
    if (before !== undefined) return before
    const answer = ask(source, policy)
    if (answer === null) throw new AppError('unavailable', 'The figures are being computed again.')
    answers.set(source, answer)
    return answer
  }
}
