import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../../collector/people/accounts.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { reads } from '../../support/sample-pages.ts'

const people = {
  ministry: { id: 'ministry-1', role: 'ministry' },
  evaluator: { id: 'evaluator-1', role: 'evaluator' },
  auditor: { id: 'auditor-1', role: 'auditor' },
  owner: { id: 'salma-it', role: 'institution', institution: 'local' },
  stranger: { id: 'x', role: 'institution', institution: 'elsewhere' },
} as const satisfies Record<string, Account>
type Person = keyof typeof people

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
const cookies = new Map<string, string>()

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.file('data'), new TestClock(1_800_000_000_000))
  for (const [name, account] of Object.entries(people)) {
    cookies.set(name, await collector.cookieOf(account))
  }
})

afterAll(async () => {
  await collector.close()
  folder[Symbol.dispose]()
})

async function page(who: Person, path: string, language = 'en') {
  const headers = { cookie: cookies.get(who)! }
  const answer = await collector.app.inject({ url: `/${language}${path}`, headers })
  return { status: answer.statusCode, body: answer.body, text: reads(answer.body) }
}

describe('homes', () => {
  test.each<[Person, string[], string[]]>([
    [
      'ministry',
      ['The four indicators against target', 'Waiting for you', 'Cycles and their dates'],
      ['How to verify an export'],
    ],
    [
      'evaluator',
      ['Waiting for you', 'Open disputes', 'Freezes and revisions', 'Cycles and their dates'],
      ['How to verify an export'],
    ],
    [
      'auditor',
      ['Cycles and their dates', 'Freezes and revisions', 'Exports', 'How to verify an export'],
      ['Waiting for you'],
    ],
  ])('%s', async (who, shown, hidden) => {
    const { status, text } = await page(who, '/home')
    expect(status).toBe(200)
    for (const each of shown) expect(text).toContain(each)
    for (const each of hidden) expect(text).not.toContain(each)
    expect((await page(who, '/home', 'ar')).text).toContain('دورات القياس ومواعيدها')
  })

  test('the ministry’s tells who reports, and each indicator with its bounds', async () => {
    const { text, body } = await page('ministry', '/home')
    expect(text).toMatch(/0 of 1/)
    for (const href of ['/en', '/en/readiness', '/en/migration']) {
      expect(body).toContain(`<a href="${href}">`)
    }
  })

  test('the auditor’s gives the exact commands', async () => {
    const { text } = await page('auditor', '/home', 'ar')
    for (const command of ['sha256sum', 'tar -xzf', 'node istimrar-verify.mjs', '--language ar']) {
      expect(text).toContain(command)
    }
  })
})

describe('the register and the policy', () => {
  test('are shown as they are, with every change: who, why, and its leaf', async () => {
    const register = await page('ministry', '/register')
    expect(register.text).toMatch(/institution\/local\/environment\/this-machine/)
    expect(register.text).toContain('register and policy files applied at start')
    expect(register.text).toMatch(/local #\d+/)
    const policy = await page('owner', '/policy')
    expect(policy.text).toContain('freezeDays')
    expect(policy.text).toMatch(/national #\d+/)
    expect((await page('owner', '/policy', 'ar')).text).toContain('مهلة إقفال الدورة')
  })

  test('an institution is told of its own rows only; the policy is everybody’s', async () => {
    expect((await page('owner', '/register')).text).toContain('institution/local')
    const foreign = await page('stranger', '/register')
    expect([foreign.status, foreign.text]).toEqual([200, expect.not.stringContaining('local')])
    expect((await page('stranger', '/policy')).text).toContain('freezeDays')
  })

  test('a place in the history that is none is passed over', async () => {
    for (const before of ['0', '99999999', '-1', 'x', '1'.repeat(400)]) {
      expect((await page('ministry', `/register?before=${before}`)).status).toBe(200)
    }
  })
})

describe('the page of exports', () => {
  const send = (who: Person, fields: Record<string, string>, headers = {}) =>
    collector.app.inject({
      ...{ method: 'POST', url: '/en/exports', payload: new URLSearchParams(fields).toString() },
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: cookies.get(who)!,
        ...headers,
      },
    })

  test('takes a form, shows how far it is, and offers the file', async () => {
    const answer = await send('auditor', { act: 'ask', institution: 'local', cycle: '' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/en/exports#exports'])
    const { text, body } = await page('auditor', '/exports')
    expect(text).toMatch(/Being made|Ready/)
    const id = /name="id" value="([0-9a-f]{32})"/.exec(body)![1]!
    expect((await page('owner', '/exports')).body).not.toContain(id)
    expect((await send('owner', { act: 'remove', id })).statusCode).toBe(422)
    expect((await send('auditor', { act: 'remove', id })).statusCode).toBe(303)
    expect((await page('auditor', '/exports')).body).not.toContain(id)
  })

  test.each<[Record<string, string>, string]>([
    [{ act: 'ask', institution: 'nobody' }, 'There is no such institution'],
    [{ act: 'ask', institution: '../local' }, 'There is no such institution'],
    [{ act: 'ask', cycle: '../../x' }, 'There is no such institution'],
    [{ act: 'ask', from: '2027-01-01T00:00' }, 'Both instants are needed'],
    [{ act: 'ask', from: 'x', to: '<b>' }, 'Both instants are needed'],
    [{ act: 'ask', from: '2027-01-02T00:00', to: '2027-01-01T00:00' }, 'must end after'],
    [{ act: 'ask', from: '2027-01-02T00:00', to: '2030-01-01T00:00' }, 'cannot end later'],
    [{ act: 'remove', id: '../../collector.db' }, 'There is no such institution'],
    [{ act: 'else' }, 'not accepted'],
  ])('refuses %o', async (fields, sentence) => {
    const answer = await send('auditor', fields)
    expect(answer.statusCode).toBe(422)
    expect(reads(answer.body)).toContain(sentence)
    expect(answer.body).not.toContain('<b>')
  })

  test('takes none that comes from another site', async () => {
    const answer = await send('auditor', { act: 'ask' }, { origin: 'https://elsewhere.example' })
    expect(answer.statusCode).toBe(403)
  })
})
