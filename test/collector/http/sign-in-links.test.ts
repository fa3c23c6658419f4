import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
const url = '/api/v1/sign-in-links'
const why = 'joined the team'

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const make = (more: object, cookie?: string) => collector.ask(url, { why, ...more }, cookie)

async function codeFor(more: object): Promise<string> {
  const answer = await make(more)
  expect(answer.status).toBe(201)
  const { path } = answer.json() as { path: string }
  expect(path).toMatch(/^\/login#[\w-]{22}$/)
  return path.slice('/login#'.length)
}

async function signIn(code: string): Promise<string | null> {
  const answer = await collector.app.inject({
    method: 'POST',
    url: '/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ code }).toString(),
  })
  const cookies = [answer.headers['set-cookie']].flat()
  return cookies.find((each) => each?.startsWith('session='))?.split(';')[0] ?? null
}

async function actsAbout(name: string) {
  const reader = sqliteReader(folder.file('collector.db'))
  const rows = await reader.leavesAfter(0, 1_000)
  await reader.close()
  return rows
    .filter(({ entry }) => entry.includes(`account/${name}/`))
    .map(({ log, entry }) => ({ log, ...(JSON.parse(entry) as object) }))
}

describe('a link', () => {
  test('lets its bearer in once, as who it names', async () => {
    const code = await codeFor({ name: 'huda', role: 'institution', institution: 'health' })
    const cookie = await signIn(code)
    expect(await signIn(code)).toBeNull()
    const own = await collector.ask('/api/v1/tokens', undefined, cookie!)
    expect(own.status).toBe(200)
    const foreign = { institution: 'roads', environment: 'portal' }
    expect((await collector.ask('/api/v1/tokens', foreign, cookie!)).status).toBe(404)
  })

  test('is worthless after a quarter of an hour', async () => {
    const code = await codeFor({ name: 'late', role: 'auditor' })
    clock.at += 15 * minuteMs
    expect(await signIn(code)).toBeNull()
  })

  test('is an act: in the institution’s log for its own people, else in the national one', async () => {
    await codeFor({ name: 'rashid', role: 'institution', institution: 'roads' })
    await codeFor({ name: 'maryam', role: 'ministry' })
    await codeFor({ name: 'maryam', role: 'ministry' })
    const person = { role: 'ministry', institution: null }
    const common = { kind: 'act', actor: 'local-admin', role: 'admin', why }
    expect(await actsAbout('rashid')).toMatchObject([
      { ...common, log: 'roads', after: { role: 'institution', institution: 'roads' } },
    ])
    expect(await actsAbout('maryam')).toMatchObject([
      { ...common, log: 'national', what: 'account/maryam/sign-in-link', before: null },
      { ...common, log: 'national', before: person, after: person },
    ])
  })
})

describe('a name is one account for ever', () => {
  test.each<[string, object]>([
    ['another role', { role: 'evaluator' }],
    ['an institution', { role: 'institution', institution: 'health' }],
  ])('not with %s', async (_name, more) => {
    await codeFor({ name: 'salim', role: 'ministry' })
    const answer = await make({ name: 'salim', ...more })
    expect([answer.status, answer.json()]).toMatchObject([409, { code: 'conflict' }])
    expect(await actsAbout('salim')).not.toContainEqual(expect.objectContaining({ log: 'health' }))
  })

  test('not of another institution', async () => {
    await codeFor({ name: 'noor', role: 'institution', institution: 'health' })
    const answer = await make({ name: 'noor', role: 'institution', institution: 'roads' })
    expect(answer.status).toBe(409)
  })

  test('two who ask for one name at the same moment cannot both have it', async () => {
    const answers = await Promise.all([
      make({ name: 'twin', role: 'ministry' }),
      make({ name: 'twin', role: 'evaluator' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([201, 409])
  })
})

test.each<[string, object, number]>([
  ['a name of the program', { name: 'local-admin', role: 'admin' }, 409],
  ['another one', { name: 'collector', role: 'admin' }, 409],
  ['a name that is no id', { name: 'Maryam A.', role: 'ministry' }, 400],
  ['no name', { role: 'ministry' }, 400],
  ['a role that is none', { name: 'amal', role: 'root' }, 400],
  ['an institution’s person without one', { name: 'amal', role: 'institution' }, 400],
  ['another’s with one', { name: 'amal', role: 'ministry', institution: 'health' }, 400],
  ['an institution that is none', { name: 'amal', role: 'institution', institution: 'x' }, 404],
  ['no reason', { name: 'amal', role: 'ministry', why: '' }, 400],
  ['more than is asked', { name: 'amal', role: 'ministry', expires: 0 }, 400],
])('refused: %s', async (_name, body, status) => {
  expect((await make(body)).status).toBe(status)
  expect(await actsAbout('amal')).toEqual([])
})

test('nobody on the board makes a link, an admin neither', async () => {
  for (const role of ['admin', 'ministry', 'evaluator', 'auditor'] as const) {
    const cookie = await collector.cookieOf({ id: `some-${role}`, role })
    expect((await make({ name: 'friend', role: 'admin' }, cookie)).status).toBe(403)
  }
  expect((await make({ name: 'friend', role: 'admin' }, 'session=nobody')).status).toBe(401)
  expect(await actsAbout('friend')).toEqual([])
})
