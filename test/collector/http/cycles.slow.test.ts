import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freezeCycle } from '../../../collector/evaluate/freeze.ts'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import type { FrozenFigures } from '../../../collector/kpi/cycle-figures.ts'
import type { Cycle } from '../../../collector/kpi/snapshot.ts'
import { checkData } from '../../../collector/operations/check-data.ts'
import { sqliteSnapshot } from '../../../collector/store/sqlite/sqlite.ts'
import { version } from '../../../collector/version.ts'
import { sha256 } from '../../../protocol/jws.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { reads } from '../../support/sample-pages.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'
import { WireAgent } from '../../support/wire-agent.ts'

/** Start of the cycle that closes in April 2027, in Muscat; the register begins a day later. */
const cycleFrom = Date.parse('2026-09-30T20:00:00Z')
const cycleTo = Date.parse('2027-03-31T20:00:00Z')
const begin = cycleFrom + dayMs

const people = [
  { id: 'amal', role: 'admin' },
  { id: 'maryam', role: 'ministry' },
  { id: 'evaluator', role: 'evaluator' },
  { id: 'auditor', role: 'auditor' },
  { id: 'huda', role: 'institution', institution: 'health' },
] as const

const clock = new TestClock(begin)
let cookies: ReadonlyMap<string, string>
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let agent: WireAgent

const definitions = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs },
] as const

beforeAll(async () => {
  folder = temporaryFolder()
  await open()
  cookies = await cookiesOf(collector, people)
  agent = new WireAgent(collector.app, begin - dayMs, definitions)
  await agent.enrol(await collector.token('health', 'portal'))
  await agent.heartbeat(dayMs)
  clock.at = begin + 2 * hourMs
  await send(begin, begin, clock.at)
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function open() {
  collector = await openTestCollector(folder.file('data'), clock, twoInstitutions(folder.path))
}

/** Sends a batch in which all is down until an instant and up from it on. */
async function send(from: EpochMs, downUntil: EpochMs, to: EpochMs): Promise<void> {
  await agent.heartbeat(clock.at - agent.bootAt)
  const runs = definitions.flatMap(({ check }) => [
    { check, state: 'down' as const, reason: 'timeout' as const, from, to: downUntil },
    { check, state: 'up' as const, from: downUntil, to },
  ])
  const local = runs
    .filter((run) => run.from < run.to)
    .map((run) => ({ ...run, from: run.from - agent.bootAt, to: run.to - agent.bootAt }))
  expect((await agent.send(agent.batch(local))).status).toBe(200)
}

async function as<T = unknown>(who: string, url: string, body?: object) {
  const answer = await collector.ask(url, body, cookies.get(who)!)
  return { status: answer.status, body: answer.json() as T }
}

// 181 days in scope, of which 20 days without two hours were down.
const afterLate = '88.99'
const cycleUrl = '/api/v1/cycles/2027-04'
const why = 'end of the half-year'

type Listed = {
  state: string
  proposal: { revision: number } | null
  revisions: { revision: number; frozen: { sha256: string; sizes: Record<string, number> } }[]
}
type Change = { figure: string; bound: string; old: string | null; new: string | null }
type Low = { low: { percent: string } }

/** The proven low of an institution over a cycle, as it is answered. */
async function lowOf(who: string, institution = 'health'): Promise<string> {
  const url = `/api/v1/institutions/${institution}/figures?cycle=2027-04`
  const { body } = await as<{ institution: { continuity: Low } }>(who, url)
  return body.institution.continuity.low.percent
}

async function bytesOf(revision: number): Promise<string> {
  const url = `${cycleUrl}/revisions/${revision}`
  return (await collector.app.inject({ url, headers: { cookie: cookies.get('auditor')! } })).body
}

async function pageOf(who: string, url: string): Promise<string> {
  return (await collector.app.inject({ url, headers: { cookie: cookies.get(who)! } })).body
}

/** Sends a form of the page of cycles. */
function submit(who: string, fields: Record<string, string>) {
  const type = 'application/x-www-form-urlencoded'
  return collector.app.inject({
    ...{ method: 'POST', url: '/en/cycles', payload: new URLSearchParams(fields).toString() },
    headers: { cookie: cookies.get(who)!, 'content-type': type },
  })
}

describe('before its end and ten days', () => {
  test('a cycle runs, and is not frozen', async () => {
    const { body } = await as<{ cycles: Listed[] }>('huda', '/api/v1/cycles')
    expect(body.cycles).toMatchObject([{ id: '2027-04', state: 'running', revisions: [] }])
    clock.at = cycleTo + 10 * dayMs - 1
    // The collector was off since the start: nobody is charged for what it did not see.
    await collector.noteLiveness()
    expect(await as('maryam', `${cycleUrl}/freeze`, { why })).toMatchObject({
      status: 409,
      body: { rule: 'early', message: expect.stringContaining('2027-04-10T20:00Z') },
    })
  })

  test.each([
    ['2031-04', 404],
    ['2026-10', 404],
    ['2027-05', 404],
    ['april', 404],
  ])('there is no cycle %s', async (id, status) => {
    expect((await as('maryam', `/api/v1/cycles/${id}`)).status).toBe(status)
    expect((await as('maryam', `/api/v1/figures?cycle=${id}`)).status).toBe(status)
  })
})

describe('windows on demand', () => {
  test.each([
    ['from=2026-10-02T00:00Z&to=2026-10-01T00:00Z', 'order'],
    ['from=1&to=1', 'order'],
    ['from=2026-10-02T00:00Z&to=2099-01-01T00:00Z', 'future'],
    ['from=0&to=1790000000000', 'length'],
    ['from=yesterday&to=1790884800000', 'time'],
    ['from=1790884800000', 'window'],
    ['from=1&to=2&cycle=2027-04', 'window'],
    ['', 'window'],
  ])('%s is refused: %s', async (query, rule) => {
    const expected = { status: 400, body: { code: 'invalid', rule } }
    expect(await as('auditor', `/api/v1/figures?${query}`)).toMatchObject(expected)
    const one = `/api/v1/institutions/health/figures?${query}`
    expect(await as('huda', one)).toMatchObject(expected)
  })

  test('the figures are of exactly that time', async () => {
    await collector.evaluate()
    const query = `from=${begin + hourMs}&to=${begin + 3 * hourMs}`
    const { body } = await as<{ institution: { continuity: unknown } }>(
      'huda',
      `/api/v1/institutions/health/figures?${query}`,
    )
    expect(body.institution.continuity).toMatchObject({
      low: { percent: '100.00' },
      sums: { upMs: 4 * hourMs, unknownMs: 0, centreMs: 4 * hourMs },
    })
    const foreign = `/api/v1/institutions/roads/figures?${query}`
    expect((await as('huda', foreign)).status).toBe(404)
    expect((await as('auditor', foreign)).status).toBe(200)
  })

  test('what anybody asks for changes nothing that is published', async () => {
    const before = (await as('auditor', '/api/v1/kpis')).body
    await as('auditor', `/api/v1/figures?from=${begin}&to=${begin + hourMs}`)
    expect((await as('auditor', '/api/v1/kpis')).body).toEqual(before)
    expect((await as('auditor', '/api/v1/institutions/health')).status).toBe(200)
  })
})

describe('a freeze', () => {
  test('takes two persons of the right roles', async () => {
    clock.at = cycleTo + 10 * dayMs
    await collector.noteLiveness()
    await collector.evaluate()
    for (const who of ['auditor', 'evaluator', 'huda']) {
      const refused = await as(who, `${cycleUrl}/freeze`, { why })
      expect(refused).toMatchObject({ status: 403, body: { rule: 'role' } })
    }
    const asked = await as<Listed>('maryam', `${cycleUrl}/freeze`, { why })
    expect(asked.body).toMatchObject({ state: 'open', proposal: { revision: 0 } })
    const again = await as('amal', `${cycleUrl}/freeze`, { why })
    expect(again).toMatchObject({ status: 409, body: { rule: 'proposed' } })
    const body = { revision: 0, why }
    const own = await as('maryam', `${cycleUrl}/approve`, body)
    expect(own).toMatchObject({ status: 403, body: { rule: 'second_person' } })
    const huda = await as('huda', `${cycleUrl}/approve`, body)
    expect(huda).toMatchObject({ status: 403, body: { rule: 'role' } })
    const other = await as('evaluator', `${cycleUrl}/approve`, { revision: 1, why })
    expect(other).toMatchObject({ status: 409, body: { rule: 'no_proposal' } })
  })

  test('may be refused, and proposed again', async () => {
    const body = { revision: 0, why: 'roads still sends late data' }
    const refused = await as<Listed>('evaluator', `${cycleUrl}/refuse`, body)
    expect(refused.body).toMatchObject({ state: 'open', proposal: null, revisions: [] })
    const asked = await as<Listed>('amal', `${cycleUrl}/freeze`, { why })
    expect(asked.body.proposal).toMatchObject({ revision: 0 })
  })

  test('keeps the bytes that the log names', async () => {
    expect(await lowOf('huda')).toBe('100.00')
    const { body } = await as<Listed>('evaluator', `${cycleUrl}/approve`, { revision: 0, why })
    expect(body.state).toBe('frozen')
    const [frozen] = body.revisions
    expect(sha256(await bytesOf(0))).toBe(frozen!.frozen.sha256)
    expect(Object.keys(frozen!.frozen.sizes)).toEqual(['health', 'national', 'roads'])
    expect(JSON.parse(await bytesOf(0))).toMatchObject({ cycle: { id: '2027-04' }, revision: 0 })
    const twice = await as('maryam', `${cycleUrl}/freeze`, { why })
    expect(twice).toMatchObject({ status: 409, body: { rule: 'frozen' } })
  })

  test('an institution sees no neighbour in it', async () => {
    const { body } = await as<Listed>('huda', cycleUrl)
    expect(Object.keys(body.revisions[0]!.frozen.sizes)).toEqual(['health'])
    expect((await as('huda', `${cycleUrl}/revisions/0`)).status).toBe(403)
  })

  test('late data change what is known, and nothing that was published', async () => {
    const same = { differs: false, changes: [] }
    expect((await as('auditor', `${cycleUrl}/difference`)).body).toMatchObject(same)
    const before = await bytesOf(0)
    clock.at = cycleTo + 12 * dayMs
    await collector.noteLiveness()
    await send(begin + 2 * hourMs, begin + 20 * dayMs, clock.at)
    await collector.evaluate()
    expect(await lowOf('huda')).toBe('100.00')
    expect(await bytesOf(0)).toBe(before)
    const url = `${cycleUrl}/difference`
    const { body } = await as<{ differs: boolean; changes: Change[] }>('auditor', url)
    expect(body.differs).toBe(true)
    const wanted = { figure: 'institution/health', bound: 'low', old: '100.00', new: afterLate }
    expect(body.changes).toContainEqual(wanted)
    const { body: own } = await as<{ changes: Change[] }>('huda', url)
    expect(own.changes.some(({ figure }) => figure.startsWith('institution/roads'))).toBe(false)
    const { body: kpis } = await as<{ previous: { revision: number } }>('auditor', '/api/v1/kpis')
    expect(kpis.previous).toMatchObject({ revision: 0, cycle: { id: '2027-04' } })
  })

  test('a numbered revision of two persons takes its place, and says what changed', async () => {
    const url = `${cycleUrl}/revisions`
    const second = await as('maryam', url, { revision: 2, why })
    expect(second).toMatchObject({ status: 409, body: { rule: 'number' } })
    const old = await bytesOf(0)
    await as('maryam', url, { revision: 1, why: 'late evidence of health' })
    expect(await lowOf('auditor')).toBe('100.00')
    await as('evaluator', `${cycleUrl}/approve`, { revision: 1, why: 'checked' })
    expect(await lowOf('auditor')).toBe(afterLate)
    expect(await bytesOf(0)).toBe(old)
    expect(JSON.parse(await bytesOf(1))).toMatchObject({ previous: sha256(old), revision: 1 })
    const { body } = await as<{ changes: Change[] }>('huda', `${url}/1/changes`)
    const wanted = { figure: 'institution/health', bound: 'low', old: '100.00', new: afterLate }
    expect(body.changes).toContainEqual(wanted)
    const { body: listed } = await as<Listed>('auditor', cycleUrl)
    expect(listed.revisions.map(({ revision }) => revision)).toEqual([0, 1])
  })

  test('Prometheus is shown the newest revision, and no other', async () => {
    await collector.evaluate()
    const page = (await collector.app.inject('/metrics')).body.split('\n')
    const frozen = JSON.parse(await bytesOf(1)) as FrozenFigures
    const { continuity, headline } = frozen.nation
    const rows = [
      ['scope="nation",institution=""', continuity[headline]],
      ...frozen.institutions.map((row) => {
        return [`scope="institution",institution="${row.id}"`, row.continuity] as const
      }),
    ] as const
    const expected = rows.flatMap(([labels, figure]) =>
      (['low', 'observed', 'high'] as const).map((bound) => {
        const name = `${labels},environment="",window="2027-04",bound="${bound}"`
        return `istimrar_continuity_ratio{${name}} ${figure[bound]?.ratio ?? Number.NaN}`
      }),
    )
    const shown = page.filter((line) => /^istimrar_continuity_ratio.*"2027-04"/.test(line))
    expect(shown).toEqual(expected)
    const info = page.filter((line) => line.startsWith('istimrar_frozen_cycle_info{'))
    const labels = 'window="2027-04",name="april",revision="1"'
    expect(info).toEqual([`istimrar_frozen_cycle_info{${labels}} 1`])
  })

  test('the same logs and engine give the same bytes, at whatever time they are made', async () => {
    const reader = sqliteSnapshot(folder.file('data/collector.db'))
    const { id, name, from, to } = (await as<Cycle>('auditor', cycleUrl)).body
    const basis = { reader, engine: version, simulated: false, cycle: { id, name, from, to } }
    const made: string[] = []
    for (const now of [clock.at, clock.at, clock.at + 3 * dayMs]) {
      const { bytes, frozen } = await freezeCycle({ ...basis, revision: 1, now })
      expect(frozen).toMatchObject({ length: bytes.length, at: now })
      made.push(frozen.sha256)
    }
    await reader.close()
    expect(new Set(made).size).toBe(1)
    // Nothing came since the revision, so that it is the very same.
    expect(made[0]).toBe(sha256(await bytesOf(1)))
  })

  test.each(['en', 'ar'])('the board shows all of it, in %s', async (language) => {
    const shown = reads(await pageOf('auditor', `/${language}/cycles`))
    const [frozen] = (await as<Listed>('auditor', cycleUrl)).body.revisions
    expect(shown).toContain(frozen!.frozen.sha256)
    for (const text of [
      'maryam',
      'evaluator',
      `${afterLate}%`,
      '100.00%',
      'late evidence of health',
    ]) {
      expect(shown).toContain(text)
    }
    const texts = { en: ['Frozen', 'Revision 1'], ar: ['مقفلة', 'تعديل رقم 1'] }
    for (const text of texts[language as 'en' | 'ar']) expect(shown).toContain(text)
    expect(await pageOf('auditor', `/${language}`)).toContain(`href="/${language}/cycles"`)
    // An institution is told of its own figures, never of the bytes with everybody's.
    const own = await pageOf('huda', `/${language}/cycles`)
    expect(own).not.toContain('/api/v1/cycles/')
    expect(own).not.toContain('<form class="act"')
  })

  test('the board takes a proposal, and says why it refuses', async () => {
    const fields = { cycle: '2027-04', revision: '2', why: 'another look' }
    expect((await submit('maryam', { ...fields, act: 'propose' })).statusCode).toBe(303)
    const own = await submit('maryam', { ...fields, act: 'approve' })
    expect(own.statusCode).toBe(422)
    expect(reads(own.body)).toContain('Another account than the one that proposed must decide.')
    const short = await submit('evaluator', { ...fields, act: 'refuse', why: 'no' })
    expect(reads(short.body)).toContain('Give a reason of 3 to 300 characters')
    const refused = await submit('evaluator', { ...fields, act: 'refuse' })
    expect(refused.statusCode).toBe(303)
    expect((await as<Listed>('auditor', cycleUrl)).body).toMatchObject({ proposal: null })
  })

  test('outlives a restart, and is named where somebody changed it', async () => {
    const database = folder.file('data/collector.db')
    const kept = [await bytesOf(0), await bytesOf(1)]
    await collector.close()
    expect((await checkData(database)).faults).toEqual([])
    const db = new Database(database)
    db.exec('DROP TRIGGER frozen_cycle_keep_update')
    const change = db.prepare(
      'UPDATE frozen_cycle SET bytes = CAST(replace(bytes, ?, ?) AS BLOB) WHERE revision = 1',
    )
    change.run(afterLate, '98.99')
    db.close()
    const fault = expect.stringContaining('cycle 2027-04, revision 1, are not those')
    expect((await checkData(database)).faults).toEqual([fault])
    await open()
    const damaged = await as('auditor', '/api/v1/figures?cycle=2027-04')
    expect(damaged).toMatchObject({ status: 503, body: { message: fault } })
    const page = (await collector.app.inject('/metrics')).body
    expect(page).toContain('istimrar_continuity_ratio{')
    expect(page).not.toContain('window="2027-04"')
    await collector.close()
    const again = new Database(database)
    again.prepare('UPDATE frozen_cycle SET bytes = ? WHERE revision = 1').run(Buffer.from(kept[1]!))
    again.close()
    await open()
    expect([await bytesOf(0), await bytesOf(1)]).toEqual(kept)
  })

  test('a rebuild keeps the bytes and believes the acts', async () => {
    const database = folder.file('data/collector.db')
    const kept = [await bytesOf(0), await bytesOf(1)]
    await collector.close()
    const { swapped } = await rebuild({
      ...{ file: database, now: clock.at, accept: false, progress: () => {} },
    })
    expect(swapped).toBe(true)
    expect((await checkData(database)).faults).toEqual([])
    await open()
    expect([await bytesOf(0), await bytesOf(1)]).toEqual(kept)
  })
})
