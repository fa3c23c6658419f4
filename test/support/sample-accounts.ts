import type { Account } from '../../collector/people/accounts.ts'
import type { Language } from '../../collector/web/language.ts'
import { accountPage, type OwnAccountView } from '../../collector/web/pages/account.ts'
import { type AccountsView, accountsPage } from '../../collector/web/pages/accounts.ts'
import { invitePage, newPasswordPage } from '../../collector/web/pages/invite.ts'
import { loginPage, secondFactorPage, setUpPage } from '../../collector/web/pages/login.ts'
import { dayMs, hourMs } from '../../protocol/time.ts'
import { asOf } from './sample-figures.ts'
import { frame } from './sample-pages.ts'
import { sampleSnapshot } from './sample-snapshot.ts'

const admin: Account = { id: 'amal', role: 'admin' }
const length = { least: 12, most: 128 }
export const totp = {
  uri: 'otpauth://totp/Istimrar:amal?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Istimrar',
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
}

/** Every page of the way in. */
export function signInPages(language: Language): Record<string, string> {
  const nobody = frame(language, null)
  const asked = { code: 'the-code', account: 'amal', length }
  return {
    login: loginPage(nobody, { wrong: { rule: 'code' }, provider: null }),
    'login refused': loginPage(nobody, {
      wrong: { rule: 'too_many', waitMs: 120_000 },
      provider: { path: '/login/oidc' },
    }),
    'second factor': secondFactorPage(nobody, { step: 'ticket', wrong: { rule: 'digits' } }),
    'second factor set up': setUpPage(nobody, { step: 'ticket', totp, wrong: null }),
    'second factor set up again': setUpPage(nobody, {
      ...{ step: 'ticket', totp: null, wrong: { rule: 'digits' } },
    }),
    invite: invitePage(nobody, { wrong: true }),
    'new password': newPasswordPage(nobody, { ...asked, wrong: 'length' }),
  }
}

/** What an admin sees of the own account once a token was made. */
export const ownAccount: OwnAccountView = {
  ...{ isListed: true, needsSecondFactor: true },
  ...{ hasPassword: true, hasSecondFactor: false, length, refused: null, token: 'the-token' },
  sessions: [
    { id: 's1', openedAt: asOf - hourMs, usedAt: asOf, isThis: true },
    { id: 's2', openedAt: asOf - 5 * hourMs, usedAt: asOf - 4 * hourMs, isThis: false },
  ],
  tokens: [
    {
      ...{ id: 't1', label: 'أرشيف <b>', scope: 'read', endedAt: null, lastUsedAt: asOf },
      ...{ createdAt: asOf - dayMs, expiresAt: asOf + 90 * dayMs },
    },
    {
      ...{ id: 't2', label: 'old', scope: 'write', endedAt: asOf - dayMs, lastUsedAt: null },
      ...{ createdAt: asOf - 9 * dayMs, expiresAt: asOf + 90 * dayMs },
    },
  ],
  setUp: null,
}

const of = { madeAt: asOf - 40 * dayMs, endedAt: null, linkExpiresAt: null, institution: null }

/** Accounts in every state, with a link that was just made. */
export const allAccounts: AccountsView = {
  accounts: [
    {
      id: 'amal',
      role: 'admin',
      ...of,
      hasPassword: true,
      hasSecondFactor: true,
      isExternal: false,
    },
    {
      ...{ id: 'salma-it', role: 'institution', ...of, institution: 'services-authority' },
      ...{ hasPassword: false, hasSecondFactor: false, isExternal: false },
      linkExpiresAt: asOf + dayMs,
    },
    {
      ...{ id: 'eva', role: 'evaluator', ...of, isExternal: true },
      ...{ hasPassword: false, hasSecondFactor: false },
    },
    {
      ...{ id: 'left', role: 'auditor', ...of, endedAt: asOf - dayMs },
      ...{ hasPassword: false, hasSecondFactor: false, isExternal: false },
    },
  ],
  refused: null,
  link: { account: 'salma-it', url: 'board.example/invite#the-code' },
  linkLifeMs: 3 * dayMs,
}

/** The pages about accounts. */
export function accountPages(language: Language): Record<string, string> {
  return {
    'own account': accountPage(
      { ...frame(language, admin), account: admin },
      sampleSnapshot,
      ownAccount,
    ),
    'own account, its second factor being set up': accountPage(
      { ...frame(language, admin), account: admin },
      sampleSnapshot,
      { ...ownAccount, token: null, setUp: { ...totp, ticket: 'ticket' } },
    ),
    accounts: accountsPage(frame(language, admin), sampleSnapshot, allAccounts),
  }
}
