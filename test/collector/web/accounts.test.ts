import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import type { Account } from '../../../collector/people/accounts.ts'
import { accountPage } from '../../../collector/web/pages/account.ts'
import { accountsPage } from '../../../collector/web/pages/accounts.ts'
import { qrCode } from '../../../collector/web/parts/qr.ts'
import { accountRefusalTexts } from '../../../collector/web/texts/accounts.ts'
import { passwordRefusalTexts } from '../../../collector/web/texts/sign-in.ts'
import {
  accountPages,
  allAccounts,
  ownAccount,
  signInPages,
  totp,
} from '../../support/sample-accounts.ts'
import { frame, reads } from '../../support/sample-pages.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

const admin: Account = { id: 'amal', role: 'admin' }
const own = (more: object) =>
  accountPage({ ...frame('en', admin), account: admin }, sampleSnapshot, { ...ownAccount, ...more })
const refused = (rule: string, fields: Record<string, string>) => ({
  refused: { rule, instants: {}, fields: new Map(Object.entries(fields)) },
})

describe('the drawing of a key', () => {
  test('has each dark module of the code, with its quiet frame, and no style', () => {
    const drawing = qrCode(totp.uri, 'label').text
    const { data, size } = encode(totp.uri, { border: 4, ecc: 'M' })
    const dark = new Set(
      data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`${x} ${y}`] : []))),
    )
    const drawn = [...drawing.matchAll(/M(\d+ \d+)h1v1h-1z/g)].map(([, at]) => at)
    expect(new Set(drawn)).toEqual(dark)
    expect(drawing).toContain(`viewBox="0 0 ${size} ${size}"`)
    expect(Math.min(...[...dark].map((at) => Number(at.split(' ')[0])))).toBe(4)
    expect(drawing).not.toContain('style')
  })
})

describe.each(['ar', 'en'] as const)('the way in, in %s', (language) => {
  const pages = signInPages(language)

  test('no page of it offers the bar, and no field holds a password that was sent', () => {
    for (const page of Object.values(pages)) {
      expect(page).not.toContain('class="pages"')
      expect(page).not.toMatch(/type="password"[^>]*value=/)
    }
  })

  test('the key stands there as a drawing and in letters, once', () => {
    expect(reads(pages['second factor set up']!)).toContain('JBSW Y3DP EHPK 3PXP')
    expect(pages['second factor set up again']).not.toContain('<svg class="qr"')
  })

  test('an invitation says for whom it is, and what a password must be', () => {
    const page = reads(pages['new password']!)
    expect(page).toContain('amal')
    expect(page).toMatch(/12.*128/)
  })

  test('single sign-on is offered where there is one', () => {
    expect(pages.login).not.toContain('/login/oidc')
    expect(pages['login refused']).toContain('href="/login/oidc"')
  })
})

describe('the own account', () => {
  test('ends other sessions, not the one that asks, which signing out is for', () => {
    const page = own({})
    expect([...page.matchAll(/name="session" value="(\w+)"/g)].map(([, id]) => id)).toEqual(['s2'])
  })

  test('tokens are ended once, and a new one is shown', () => {
    const page = own({})
    expect([...page.matchAll(/name="token" value="(\w+)"/g)].map(([, id]) => id)).toEqual(['t1'])
    expect(page).toContain('the-token')
    expect(page).toContain('أرشيف &lt;b&gt;')
  })

  test('without a password there is none to change, and no second step', () => {
    const page = own({ hasPassword: false })
    expect(page).not.toContain('type="password"')
    expect(reads(page)).toContain('No password: this account uses single sign-on')
  })

  test.each(Object.keys(passwordRefusalTexts))('a password refused for %s says so once', (rule) => {
    const page = own({ ...refused(rule, { act: 'password' }), setUp: null, token: null })
    expect(page.match(/role="alert"/g)).toHaveLength(1)
    expect(page).toContain('<details id="change-password" open>')
  })

  test.each(Object.keys(accountRefusalTexts))('what is refused for %s says so once', (rule) => {
    const page = own({ ...refused(rule, { act: 'make-token' }), setUp: null, token: null })
    expect(page.match(/role="alert"/g)).toHaveLength(1)
  })
})

describe('all accounts', () => {
  test('those that ended stand last and cannot be managed, and nobody manages the own one', () => {
    const page = accountPages('en').accounts!
    const managed = [...page.matchAll(/id="manage-([\w-]+)"/g)].map(([, id]) => id)
    expect(managed).toEqual(['salma-it', 'eva'])
    expect(page.indexOf('account-left')).toBeGreaterThan(page.indexOf('account-eva'))
  })

  test('a link is shown this once', () => {
    expect(accountPages('en').accounts).toContain('invite#the-code')
    const again = accountsPage(frame('en', admin), sampleSnapshot, { ...allAccounts, link: null })
    expect(again).not.toContain('invite#the-code')
  })

  test('a form that was refused keeps what was typed, escaped', () => {
    const fields = { act: 'make', id: 'x"><img>', why: 'because', role: 'auditor' }
    const view = { ...allAccounts, ...refused('id', fields) }
    const page = accountsPage(frame('ar', admin), sampleSnapshot, view)
    expect(page).toContain('value="x&quot;&gt;&lt;img&gt;"')
    expect(page).toContain('<option value="auditor" selected>')
    expect(page).not.toContain('<img>')
  })
})
