import type { MetricName } from '../kpi/readiness/metrics.ts'
import type { Account } from '../people/accounts.ts'
import type { Declarations } from '../people/declarations.ts'
import type { DeclaredAbout } from '../register/declarations.ts'
import type { RefusedDeclaration } from '../web/parts/declarations.ts'
import { declarationRefusalTexts } from '../web/texts/declarations.ts'
import { type FormFields, formRefusal, submitForm } from './act-form.ts'

const fieldNames = [
  ...['act', 'id', 'institution', 'kind', 'metric', 'criterion', 'environment', 'value'],
  ...['evidence', 'expires', 'why'],
]

/**
 * Does what a form about declarations asks for; null when it is done, else why it was refused.
 * `institution` is whose page the form stands on; null on the reviewers' queue, where each form
 * names it.
 */
export function submitDeclaration(
  declarations: Declarations,
  account: Account,
  institution: string | null,
  form: URLSearchParams,
  timezone: string,
): Promise<RefusedDeclaration | null> {
  const texts = declarationRefusalTexts
  return submitForm(form, fieldNames, texts, timezone, async (fields) => {
    const { text, why } = fields
    const key = { institution: institution ?? text('institution'), id: text('id') }
    switch (text('act')) {
      case 'request':
        return declarations.request(account, key.institution, {
          ...{ environment: text('environment') || null, about: aboutOf(fields) },
          evidenceSha256: text('evidence').toLowerCase(),
          ...{ detail: why, expiresAt: fields.date('expires') },
        })
      case 'verify':
        return declarations.review(account, key, 'approved', why)
      case 'refuse':
        return declarations.review(account, key, 'refused', why)
      case 'withdraw':
        return declarations.withdraw(account, key, why)
      default:
        throw formRefusal('other')
    }
  })
}

function aboutOf({ text }: FormFields): DeclaredAbout {
  // Whether there is such a metric is for the rules to say, in words of their own.
  const metric = text('metric') as MetricName
  switch (text('kind')) {
    case 'metric':
      return { kind: 'metric', metric, value: valueFrom(text('value')) }
    case 'waiver':
      return { kind: 'waiver', criterion: text('criterion') }
    case 'not_applicable':
      return { kind: 'not_applicable', metric }
    default:
      throw formRefusal('about')
  }
}

function valueFrom(value: string): number | boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return Number(value)
  throw formRefusal('value')
}
