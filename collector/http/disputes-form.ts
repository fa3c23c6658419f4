import { causes } from '../kpi/causes.ts'
import type { Account } from '../people/accounts.ts'
import type { Disputes } from '../people/disputes.ts'
import type { Place } from '../people/environment-acts.ts'
import { type Claim, claimedStates } from '../register/disputes.ts'
import type { RefusedDispute } from '../web/parts/disputes.ts'
import { disputeRefusalTexts } from '../web/texts/disputes.ts'
import { formRefusal, submitForm } from './act-form.ts'

const fieldNames = ['about', 'act', 'id', 'from', 'to', 'claim', 'evidence', 'why'] as const

/** Does what a form about disputes asks for; null when it is done, else why it was refused. */
export function submitDispute(
  disputes: Disputes,
  account: Account,
  { institution, environment }: Place,
  form: URLSearchParams,
  timezone: string,
): Promise<RefusedDispute | null> {
  const texts = disputeRefusalTexts
  return submitForm(form, fieldNames, texts, timezone, async ({ text, time, why }) => {
    const key = { institution, environment, id: text('id') }
    const part = () => ({ from: time('from'), to: time('to'), claim: claimOf(text('claim')) })
    switch (text('act')) {
      case 'request': {
        const evidenceSha256 = text('evidence').toLowerCase() || null
        return disputes.request(account, key, { ...part(), evidenceSha256, why })
      }
      case 'grant': {
        const { claim, ...span } = part()
        return disputes.grant(account, key, { ...span, ...claim }, why)
      }
      case 'refuse':
        return disputes.refuse(account, key, why)
      case 'withdraw':
        return disputes.withdraw(account, key, why)
      default:
        throw formRefusal('other')
    }
  })
}

/** A state, and behind a slash the cause of one that is not up. */
function claimOf(text: string): Claim {
  const [first, second] = text.split('/')
  const state = claimedStates.find((each) => each === first)
  if (!state) throw formRefusal('cause')
  return { state, cause: causes.find((each) => each === second) ?? null }
}
