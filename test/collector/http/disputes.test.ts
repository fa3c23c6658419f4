import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EnvironmentDetail } from '../../../collector/kpi/snapshot.ts'
import type { ListedDispute } from '../../../collector/people/disputes.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'
import { WireAgent } from '../../support/wire-agent.ts'

/** An environment was up for an hour, down for two, and up again; its institution contests that. */

const start = Date.parse('2026-11-21T12:00:00Z')
const clock = new TestClock(start)
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookies: ReadonlyMap<string, string>

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
  cookies = await cookiesOf(collector)
  const agent = new WireAgent(collector.app, start - dayMs, [
    { check: 'host', kind: 'host', intervalMs: minuteMs },
    { check: 'web', kind: 'http', intervalMs: minuteMs },
  ])
  await agent.enrol(await collector.token('health', 'portal'), 'web-9')
  for (let minute = 0; minute < 300; minute++) {
    clock.at += minuteMs
    await collector.noteLiveness()
  }
  const boot = (hours: number) => dayMs + hours * hourMs
  await agent.heartbeat(boot(5))
  const { status } = await agent.send(
    agent.batch([
      { check: 'host', state: 'up', from: boot(0), to: boot(5) },
      { check: 'web', state: 'up', from: boot(0), to: boot(1) },
      { check: 'web', state: 'down', from: boot(1), to: boot(3), reason: 'timeout' },
      { check: 'web', state: 'up', from: boot(3), to: boot(5) },
    ]),
  )
  expect(status).toBe(200)
  clock.at += 11 * minuteMs
  await collector.evaluate()
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const why = 'our own probe reached it'
const shown = { why: 'the logs show it' }
const base = '/api/v1/institutions/health/environments/portal/disputes'
const up = { state: 'up', cause: null }
const emergency = { state: 'down', cause: 'emergency_maintenance' }
const hash = 'ab'.repeat(32)

const as = (who: string, url: string, body?: object) =>
  collector.ask(url, body, cookies.get(who) ?? 'session=nobody')
/** In hours from the start. */
const span = (from: number, to: number) => ({
  from: start + from * hourMs,
  to: start + to * hourMs,
})
const asked = (from = 1, to = 2, claim: object = up) => {
  return { ...span(from, to), claim, evidenceSha256: null, why }
}
const listed = async (query = '', who = 'amal') =>
  ((await as(who, `/api/v1/disputes${query}`)).json() as { disputes: ListedDispute[] }).disputes

async function disputeOf(body: object = asked(), who = 'huda'): Promise<ListedDispute> {
  const answer = await as(who, base, body)
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.json()))
  return answer.json()
}

/** Does something about a dispute, and leaves the time free for the next test. */
async function withdrawn(id: string): Promise<void> {
  expect((await as('huda', `${base}/${id}/withdraw`, { why: 'not now' })).status).toBe(200)
}

async function acts(): Promise<object[]> {
  const reader = sqliteReader(folder.file('collector.db'))
  const entries = await reader.entries()
  await reader.close()
  return entries.filter(({ what }) => what.includes('/dispute/'))
}

/** Asks, and makes sure that a refusal changed nothing. */
async function refused(who: string, url: string, body: object) {
  const before = [await acts(), await listed()]
  const answer = await as(who, url, body)
  expect([await acts(), await listed()]).toEqual(before)
  return { status: answer.status, ...(answer.json() as object) }
}

/** Minutes of the cycle by state, and the figures. */
async function figures() {
  await collector.evaluate()
  const { institution } = (await as('huda', '/api/v1/institutions/health')).json() as {
    institution: { environments: EnvironmentDetail[] }
  }
  const { sums, low, high } = institution.environments[0]!.continuity.cycle
  return { up: sums!.upMs / minuteMs, down: sums!.downMs / minuteMs, low, high }
}

describe('who may', () => {
  test('contest: an admin, or an institution for its own', async () => {
    const statuses: Record<string, number> = {}
    for (const who of ['amal', 'huda', 'rashid', 'maryam', 'nasser', 'auditor', 'nobody']) {
      const answer = await as(who, base, asked())
      statuses[who] = answer.status
      if (answer.status === 201) await withdrawn((answer.json() as ListedDispute).id)
    }
    expect(statuses).toEqual({
      ...{ amal: 201, huda: 201, rashid: 404, maryam: 403, nasser: 403, auditor: 403 },
      nobody: 401,
    })
  })

  test('decide: the evaluator alone', async () => {
    const { id } = await disputeOf()
    for (const act of ['grant', 'refuse']) {
      for (const [who, status] of [
        ...([
          ['amal', 403],
          ['huda', 403],
          ['maryam', 403],
          ['auditor', 403],
          ['rashid', 404],
        ] as const),
      ]) {
        expect([who, (await refused(who, `${base}/${id}/${act}`, shown)).status]).toEqual([
          who,
          status,
        ])
      }
    }
    await withdrawn(id)
  })

  test('see: everybody, an institution its own alone; a foreign id is like none', async () => {
    const { id } = await disputeOf()
    const ids = async (who: string) => (await listed('?state=open', who)).map((each) => each.id)
    for (const who of ['huda', 'maryam', 'nasser', 'auditor']) expect(await ids(who)).toEqual([id])
    expect(await ids('rashid')).toEqual([])
    for (const [url, body] of [
      [`${base}/${id}`, undefined],
      [`${base}/${id}/withdraw`, shown],
      [`${base}/${id}/grant`, shown],
      ['/api/v1/institutions/health/disputes', undefined],
      [base, asked()],
    ] as const) {
      const foreign = await as('rashid', url, body)
      const missing = await as('rashid', url.replace('health', 'nobody'), body)
      expect([foreign.status, foreign.json()]).toEqual([404, missing.json()])
    }
    expect((await as('amal', base.replace('portal', 'nothing'), asked())).status).toBe(404)
    expect((await as('amal', `${base}/d-0`)).status).toBe(404)
    const own = await as('huda', '/api/v1/institutions/health/disputes?environment=portal')
    expect((own.json() as { disputes: ListedDispute[] }).disputes.at(-1)?.institution).toBe(
      'health',
    )
    await withdrawn(id)
  })
})

describe('a dispute is refused', () => {
  test.each<[string, object, number, string]>([
    ['of no time', asked(2, 1), 400, 'order'],
    ['of half a minute', asked(1, 1 + 1 / 120), 400, 'minutes'],
    ['of what has not passed', asked(5, 7), 400, 'future'],
    ['of the day that no date has', { ...asked(), to: 8_640_000_000_000_000 }, 400, 'future'],
    ['of what was before the register', asked(-2, 1), 400, 'scope'],
    ['of the cycle before', asked(-24 * 60, -24 * 59), 409, 'late'],
    ['of an outage without a cause', asked(1, 2, { state: 'down', cause: null }), 400, 'cause'],
    ['of emergency work while up', asked(1, 2, { ...emergency, state: 'up' }), 400, 'cause'],
  ])('%s', async (_name, body, status, rule) => {
    expect(await refused('huda', base, body)).toMatchObject({ status, rule })
  })

  test.each<[string, object]>([
    ['another state', { claim: { state: 'degraded', cause: null } }],
    ['another cause', { claim: { state: 'down', cause: 'weather' } }],
    ['no hash', { evidenceSha256: 'report.pdf' }],
    ['no claim', { claim: undefined }],
    ['no reason', { why: undefined }],
    ['more than is asked', { decision: null }],
  ])('with %s', async (_name, more) => {
    const answer = await refused('huda', base, { ...asked(), ...more })
    expect(answer).toMatchObject({ status: 400, code: 'schema' })
  })

  test('over another one, which is named; of two at once one stands', async () => {
    const answers = await Promise.all([as('huda', base, asked()), as('amal', base, asked())])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const [open] = await listed('?state=open')
    const answer = await refused('huda', base, asked(1.5, 3))
    expect(answer).toMatchObject({ rule: 'overlap', message: expect.stringContaining(open!.id) })
    await withdrawn(open!.id)
  })
})

describe('the evaluator', () => {
  test('grants no more than was claimed', async () => {
    const { id } = await disputeOf(asked(1, 2, emergency))
    const url = `${base}/${id}/grant`
    for (const granted of [
      { ...span(1, 2.5), ...emergency },
      { ...span(1, 2), ...up },
    ]) {
      const answer = await refused('nasser', url, { ...shown, granted })
      expect(answer).toMatchObject({ status: 400, rule: 'beyond' })
    }
    await withdrawn(id)
    const late = await refused('nasser', url, shown)
    expect(late).toMatchObject({ status: 409, rule: 'withdrawn' })
  })

  test('names emergency work: down stays down, no figure moves', async () => {
    const before = await figures()
    const { id } = await disputeOf(asked(2.5, 3, emergency))
    expect((await as('nasser', `${base}/${id}/grant`, shown)).status).toBe(200)
    expect(await figures()).toEqual(before)
    const reader = sqliteReader(folder.file('collector.db'))
    const pieces = (await reader.days('health')).flatMap((day) => day.pieces)
    await reader.close()
    expect(pieces.filter(({ disputed }) => disputed)).toMatchObject([
      { ...span(2.5, 3), state: 'down', cause: 'emergency_maintenance', disputed: { was: 'down' } },
    ])
  })

  test('refuses, and nothing moves', async () => {
    const before = await figures()
    const { id } = await disputeOf()
    const answer = await as('nasser', `${base}/${id}/refuse`, shown)
    expect(answer.json()).toMatchObject({ state: 'refused', decision: { granted: null } })
    expect(await figures()).toEqual(before)
  })

  test('grants a part: it counts, and before, after and who stay in sight', async () => {
    const before = await figures()
    expect(before).toMatchObject({ down: 120 })
    const dispute = await disputeOf({ ...asked(1, 2), evidenceSha256: hash })
    const url = `${base}/${dispute.id}`
    const granted = { ...span(1, 1.5), ...up }
    const answers = await Promise.all([
      as('nasser', `${url}/grant`, { ...shown, granted }),
      as('nasser', `${url}/refuse`, shown),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 409])
    const after = await figures()
    expect(after).toMatchObject({ up: before.up + 30, down: 90 })
    expect(after.low!.ratio).toBeGreaterThan(before.low!.ratio)
    for (const who of ['huda', 'auditor']) {
      expect((await as(who, url)).json()).toMatchObject({
        ...{ evidenceSha256: hash, claim: up, state: 'granted_in_part', requestedBy: 'huda' },
        decision: {
          ...{ is: 'approved', by: 'nasser', role: 'evaluator', granted, ...shown },
          before: { cycle: '2027-04', environment: { low: before.low, high: before.high } },
        },
        now: { cycle: '2027-04', environment: { low: after.low, high: after.high } },
      })
    }
    const strip = (
      await collector.app.inject({
        url: '/en/institutions/health/environments/portal',
        headers: { cookie: cookies.get('huda')! },
      })
    ).body
    expect(strip).toMatch(/<rect class="disputed" x="[\d.]+%"/)
    expect(strip).toContain(`href="#${dispute.id}"`)
    // Who asks again for the rest may; what was granted is settled.
    expect(await refused('huda', base, asked(1, 1.25))).toMatchObject({ rule: 'overlap' })
    await withdrawn((await disputeOf(asked(1.5, 2))).id)
  })
})

test('a start reads what stood, and counts it again', async () => {
  const before = [await listed(), await figures()]
  await collector.close()
  collector = await openTestCollector(folder.path, clock, `${folder.path}/register.yaml`)
  await collector.evaluate()
  expect([await listed(), await figures()]).toEqual(before)
})

test('until ten days after the end of its cycle a time can be contested', async () => {
  const end = Date.parse('2027-03-31T20:00:00Z')
  clock.at = end + 10 * dayMs
  expect(await refused('huda', base, asked(4, 5))).toMatchObject({ status: 409, rule: 'late' })
  clock.at -= 1
  const dispute = await disputeOf(asked(4, 5))
  // Figures of a cycle that is over are no part of what is shown.
  await collector.evaluate()
  expect((await as('huda', `${base}/${dispute.id}`)).json()).toMatchObject({ now: null })
})
