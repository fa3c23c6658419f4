import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Role } from './accounts.ts'

/** Who may decide what another account asked for. */
export const deciderRoles: readonly string[] = ['admin', 'ministry', 'evaluator'] satisfies Role[]

/** Who may decide: the roles, and how a refusal names them. */
export type Deciders = { readonly roles: readonly string[]; readonly named: string }

const anyDecider: Deciders = {
  roles: deciderRoles,
  named: 'an admin, the ministry or the evaluator',
}

/** What the second person said. */
export type Decision = {
  readonly is: 'approved' | 'refused'
  readonly by: string
  readonly role: string
  readonly at: EpochMs
  readonly why: string
}

/** What one person asks for and another one decides, once. */
export type Proposal = {
  readonly requestedBy: string
  readonly requestedAt: EpochMs
  readonly decision: Decision | null
}

/**
 * The proposal as decided. Throws AppError `forbidden` for the account that asked and for roles
 * that decide nothing, `conflict` when it was decided before. To be called where nothing else can
 * be written in between.
 */
export function decide<P extends Proposal>(
  proposal: P,
  decision: NonNullable<P['decision']>,
  { roles, named }: Deciders = anyDecider,
): P {
  if (!roles.includes(decision.role)) {
    const message = `Only ${named} may decide this.`
    throw new AppError('forbidden', message, { detail: { rule: 'role' } })
  }
  if (proposal.requestedBy === decision.by) {
    const message = 'Whoever asked for something cannot decide it: a second person must.'
    throw new AppError('forbidden', message, { detail: { rule: 'second_person' } })
  }
  if (proposal.decision) {
    const { is } = proposal.decision
    const message = `This was decided before: it is ${is}.`
    throw new AppError('conflict', message, { detail: { rule: 'decided' } })
  }
  return { ...proposal, decision }
}
