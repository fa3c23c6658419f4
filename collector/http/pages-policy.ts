import { AppError } from '../error.ts'
import type { Account } from '../people/accounts.ts'
import { actDifference } from '../people/act-difference.ts'
import { may } from '../people/permissions.ts'
import type { ListedPolicyChange, PolicyChanges } from '../people/policy.ts'
import { isSecondPerson } from '../people/two-person.ts'
import {
  type ProposalAct,
  policyProposalsPage,
  proposalActs,
  type ShownProposal,
} from '../web/pages/policy-proposals.ts'
import { proposalRefusalTexts } from '../web/texts/policy-proposals.ts'
import { everyone } from './access.ts'
import { formRefusal, submitForm } from './act-form.ts'
import type { BoardPart, FormDone } from './page-route.ts'
import { policyCharactersMax } from './policy.ts'

/** Where changes of the policy are proposed and decided. */
export const proposalsPath = '/policy/proposals'

const fieldNames = ['act', 'id', 'text', 'why'] as const

/** Faults of a file that are shown on the page. */
const problemsShownMax = 50

/** The page of proposed changes, and its forms. */
export function policyPart(changes: PolicyChanges): BoardPart {
  return {
    access: { [proposalsPath]: everyone },
    pages: {
      [proposalsPath]: async (frame, snapshot, { refusedForm: refused }) => {
        const { account } = frame
        return policyProposalsPage(frame, snapshot, {
          proposals: (await changes.list()).map(shown),
          mayPropose: may(account, 'policy.propose'),
          actsOn: (change) => actsOf(account, change),
          refused,
          problems: (refused?.fields.get('problems') ?? '').split('\n').filter(Boolean),
        })
      },
    },
    forms: {
      [proposalsPath]: (account, _place, _snapshot, form) => submitPolicy(changes, account, form),
    },
  }
}

function shown(change: ListedPolicyChange): ShownProposal {
  const [before, after] = (['before', 'after'] as const).map((side) =>
    Object.fromEntries(change.changes.map((each) => [each.name, each[side]])),
  )
  return { ...change, difference: actDifference(before, after) }
}

function actsOf(account: Account, change: ListedPolicyChange): ProposalAct[] {
  const { state, requestedBy } = change
  if (state !== 'open' && state !== 'outdated') return []
  if (requestedBy === account.id) return ['withdraw']
  if (!may(account, 'policy.decide') || !isSecondPerson(account, requestedBy)) return []
  return state === 'open' ? ['approve', 'refuse'] : ['refuse']
}

async function submitPolicy(
  changes: PolicyChanges,
  account: Account,
  form: URLSearchParams,
): Promise<FormDone> {
  const problems: string[] = []
  const refused = await submitForm(
    form,
    fieldNames,
    proposalRefusalTexts,
    'UTC',
    async ({ text, why }) => {
      const act = proposalActs.find((each) => each === text('act'))
      if (act === 'withdraw') await changes.withdraw(account, text('id'), why)
      else if (act) {
        await changes.decide(account, text('id'), act === 'approve' ? 'approved' : 'refused', why)
      } else if (text('act') === 'propose') {
        // As browsers send lines.
        const file = text('text').replaceAll('\r\n', '\n')
        if (file.length > policyCharactersMax) throw formRefusal('document')
        await proposed(changes, account, file, why, problems)
      } else throw formRefusal('other')
    },
  )
  if (!refused) return '#proposals'
  const fields = new Map([...refused.fields, ['problems', problems.join('\n')]])
  return { refusedForm: { ...refused, fields } }
}

async function proposed(
  changes: PolicyChanges,
  account: Account,
  file: string,
  why: string,
  problems: string[],
): Promise<void> {
  try {
    await changes.propose(account, file, why)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid') throw error
    problems.push(...error.message.split('\n').slice(0, problemsShownMax))
    throw formRefusal('document')
  }
}
