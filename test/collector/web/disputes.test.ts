import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { boardRoutes } from '../../../collector/http/board.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import type { Disputes } from '../../../collector/people/disputes.ts'
import { evaluator, sampleDisputes, samplePeople } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import { ministry } from '../../support/sample-maintenance.ts'
import { reads } from '../../support/sample-pages.ts'
import { sampleSessions } from '../../support/sample-sessions.ts'
import { sampleViews } from '../../support/sample-views.ts'

const owner: Account = {
  id: 'salma-it',
  role: 'institution',
  institution: 'services-authority',
}
const auditor: Account = { id: 'auditor-1', role: 'auditor' }
const admin: Account = { id: 'a', role: 'admin' }
const stranger: Account = { id: 'x', role: 'institution', institution: 'water-authority' }
const path = '/institutions/services-authority/environments/portal'

let app: FastifyInstance
let disputes: Disputes
async function board(account: Account, isFull = true): Promise<void> {
  disputes = await sampleDisputes(() => asOf, isFull)
  const people = await samplePeople(undefined, disputes)
  app = Fastify()
  const sessions = sampleSessions('code', 'secret', account)
  await app.register(boardRoutes(sampleViews(), sessions, people, () => asOf))
}
afterEach(() => app.close())

const cookie = 'session=secret'
const page = async (language: string, where = path) =>
  (await app.inject({ url: `/${language}${where}`, headers: { cookie } })).body
const submit = (fields: Record<string, string>, language = 'en') =>
  app.inject({
    method: 'POST',
    url: `/${language}${path}`,
    payload: new URLSearchParams({ about: 'dispute', ...fields }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
  })
const states = () => disputes.list(auditor).map(({ state }) => state)
const open = () => disputes.list(auditor, { state: 'open' })[0]!

const request = {
  ...{ act: 'request', from: '2027-01-10T22:00', to: '2027-01-11T02:30', claim: 'up' },
  ...{ evidence: 'AB'.repeat(32), why: 'سجلات الخادم تثبت ذلك' },
}

describe('the page of an environment', () => {
  test('lists what was contested, why, and the figures before the decision and now', async () => {
    await board(auditor)
    const text = reads(await page('en'))
    for (const state of ['Waiting for a decision', 'Granted', 'Granted in part', 'Refused']) {
      expect(text).toContain(state)
    }
    expect(text).toMatch(/Claimed Down Emergency maintenance .* Contested by salma-it 20 Jan 2027/)
    expect(text).toMatch(/evaluator-1 neutral evaluator · .* the work order covers one hour/)
    expect(text).toMatch(/Figures before the decision environment: \d\d\.\d\d% to \d\d\.\d\d%/)
    expect(text).toMatch(/Figures now environment: \d\d\.\d\d% to .* institution: \d\d\.\d\d%/)
    expect(text).toContain('ab'.repeat(32))
    const arabic = reads(await page('ar'))
    expect(arabic).toContain('مقبول جزئيًا')
    expect(arabic).toContain('صيانة طارئة')
  })

  const forms = (body: string) => ({
    ask: body.includes('>Send dispute<'),
    decide: body.split('value="grant"').length - 1,
    withdraw: body.split('Withdraw</summary>').length - 1,
  })

  test.each([
    ['the owner contests and withdraws', owner, { ask: true, decide: 0, withdraw: 1 }],
    ['the evaluator decides', evaluator, { ask: false, decide: 1, withdraw: 0 }],
    ['the ministry reads', ministry, { ask: false, decide: 0, withdraw: 0 }],
    ['an auditor reads', auditor, { ask: false, decide: 0, withdraw: 0 }],
    ['an admin may not decide', admin, { ask: true, decide: 0, withdraw: 1 }],
  ] as [string, Account, object][])('%s', async (_name, account, expected) => {
    await board(account)
    expect(forms(await page('en'))).toEqual(expected)
  })

  test('says so when nothing is contested', async () => {
    await board(owner, false)
    expect(reads(await page('en'))).toContain('Nothing of this environment is contested.')
  })
})

describe('the nation’s page', () => {
  test('lists what waits, for the evaluator alone', async () => {
    await board(evaluator)
    const body = await page('en', '')
    expect(reads(body)).toMatch(/Waiting for you 1 Dispute .*Electronic services portal/)
    expect(body).toContain(`href="/en${path}#${open().id}"`)
    await app.close()
    for (const account of [owner, ministry, auditor, admin]) {
      await board(account)
      expect(reads(await page('en', ''))).not.toContain(' Dispute ')
      await app.close()
    }
  })
})

describe('a form', () => {
  test('contests a time of the zone, and leads back to the list', async () => {
    await board(owner, false)
    const answer = await submit(request)
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/en${path}#disputes`])
    expect(disputes.list(owner)).toMatchObject([
      {
        ...{ from: Date.parse('2027-01-10T18:00Z'), to: Date.parse('2027-01-10T22:30Z') },
        ...{ claim: { state: 'up', cause: null }, why: request.why, state: 'open' },
        evidenceSha256: 'ab'.repeat(32),
      },
    ])
    const more = { from: '2027-01-09T22:00', to: '2027-01-09T23:00', evidence: '' }
    await submit({ ...request, ...more, claim: 'down/emergency_maintenance' })
    expect(disputes.list(owner)[0]).toMatchObject({
      ...{ claim: { state: 'down', cause: 'emergency_maintenance' }, evidenceSha256: null },
    })
  })

  test('grants what stands in it, or refuses', async () => {
    await board(evaluator)
    const { id, from } = open()
    const local = (at: number) => new Date(at + 4 * 3_600_000).toISOString().slice(0, 16)
    const body = await page('en')
    expect(body).toContain(
      `name="from" type="datetime-local" dir="ltr" required value="${local(from)}"`,
    )
    const span = { from: local(from), to: local(from + 3_600_000) }
    const part = { act: 'grant', id, ...span, claim: 'unknown/agent', why: 'half of it' }
    expect((await submit(part)).statusCode).toBe(303)
    const decided = disputes.list(auditor).find((each) => each.id === id)!
    expect(decided).toMatchObject({ state: 'granted_in_part', decision: { by: 'evaluator-1' } })
    expect(decided.decision?.granted).toEqual({
      ...{ from, to: from + 3_600_000, state: 'unknown', cause: 'agent' },
    })
    await app.close()
    await board(evaluator)
    const other = { act: 'refuse', id: open().id, why: 'nothing supports it' }
    expect((await submit(other)).statusCode).toBe(303)
    expect(states()).not.toContain('open')
  })

  test('withdraws', async () => {
    await board(owner)
    expect((await submit({ act: 'withdraw', id: open().id, why: 'not now' })).statusCode).toBe(303)
    expect(states().filter((state) => state === 'withdrawn')).toHaveLength(2)
  })

  test.each<[string, Record<string, string>, string, string]>([
    ['time to come', { to: '2027-02-09T10:00' }, 'Only time that has passed', 'مضت'],
    ['the cycle before', { from: '2026-09-20T10:00', to: '2026-09-20T11:00' }, 'until', 'مهلة'],
    ['an end before the start', { to: '2027-01-10T21:00' }, 'end after it starts', 'بعد بدايتها'],
    ['a claim that is none', { claim: 'degraded' }, 'has a cause', 'سبب'],
    ['evidence that is no hash', { evidence: 'zz' }, '64 hex digits', '64 خانة'],
    ['no time', { from: '' }, 'Give the date and the time', 'التاريخ والوقت'],
    ['no reason', { why: '' }, 'Give a reason', 'سبب من 3'],
    ['another act', { act: 'extend' }, 'nothing has changed', 'لم يتغير شيء'],
    ['a decision of the owner', { act: 'refuse', id: 'open' }, 'may not do this', 'لا تتيح'],
    ['a dispute that is none', { act: 'withdraw', id: 'd-0' }, 'no such dispute', 'لا اعتراض'],
  ])('with %s is refused in words, and changes nothing', async (_name, more, en, ar) => {
    await board(owner)
    const before = states()
    const id = more.id === 'open' ? open().id : (more.id ?? '')
    for (const [language, words] of [
      ['en', en],
      ['ar', ar],
    ] as const) {
      const answer = await submit({ ...request, ...more, id }, language)
      expect(answer.statusCode).toBe(422)
      expect(
        reads(answer.body.match(/<div class="wrong" id="answer" role="alert".*?<\/div>/s)![0]),
      ).toContain(words)
    }
    expect(states()).toEqual(before)
  })

  test('that is refused stays open, with what was typed and nothing else', async () => {
    await board(owner)
    const answer = await submit({ ...request, to: '', why: '"><b>', x: 'secret' })
    expect(answer.body).toContain('<details id="contest" open>')
    expect(answer.body).toContain('value="&quot;&gt;&lt;b&gt;"')
    expect(answer.body).toContain(`value="${request.evidence}"`)
    expect(answer.body).toContain('<details id="ask">')
    expect(answer.body).not.toContain('secret')
  })

  test('is nothing to a stranger', async () => {
    await board(stranger)
    const answer = await submit(request)
    expect(answer.statusCode).not.toBe(303)
    expect(answer.body).not.toContain('salma-it')
    expect(disputes.list(auditor)).toHaveLength(5)
  })
})
