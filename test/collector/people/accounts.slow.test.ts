import { rmSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Account, localAdmin } from '../../../collector/people/accounts.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { appCode, atDesk, codeOf, goodPassword, home } from '../../support/accounts.ts'

const another = 'another good passphrase'
const refused = { code: 'auth', message: 'This is not right, or not good any more.' }

describe('a new account', () => {
  test('sets its password with its link, once, and its second factor', () =>
    atDesk(async ({ accounts, sessions, store, clock, signedUp, keyFile }) => {
      const { account, code } = await signedUp('amal', 'ministry')
      expect(account).toEqual({ id: 'amal', role: 'ministry', related: [], via: 'password' })
      expect(statSync(keyFile).mode & 0o777).toBe(0o600)
      clock.at += minuteMs
      const step = await accounts.signIn('amal', goodPassword, home)
      const { ticket } = step as Extract<typeof step, { is: 'second-factor' }>
      expect(step).toEqual({ is: 'second-factor', ticket })
      const last = await accounts.confirm(ticket, code(), home)
      expect(last.is === 'signed-in' && (await sessions.account(last.secret))?.id).toBe('amal')
      const { hasPassword, hasSecondFactor, linkExpiresAt } = await accounts.own(account)
      expect([hasPassword, hasSecondFactor, linkExpiresAt]).toEqual([true, true, null])
      const said = JSON.stringify(await store.entries())
      expect(said).not.toMatch(/scrypt|otpauth|password":"|totp/)
      const acts = (await store.entries()).filter(({ what }) => what.startsWith('account/'))
      expect(acts.map(({ what, actor }) => `${what} by ${actor}`)).toEqual([
        'account/amal by local-admin',
        'account/amal/sign-in-link by local-admin',
        'account/amal/password by amal',
        'account/amal/second-factor by amal',
      ])
    }))

  test('needs no second factor where its role does not', () =>
    atDesk(async ({ signedUp }) => {
      const { account } = await signedUp('sara', 'auditor')
      expect(account).toMatchObject({ id: 'sara', role: 'auditor' })
    }))

  test('of two bearers of one link the second is too late', () =>
    atDesk(async ({ accounts }) => {
      const { link } = await accounts.make(localAdmin, 'sara', { role: 'auditor' }, 'new here')
      const both = [goodPassword, another].map((password) =>
        accounts.acceptLink(codeOf(link), password, home).catch(({ code }) => code),
      )
      const results = await Promise.all(both)
      expect(results.filter((each) => each === 'auth')).toHaveLength(1)
    }))

  test('can be let in for 72 hours, also after a restart', () =>
    atDesk(async ({ accounts, clock, reopen }) => {
      const { link } = await accounts.make(localAdmin, 'sara', { role: 'auditor' }, 'new here')
      clock.at += 72 * hourMs - 1
      const restarted = (await reopen()).accounts
      const found = await restarted.findLink(codeOf(link), home)
      expect(found).toEqual({ id: 'sara', role: 'auditor' })
      clock.at += 1
      await expect(restarted.findLink(codeOf(link), home)).rejects.toMatchObject(refused)
      await expect(restarted.acceptLink(codeOf(link), goodPassword, home)).rejects.toMatchObject(
        refused,
      )
    }))
})

test.each([
  ['short', 'only eleven', 'length'],
  ['long', 'long enough for anybody '.repeat(6), 'length'],
  ['the name', 'director-general-1', 'name'],
  ['common', 'Password1234!', 'common'],
  ['common twice', 'passwordpassword', 'common'],
  ['a row of digits', '012345678901', 'common'],
  ['few characters', 'abababababab', 'common'],
])('a password is refused: %s', (_name, password, rule) =>
  atDesk(async ({ accounts }) => {
    const id = 'director-general'
    const { link } = await accounts.make(localAdmin, id, { role: 'auditor' }, 'new here')
    await expect(accounts.acceptLink(codeOf(link), password, home)).rejects.toMatchObject({
      code: 'invalid',
      detail: { rule },
    })
    // The link is not used up by that.
    expect((await accounts.acceptLink(codeOf(link), goodPassword, home)).is).toBe('signed-in')
  }),
)

test('what the provider calls a person lets in the account that is open, not one before it', () =>
  atDesk(async ({ accounts, sessions, reopen }) => {
    const external = { role: 'auditor', external: 'someone@example.org' } as const
    await accounts.make(localAdmin, 'before', external, 'new here')
    await accounts.end(localAdmin, 'before', 'left the ministry')
    expect(await accounts.signInExternal(external.external)).toBeNull()
    await accounts.make(localAdmin, 'again', external, 'came back')
    for (const each of [{ accounts, sessions }, await reopen()]) {
      const secret = await each.accounts.signInExternal(external.external)
      expect((await each.sessions.account(secret!))?.id).toBe('again')
    }
  }))

test('a password of any script is taken, however its characters were typed', () =>
  atDesk(async ({ accounts }) => {
    const { link } = await accounts.make(localAdmin, 'sara', { role: 'auditor' }, 'new here')
    await accounts.acceptLink(codeOf(link), 'قهوة الصباح é', home)
    const step = await accounts.signIn('sara', 'قهوة الصباح e\u0301', home)
    expect(step.is).toBe('signed-in')
  }))

describe('signing in is refused with one answer:', () => {
  type Case = [name: string, id: string, password: string]
  const cases: Case[] = [
    ['a wrong password', 'sara', another],
    ['nobody of this name', 'nobody', goodPassword],
    ['a name that is none', 'Sara ..', goodPassword],
    ['a name of the program', 'local-admin', goodPassword],
    ['an account that ended', 'ended', goodPassword],
    ['one that set no password yet', 'new', goodPassword],
    ['one that signs in elsewhere', 'external', goodPassword],
    ['nothing', '', ''],
  ]
  test.each(cases)('%s', (_name, id, password) =>
    atDesk(async ({ accounts, signedUp, refused: told }) => {
      await signedUp('sara', 'auditor')
      await signedUp('ended', 'auditor')
      await accounts.end(localAdmin, 'ended', 'left the ministry')
      await accounts.make(localAdmin, 'new', { role: 'auditor' }, 'new here')
      const external = { role: 'auditor', external: 'someone@example.org' } as const
      expect((await accounts.make(localAdmin, 'external', external, 'new here')).link).toBeNull()
      const error = await accounts.signIn(id, password, home).catch((thrown) => thrown)
      expect({ code: error.code, message: error.message }).toEqual(refused)
      expect(error.detail).toEqual({})
      const known = ['sara', 'ended', 'new', 'external'].includes(id) ? id : null
      const event = { event: 'sign-in-refused', step: 'password', account: known, from: home }
      expect(told).toEqual([event])
    }),
  )
})

describe('guessing', () => {
  test.each(['sara', 'nobody'])('at %s is stopped, and goes on a minute later', (id) =>
    atDesk(async ({ accounts, clock, signedUp }) => {
      await signedUp('sara', 'auditor')
      const guess = (i: number) =>
        accounts.signIn(id, `wrong guess ${i}`, `192.0.2.${i}`).catch(({ code, detail }) => {
          return [code, detail.retryAfterSeconds]
        })
      for (let i = 0; i < 10; i++) expect(await guess(i)).toEqual(['auth', undefined])
      expect(await guess(10)).toEqual(['too_many', 60])
      clock.at += minuteMs
      expect(await guess(11)).toEqual(['auth', undefined])
      expect(await guess(12)).toEqual(['too_many', 60])
    }),
  )

  test('many at the same moment are no more than one after another', () =>
    atDesk(async ({ accounts, signedUp }) => {
      await signedUp('sara', 'auditor')
      const guesses = Array.from({ length: 30 }, (_, i) =>
        accounts.signIn('sara', `wrong guess ${i}`, home).catch(({ code }) => code),
      )
      const codes = await Promise.all(guesses)
      expect(codes.filter((code) => code === 'auth')).toHaveLength(10)
    }))

  test('at many accounts from one address is stopped; the others sign in', () =>
    atDesk(async ({ accounts, signedUp }) => {
      await signedUp('sara', 'auditor')
      const from = (i: number) => `2001:db8:0:1::${i.toString(16)}`
      for (let i = 1; i <= 30; i++) {
        await expect(accounts.signIn(`name-${i}`, another, from(i))).rejects.toMatchObject(refused)
      }
      await expect(accounts.signIn('sara', goodPassword, from(99))).rejects.toMatchObject({
        code: 'too_many',
        detail: { retryAfterSeconds: 10 },
      })
      expect((await accounts.signIn('sara', goodPassword, '2001:db8:0:2::1')).is).toBe('signed-in')
    }))

  test('at codes of the second factor is stopped, and each ticket has five', () =>
    atDesk(async ({ accounts, clock, signedUp }) => {
      const { code } = await signedUp('amal', 'admin')
      clock.at += minuteMs
      const step = await accounts.signIn('amal', goodPassword, home)
      const { ticket } = step as Extract<typeof step, { is: 'second-factor' }>
      for (let i = 0; i < 5; i++) {
        await expect(accounts.confirm(ticket, 'abcdef', home)).rejects.toMatchObject(refused)
      }
      await expect(accounts.confirm(ticket, code(), home)).rejects.toMatchObject(refused)
    }))

  test('at links is stopped by address', () =>
    atDesk(async ({ accounts }) => {
      for (let i = 0; i < 30; i++) {
        await expect(accounts.findLink(`code-${i}`, home)).rejects.toMatchObject(refused)
      }
      await expect(accounts.findLink('code', home)).rejects.toMatchObject({ code: 'too_many' })
    }))
})

describe('the second factor', () => {
  test('takes a code once, with another ticket neither', () =>
    atDesk(async ({ accounts, clock, signedUp }) => {
      const { code } = await signedUp('amal', 'admin')
      const ticketOf = async () => {
        const step = await accounts.signIn('amal', goodPassword, home)
        return step.is === 'second-factor' ? step.ticket : ''
      }
      // The one it was set up with is used up, too.
      await expect(accounts.confirm(await ticketOf(), code(), home)).rejects.toMatchObject(refused)
      clock.at += minuteMs
      const [first, second] = [await ticketOf(), await ticketOf()]
      const both = [first, second].map((ticket) =>
        accounts.confirm(ticket, code(), home).then(
          ({ is }) => is,
          ({ code }) => code,
        ),
      )
      expect((await Promise.all(both)).toSorted()).toEqual(['auth', 'signed-in'])
    }))

  test('is asked for within five minutes', () =>
    atDesk(async ({ accounts, clock, signedUp }) => {
      const { code } = await signedUp('amal', 'admin')
      const step = await accounts.signIn('amal', goodPassword, home)
      clock.at += 5 * minuteMs
      const { ticket } = step as Extract<typeof step, { is: 'second-factor' }>
      await expect(accounts.confirm(ticket, code(), home)).rejects.toMatchObject(refused)
    }))

  test('without the key of the machine needs a new link', () =>
    atDesk(async ({ accounts, keyFile, signedUp }) => {
      await signedUp('amal', 'admin')
      rmSync(keyFile)
      await expect(accounts.signIn('amal', goodPassword, home)).rejects.toMatchObject({
        code: 'forbidden',
        detail: { rule: 'second_factor_lost' },
      })
      const link = await accounts.link(localAdmin, 'amal', 'key lost in a restore')
      const step = await accounts.acceptLink(codeOf(link), another, home)
      expect(step.is).toBe('second-factor-set-up')
    }))

  test('that is set up with a wrong code is not in force', () =>
    atDesk(async ({ accounts }) => {
      const { link } = await accounts.make(localAdmin, 'amal', { role: 'admin' }, 'new here')
      const step = await accounts.acceptLink(codeOf(link), goodPassword, home)
      const { ticket } = step as Extract<typeof step, { is: 'second-factor-set-up' }>
      await expect(accounts.confirm(ticket, 'abcdef', home)).rejects.toMatchObject({
        code: 'invalid',
        detail: { rule: 'code' },
      })
      const again = await accounts.signIn('amal', goodPassword, home)
      expect(again.is).toBe('second-factor-set-up')
    }))
})

describe('sessions end', () => {
  type Change = (
    desk: Parameters<Parameters<typeof atDesk>[0]>[0],
    own: Account,
  ) => Promise<unknown>
  const cases: [string, Change][] = [
    [
      'with a new password',
      ({ accounts }, own) => accounts.setPassword(own, goodPassword, another, home),
    ],
    [
      'with another role',
      ({ accounts }) => accounts.change(localAdmin, 'amal', { role: 'ministry' }, 'moves on'),
    ],
    ['with a new link', ({ accounts }) => accounts.link(localAdmin, 'amal', 'lost the phone')],
    ['with the account', ({ accounts }) => accounts.end(localAdmin, 'amal', 'left')],
    ['everywhere, when asked for', ({ accounts }, own) => accounts.endSessions(own)],
    [
      'with a new second factor',
      async ({ accounts, clock }, own) => {
        const { ticket, totpSecret } = await accounts.newSecondFactor(own, goodPassword, home)
        await accounts.confirmSecondFactor(own, ticket, appCode(totpSecret, clock.at))
      },
    ],
  ]
  test.each(cases)('%s, and others stay', (_name, change) =>
    atDesk(async (desk) => {
      const { sessions, signedUp } = desk
      const { account, secret } = await signedUp('amal', 'admin')
      const second = await sessions.open(account, 'password')
      const other = await signedUp('huda', 'admin')
      await change(desk, account)
      for (const each of [secret, second]) expect(await sessions.account(each)).toBeNull()
      expect(await sessions.account(other.secret)).not.toBeNull()
    }),
  )

  test('one by one, and only the own ones', () =>
    atDesk(async ({ accounts, sessions, signedUp }) => {
      const { account, secret } = await signedUp('amal', 'admin')
      const second = await sessions.open(account, 'link')
      const other = await signedUp('huda', 'admin')
      const views = await accounts.sessions(account, secret)
      expect(views.map(({ via, isOwn }) => [via, isOwn]).toSorted()).toEqual([
        ['link', false],
        ['password', true],
      ])
      const { id } = views.find(({ isOwn }) => !isOwn)!
      await expect(accounts.endSession(other.account, id)).rejects.toMatchObject({
        code: 'not_found',
      })
      await accounts.endSession(account, id)
      expect(await sessions.account(second)).toBeNull()
      expect(await sessions.account(secret)).not.toBeNull()
    }))
})

describe('a new link', () => {
  test('ends password and second factor, and takes the place of the one before', () =>
    atDesk(async ({ accounts, store, signedUp }) => {
      const { account } = await signedUp('amal', 'admin')
      const first = await accounts.link(localAdmin, 'amal', 'lost the phone')
      const { hasPassword, hasSecondFactor } = await accounts.own(account)
      expect([hasPassword, hasSecondFactor]).toEqual([false, false])
      await expect(accounts.signIn('amal', goodPassword, home)).rejects.toMatchObject(refused)
      const second = await accounts.link(localAdmin, 'amal', 'lost the link, too')
      await expect(accounts.findLink(codeOf(first), home)).rejects.toMatchObject(refused)
      expect((await accounts.findLink(codeOf(second), home)).id).toBe('amal')
      const removed = (await store.entries()).filter(({ after }) => after === null)
      expect(removed.map(({ what, actor }) => `${what} by ${actor}`)).toEqual([
        'account/amal/password by local-admin',
        'account/amal/second-factor by local-admin',
      ])
    }))

  test('makes what was begun with the password before worthless', () =>
    atDesk(async ({ accounts, clock, signedUp }) => {
      const { code } = await signedUp('amal', 'admin')
      clock.at += minuteMs
      const step = await accounts.signIn('amal', goodPassword, home)
      await accounts.link(localAdmin, 'amal', 'lost the phone')
      const { ticket } = step as Extract<typeof step, { is: 'second-factor' }>
      await expect(accounts.confirm(ticket, code(), home)).rejects.toMatchObject(refused)
    }))
})

describe('people of one making', () => {
  test('know each other: makers, those they made, and so on; commands make nobody related', () =>
    atDesk(async ({ acts, accounts, signedUp, reopen }) => {
      const amal = await signedUp('amal', 'admin')
      const badr = await signedUp('badr', 'admin', amal.account)
      await signedUp('evaluator', 'evaluator', badr.account)
      await signedUp('huda', 'admin')
      await signedUp('salim', 'auditor')
      const huda = acts.book.account('huda')!
      await accounts.link(huda, 'salim', 'forgot the password')
      for (const book of [acts.book, (await reopen()).acts.book]) {
        expect(
          ['amal', 'badr', 'evaluator', 'huda', 'salim'].map((id) => book.related(id)),
        ).toEqual([
          ['badr', 'evaluator'],
          ['amal', 'evaluator'],
          ['amal', 'badr'],
          ['salim'],
          ['huda'],
        ])
      }
    }))

  test('whoever says who an account is at the provider made a way into it', () =>
    atDesk(async ({ acts, accounts, signedUp }) => {
      const { account } = await signedUp('amal', 'admin')
      await signedUp('evaluator', 'evaluator')
      await accounts.change(account, 'evaluator', { role: 'evaluator', external: 'me' }, 'moves')
      expect(acts.book.related('evaluator')).toEqual(['amal'])
    }))
})

describe('admins', () => {
  test.each(['ministry', 'evaluator', 'auditor'] as const)('alone make accounts, not %s', (role) =>
    atDesk(async ({ accounts }) => {
      const actor: Account = { id: 'somebody', role }
      const token: Account = { id: 'amal', role: 'admin', via: 'token', scope: 'write' }
      for (const each of [actor, token]) {
        await expect(async () =>
          accounts.make(each, 'friend', { role: 'admin' }, 'for myself'),
        ).rejects.toMatchObject({ code: 'forbidden' })
        await expect(accounts.list(each)).rejects.toMatchObject({ code: 'forbidden' })
      }
    }),
  )

  test('do nothing to their own account', () =>
    atDesk(async ({ accounts, signedUp }) => {
      const { account } = await signedUp('amal', 'admin')
      const detail = { rule: 'own_account' }
      const all = [
        () => accounts.end(account, 'amal', 'for fun'),
        () => accounts.link(account, 'amal', 'for fun'),
        () => accounts.change(account, 'amal', { role: 'evaluator' }, 'for fun'),
      ]
      for (const each of all) await expect(async () => each()).rejects.toMatchObject({ detail })
    }))

  test.each([
    ['a name of the program', 'local-admin', { role: 'admin' }, 'conflict'],
    ['a name that is none', 'Amal', { role: 'admin' }, 'invalid'],
    ['a name that is taken', 'sara', { role: 'auditor' }, 'conflict'],
    ['an institution that is none', 'x', { role: 'institution', institution: 'no' }, 'not_found'],
    ['no institution', 'x', { role: 'institution' }, 'invalid'],
    ['another role with one', 'x', { role: 'auditor', institution: 'moh' }, 'invalid'],
    ['somebody twice', 'x', { role: 'auditor', external: 'them' }, 'conflict'],
  ] as const)('cannot make: %s', (_name, id, grant, code) =>
    atDesk(async ({ accounts, store }) => {
      await accounts.make(localAdmin, 'sara', { role: 'auditor', external: 'them' }, 'new here')
      const before = await store.newestAct()
      await expect(accounts.make(localAdmin, id, grant, 'new here')).rejects.toMatchObject({ code })
      expect(await store.newestAct()).toBe(before)
    }),
  )

  test('end an account for ever', () =>
    atDesk(async ({ accounts, sessions, signedUp }) => {
      await signedUp('sara', 'auditor')
      await accounts.end(localAdmin, 'sara', 'left the ministry')
      const conflict = { code: 'conflict' }
      const again = [
        () => accounts.make(localAdmin, 'sara', { role: 'auditor' }, 'back again'),
        () => accounts.link(localAdmin, 'sara', 'back again'),
        () => accounts.change(localAdmin, 'sara', { role: 'admin' }, 'back again'),
        () => accounts.end(localAdmin, 'sara', 'left again'),
      ]
      for (const each of again) await expect(async () => each()).rejects.toMatchObject(conflict)
      const code = sessions.issueCode({ id: 'sara', role: 'auditor' })
      expect(await sessions.account((await sessions.login(code))!)).toBeNull()
    }))
})

test('whom the provider names signs in, and nobody else', () =>
  atDesk(async ({ accounts, sessions, store }) => {
    const grant = { role: 'ministry', external: 'someone@example.org' } as const
    const { account } = await accounts.make(localAdmin, 'amal', grant, 'new here')
    expect(account).toMatchObject({ isExternal: true, hasPassword: false })
    const secret = await accounts.signInExternal('someone@example.org')
    expect(await sessions.account(secret!)).toMatchObject({ id: 'amal', via: 'oidc' })
    expect(await accounts.signInExternal('another@example.org')).toBeNull()
    expect(JSON.stringify(await store.entries())).not.toContain('someone')
    await expect(accounts.link(localAdmin, 'amal', 'for fun')).rejects.toMatchObject({
      detail: { rule: 'external' },
    })
    await accounts.end(localAdmin, 'amal', 'left the ministry')
    expect(await accounts.signInExternal('someone@example.org')).toBeNull()
  }))
