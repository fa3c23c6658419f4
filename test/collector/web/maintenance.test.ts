import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { boardRoutes } from '../../../collector/http/board.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import type { Maintenance } from '../../../collector/people/maintenance.ts'
import { dayMs } from '../../../protocol/time.ts'
import { samplePeople } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import { ministry, sampleMaintenance } from '../../support/sample-maintenance.ts'
import { reads } from '../../support/sample-pages.ts'
import { sampleSessions } from '../../support/sample-sessions.ts'
import { sampleViews } from '../../support/sample-views.ts'

const owner: Account = {
  id: 'salma-it',
  role: 'institution',
  institution: 'services-authority',
}
const auditor: Account = { id: 'auditor-1', role: 'auditor' }
const stranger: Account = { id: 'x', role: 'institution', institution: 'water-authority' }
const path = '/institutions/services-authority/environments/portal'

let app: FastifyInstance
let maintenance: Maintenance
async function board(account: Account, isFull = true): Promise<void> {
  maintenance = await sampleMaintenance(() => asOf, isFull)
  app = Fastify()
  const sessions = sampleSessions('code', 'secret', account)
  const people = await samplePeople(maintenance)
  await app.register(boardRoutes(sampleViews(), sessions, people, () => asOf))
}
afterEach(() => app.close())

const cookie = 'session=secret'
const page = async (language: string, where = path) =>
  (await app.inject({ url: `/${language}${where}`, headers: { cookie } })).body
const submit = (fields: Record<string, string>, language = 'en', headers = {}) =>
  app.inject({
    method: 'POST',
    url: `/${language}${path}`,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
  })
const states = () => maintenance.list(ministry).map(({ state }) => state)
const waiting = () => maintenance.list(ministry, { state: 'requested' })[0]!
const planned = () => maintenance.list(ministry, { state: 'approved' })[0]!

const request = {
  ...{ act: 'request', from: '2027-01-30T22:00', to: '2027-01-31T02:30' },
  why: 'تحديث أجهزة الشبكة',
}

describe('the page of an environment', () => {
  test('lists what was asked for, by whom, why, and what was decided', async () => {
    await board(auditor)
    const text = reads(await page('en'))
    expect(text).toContain('Approved within the quota of the cycle: 600 of 1,440 minutes')
    for (const state of ['Waiting for approval', 'Approved', 'Under way', 'Over', 'Refused']) {
      expect(text).toContain(state)
    }
    expect(text).toContain('Lapsed: not approved in time')
    expect(text).toMatch(/Replacement of the storage controller Asked by salma-it 31 Dec 2026/)
    expect(text).toMatch(/ministry-1 ministry · 31 Dec 2026, 13:46 as agreed in the weekly call/)
    expect(reads(await page('ar'))).toContain('الطرف المحايد لتقييم الأداء')
  })

  const forms = (body: string) => ({
    ask: body.includes('value="request"'),
    decide: body.split('value="approve"').length - 1,
    change: body.split('value="shorten"').length - 1,
  })

  test.each([
    ['the owner asks and changes', owner, { ask: true, decide: 0, change: 3 }],
    ['the ministry decides', ministry, { ask: false, decide: 1, change: 0 }],
    ['an auditor reads', auditor, { ask: false, decide: 0, change: 0 }],
    ['an admin does all of it', { id: 'a', role: 'admin' }, { ask: true, decide: 1, change: 3 }],
    [
      'but nobody decides what they asked for',
      { id: 'salma-it', role: 'admin' },
      { ask: true, decide: 0, change: 3 },
    ],
  ] as [string, Account, object][])('%s', async (_name, account, expected) => {
    await board(account)
    expect(forms(await page('en'))).toEqual(expected)
  })

  test('says so when there is none', async () => {
    await board(owner, false)
    expect(reads(await page('en'))).toContain('No maintenance is scheduled')
    expect(reads(await page('en'))).toContain('Ask at least 2 days before the start')
  })
})

describe('the nation’s page', () => {
  test('lists what waits for whoever may decide', async () => {
    await board(ministry)
    const body = await page('en', '')
    expect(reads(body)).toMatch(/Waiting for you \d+ .*Maintenance .*Electronic services portal/)
    expect(body).toContain(`href="/en${path}#${waiting().id}"`)
  })

  test.each([owner, auditor, { id: 'salma-it', role: 'admin' } as const])(
    'and for nobody else: %o',
    async (account) => {
      await board(account)
      expect(reads(await page('en', ''))).not.toContain('Maintenance waiting')
    },
  )
})

describe('a form', () => {
  test('asks for maintenance at times of the zone, and leads back to the list', async () => {
    await board(owner, false)
    const answer = await submit(request)
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/en${path}#maintenance`])
    expect(maintenance.list(owner)).toMatchObject([
      {
        ...{ from: Date.parse('2027-01-30T18:00Z'), to: Date.parse('2027-01-30T22:30Z') },
        ...{ why: request.why, requestedBy: 'salma-it', state: 'requested' },
      },
    ])
  })

  test.each(['approve', 'refuse'])('lets a second person %s', async (act) => {
    await board(ministry)
    const { id } = waiting()
    expect((await submit({ act, id, why: 'agreed' })).statusCode).toBe(303)
    const { institution, environment } = planned()
    const after = maintenance.get(ministry, { institution, environment, id })
    expect(after.decision).toMatchObject({ is: `${act}d`, by: 'ministry-1' })
  })

  test('shortens and withdraws', async () => {
    await board(owner)
    const { id, from } = planned()
    const to = '2027-01-23T23:30'
    expect(Date.parse(`${to}+04:00`)).toBeGreaterThan(from)
    expect((await submit({ act: 'shorten', id, to, why: 'less to do' })).statusCode).toBe(303)
    expect(planned().to).toBe(Date.parse(`${to}+04:00`))
    expect((await submit({ act: 'withdraw', id, to: '', why: 'not now' })).statusCode).toBe(303)
    expect(states().filter((state) => state === 'withdrawn')).toHaveLength(2)
  })

  test.each<[string, Record<string, string>, string, string]>([
    ['too soon', { from: '2027-01-21T10:00' }, 'earliest start is 22 Jan', 'أقرب بدء ممكن'],
    ['the past', { from: '2027-01-02T10:00' }, 'never entered afterwards', 'بعد بدئها'],
    ['an end before the start', { to: '2027-01-30T21:00' }, 'end after it starts', 'بعد البدء'],
    ['another one', { from: '2027-01-23T21:30', to: '2027-01-23T22:30' }, 'overlaps', 'تداخل'],
    ['no time', { from: '' }, 'Give the date and the time', 'التاريخ والوقت'],
    ['a day that is none', { from: '2027-02-31T10:00' }, 'Give the date', 'التاريخ والوقت'],
    ['no reason', { why: '' }, 'Give a reason', 'سبب من 3'],
    ['another act', { act: 'extend' }, 'nothing has changed', 'لم يتغير شيء'],
    ['a window that is none', { act: 'withdraw', id: 'm-0' }, 'no such', 'لا صيانة بهذا الرقم'],
  ])('with %s is refused in words, and changes nothing', async (_name, more, en, ar) => {
    await board(owner)
    const before = states()
    for (const [language, words] of [
      ['en', en],
      ['ar', ar],
    ] as const) {
      const answer = await submit({ ...request, ...more }, language)
      expect(answer.statusCode).toBe(422)
      expect(answer.body).toMatch(/<div class="wrong" id="answer" role="alert"/)
      expect(reads(answer.body)).toContain(words)
    }
    expect(states()).toEqual(before)
  })

  test('that is refused stays open, with what was typed', async () => {
    await board(owner)
    const answer = await submit({ ...request, from: '2027-01-21T10:00', why: '"><b>' })
    expect(answer.body).toContain('<details id="ask" open>')
    expect(answer.body).toContain('value="2027-01-21T10:00"')
    expect(answer.body).toContain('value="&quot;&gt;&lt;b&gt;"')
    expect(answer.body.match(/<details id="[^"]+" open>/g)).toHaveLength(1)
  })

  test('of somebody who may not is refused', async () => {
    await board(auditor)
    const answer = await submit({ act: 'approve', id: waiting().id, why: 'agreed' })
    expect(answer.statusCode).toBe(422)
    expect(reads(answer.body)).toContain('This account may not do this.')
    await app.close()
    await board(stranger)
    expect((await submit(request)).statusCode).toBe(404)
  })

  test('from another site, of nobody, or of another kind is refused', async () => {
    await board(owner, false)
    const foreign = { origin: 'https://elsewhere.example', host: 'board.test' }
    expect((await submit(request, 'en', foreign)).statusCode).toBe(403)
    expect((await submit(request, 'en', { cookie: '' })).headers.location).toBe('/login')
    const json = { 'content-type': 'application/json' }
    expect((await submit(request, 'en', json)).statusCode).toBe(415)
    expect((await submit({ ...request, why: 'a'.repeat(5_000) })).statusCode).toBe(413)
    expect(states()).toEqual([])
  })

  test('takes the longest reason in Arabic letters', async () => {
    await board(owner, false)
    const why = 'ص'.repeat(300)
    expect((await submit({ ...request, why })).statusCode).toBe(303)
    expect(maintenance.list(owner)[0]!.why).toBe(why)
  })

  test('goes nowhere but to the page of an environment', async () => {
    await board(owner)
    const answer = await app.inject({
      ...{ method: 'POST', url: '/en', payload: 'act=request' },
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
    })
    expect(answer.statusCode).toBe(404)
    expect(waiting().from).toBeGreaterThan(asOf + dayMs)
  })
})
