import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ListedWindow } from '../../../collector/people/maintenance.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookies: ReadonlyMap<string, string>

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
  cookies = await cookiesOf(collector)
})

// Each test has ten days of its own, so that its windows overlap no other's.
beforeEach(() => {
  clock.at += 10 * dayMs
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const why = 'new storage'
const agreed = { why: 'agreed by telephone' }
const base = '/api/v1/institutions/health/environments/portal/maintenance'

const as = (who: string, url: string, body?: object) =>
  collector.ask(url, body, cookies.get(who) ?? 'session=nobody')

/** In hours from now. */
const span = (from: number, to: number) => ({
  from: clock.at + from * hourMs,
  to: clock.at + to * hourMs,
})
const asked = (from = 50, to = 60) => ({ ...span(from, to), why })

async function windowOf(who = 'huda', from = 50, to = 60): Promise<ListedWindow> {
  const answer = await as(who, base, asked(from, to))
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.json()))
  return answer.json()
}

async function approved(from = 50, to = 60): Promise<ListedWindow> {
  const { id } = await windowOf('huda', from, to)
  return (await as('maryam', `${base}/${id}/approve`, agreed)).json()
}

const listed = async (query = '', who = 'amal') =>
  ((await as(who, `/api/v1/maintenance${query}`)).json() as { windows: ListedWindow[] }).windows

async function acts(): Promise<{ what: string; actor: string }[]> {
  const reader = sqliteReader(folder.file('collector.db'))
  const entries = await reader.entries()
  await reader.close()
  return entries.filter(({ what }) => what.includes('/maintenance/'))
}

/** Asks, and makes sure that a refusal changed nothing. */
async function refused(who: string, url: string, body: object) {
  const before = [await acts(), await listed()]
  const answer = await as(who, url, body)
  expect([await acts(), await listed()]).toEqual(before)
  return { status: answer.status, ...(answer.json() as object) }
}

describe('from a request to the end', () => {
  test('one asks, another approves, and the log says who, when and why', async () => {
    const { id, ...window } = await windowOf()
    expect(window).toEqual({
      ...{ institution: 'health', environment: 'portal', ...span(50, 60), why },
      ...{ requestedBy: 'huda', requestedAt: clock.at, decision: null, withdrawnAt: null },
      state: 'requested',
    })
    clock.at += hourMs
    const decided = await as('evaluator', `${base}/${id}/approve`, agreed)
    expect(decided.status).toBe(200)
    const decision = { is: 'approved', by: 'evaluator', role: 'evaluator', at: clock.at, ...agreed }
    expect(decided.json()).toEqual({ id, ...window, decision, state: 'approved' })
    expect((await as('auditor', `${base}/${id}`)).json()).toEqual(decided.json())
    const what = `institution/health/environment/portal/maintenance/${id}`
    const { institution: _, environment: __, state: ___, ...stored } = { id, ...window }
    expect((await acts()).slice(-2)).toEqual([
      {
        ...{ actor: 'huda', role: 'institution', what, why, before: null, after: stored },
        effectiveFrom: clock.at - hourMs,
      },
      {
        ...{ actor: 'evaluator', role: 'evaluator', what, ...agreed, before: stored },
        ...{ after: { ...stored, decision }, effectiveFrom: clock.at },
      },
    ])
  })

  test('it is shortened while it runs, and gives back what is left', async () => {
    const { id, from } = await approved()
    clock.at = from + hourMs
    expect((await listed('?state=under_way')).map((each) => each.id)).toEqual([id])
    const answer = await as('huda', `${base}/${id}/shorten`, { to: clock.at, why: 'done early' })
    expect([answer.status, answer.json()]).toMatchObject([200, { to: clock.at, state: 'over' }])
    const again = await refused('huda', `${base}/${id}/shorten`, { to: clock.at, why })
    expect(again).toMatchObject({ status: 409, rule: 'closed' })
  })

  test('it is withdrawn before it starts, and is then in nobody’s way', async () => {
    const { id } = await approved()
    const answer = await as('huda', `${base}/${id}/withdraw`, { why: 'the supplier cannot come' })
    expect(answer.json()).toMatchObject({ state: 'withdrawn', withdrawnAt: clock.at })
    expect((await as('huda', base, asked())).status).toBe(201)
  })

  test('what nobody approved in time lapses', async () => {
    const { id, from } = await windowOf()
    clock.at = from
    expect((await listed('?state=lapsed')).map((each) => each.id)).toContain(id)
    const late = await refused('maryam', `${base}/${id}/approve`, agreed)
    expect(late).toMatchObject({ status: 409, rule: 'lapsed' })
  })
})

describe('a request is refused', () => {
  const at = (iso: string) => Date.parse(iso)
  test.each<[string, () => object, number, string, string]>([
    ['that ends before it starts', () => asked(60, 50), 400, 'order', 'end after it starts'],
    ['without the notice', () => asked(47, 50), 400, 'notice', '48 hours before it starts: the'],
    ['that is backdated', () => asked(-5, 60), 400, 'past', 'never entered afterwards'],
    ['of more than 30 days', () => asked(50, 771), 400, 'length', 'at most 30 days'],
    ['of half a minute', () => asked(50, 50 + 1 / 120), 400, 'minutes', 'whole minutes'],
    ['for the year after next', () => asked(9_000, 9_001), 400, 'ahead', '366 days'],
  ])('%s', async (_name, body, status, rule, sentence) => {
    const answer = await refused('huda', base, body())
    expect(answer).toMatchObject({ status, rule, message: expect.stringContaining(sentence) })
  })

  test('with the earliest start in the zone of the policy', async () => {
    clock.at = at('2027-03-01T06:00:00Z')
    const answer = await refused('huda', base, asked(1, 2))
    expect(answer).toMatchObject({
      ...{ code: 'invalid', rule: 'notice' },
      message:
        'Maintenance must be asked for 48 hours before it starts: the earliest start is ' +
        '2027-03-03 10:00 (Asia/Muscat).',
    })
  })

  test('over another one, which is named', async () => {
    const { id } = await windowOf()
    const answer = await refused('huda', base, asked(59, 61))
    expect(answer).toMatchObject({ status: 409, rule: 'overlap' })
    expect((answer as { message?: string }).message).toContain(id)
    expect((await as('huda', base, asked(60, 61))).status).toBe(201)
    // Another environment has its own time.
    const other = base.replace('health', 'roads')
    expect((await as('rashid', other, asked(50, 60))).status).toBe(201)
  })

  test.each<[string, object]>([
    ['no reason', { why: undefined }],
    ['a reason of two lines', { why: 'one\ntwo' }],
    ['a time that no date has', { to: 9e15 }],
    ['a time before 1970', { from: -60_000 }],
    ['a text for a time', { from: '2027-01-03T10:00' }],
    ['more than is asked', { decision: { is: 'approved' } }],
  ])('with %s', async (_name, more) => {
    const answer = await refused('huda', base, { ...asked(), ...more })
    expect(answer).toMatchObject({ status: 400, code: 'schema' })
  })

  test('for an environment that is known to be down', async () => {
    const agent = new WireAgent(collector.app, clock.at - dayMs, [
      { check: 'web', kind: 'http', intervalMs: minuteMs },
    ])
    await agent.enrol(await collector.token('health', 'portal'), 'web-9')
    await agent.heartbeat(dayMs)
    clock.at += 10 * minuteMs
    const end = dayMs + 10 * minuteMs
    const sends = async (state: 'up' | 'down', to: number) => {
      await agent.heartbeat(to)
      const from = to - 5 * minuteMs
      const { status } = await agent.send(agent.batch([{ check: 'web', state, from, to }]))
      expect(status).toBe(200)
      await collector.evaluate()
    }
    await sends('down', end)
    const answer = await refused('huda', base, asked())
    expect(answer).toMatchObject({ status: 409, rule: 'down' })
    clock.at += 5 * minuteMs
    await sends('up', end + 5 * minuteMs)
    expect((await as('huda', base, asked())).status).toBe(201)
  })
})

describe('who may', () => {
  test('ask: an admin, or an institution for its own', async () => {
    const statuses: Record<string, number> = {}
    for (const [i, who] of [
      ...['amal', 'huda', 'rashid', 'maryam', 'evaluator', 'auditor', 'nobody'],
    ].entries()) {
      statuses[who] = (await as(who, base, asked(50 + i, 51 + i))).status
    }
    expect(statuses).toEqual({
      ...{ amal: 201, huda: 201, rashid: 404, maryam: 403, evaluator: 403, auditor: 403 },
      nobody: 401,
    })
  })

  test.each(['approve', 'refuse'])('%s: a second person with that role', async (act) => {
    const { id } = await windowOf('amal')
    const own = await refused('amal', `${base}/${id}/${act}`, agreed)
    expect(own).toMatchObject({ status: 403, rule: 'second_person' })
    for (const [who, status] of [
      ['huda', 403],
      ['auditor', 403],
      ['rashid', 404],
    ] as const) {
      expect([who, (await refused(who, `${base}/${id}/${act}`, agreed)).status]).toEqual([
        who,
        status,
      ])
    }
    expect((await as('maryam', `${base}/${id}/${act}`, agreed)).status).toBe(200)
    const again = await refused('evaluator', `${base}/${id}/${act}`, agreed)
    expect(again).toMatchObject({ status: 409, rule: 'decided' })
  })

  test.each(['shorten', 'withdraw'])('%s: an admin, or its institution', async (act) => {
    const { id } = await windowOf()
    const body = act === 'shorten' ? { ...agreed, to: clock.at + 55 * hourMs } : agreed
    for (const [who, status] of [
      ['rashid', 404],
      ['maryam', 403],
      ['auditor', 403],
    ] as const) {
      expect([who, (await refused(who, `${base}/${id}/${act}`, body)).status]).toEqual([
        who,
        status,
      ])
    }
    expect((await as('amal', `${base}/${id}/${act}`, body)).status).toBe(200)
  })

  test('see: everybody, an institution its own alone', async () => {
    const { id } = await windowOf()
    const other = base.replace('health', 'roads')
    const foreign = (await as('rashid', other, asked())).json() as ListedWindow
    const ids = async (who: string) => (await listed('', who)).map((each) => each.id)
    expect(await ids('huda')).toContain(id)
    expect(await ids('huda')).not.toContain(foreign.id)
    for (const who of ['maryam', 'evaluator', 'auditor']) {
      expect(await ids(who)).toEqual(expect.arrayContaining([id, foreign.id]))
    }
    const own = await as('huda', '/api/v1/institutions/health/maintenance?environment=portal')
    expect((own.json() as { windows: object[] }).windows).toHaveLength((await ids('huda')).length)
  })

  test('a foreign id answers like one that does not exist', async () => {
    const { id } = (await as('rashid', base.replace('health', 'roads'), asked())).json() as {
      id: string
    }
    for (const [url, body] of [
      [`${base.replace('health', 'roads')}/${id}`, undefined],
      [`${base.replace('health', 'roads')}/${id}/withdraw`, agreed],
      ['/api/v1/institutions/roads/maintenance', undefined],
      [base.replace('health', 'roads'), asked()],
    ] as const) {
      const foreign = await as('huda', url, body)
      const missing = await as('huda', url.replace('roads', 'nobody'), body)
      expect([foreign.status, foreign.json()]).toEqual([404, missing.json()])
    }
    expect((await as('amal', base.replace('portal', 'nothing'), asked())).status).toBe(404)
    expect((await as('amal', `${base}/m-0/approve`, agreed)).status).toBe(404)
    // The id of one environment's window is nothing at another.
    expect((await as('amal', `${base}/${id}`)).status).toBe(404)
  })
})

describe('at the same moment', () => {
  test('of two decisions one stands', async () => {
    const { id } = await windowOf()
    const answers = await Promise.all([
      as('maryam', `${base}/${id}/approve`, agreed),
      as('evaluator', `${base}/${id}/approve`, agreed),
      as('amal', `${base}/${id}/refuse`, agreed),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect((await acts()).filter(({ what }) => what.endsWith(id))).toHaveLength(2)
  })

  test('of two requests for the same time one stands', async () => {
    const answers = await Promise.all([as('huda', base, asked()), as('amal', base, asked())])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('of an approval and a withdrawal both are in the log, or the withdrawal alone', async () => {
    const { id } = await windowOf()
    const answers = await Promise.all([
      as('huda', `${base}/${id}/withdraw`, agreed),
      as('maryam', `${base}/${id}/approve`, agreed),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 409])
    expect((await as('huda', `${base}/${id}`)).json()).toMatchObject({ state: 'withdrawn' })
  })
})

test('a start reads what stood', async () => {
  const { id } = await approved()
  const before = await listed()
  await collector.close()
  collector = await openTestCollector(folder.path, clock, `${folder.path}/register.yaml`)
  expect(await listed()).toEqual(before)
  const again = await as('evaluator', `${base}/${id}/approve`, agreed)
  expect(again.status).toBe(409)
})

test('the API page lists all of it, with a summary each', async () => {
  const answer = await collector.app.inject('/api/docs/json')
  const { paths } = answer.json() as { paths: Record<string, Record<string, { summary: string }>> }
  const own = '/api/v1/institutions/{institution}'
  const each = `${own}/environments/{environment}/maintenance`
  for (const [path, method] of [
    ['/api/v1/maintenance', 'get'],
    [`${own}/maintenance`, 'get'],
    [each, 'post'],
    [`${each}/{id}`, 'get'],
    ...['approve', 'refuse', 'shorten', 'withdraw'].map((act) => [`${each}/{id}/${act}`, 'post']),
    ['/api/v1/sign-in-links', 'post'],
  ] as const) {
    expect(paths[path!]?.[method!]?.summary, path).toMatch(/\w{3}/)
  }
})
