import { AppError } from '../error.ts'
import type { Account } from '../people/accounts.ts'
import { type AskedToken, type HostAct, type Hosts, hostActs, tokenCaps } from '../people/hosts.ts'
import { may } from '../people/permissions.ts'
import { requireSubnets } from '../people/subnets.ts'
import type { RefusedForm } from '../web/parts/acts.ts'
import { type HostRule, hostRefusalTexts } from '../web/texts/hosts.ts'
import { type FormFields, formRefusal, submitForm } from './act-form.ts'
import type { FormDone } from './page-route.ts'
import { codePattern } from './releases.ts'

const tokenFields = ['act', 'environment', 'uses', 'hours', 'subnets', 'approval'] as const
const actFields = ['act', 'id', 'code', 'why'] as const

/** What a form about hosts can be refused for, as the pages show it. */
export type RefusedHosts = RefusedForm<HostRule>

/**
 * Does what a form about the hosts of an institution asks for: a token, of which the text is shown
 * this once, the end of one, or a decision about an agent.
 */
export async function submitHosts(
  hosts: Hosts,
  account: Account,
  institution: string,
  form: URLSearchParams,
): Promise<FormDone> {
  const act = form.get('act') ?? ''
  const isRelease = act === 'approve-release' || act === 'refuse-release'
  const needed = isRelease ? hostActs[act] : 'agents.manage'
  if (!may(account, needed, institution)) return refused(form, ['forbidden'])
  if (act === 'token') return makeToken(hosts, account, institution, form)
  const refusedForm = await submitForm(form, actFields, hostRefusalTexts, 'UTC', (fields) =>
    decide(hosts, account, institution, fields),
  )
  if (refusedForm) return { refusedForm }
  return act === 'end' ? '#tokens' : '#agents'
}

async function decide(
  hosts: Hosts,
  account: Account,
  institution: string,
  { text, why }: FormFields,
): Promise<void> {
  const act = text('act')
  const id = text('id')
  if (act === 'end') return hosts.endToken(account, institution, id, why)
  const asked = actOf(act, text('code').toLowerCase())
  await hosts.decide(account, institution, id, asked, why)
}

function actOf(act: string, code: string): HostAct {
  if (!Object.hasOwn(hostActs, act)) throw formRefusal('other')
  const is = act as HostAct['is'] // it is one of them
  const needsCode = is === 'release' || is === 'approve-release' || is === 'refuse-release'
  if (needsCode && !new RegExp(codePattern).test(code)) throw formRefusal('code')
  return { is, code }
}

async function makeToken(
  hosts: Hosts,
  account: Account,
  institution: string,
  form: URLSearchParams,
): Promise<FormDone> {
  const { asked, problems } = readToken(form)
  if (problems.length > 0) return refused(form, problems)
  try {
    const { text, id, token } = await hosts.makeToken(account, institution, asked)
    const { environment, usesMax, expiresAt } = token
    const shown = { token: text, id, environment, uses: String(usesMax) }
    return { shownOnce: { ...shown, expiresAt: String(expiresAt) } }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') {
      return refused(form, ['environment'])
    }
    throw error
  }
}

/** What the form asks for, with all that is wrong about it. */
function readToken(form: URLSearchParams): { asked: AskedToken; problems: HostRule[] } {
  const text = (name: (typeof tokenFields)[number]) => (form.get(name) ?? '').trim()
  const subnets = text('subnets')
    .split(/[\s,]+/)
    .filter((each) => each !== '')
  const asked = {
    environment: text('environment'),
    usesMax: wholeOf(text('uses')),
    lifeHours: wholeOf(text('hours')),
    subnets: subnets.length > 0 ? subnets : null,
    approval: text('approval') === 'yes',
  }
  const isWithin = (n: number, max: number) => n >= 1 && n <= max
  const problems: HostRule[] = []
  if (asked.environment === '') problems.push('environment')
  if (!isWithin(asked.usesMax, tokenCaps.usesMax)) problems.push('uses')
  if (!isWithin(asked.lifeHours, tokenCaps.lifeHoursMax)) problems.push('hours')
  if (subnets.length > tokenCaps.subnetsMax || !areSubnets(subnets)) problems.push('subnets')
  return { asked, problems }
}

/** A whole number as people type it; NaN for anything else. */
function wholeOf(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
}

function areSubnets(texts: readonly string[]): boolean {
  try {
    requireSubnets(texts)
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

function refused(form: URLSearchParams, rules: readonly HostRule[]): { refusedForm: RefusedHosts } {
  const names = [...new Set([...tokenFields, ...actFields])]
  const fields = new Map(names.map((name) => [name as string, (form.get(name) ?? '').trim()]))
  const [rule = 'other', ...more] = rules
  return { refusedForm: { rule, more, instants: {}, fields } }
}
