import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const clock = new TestClock(Date.parse('2026-11-22T12:00:00Z'))
const url = '/api/v1/api-tokens'
const enrolment = { institution: 'health', environment: 'portal' }
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookie: string
let adminToken: string | undefined

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
  cookie = await signIn({ name: 'huda', role: 'institution', institution: 'health' })
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function signIn(who: object): Promise<string> {
  const link = await collector.ask('/api/v1/sign-in-links', { ...who, why: 'joined the team' })
  const { path } = link.json() as { path: string }
  const answer = await collector.app.inject({
    method: 'POST',
    url: '/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ code: path.slice('/login#'.length) }).toString(),
  })
  const cookies = [answer.headers['set-cookie']].flat()
  return String(cookies.find((each) => each?.startsWith('session='))).split(';')[0]!
}

const make = (more: object = {}, as = cookie) =>
  collector.ask(url, { label: 'nightly report', scope: 'read', lifeDays: 30, ...more }, as)

async function tokenOf(scope: 'read' | 'write', as = cookie): Promise<string> {
  const answer = await make({ scope }, as)
  expect(answer.status).toBe(201)
  return (answer.json() as { token: string }).token
}

/** Asks as a program does; with a body by POST. */
async function ask(token: string, path: string, body?: object) {
  const headers = { authorization: `Bearer ${token}` }
  const post = body && { method: 'POST' as const, payload: body }
  const answer = await collector.app.inject({ url: path, headers, ...post })
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> }
}

test('is shown once; the list says what it is, when it was used and when it ended', async () => {
  const token = await tokenOf('read')
  expect((await ask(token, '/api/v1/tokens')).status).toBe(200)
  const answer = await collector.ask(url, undefined, cookie)
  const text = JSON.stringify(answer.json())
  expect(text).not.toContain(token)
  const [first] = (answer.json() as { tokens: Record<string, unknown>[] }).tokens
  expect(first).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{12}$/),
    label: 'nightly report',
    scope: 'read',
    createdAt: clock.at,
    expiresAt: clock.at + 30 * 86_400_000,
    endedAt: null,
    lastUsedAt: clock.at,
  })
  const ended = await collector.ask(`${url}/${String(first!.id)}/end`, {}, cookie)
  expect(ended.status).toBe(200)
  expect((await ask(token, '/api/v1/tokens')).status).toBe(401)
})

test('one that reads changes nothing; one that writes does what the account may, and no more', async () => {
  const [reading, writing] = [await tokenOf('read'), await tokenOf('write')]
  const refused = await ask(reading, '/api/v1/tokens', enrolment)
  expect([refused.status, refused.body]).toMatchObject([403, { rule: 'scope' }])
  expect((await ask(writing, '/api/v1/tokens', enrolment)).status).toBe(201)
  const foreign = { ...enrolment, institution: 'roads' }
  expect((await ask(writing, '/api/v1/tokens', foreign)).status).toBe(404)
})

test('makes, lists and ends no tokens', async () => {
  const token = await tokenOf('write')
  const grant = { label: 'another', scope: 'write', lifeDays: 365 }
  for (const body of [grant, undefined]) {
    const answer = await ask(token, url, body)
    expect([answer.status, answer.body]).toMatchObject([403, { rule: 'token' }])
  }
})

test.each([
  ['/api/v1/account'],
  ['/api/v1/account/sessions'],
  ['/api/v1/account/sessions/end', {}],
  [`/api/v1/account/sessions/${'0'.repeat(12)}/end`, {}],
  ['/api/v1/account/password', { current: 'a', next: 'b' }],
  ['/api/v1/accounts'],
  ['/api/v1/accounts', { id: 'friend', role: 'admin', why: 'a way back in' }],
  ['/api/v1/accounts/huda', { role: 'admin', why: 'a way back in' }],
  ['/api/v1/accounts/huda/link', { why: 'a way back in' }],
  ['/api/v1/accounts/huda/end', { why: 'a way back in' }],
])('manages no account: %s', async (path, body?: object) => {
  adminToken ??= await tokenOf('write', await signIn({ name: 'amal', role: 'admin' }))
  const answer = await ask(adminToken, path, body)
  expect([answer.status, answer.body]).toMatchObject([403, { rule: 'token' }])
})

test('counts in its header only: not in an address, not in a cookie, not on the board', async () => {
  const token = await tokenOf('write')
  const { app } = collector
  const status = async (path: string, headers = {}) =>
    (await app.inject({ url: path, headers })).statusCode
  for (const name of ['token', 'access_token', 'authorization']) {
    expect(await status(`/api/v1/tokens?${name}=${token}`)).toBe(401)
  }
  expect(await status('/api/v1/tokens', { cookie: `session=${token}` })).toBe(401)
  const page = await app.inject({ url: '/en', headers: { authorization: `Bearer ${token}` } })
  expect([page.statusCode, page.headers.location]).toEqual([303, '/login'])
})

test('needs no origin of the board: no browser sends it by itself', async () => {
  const headers = {
    authorization: `Bearer ${await tokenOf('write')}`,
    origin: 'https://other.example',
  }
  const answer = await collector.app.inject({
    ...{ method: 'POST', url: '/api/v1/tokens', headers, payload: enrolment },
  })
  expect(answer.statusCode).toBe(201)
})

test.each<[string, object]>([
  ['more than a year', { lifeDays: 366 }],
  ['no time', { lifeDays: 0 }],
  ['a scope that is none', { scope: 'admin' }],
  ['no label', { label: '' }],
  ['a long one', { label: 'x'.repeat(61) }],
  ['one that turns the text around', { label: 'report\u202e' }],
  ['one with a line of its own', { label: 'a\nb' }],
  ['more than is asked', { account: 'amal' }],
])('refused: %s', async (_name, more) => {
  expect((await make(more)).status).toBe(400)
})

test('nobody makes one without a session', async () => {
  expect((await make({}, 'session=nobody')).status).toBe(401)
})
