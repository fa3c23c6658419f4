import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { Account } from '../people/accounts.ts'
import type { Maintenance } from '../people/maintenance.ts'
import type { RefusedForm } from '../web/parts/maintenance.ts'
import { type RefusalRule, refusalTexts } from '../web/texts/maintenance.ts'
import { isWhy } from './managers.ts'

/** Fields that a form of the page may have; all others are passed over. */
const fieldNames = ['act', 'id', 'from', 'to', 'why'] as const

/**
 * Does what a form of an environment's page asks for. Resolves to null when it is done, else to why
 * it was refused. Throws what is no refusal, such as a disk that is full.
 */
export async function submitMaintenance(
  maintenance: Maintenance,
  account: Account,
  place: { readonly institution: string; readonly environment: string },
  form: URLSearchParams,
  timezone: string,
): Promise<RefusedForm | null> {
  const fields = new Map(fieldNames.map((name) => [name as string, (form.get(name) ?? '').trim()]))
  const text = (name: (typeof fieldNames)[number]) => fields.get(name) ?? ''
  const time = (name: 'from' | 'to') => instantOf(text(name), timezone)
  const { institution, environment } = place
  const key = { institution, environment, id: text('id') }
  const why = text('why')
  try {
    if (!isWhy(why)) throw refusal('why')
    switch (text('act')) {
      case 'request':
        await maintenance.request(account, key, { from: time('from'), to: time('to'), why })
        break
      case 'approve':
        await maintenance.decide(account, key, 'approved', why)
        break
      case 'refuse':
        await maintenance.decide(account, key, 'refused', why)
        break
      case 'shorten':
        await maintenance.shorten(account, key, time('to'), why)
        break
      case 'withdraw':
        await maintenance.withdraw(account, key, why)
        break
      default:
        throw refusal('other')
    }
    return null
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    return { ...saidOf(error), fields }
  }
}

function saidOf({ code, detail }: AppError): Pick<RefusedForm, 'rule' | 'instants'> {
  const { rule, ...rest } = detail
  const instants = Object.entries(rest).filter(([, value]) => typeof value === 'number')
  const name = code === 'not_found' ? code : String(rule)
  return {
    rule: Object.hasOwn(refusalTexts, name) ? (name as RefusalRule) : 'other',
    instants: Object.fromEntries(instants) as RefusedForm['instants'], // numbers only
  }
}

/** A `datetime-local` field as an instant of the zone. */
function instantOf(text: string, timezone: string): EpochMs {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) throw refusal('time')
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds
  } catch (cause) {
    if (cause instanceof RangeError) throw refusal('time')
    throw cause
  }
}

function refusal(rule: RefusalRule): AppError {
  return new AppError('invalid', 'The form is not filled in as it must be.', { detail: { rule } })
}
