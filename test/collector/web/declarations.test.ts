import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { boardRoutes } from '../../../collector/http/board.ts'
import {
  declarableMetrics,
  metricNames,
  metricOf,
} from '../../../collector/kpi/readiness/metrics.ts'
import type { Snapshot } from '../../../collector/kpi/snapshot.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { type Declarations, offeredBy } from '../../../collector/people/declarations.ts'
import { dayMs } from '../../../protocol/time.ts'
import {
  askedOf,
  modelSnapshot,
  owner,
  sampleDeclarations,
  smallModel,
} from '../../support/sample-declarations.ts'
import { evaluator, samplePeople } from '../../support/sample-disputes.ts'
import { asOf } from '../../support/sample-figures.ts'
import { ministry } from '../../support/sample-maintenance.ts'
import { reads } from '../../support/sample-pages.ts'
import { sampleSessions } from '../../support/sample-sessions.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'
import { sampleViews } from '../../support/sample-views.ts'

const auditor: Account = { id: 'auditor-1', role: 'auditor' }
const admin: Account = { id: 'amal', role: 'admin' }
const stranger: Account = { id: 'x', role: 'institution', institution: 'water-authority' }
const institution = 'services-authority'
const path = `/institutions/${institution}/declarations`
const queue = '/declarations'

let app: FastifyInstance
let declarations: Declarations
async function board(account: Account, isFull = true, shown: Snapshot = modelSnapshot) {
  const views = { snapshot: () => shown }
  declarations = await sampleDeclarations(() => asOf, isFull, { views })
  const people = await samplePeople(undefined, undefined, declarations)
  app = Fastify()
  const sessions = sampleSessions('code', 'secret', account)
  const shownViews = { ...sampleViews(), ...views }
  await app.register(boardRoutes(shownViews, sessions, people, () => asOf))
}
afterEach(() => app.close())

const cookie = 'session=secret'
const page = async (language: string, where = path) =>
  (await app.inject({ url: `/${language}${where}`, headers: { cookie } })).body
const submit = (fields: Record<string, string>, language = 'en', where = path) =>
  app.inject({
    method: 'POST',
    url: `/${language}${where}`,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
  })
const states = () => declarations.list(auditor).map(({ state }) => state)
const open = (kind: string) =>
  declarations.list(auditor, { state: 'open' }).find(({ about }) => about.kind === kind)!

const request = {
  ...{ act: 'request', kind: 'metric', metric: 'operations.trained_staff', value: 'true' },
  ...{ evidence: 'AB'.repeat(32), expires: '2027-06-30', why: 'شهادات التدريب رقم 12' },
}

describe('the page of an institution', () => {
  test('lists what was declared of each state, with evidence, review and expiry', async () => {
    await board(auditor)
    const text = reads(await page('en'))
    for (const state of ['Waiting for review', 'Verified', 'Refused', 'Withdrawn', 'Expired']) {
      expect(text).toContain(state)
    }
    expect(text).toContain('Replaced by a later one')
    expect(text).toMatch(
      /Time since a restore from backup was proven .*45 days · Expires: 16 Nov 2027/,
    )
    expect(text).toMatch(
      /Waiver of criterion E3 Supported operating systems the institution itself/,
    )
    expect(text).toContain('Does not apply: Disk health Electronic services portal')
    expect(text).toMatch(/Declared by salma-it .* Review evaluator-1 neutral evaluator · /)
    expect(text).toContain('ab'.repeat(32))
    const arabic = reads(await page('ar'))
    expect(arabic).toContain('إعفاء مؤقت من المعيار E3 أنظمة تشغيل مدعومة')
    expect(arabic).toContain('45 يومًا')
  })

  test('has a place in its form for every metric that is declared, in both languages', async () => {
    await board(owner, false)
    const declared = metricNames.filter((name) => metricOf(name).source === 'declared')
    expect(declarableMetrics).toEqual(expect.arrayContaining(declared))
    expect(declared.length).toBeGreaterThan(4)
    for (const language of ['ar', 'en']) {
      const body = await page(language)
      const named = [...body.matchAll(/name="metric" value="([^"]+)"/g)].map(([, name]) => name)
      expect(named).toEqual(declarableMetrics)
      expect(body.match(/value="request"/g)).toHaveLength(declarableMetrics.length + 2)
    }
  })

  test.each(declarableMetrics)('its form of %s is taken as it stands', async (metric) => {
    await board(owner, false)
    const body = await page('en')
    const form = body.match(
      new RegExp(`<form[^>]*>(?:(?!</form>).)*"${metric}".*?</form>`, 's'),
    )![0]
    const fields = [...form.matchAll(/name="(\w+)"/g)].map(([, name]) => name!)
    const options = [...form.matchAll(/<select[^>]*name="(\w+)".*?<option value="([^"]+)"/gs)]
    const chosen = Object.fromEntries(options.map(([, name, value]) => [name, value]))
    const typed: Record<string, string> = { ...request, value: '30', ...chosen, metric }
    const sent = Object.fromEntries(fields.map((name) => [name, typed[name] ?? '']))
    expect((await submit({ ...sent, act: 'request' })).statusCode).toBe(303)
    expect(states()).toEqual(['open'])
  })

  const forms = (body: string) => ({
    declare: body.split('value="request"').length - 1,
    review: body.split('value="verify"').length - 1,
    withdraw: body.split('Withdraw</summary>').length - 1,
    renew: body.split('>Renew<').length - 1,
  })
  const all = declarableMetrics.length + 2

  test.each([
    [
      'the owner declares, renews and withdraws',
      owner,
      { declare: all, review: 0, withdraw: 5, renew: 3 },
    ],
    ['the ministry reviews', ministry, { declare: 0, review: 3, withdraw: 0, renew: 0 }],
    ['the evaluator reviews', evaluator, { declare: 0, review: 3, withdraw: 0, renew: 0 }],
    ['an auditor reads', auditor, { declare: 0, review: 0, withdraw: 0, renew: 0 }],
    [
      'an admin declares, and does not review',
      admin,
      { declare: all, review: 0, withdraw: 5, renew: 3 },
    ],
  ] as [string, Account, object][])('%s', async (_name, account, expected) => {
    await board(account)
    const body = await page('en')
    expect(forms(body)).toEqual(expected)
    // What renews leads to a form that is there.
    for (const [, id] of body.matchAll(/href="#(declare-[^"]+)"/g))
      expect(body).toContain(`id="${id}"`)
  })

  test('is not there for another institution, nor for one that is none', async () => {
    await board(stranger)
    for (const where of [path, '/institutions/nobody/declarations']) {
      const answer = await app.inject({ url: `/en${where}`, headers: { cookie } })
      expect(answer.statusCode).toBe(404)
      const body = await submit(request, 'en', where)
      expect([body.statusCode, declarations.list(auditor).length]).toEqual([404, 9])
    }
  })

  test('says so when nothing is declared, and when no model is in force', async () => {
    await board(owner, false, sampleSnapshot)
    const text = reads(await page('en'))
    expect(text).toContain('This institution has declared nothing.')
    expect(text).toContain('once a readiness model is in force')
    expect(await page('en')).not.toContain('value="waiver"')
  })
})

describe('the reviewers’ queue', () => {
  test.each([
    ['the ministry', ministry, 3],
    ['the evaluator', evaluator, 3],
    ['an auditor', auditor, 0],
    ['an admin', admin, 0],
    ['the institution itself', owner, 0],
  ] as [string, Account, number][])(
    '%s sees what waits and what expires soon',
    async (_name, account, n) => {
      await board(account)
      const body = await page('en', queue)
      const text = reads(body)
      expect(text).toMatch(/Declarations waiting for review 3 .*Expiring within 30 days 1 /)
      expect(text).toMatch(/Expiring within 30 days 1 Staff trained in operations/)
      expect(body.split('value="verify"').length - 1).toBe(n)
      expect(body).toContain(`href="/en${path}#${open('waiver').id}"`)
      expect(reads(await page('ar', queue))).toContain('إفادات بانتظار المراجعة 3')
    },
  )

  test('shows an institution nothing of others', async () => {
    await board(stranger)
    expect(reads(await page('en', queue))).toContain('No declaration waits for review.')
  })

  test('leaves to the evaluator what an admin declared, and says why', async () => {
    for (const [account, n] of [
      [ministry, 0],
      [evaluator, 1],
    ] as const) {
      await board(account, false)
      const about = { kind: 'metric', metric: 'operations.tender_scope', value: true } as const
      await declarations.request(admin, institution, askedOf(about))
      const body = await page('en', queue)
      expect(body.split('value="verify"').length - 1).toBe(n)
      expect(reads(body).includes('The ministry declared this itself')).toBe(n === 0)
      await app.close()
    }
  })

  test.each([
    [ministry, 3],
    [evaluator, 3],
    [admin, 0],
    [owner, 0],
  ] as [Account, number][])('is announced on the first page to who reviews', async (account, n) => {
    await board(account)
    const front = await page('en', '')
    expect(front.match(/\/declarations#\S+">Declaration</g) ?? []).toHaveLength(n)
    expect(front).toContain('href="/en/declarations"')
    const about = await page('en', path.replace('/declarations', ''))
    expect(about).toContain(`href="/en${path}"`)
  })

  test('takes a review, and leads back to itself', async () => {
    await board(ministry)
    const key = { id: open('waiver').id, institution }
    const answer = await submit({ ...key, act: 'verify', why: 'العقد موقع' }, 'ar', queue)
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/ar${queue}`])
    expect(declarations.get(auditor, key)).toMatchObject({
      ...{ state: 'verified', decision: { by: 'ministry-1', why: 'العقد موقع' } },
    })
    const again = await submit({ ...key, act: 'refuse', why: 'no' }, 'en', queue)
    expect([again.statusCode, reads(again.body)]).toEqual([422, expect.stringContaining('Give a')])
    const late = await submit({ ...key, act: 'refuse', why: 'changed my mind' }, 'en', queue)
    expect(reads(late.body)).toContain('This was reviewed before.')
    const other = { ...key, institution: 'water-authority' }
    expect((await submit({ ...other, act: 'verify', why: 'agreed' }, 'en', queue)).statusCode).toBe(
      422,
    )
  })
})

describe('a form', () => {
  test('declares until the start of a day of the zone, and leads back to the list', async () => {
    await board(owner, false)
    const answer = await submit(request)
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/en${path}#declared`])
    expect(declarations.list(owner)).toMatchObject([
      {
        ...{ environment: null, detail: request.why, state: 'open' },
        about: { kind: 'metric', metric: 'operations.trained_staff', value: true },
        ...{ evidenceSha256: 'ab'.repeat(32), expiresAt: Date.parse('2027-06-29T20:00Z') },
      },
    ])
  })

  test('waives a criterion, and has it approved that a metric does not apply', async () => {
    await board(owner, false)
    const { metric: _metric, value: _value, ...rest } = request
    await submit({ ...rest, kind: 'waiver', criterion: 'E3' })
    const environment = 'portal'
    await submit({ ...rest, kind: 'not_applicable', metric: 'disk.healthy', environment })
    expect(declarations.list(owner).map(({ about }) => about)).toEqual([
      { kind: 'waiver', criterion: 'E3' },
      { kind: 'not_applicable', metric: 'disk.healthy' },
    ])
  })

  test('withdraws', async () => {
    await board(owner)
    const { id } = open('metric')
    expect((await submit({ act: 'withdraw', id, why: 'not now' })).statusCode).toBe(303)
    expect(states().filter((state) => state === 'withdrawn')).toHaveLength(2)
  })

  const portal = { environment: 'portal' }
  test.each<[string, Record<string, string>, string, string]>([
    ['an unknown metric', { metric: 'os.colour' }, 'no such metric', 'لا بند'],
    ['what is measured', { metric: 'firewall.on', ...portal }, 'is measured', 'يُقاس'],
    ['no value', { value: '' }, 'The value does not fit', 'القيمة'],
    ['a value of another type', { value: '12' }, 'The value does not fit', 'القيمة'],
    [
      'days that are none',
      { metric: 'backup.restore_age_days', value: '1e3', ...portal },
      'does not fit',
      'القيمة',
    ],
    [
      'no environment',
      { metric: 'backup.restore_age_days', value: '3' },
      'Say which hosting',
      'تحديد بيئة',
    ],
    ['an environment too many', portal, 'the institution itself', 'المؤسسة كلها'],
    [
      'another environment',
      { environment: 'x', metric: 'backup.restore_age_days', value: '3' },
      'no such',
      'لا إفادة',
    ],
    [
      'a criterion of no model',
      { kind: 'waiver', criterion: 'E9' },
      'no such criterion',
      'لا معيار',
    ],
    [
      'what always applies',
      { kind: 'not_applicable', metric: 'os.support_left_days', ...portal },
      'always applies',
      'ينطبق دائمًا',
    ],
    ['no subject', { kind: '' }, 'Say what is declared', 'موضوع'],
    ['evidence that is no hash', { evidence: 'zz' }, '64 hex digits', '64 خانة'],
    ['no evidence', { evidence: '' }, '64 hex digits', '64 خانة'],
    ['no date', { expires: '' }, 'Give the date of expiry', 'تحديد تاريخ'],
    ['a date that is none', { expires: '2027-02-30' }, 'Give the date of expiry', 'تحديد تاريخ'],
    ['today', { expires: '2027-01-20' }, 'must be after today', 'بعد اليوم'],
    ['more than a year', { expires: '2028-01-21' }, 'until 20 Jan 2028 at most', 'آخر تاريخ'],
    ['a description of two lines', { why: 'one\ntwo' }, 'on one line', 'سطر واحد'],
    ['a description with a hidden character', { why: 'one\u202etwo' }, 'on one line', 'سطر واحد'],
    [
      'the same that waits',
      { metric: 'backup.restore_age_days', value: '3', ...portal },
      'waits for review already',
      'بانتظار',
    ],
    ['another act', { act: 'extend' }, 'nothing has changed', 'لم يتغير شيء'],
    ['a review of its own body', { act: 'verify', id: 'open' }, 'Another body', 'لا يراجع'],
    [
      'a declaration that is none',
      { act: 'withdraw', id: 'c-0' },
      'no such declaration',
      'لا إفادة',
    ],
  ])('with %s is refused in words, and changes nothing', async (_name, more, en, ar) => {
    await board(owner)
    const before = states()
    const id = more.id === 'open' ? open('metric').id : (more.id ?? '')
    for (const [language, words] of [
      ['en', en],
      ['ar', ar],
    ] as const) {
      const answer = await submit({ ...request, ...more, id }, language)
      expect(answer.statusCode).toBe(422)
      const alert = answer.body.match(/<div class="wrong" id="answer" role="alert".*?<\/div>/s)![0]
      expect(reads(alert)).toContain(words)
    }
    expect(states()).toEqual(before)
  })

  test('that was refused stays open with what was typed', async () => {
    await board(owner)
    const { body } = await submit({ ...request, evidence: 'zz', why: '<b>12</b>' })
    expect(body.match(/<details open>/g)).toHaveLength(1)
    const form = body.match(/<details open>.*?<\/details>/s)![0]
    for (const value of ['operations.trained_staff', 'zz', '&lt;b&gt;12&lt;/b&gt;', '2027-06-30']) {
      expect(form).toContain(`value="${value}"`)
    }
  })
})

test('all that the shipped model offers is taken, and shown in both languages', async () => {
  const readiness = { ...modelSnapshot.readiness!, model: loadDefaultModel() }
  await board(owner, false, { ...modelSnapshot, readiness })
  const { criteria, notApplicable } = declarations.offered()
  expect(criteria.map(({ id }) => id)).toEqual(['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7', 'E8'])
  expect(notApplicable.length).toBeGreaterThan(0)
  const body = await page('en')
  expect(body).toMatch(/name="environment">.*<option value="">the institution itself</s)
  for (const { metric } of notApplicable) {
    const environment = metricOf(metric).scope === 'institution' ? '' : 'portal'
    const sent = { ...request, kind: 'not_applicable', metric, environment }
    expect([metric, (await submit(sent)).statusCode]).toEqual([metric, 303])
  }
  for (const { id } of criteria) {
    const sent = { ...request, kind: 'waiver', criterion: id }
    expect([id, (await submit(sent)).statusCode]).toEqual([id, 303])
  }
  for (const language of ['ar', 'en'] as const) {
    const text = reads(await page(language))
    for (const { label } of [...criteria, ...notApplicable]) expect(text).toContain(label[language])
  }
})

test('a model may want declarations renewed sooner, and offers what it lets not apply', async () => {
  const stricter = {
    ...smallModel,
    missing: { ...smallModel.missing, staleDeclaredDays: 90 },
  }
  expect(offeredBy(stricter)).toMatchObject({
    daysMax: 90,
    criteria: [{ id: 'E3' }, { id: 'E6' }],
    notApplicable: [{ metric: 'disk.healthy' }, { metric: 'firewall.on' }],
  })
  const looser = { ...smallModel, missing: { ...smallModel.missing, staleDeclaredDays: 999 } }
  expect(offeredBy(looser).daysMax).toBe(365)
  const readiness = { ...modelSnapshot.readiness!, model: stricter }
  await board(owner, false, { ...modelSnapshot, readiness })
  const days = (n: number) => new Date(asOf + n * dayMs).toISOString().slice(0, 10)
  expect((await submit({ ...request, expires: days(91) })).statusCode).toBe(422)
  expect((await submit({ ...request, expires: days(90) })).statusCode).toBe(303)
})
