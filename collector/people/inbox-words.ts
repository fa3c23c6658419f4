import type { Account } from './accounts.ts'
import type { Asked } from './inbox.ts'
import { type Decision, isSecondPerson, type Proposal } from './two-person.ts'

/** Whether an account may be the second person of what somebody asked for. */
export function isOther(account: Account, { requestedBy }: Pick<Proposal, 'requestedBy'>): boolean {
  return isSecondPerson(account, requestedBy)
}

/** What an account asked for itself. */
export function own({ id }: Account): (proposal: Pick<Proposal, 'requestedBy'>) => boolean {
  return ({ requestedBy }) => requestedBy === id
}

/** Who asked, and when. */
export function asked({ requestedBy: by, requestedAt: since }: Proposal) {
  return { since, by }
}

/** What became of something that was asked for. */
export function became({ requestedAt: askedAt, decision }: Proposal, state: Asked['state']) {
  // What was approved and has passed was approved.
  const became = state === 'lapsed' && decision ? decision.is : state
  return { askedAt, state: became, decision: decision && said(decision) }
}

/** Of a decision what is shown, and none of the figures that some hold. */
function said({ is, by, role, at, why }: Decision): Decision {
  return { is, by, role, at, why }
}

/** Of what nobody takes back and no time ends. */
export function stateOf({ decision }: Proposal): Asked['state'] {
  return decision?.is ?? 'waiting'
}

/** The states of all kinds in the words of the inbox. */
export const states = {
  ...{ requested: 'waiting', open: 'waiting' },
  ...{ approved: 'approved', under_way: 'approved', over: 'approved', granted: 'approved' },
  ...{ granted_in_part: 'approved', verified: 'approved', in_force: 'approved' },
  ...{ replaced: 'approved', refused: 'refused', withdrawn: 'withdrawn' },
  ...{ lapsed: 'lapsed', expired: 'lapsed', outdated: 'lapsed' },
} as const satisfies Record<string, Asked['state']>
