import type { Account } from '../people/accounts.ts'
import type { Place } from '../people/environment-acts.ts'
import type { Maintenance } from '../people/maintenance.ts'
import type { RefusedMaintenance } from '../web/parts/maintenance.ts'
import { refusalTexts } from '../web/texts/maintenance.ts'
import { formRefusal, submitForm } from './act-form.ts'

const fieldNames = ['act', 'id', 'from', 'to', 'why'] as const

/** Does what a form about maintenance asks for; null when it is done, else why it was refused. */
export function submitMaintenance(
  maintenance: Maintenance,
  account: Account,
  { institution, environment }: Place,
  form: URLSearchParams,
  timezone: string,
): Promise<RefusedMaintenance | null> {
  return submitForm(form, fieldNames, refusalTexts, timezone, async ({ text, time, why }) => {
    const key = { institution, environment, id: text('id') }
    switch (text('act')) {
      case 'request':
        return maintenance.request(account, key, { from: time('from'), to: time('to'), why })
      case 'approve':
        return maintenance.decide(account, key, 'approved', why)
      case 'refuse':
        return maintenance.decide(account, key, 'refused', why)
      case 'shorten':
        return maintenance.shorten(account, key, time('to'), why)
      case 'withdraw':
        return maintenance.withdraw(account, key, why)
      default:
        throw formRefusal('other')
    }
  })
}
