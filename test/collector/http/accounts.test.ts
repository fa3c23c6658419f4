import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appCode, cheapPasswords, goodPassword } from '../../support/accounts.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf, start } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const clock = new TestClock(start)
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookies: ReadonlyMap<string, string>

beforeAll(async () => {
  folder = temporaryFolder()
  const register = twoInstitutions(folder.path)
  const passwordCost = cheapPasswords
  collector = await openTestCollector(folder.path, clock, register, { passwordCost })
  cookies = await cookiesOf(collector)
})
afterAll(async () => {
  await collector.close()
  folder[Symbol.dispose]()
})

const as = (who: string, url: string, body?: object) =>
  collector.ask(url, body, cookies.get(who) ?? 'session=nobody')

const why = 'joins the ministry'

test('an admin makes accounts, changes and ends them; the link is shown once', async () => {
  const asked = { id: 'noor', role: 'institution', institution: 'health', why }
  const made = await as('amal', '/api/v1/accounts', asked)
  expect(made.status).toBe(201)
  const { account, link } = made.json() as { account: object; link: { path: string } }
  expect(account).toMatchObject({ id: 'noor', institution: 'health', hasPassword: false })
  expect(link.path).toMatch(/^\/invite#[\w-]{32}$/)
  const list = async () => {
    const answer = await as('amal', '/api/v1/accounts')
    expect(JSON.stringify(answer.json())).not.toContain(link.path.slice(8))
    return (answer.json() as { accounts: { id: string }[] }).accounts
  }
  expect(await list()).toEqual([account])
  const changed = await as('amal', '/api/v1/accounts/noor', { role: 'auditor', why })
  expect(changed.json()).toMatchObject({ id: 'noor', role: 'auditor', institution: null })
  expect((await as('amal', '/api/v1/accounts/noor/link', { why })).status).toBe(201)
  const ended = await as('amal', '/api/v1/accounts/noor/end', { why })
  expect(ended.json()).toMatchObject({ id: 'noor', endedAt: clock.at, linkExpiresAt: null })
  expect((await as('amal', '/api/v1/accounts/noor/end', { why })).status).toBe(409)
  expect((await as('amal', '/api/v1/accounts/nobody/end', { why })).status).toBe(404)
})

describe('what is asked for makes no sense:', () => {
  test.each([
    ['no name', { role: 'auditor', why }, 400],
    ['a name that is none', { id: 'No One', role: 'auditor', why }, 400],
    ['no reason', { id: 'x', role: 'auditor' }, 400],
    ['a role that is none', { id: 'x', role: 'owner', why }, 400],
    ['more than is asked', { id: 'x', role: 'auditor', why, password: 'secret' }, 400],
    ['an institution that is none', { id: 'x', role: 'institution', institution: 'no', why }, 404],
  ])('%s', async (_name, body, status) => {
    expect((await as('amal', '/api/v1/accounts', body)).status).toBe(status)
  })
})

test.each(['maryam', 'evaluator', 'huda', 'auditor', 'nobody'])(
  'accounts are not for %s',
  async (who) => {
    const status = who === 'nobody' ? 401 : 403
    const body = { id: 'friend', role: 'admin', why }
    const all: [string, object?][] = [
      ['/api/v1/accounts'],
      ['/api/v1/accounts', body],
      ['/api/v1/accounts/amal', { role: 'auditor', why }],
      ['/api/v1/accounts/amal/link', { why }],
      ['/api/v1/accounts/amal/end', { why }],
    ]
    for (const [url, sent] of all) expect((await as(who, url, sent)).status).toBe(status)
  },
)

test('people change their password, see their sessions and end them', async () => {
  const made = await as('amal', '/api/v1/accounts', { id: 'sara', role: 'auditor', why })
  const { path } = (made.json() as { link: { path: string } }).link
  const step = await collector.accounts.acceptLink(path.split('#')[1]!, goodPassword, '::1')
  let cookie = `session=${step.is === 'signed-in' ? step.secret : ''}`
  const ask = async (url: string, payload?: object) => {
    const method = payload ? 'POST' : 'GET'
    const asked = { url, method, headers: { cookie }, ...(payload && { payload }) } as const
    return collector.app.inject(asked)
  }
  expect((await ask('/api/v1/account')).json()).toMatchObject({ id: 'sara', hasPassword: true })
  const next = 'a better passphrase'
  const wrong = await ask('/api/v1/account/password', { current: next, next })
  expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'auth'])
  const weak = await ask('/api/v1/account/password', { current: goodPassword, next: 'short' })
  expect([weak.statusCode, weak.json().rule]).toEqual([400, 'length'])
  const done = await ask('/api/v1/account/password', { current: goodPassword, next })
  expect(done.statusCode).toBe(204)
  expect((await ask('/api/v1/account')).statusCode).toBe(401)
  cookie = String(done.headers['set-cookie']).split(';')[0]!
  const { sessions } = (await ask('/api/v1/account/sessions')).json()
  expect(sessions).toMatchObject([{ via: 'password', isOwn: true }])
  expect((await ask(`/api/v1/account/sessions/${'0'.repeat(12)}/end`, {})).statusCode).toBe(404)
  expect((await ask(`/api/v1/account/sessions/${sessions[0].id}/end`, {})).statusCode).toBe(204)
  expect((await ask('/api/v1/account')).statusCode).toBe(401)
})

test('whoever guesses the password of a session is told when to come back', async () => {
  const made = await as('amal', '/api/v1/accounts', { id: 'zahra', role: 'admin', why })
  const { path } = (made.json() as { link: { path: string } }).link
  const step = await collector.accounts.acceptLink(path.split('#')[1]!, goodPassword, '::1')
  const { ticket, totpSecret } = step as Extract<typeof step, { totpSecret: string }>
  const last = await collector.accounts.confirm(ticket, appCode(totpSecret, clock.at), '::1')
  const cookie = `session=${last.is === 'signed-in' ? last.secret : ''}`
  const payload = { current: 'a wrong passphrase', next: goodPassword }
  const guess = () => {
    const headers = { cookie }
    return collector.app.inject({
      url: '/api/v1/account/password',
      method: 'POST',
      headers,
      payload,
    })
  }
  for (let i = 0; i < 10; i++) expect((await guess()).statusCode).toBe(401)
  const limited = await guess()
  expect([limited.statusCode, limited.headers['retry-after']]).toEqual([429, '60'])
})
