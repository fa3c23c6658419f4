import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { localAdmin } from '../../../collector/people/accounts.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { appCode } from '../../support/accounts.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
const password = 'seven small brown horses'
const why = 'joined the team'

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let admin: string

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
  await collector.evaluate()
  admin = await collector.cookie()
})
/** What was tried too often before is forgotten. */
beforeEach(async () => {
  clock.at += hourMs - minuteMs
  admin = await collector.cookie()
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

type Answer = Awaited<ReturnType<typeof post>>
const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  collector.app.inject({
    ...{ method: 'POST', url, payload: new URLSearchParams(fields).toString() },
    headers: {
      ...{ 'content-type': 'application/x-www-form-urlencoded', host: 'board.test' },
      ...{ 'accept-language': 'en', origin: 'http://board.test', ...headers },
    },
  })
const get = (url: string, cookie = '') =>
  collector.app.inject({ url, headers: { host: 'board.test', 'accept-language': 'en', cookie } })

function sessionOf({ headers }: Answer): string | null {
  const cookies = [headers['set-cookie']].flat()
  return cookies.find((each) => /^session=[^;]/.test(String(each)))?.split(';')[0] ?? null
}
const field = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''

/** Makes an account on the admins' page; the code of its invitation. */
async function invite(id: string, role: string, institution = ''): Promise<string> {
  const form = { act: 'make', id, role, institution, why }
  const answer = await post('/en/accounts', form, { cookie: admin })
  expect(answer.statusCode).toBe(200)
  return /http:\/\/board\.test\/invite#([\w-]+)/.exec(answer.body)?.[1] ?? ''
}

/** Takes an invitation up and signs in: the session's cookie, and the app's codes. */
async function signUp(id: string, role: string, institution = '') {
  const code = await invite(id, role, institution)
  const answer = await post('/invite', { code, password, repeat: password })
  const step = field(answer.body, 'step')
  if (!step) return { cookie: sessionOf(answer)!, digits: () => '' }
  const secret = /secret=([A-Z2-7]+)|<bdi dir="ltr">([A-Z2-7 ]{30,})</.exec(answer.body)!
  const digits = () => appCode((secret[1] ?? secret[2])!.replaceAll(' ', ''), clock.at)
  const done = await post('/login/set-up', { step, digits: digits() })
  return { cookie: sessionOf(done)!, digits }
}

async function isIn(cookie: string | null): Promise<boolean> {
  return (await get('/en/account', cookie ?? '')).statusCode === 200
}

async function acts(): Promise<string> {
  const reader = sqliteReader(folder.file('collector.db'))
  const rows = await reader.leavesAfter(0, 1_000)
  await reader.close()
  return rows.map(({ entry }) => entry).join('\n')
}

describe('an invitation', () => {
  test('leads an institution’s person by a password to the board, once', async () => {
    const code = await invite('huda', 'institution', 'health')
    const asked = await post('/invite', { code })
    expect(asked.body).toContain('huda')
    expect(sessionOf(asked)).toBeNull()
    const answer = await post('/invite', { code, password, repeat: password })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/'])
    expect(await isIn(sessionOf(answer))).toBe(true)
    expect((await post('/invite', { code })).statusCode).toBe(401)
  })

  test.each(['admin', 'ministry', 'evaluator'])(
    'shows nothing to somebody of the role %s before the second factor',
    async (role) => {
      const code = await invite(`first-${role}`, role)
      const answer = await post('/invite', { code, password, repeat: password })
      expect(answer.statusCode).toBe(200)
      expect(sessionOf(answer)).toBeNull()
      expect(answer.body).toContain('<svg class="qr"')
      const step = field(answer.body, 'step')
      const wrong = await post('/login/set-up', { step, digits: '000000' })
      expect([wrong.statusCode, sessionOf(wrong)]).toEqual([401, null])
    },
  )

  test('then asks for password and second factor, a code of which is good once', async () => {
    const { digits } = await signUp('maryam', 'ministry')
    clock.at += minuteMs
    const first = await post('/login', { account: 'maryam', password })
    expect(sessionOf(first)).toBeNull()
    const step = field(first.body, 'step')
    const used = digits()
    expect(await isIn(sessionOf(await post('/login/second-factor', { step, digits: used })))).toBe(
      true,
    )
    const second = field((await post('/login', { account: 'maryam', password })).body, 'step')
    const again = await post('/login/second-factor', { step: second, digits: used })
    expect([again.statusCode, sessionOf(again)]).toEqual([401, null])
  })

  test.each([
    ['too short', 'short', 'short', '12'],
    ['not repeated', password, `${password}!`, 'not the same'],
    ['common', 'password1234', 'password1234', 'guess'],
    ['the name', 'picky-picky-picky', 'picky-picky-picky', 'name'],
  ])('takes no password that is %s, and is good still', async (name, first, repeat, says) => {
    const id = name === 'the name' ? 'picky' : `with-${name.replaceAll(' ', '-')}`
    const code = await invite(id, 'auditor')
    const answer = await post('/invite', { code, password: first, repeat })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain(says)
    expect(answer.body).not.toContain(`value="${first}"`)
    expect(sessionOf(await post('/invite', { code, password, repeat: password }))).not.toBeNull()
  })

  test('is in no log, and neither is a password or a key', async () => {
    const code = await invite('secretive', 'auditor')
    await post('/invite', { code, password, repeat: password })
    const all = await acts()
    expect(all).toContain('account/secretive')
    expect(all).not.toContain(code)
    expect(all).not.toContain(password)
  })
})

describe('attacks', () => {
  const foreign: [string, Record<string, string>][] = [
    ['another origin', { origin: 'https://evil.test' }],
    ['no origin, from another site', { origin: '', 'sec-fetch-site': 'cross-site' }],
    ['no origin, from a neighbour', { origin: '', 'sec-fetch-site': 'same-site' }],
    ['no origin, and a foreign referer', { origin: '', referer: 'https://evil.test/page' }],
    ['no origin at all, by a browser', { origin: '', 'user-agent': 'Mozilla/5.0 (X11)' }],
  ]
  test.each(foreign)('forms from %s change nothing', async (_name, { origin, ...headers }) => {
    const { cookie } = await signUp(`victim-${Object.keys(headers)[0]}-${clock.at}`, 'auditor')
    const from = { cookie, ...headers, ...(origin ? { origin } : {}) }
    for (const url of ['/logout', '/en/account', '/login', '/invite']) {
      const answer = await collector.app.inject({
        ...{ method: 'POST', url, payload: 'act=end-sessions' },
        headers: {
          ...{ 'content-type': 'application/x-www-form-urlencoded', host: 'board.test' },
          ...from,
        },
      })
      expect([url, answer.statusCode]).toEqual([url, 403])
    }
    expect(await isIn(cookie)).toBe(true)
  })

  test('a session that somebody planted is not the one that is signed in', async () => {
    await signUp('fixed', 'auditor')
    const planted = 'session=planted-by-somebody-else'
    const answer = await post('/login', { account: 'fixed', password }, { cookie: planted })
    expect(sessionOf(answer)).not.toBe(planted)
    expect(await isIn(planted)).toBe(false)
    const other = (await signUp('attacker', 'auditor')).cookie
    const over = await post('/login', { account: 'fixed', password }, { cookie: other })
    expect(await isIn(sessionOf(over))).toBe(true)
    expect(await isIn(other)).toBe(false)
  })

  test('passwords are tried so often only, whether or not there is such an account', async () => {
    await signUp('target', 'auditor')
    const tries = async (account: string) => {
      const seen: number[] = []
      for (let i = 0; i < 25; i++) {
        const answer = await post('/login', { account, password: `wrong password ${i}` })
        seen.push(answer.statusCode)
        if (answer.statusCode === 429) {
          expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
          expect(answer.body).toContain('Too many wrong attempts')
        }
      }
      return seen
    }
    const known = await tries('target')
    expect(known[0]).toBe(401)
    expect(known.at(-1)).toBe(429)
    // The right one neither helps while it is refused, nor tells that it is right.
    expect((await post('/login', { account: 'target', password })).statusCode).toBe(429)
    clock.at += hourMs
    expect((await tries('nobody-at-all')).filter((each) => each === 401)).toHaveLength(
      known.filter((each) => each === 401).length,
    )
  })

  test('one answer tells nobody who has an account', async () => {
    await signUp('known', 'auditor')
    const answers = await Promise.all(
      [
        { account: 'known', password: 'not the right one' },
        { account: 'unknown', password: 'not the right one' },
        { account: '', password: '' },
        { account: 'x'.repeat(1_000), password: 'not the right one' },
        { account: 'local-admin', password: 'not the right one' },
        { account: '__proto__', password: 'not the right one' },
      ].map((form) => post('/login', form)),
    )
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  })

  test.each(['code', 'token', 'access_token', 'password', 'session', 'CODE'])(
    'what stands in the address as %s is refused',
    async (name) => {
      for (const path of ['/login', '/invite']) {
        const answer = await get(`${path}?${name}=abc`)
        expect(answer.statusCode).toBe(400)
        expect(answer.body).not.toContain('abc')
      }
    },
  )

  test('neither a session nor a token is taken from an address', async () => {
    const [, secret] = admin.split('=')
    for (const name of ['session', 'token', 'access_token', 'authorization']) {
      expect((await get(`/en/account?${name}=${secret}`)).statusCode).toBe(303)
      expect((await get(`/api/v1/tokens?${name}=${secret}`)).statusCode).toBe(401)
    }
  })

  test('signing out everywhere ends every session, here too', async () => {
    const { cookie } = await signUp('everywhere', 'auditor')
    const other = sessionOf(await post('/login', { account: 'everywhere', password }))!
    expect([await isIn(cookie), await isIn(other)]).toEqual([true, true])
    const answer = await post('/en/account', { act: 'end-sessions' }, { cookie })
    expect(answer.headers.location).toBe('/login')
    expect([await isIn(cookie), await isIn(other)]).toEqual([false, false])
  })
})

describe('the own account', () => {
  test('a new password needs the one before, ends other sessions and moves this one', async () => {
    const { cookie } = await signUp('changing', 'auditor')
    const other = sessionOf(await post('/login', { account: 'changing', password }))!
    const next = 'nine large green turtles'
    const asked = { act: 'password', account: 'changing', password: next, repeat: next }
    const form = { ...asked, current: 'not this one' }
    const wrong = await post('/en/account', form, { cookie })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('The current password is wrong')
    const field = wrong.body.match(/<input id="current"[^>]*>/)![0]
    expect(field).toContain('aria-invalid="true" aria-describedby="wrong-1"')
    expect(wrong.body).not.toMatch(/turtles|not this one/)
    const unequal = await post('/en/account', { ...form, repeat: 'something else' }, { cookie })
    expect(unequal.body.match(/<input id="repeat"[^>]*>/)![0]).toContain('aria-invalid="true"')
    expect(unequal.body).toContain('<a href="#repeat">The two passwords are not the same.</a>')
    const right = await post('/en/account', { ...form, current: password }, { cookie })
    expect(right.statusCode).toBe(303)
    expect(await isIn(sessionOf(right))).toBe(true)
    expect([await isIn(cookie), await isIn(other)]).toEqual([false, false])
    expect((await post('/login', { account: 'changing', password })).statusCode).toBe(401)
  })

  test.each([
    ['en', 'This session has no account in the book'],
    ['ar', 'لا حساب مسجَّل لهذه الجلسة'],
  ])(
    'of a session that is in no book is shown without what it cannot do, in %s',
    async (language, says) => {
      const answer = await get(`/${language}/account`, admin)
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain(says)
      expect(answer.body).toContain('id="sessions"')
      expect(answer.body).not.toMatch(/make-token|type="password"/)
      const form = { act: 'make-token', label: 'reports', scope: 'read', days: '30' }
      expect((await post(`/${language}/account`, form, { cookie: admin })).statusCode).toBe(422)
    },
  )

  test('a second factor is set up, moved and, where the role needs none, removed', async () => {
    let { cookie } = await signUp('careful', 'auditor')
    const own = (fields: Record<string, string>) => post('/en/account', fields, { cookie })
    const factor = async () => {
      const answer = await own({ act: 'set-up', current: password })
      expect(answer.body).toContain('<svg class="qr"')
      const [, secret = ''] = /<bdi dir="ltr">([A-Z2-7 ]{30,})</.exec(answer.body) ?? []
      const digits = () => appCode(secret.replaceAll(' ', ''), clock.at)
      return { step: field(answer.body, 'step'), digits }
    }
    expect((await get('/en/account', cookie)).body).not.toContain('remove-second-factor')
    expect((await own({ act: 'set-up', current: 'not this one' })).statusCode).toBe(422)
    for (const _ of ['first', 'moved']) {
      const { step, digits } = await factor()
      expect((await own({ act: 'confirm', step, digits: 'wrong' })).statusCode).toBe(422)
      const done = await own({ act: 'confirm', step, digits: digits() })
      expect(done.statusCode).toBe(303)
      expect(await isIn(cookie)).toBe(false)
      cookie = sessionOf(done)!
      clock.at += minuteMs
      const next = await post('/login', { account: 'careful', password })
      expect(sessionOf(next)).toBeNull()
      const code = { step: field(next.body, 'step'), digits: digits() }
      expect(await isIn(sessionOf(await post('/login/second-factor', code)))).toBe(true)
    }
    const remove = { act: 'remove-second-factor', current: password }
    const wrong = await own({ ...remove, current: 'not this one' })
    expect([wrong.statusCode, await isIn(cookie)]).toEqual([422, true])
    const removed = await own(remove)
    expect([removed.statusCode, await isIn(cookie)]).toEqual([303, false])
    expect(sessionOf(await post('/login', { account: 'careful', password }))).not.toBeNull()
  })

  test('a second factor that the role needs is moved only', async () => {
    const { cookie } = await signUp('bound', 'evaluator')
    const page = (await get('/en/account', cookie)).body
    expect([page.includes('set-up'), page.includes('remove-second-factor')]).toEqual([true, false])
    const form = { act: 'remove-second-factor', current: password }
    const answer = await post('/en/account', form, { cookie })
    expect([answer.statusCode, await isIn(cookie)]).toEqual([422, true])
    expect(answer.body).toContain('must keep its second factor')
  })

  test('one session is ended, of the own ones only', async () => {
    const { cookie } = await signUp('several', 'auditor')
    const other = sessionOf(await post('/login', { account: 'several', password }))!
    const id = field((await get('/en/account', cookie)).body, 'session')
    const stranger = (await signUp('stranger', 'auditor')).cookie
    await post('/en/account', { act: 'end-session', session: id }, { cookie: stranger })
    expect(await isIn(other)).toBe(true)
    await post('/en/account', { act: 'end-session', session: id }, { cookie })
    expect([await isIn(cookie), await isIn(other)]).toEqual([true, false])
  })

  test('a token is shown once, works, and is ended', async () => {
    const { cookie } = await signUp('programmer', 'auditor')
    const form = { act: 'make-token', label: 'reports', scope: 'read', days: '30' }
    const made = await post('/en/account', form, { cookie })
    const token = /istimrar_[\w-]+/.exec(made.body)?.[0] ?? ''
    const ask = () =>
      collector.app.inject({
        url: '/api/v1/declarations',
        headers: { authorization: `Bearer ${token}` },
      })
    expect((await ask()).statusCode).toBe(200)
    const again = await get('/en/account', cookie)
    expect(again.body).not.toContain(token)
    await post('/en/account', { act: 'end-token', token: field(again.body, 'token') }, { cookie })
    expect((await ask()).statusCode).toBe(401)
  })

  test.each([
    [{ act: 'make-token', label: 'x', scope: 'read', days: '366' }, '365'],
    [{ act: 'make-token', label: '', scope: 'read', days: '30' }, 'what the token is for'],
    [{ act: 'something' }, 'cannot be done'],
  ])('%o is refused with a sentence', async (form, says) => {
    const { cookie } = await signUp(`refused-${clock.at}`, 'auditor')
    const answer = await post('/en/account', form as never, { cookie })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain(says)
  })
})

describe('the admins’ page', () => {
  test('is for admins only, and changes a role at once', async () => {
    const { cookie } = await signUp('salim', 'auditor')
    expect((await get('/en/accounts', cookie)).statusCode).toBe(403)
    const form = { act: 'make', id: 'friend', role: 'admin', why }
    expect((await post('/en/accounts', form, { cookie })).statusCode).toBe(403)
    const change = { act: 'change', id: 'salim', role: 'institution', institution: 'roads', why }
    expect((await post('/en/accounts', change, { cookie: admin })).statusCode).toBe(303)
    expect(await isIn(cookie)).toBe(false)
  })

  test('ends an account for good, and a new link its ways in', async () => {
    const { cookie } = await signUp('leaver', 'auditor')
    const link = await post('/en/accounts', { act: 'link', id: 'leaver', why }, { cookie: admin })
    expect(link.body).toContain('/invite#')
    expect(await isIn(cookie)).toBe(false)
    expect((await post('/login', { account: 'leaver', password })).statusCode).toBe(401)
    await post('/en/accounts', { act: 'end', id: 'leaver', why }, { cookie: admin })
    const code = /invite#([\w-]+)/.exec(link.body)?.[1] ?? ''
    expect((await post('/invite', { code })).statusCode).toBe(401)
    const again = { act: 'make', id: 'leaver', role: 'auditor', why }
    expect((await post('/en/accounts', again, { cookie: admin })).statusCode).toBe(422)
  })

  test.each([
    [{ act: 'make', id: 'Not An Id', role: 'auditor', why }, 'small Latin letters'],
    [{ act: 'make', id: 'noone', role: 'root', why }, 'one of the roles'],
    [{ act: 'make', id: 'noone', role: 'institution', why }, 'one of the roles'],
    [{ act: 'make', id: 'noone', role: 'auditor', why: '' }, 'reason'],
    [{ act: 'end', id: 'noone', why }, 'no such account'],
    [{ act: 'make', id: localAdmin.id, role: 'admin', why }, 'another account'],
  ])('%o is refused with a sentence', async (form, says) => {
    const answer = await post('/en/accounts', form as never, { cookie: admin })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain(says)
    expect(await acts()).not.toContain('account/noone')
  })
})
