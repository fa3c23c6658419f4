import { idPattern } from '../../protocol/schema.ts'
import { dayMs, type EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import {
  type Account,
  type AccountGrant,
  type AccountService,
  externalCharactersMax,
  type Role,
  roles,
  secondFactorRoles,
} from '../people/accounts.ts'
import { accountPage, type ShownToken, tokenDaysMax } from '../web/pages/account.ts'
import { accountsPage } from '../web/pages/accounts.ts'
import type { RefusedForm } from '../web/parts/acts.ts'
import { accountRefusalTexts } from '../web/texts/accounts.ts'
import { passwordRefusalTexts } from '../web/texts/sign-in.ts'
import { everyone } from './access.ts'
import { isWhy } from './managers.ts'
import type { Asked, BoardPart, FormDone } from './page-route.ts'
import { passwordLength } from './sign-in.ts'

/** The page of one's own account, and the one on which admins manage all. */
export const ownAccountPath = '/account'
export const accountsPath = '/accounts'

/** What of a form is kept to be shown again: no password, no code. */
const keptFields = ['act', 'id', 'role', 'institution', 'external', 'why', 'label', 'scope', 'days']

/** How long a link to an account works. Unit: milliseconds. */
const linkLifeMs = 3 * dayMs

/** What an account does with its own tokens. */
export type OwnTokens = {
  /** Newest first. */
  list(account: Account): Promise<readonly ShownToken[]>
  /** The token itself, which is shown once. */
  make(account: Account, token: Pick<ShownToken, 'label' | 'scope' | 'expiresAt'>): Promise<string>
  end(account: Account, id: string): Promise<unknown>
}

export type AccountPartOptions = {
  readonly accounts: AccountService
  readonly apiTokens: OwnTokens
  readonly now: () => EpochMs
}

/** The pages about accounts, and what takes their forms. */
export function accountPart({ accounts, apiTokens, now }: AccountPartOptions): BoardPart {
  return {
    pages: {
      [ownAccountPath]: async (frame, snapshot, { asked, refusedForm, shownOnce }) => {
        const { account } = frame
        const own = await ownOrNobodys(accounts, account)
        return accountPage(frame, snapshot, {
          ...own,
          ...{ length: passwordLength, refused: refusedForm, token: shownOnce?.token ?? null },
          sessions: (await accounts.sessions(account, asked.secret)).map((each) => {
            return { ...each, isThis: each.isOwn }
          }),
          tokens: await apiTokens.list(account),
          setUp: shownOnce?.uri
            ? { uri: shownOnce.uri, secret: shownOnce.secret ?? '', ticket: shownOnce.ticket ?? '' }
            : null,
        })
      },
      [accountsPath]: async (frame, snapshot, { refusedForm, shownOnce }) => {
        const { account, url } = shownOnce ?? {}
        return accountsPage(frame, snapshot, {
          accounts: await accounts.list(frame.account),
          ...{ refused: refusedForm, linkLifeMs },
          link: account && url ? { account, url } : null,
        })
      },
    },
    access: { [ownAccountPath]: everyone, [accountsPath]: ['admin'] },
    forms: {
      [ownAccountPath]: (account, _place, _snapshot, form, asked) =>
        refusedOr(form, () => changeOwn({ accounts, apiTokens, now }, account, form, asked)),
      [accountsPath]: (account, _place, _snapshot, form, asked) =>
        refusedOr(form, () => manage(accounts, account, form, asked)),
    },
  }
}

/** What an account signs in with; nothing for those that are in no book, such as `npm start`'s. */
async function ownOrNobodys(accounts: AccountService, account: Account) {
  const needsSecondFactor = secondFactorRoles.includes(account.role)
  try {
    const { hasPassword, hasSecondFactor } = await accounts.own(account)
    return { isListed: true, hasPassword, hasSecondFactor, needsSecondFactor }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') {
      const nothing = { hasPassword: false, hasSecondFactor: false }
      return { isListed: false, ...nothing, needsSecondFactor }
    }
    throw error
  }
}

async function changeOwn(
  { accounts, apiTokens, now }: AccountPartOptions,
  account: Account,
  form: URLSearchParams,
  asked: Asked,
): Promise<FormDone> {
  const given = (name: string) => form.get(name) ?? ''
  switch (given('act')) {
    case 'password': {
      if (given('password') !== given('repeat')) throw refused('repeat')
      const next = given('password')
      const session = await accounts.setPassword(account, given('current'), next, asked.from)
      return { session, seen: '#password-of' }
    }
    case 'set-up': {
      const step = await accounts.newSecondFactor(account, given('current'), asked.from)
      const { ticket, totpUri, totpSecret } = step
      return { shownOnce: { ticket, uri: totpUri, secret: totpSecret } }
    }
    case 'confirm': {
      const digits = given('digits').replaceAll(/\s/g, '')
      const session = await accounts.confirmSecondFactor(account, given('step'), digits)
      return { session, seen: '#second-factor' }
    }
    case 'remove-second-factor': {
      const session = await accounts.removeSecondFactor(account, given('current'), asked.from)
      return { session, seen: '#second-factor' }
    }
    case 'end-session':
      await accounts.endSession(account, given('session'))
      return '#sessions'
    case 'end-sessions':
      await accounts.endSessions(account)
      return { session: null, seen: '/login' }
    case 'make-token': {
      const days = /^\d{1,3}$/.test(given('days')) ? Number(given('days')) : 0
      if (days < 1 || days > tokenDaysMax) throw refused('expires')
      const label = given('label').trim()
      if (label.length < 1 || label.length > 60) throw refused('label')
      const scope = given('scope')
      if (scope !== 'read' && scope !== 'write') throw refused('scope')
      const expiresAt = now() + days * dayMs
      return { shownOnce: { token: await apiTokens.make(account, { label, scope, expiresAt }) } }
    }
    case 'end-token':
      await apiTokens.end(account, given('token'))
      return '#tokens'
    default:
      throw refused('other')
  }
}

async function manage(
  accounts: AccountService,
  actor: Account,
  form: URLSearchParams,
  { origin }: Asked,
): Promise<FormDone> {
  const text = (name: string) => (form.get(name) ?? '').trim()
  const [id, why] = [text('id'), text('why')]
  if (!isWhy(why)) throw refused('why')
  switch (text('act')) {
    case 'make': {
      if (!new RegExp(idPattern).test(id)) throw refused('id')
      const { link } = await accounts.make(actor, id, grantOf(text), why)
      if (!link) return `#account-${id}`
      return { shownOnce: { account: id, url: origin + link.path } }
    }
    case 'link': {
      const { path } = await accounts.link(actor, id, why)
      return { shownOnce: { account: id, url: origin + path } }
    }
    case 'change':
      await accounts.change(actor, id, grantOf(text), why)
      return `#account-${id}`
    case 'end':
      await accounts.end(actor, id, why)
      return `#account-${id}`
    default:
      throw refused('other')
  }
}

function grantOf(text: (name: string) => string): AccountGrant {
  const role = text('role')
  if (!roles.some((each) => each === role)) throw refused('role')
  const institution = text('institution') || undefined
  const external = text('external') || undefined
  if (external && external.length > externalCharactersMax) throw refused('external')
  return { role: role as Role, institution, external }
}

/** A form that is not filled in as its page has it. */
function refused(rule: string): AppError {
  return new AppError('invalid', 'The form is not filled in as it must be.', { detail: { rule } })
}

/** Does what a form asks for, or says by which rule it was refused. Throws what is no refusal. */
async function refusedOr(form: URLSearchParams, act: () => Promise<FormDone>): Promise<FormDone> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    const fields = new Map(keptFields.map((name) => [name, (form.get(name) ?? '').trim()]))
    const refusedForm: RefusedForm<string> = { rule: ruleOf(error), instants: {}, fields }
    return { refusedForm }
  }
}

/** The rule that an error names, else its code; `other` where there are no words for either. */
function ruleOf({ code, detail }: AppError): string {
  const names = [String(detail.rule), code]
  const texts = { ...passwordRefusalTexts, ...accountRefusalTexts }
  return names.find((name) => Object.hasOwn(texts, name)) ?? 'other'
}
