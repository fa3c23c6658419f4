import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportEvidence } from '../../../collector/evidence/export.ts'
import { readLogKey } from '../../../collector/evidence/log-key.ts'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { verify } from '../../../collector/evidence/verify.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { applyActs } from '../../../collector/people/acts.ts'
import type { ListedBaseline, ListedExemption } from '../../../collector/people/roadmap.ts'
import { Roadmap } from '../../../collector/people/roadmap.ts'
import { migrationAt } from '../../../collector/register/migration-log.ts'
import { closingsAt } from '../../../collector/register/migration-months.ts'
import { workloadSubject } from '../../../collector/register/workloads-log.ts'
import {
  sqliteReader,
  sqliteSnapshot,
  sqliteStore,
} from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { askedWorkload } from '../../support/sample-workloads.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const clock = new TestClock(start)
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookies: ReadonlyMap<string, string>

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
  cookies = await cookiesOf(collector)
  for (const [id, plannedFinish] of [
    ['licences', '2027-06-30'],
    ['mail', '2027-03-31'],
    ['archive', null],
  ] as const) {
    await put(id, plannedFinish)
  }
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const base = '/api/v1/institutions/health'
const shown = { why: 'as the committee agreed' }
const asked = (more: object = {}) => ({
  ...{ workload: 'archive', reason: 'العقد ينتهي في العام القادم' },
  ...{ expiresAt: start + 200 * dayMs, ...more },
})
const planned = { startOn: '2026-12-01', why: 'the roadmap of 2027' }

const as = (who: string, url: string, body?: object) =>
  collector.ask(url, body, cookies.get(who) ?? 'session=nobody')
const refused = async (who: string, url: string, body: object) => {
  const answer = await as(who, url, body)
  return { status: answer.status, ...(answer.json() as object) }
}
async function put(id: string, plannedFinish: string | null): Promise<void> {
  const { id: _id, ...fields } = askedWorkload({ id, plannedFinish })
  const answer = await collector.app.inject({
    ...{ method: 'PUT', url: `${base}/workloads/${id}`, payload: { ...fields, ...shown } },
    headers: { cookie: cookies.get('huda')! },
  })
  expect(answer.statusCode).toBe(200)
}
const exempted = async (more: object = {}, who = 'huda') => {
  const answer = await as(who, `${base}/exemptions`, asked(more))
  expect(answer.status).toBe(201)
  return answer.json() as ListedExemption
}
const inForce = async () => {
  const reader = sqliteReader(folder.file('collector.db'))
  const entries = await reader.entries('figures')
  await reader.close()
  return migrationAt(entries, clock.at).get('health')!
}

describe('people', () => {
  test.each([
    ['huda', 201, undefined],
    ['maryam', 201, undefined],
    ['amal', 201, undefined],
    ['nasser', 403, 'role'],
    ['auditor', 403, 'role'],
    ['rashid', 404, undefined],
    ['nobody', 401, undefined],
  ])('%s asks for an exemption: %i', async (who, status, rule) => {
    const answer = await refused(who, `${base}/exemptions`, asked())
    expect(answer).toMatchObject({ status, ...(rule && { rule }) })
    if (status !== 201) return
    const { id } = answer as unknown as ListedExemption
    expect((await as(who, `${base}/exemptions/${id}/withdraw`, shown)).status).toBe(200)
  })

  test('decide as another body, once', async () => {
    const { id } = await exempted()
    const url = `${base}/exemptions/${id}`
    for (const [who, status, rule] of [
      ['huda', 403, 'role'],
      ['salim', 403, 'role'],
      ['auditor', 403, 'role'],
      ['rashid', 404, undefined],
    ] as const) {
      const answer = await refused(who, `${url}/approve`, shown)
      expect([who, answer]).toMatchObject([who, { status, ...(rule && { rule }) }])
    }
    const answers = await Promise.all([
      as('maryam', `${url}/approve`, shown),
      as('nasser', `${url}/refuse`, shown),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 409])
    expect(answers[0]!.json()).toMatchObject({ id, state: 'in_force' })
    expect((await inForce()).exemptions).toMatchObject([{ id, approvedBy: 'maryam' }])
    expect((await as('huda', `${url}/withdraw`, shown)).json()).toMatchObject({
      state: 'withdrawn',
    })
    expect((await inForce()).exemptions).toEqual([])
  })

  test('see their own alone; a foreign id is like none', async () => {
    const { id } = await exempted()
    const ids = async (who: string, path = '/api/v1') => {
      const answer = await as(who, `${path}/exemptions?state=open`)
      return (answer.json() as { exemptions: ListedExemption[] }).exemptions.map((each) => each.id)
    }
    for (const who of ['huda', 'maryam', 'nasser', 'auditor']) expect(await ids(who)).toEqual([id])
    expect(await ids('rashid')).toEqual([])
    expect(await ids('amal', base)).toEqual([id])
    for (const [path, body] of [
      ['exemptions', undefined],
      ['exemptions', asked()],
      [`exemptions/${id}/approve`, shown],
      ['baselines', undefined],
      ['baselines', planned],
      ['baselines/draft?startOn=2026-12-01', undefined],
    ] as const) {
      const foreign = await as('rashid', `${base}/${path}`, body)
      const missing = await as('rashid', `${base}/${path}`.replace('health', 'nobody'), body)
      expect([path, foreign.status, foreign.json()]).toEqual([path, 404, missing.json()])
    }
    expect((await as('maryam', `${base}/exemptions/x-0/approve`, shown)).status).toBe(404)
    expect((await as('maryam', `${base}/baselines/9/approve`, shown)).status).toBe(404)
    expect((await as('amal', '/api/v1/institutions/nobody/baselines', planned)).status).toBe(404)
    await as('huda', `${base}/exemptions/${id}/withdraw`, shown)
  })
})

test.each<[string, string, object, number, string]>([
  ['of no workload', 'exemptions', asked({ workload: 'none' }), 404, 'not_found'],
  ['that has expired', 'exemptions', asked({ expiresAt: start }), 400, 'invalid'],
  ['of three years', 'exemptions', asked({ expiresAt: start + 1096 * dayMs }), 400, 'invalid'],
  ['without a reason', 'exemptions', asked({ reason: undefined }), 400, 'schema'],
  ['with a hidden character', 'exemptions', asked({ reason: 'a\u202ebc' }), 400, 'schema'],
  ['with more than is asked', 'exemptions', asked({ decision: null }), 400, 'schema'],
  ['without a start', 'baselines', shown, 400, 'schema'],
  ['that starts some day', 'baselines', { ...planned, startOn: 'soon' }, 400, 'schema'],
  ['that names its workloads', 'baselines', { ...planned, workloads: [] }, 400, 'schema'],
])('%s: %s are refused', async (_name, path, body, status, code) => {
  expect(await refused('huda', `${base}/${path}`, body)).toMatchObject({ status, code })
})

describe('a baseline', () => {
  test('is complete before it is proposed: everything that is missing is named at once', async () => {
    await put('mail', null)
    const answer = await refused('huda', `${base}/baselines`, planned)
    const problems = ['mail', 'archive'].map((id) => ({ field: `${id}.plannedFinish` }))
    expect(answer).toMatchObject({ status: 400, rule: 'incomplete', problems })
    const draft = await as('auditor', `${base}/baselines/draft?startOn=2026-12-01`)
    expect(draft.json()).toMatchObject({ workloads: [{ id: 'licences' }], problems })
    await put('mail', '2027-03-31')
  })

  test('is approved by another body, and stays what it is for ever', async () => {
    const { id } = await exempted()
    await as('maryam', `${base}/exemptions/${id}/approve`, shown)
    for (const who of ['nasser', 'auditor']) {
      expect(await refused(who, `${base}/baselines`, planned)).toMatchObject({ status: 403 })
    }
    const twice = await Promise.all(
      ['huda', 'salim'].map((who) => as(who, `${base}/baselines`, planned)),
    )
    expect(twice.map(({ status }) => status)).toEqual([201, 409])
    expect((await inForce()).baselines).toEqual([])
    expect(await refused('salim', `${base}/baselines/1/approve`, shown)).toMatchObject({
      ...{ status: 403, rule: 'role' },
    })
    await put('mail', '2028-03-31')
    const approved = await as('maryam', `${base}/baselines/1/approve`, shown)
    expect(approved.json()).toMatchObject({ id: '1', state: 'approved', requestedBy: 'huda' })
    const promised = [
      { id: 'licences', weight: 2, finishOn: '2027-06-30' },
      { id: 'mail', weight: 2, finishOn: '2027-03-31' },
    ]
    const first = { number: 1, startOn: '2026-12-01', approvedAt: start, workloads: promised }
    expect((await inForce()).baselines).toEqual([first])

    const second = await as('maryam', `${base}/baselines`, planned)
    expect(second.json()).toMatchObject({ id: '2', state: 'open' })
    expect(await refused('amal', `${base}/baselines/2/approve`, shown)).toMatchObject({
      ...{ status: 403, rule: 'own_body' },
    })
    expect((await as('nasser', `${base}/baselines/2/approve`, shown)).status).toBe(200)
    const { baselines } = await inForce()
    expect(baselines[0]).toEqual(first)
    expect(baselines[1]!.workloads[1]).toEqual({ id: 'mail', weight: 2, finishOn: '2028-03-31' })
    const listed = await as('huda', `${base}/baselines?state=approved`)
    const { baselines: own } = listed.json() as { baselines: ListedBaseline[] }
    expect(own.map((each) => each.id)).toEqual(['1', '2'])
    expect(await refused('huda', `${base}/baselines/1/withdraw`, shown)).toMatchObject({
      ...{ status: 409, rule: 'closed' },
    })
  })

  // Before the test after it, which writes past the collector.
  test('the month that is over is closed in both logs, with what the baseline promised', async () => {
    clock.at = Date.parse('2026-12-31T21:00:00Z')
    // What was not noted in between is an outage, which ends before the act.
    await collector.noteLiveness()
    await collector.evaluate()
    await collector.closeMonth()
    const reader = sqliteReader(folder.file('collector.db'))
    const entries = await reader.entries('figures')
    await reader.close()
    const [own] = closingsAt(entries, clock.at, 'health')
    expect(own).toMatchObject({ month: '2026-12', done: '0.00', planned: '0.00' })
    expect(closingsAt(entries, clock.at, null)).toEqual([own])
    expect(closingsAt(entries, clock.at, 'roads')).toEqual([])
  })

  test('that workloads outran at the same moment is asked for again', async () => {
    const store = sqliteStore(folder.file('collector.db'))
    const known = (await inForce()).workloads.find(({ id }) => id === 'mail')!
    const what = workloadSubject({ institution: 'health', workload: 'mail' })
    const roadmap = new Roadmap({
      ...{ now: () => clock.at, onChange: () => {} },
      store: {
        entriesAfter: (position, limit) => store.entriesAfter(position, limit),
        entries: (needed) => store.entries(needed),
        // Somebody plans again between the judging and the writing.
        applyActs: async (acts) => {
          const entry = {
            ...{ actor: 'huda', role: 'institution', what, why: 'later', before: known },
            ...{ after: { ...known, plannedFinish: '2028-04-30' }, effectiveFrom: clock.at },
          }
          await applyActs(store, [{ log: 'health', entry }], clock.at)
          await store.applyActs(acts)
        },
      },
    })
    const account: Account = { id: 'huda', role: 'institution', institution: 'health' }
    const outrun = roadmap.propose(account, 'health', '2026-12-01', 'again')
    await expect(outrun).rejects.toMatchObject({ code: 'conflict', detail: { rule: 'changed' } })
    await store.close()
    expect((await inForce()).baselines).toHaveLength(2)
  })
})

test('is read by a start, is the same after a rebuild, and verifies offline', async () => {
  const before = await inForce()
  const listed = (await as('amal', `${base}/baselines`)).json()
  await collector.close()
  const file = folder.file('collector.db')
  const { comparisons } = await rebuild({
    ...{ file, now: clock.at, accept: false, progress: () => {} },
  })
  expect(comparisons.map(({ row }) => row)).toEqual(comparisons.map(() => null))
  collector = await openTestCollector(folder.path, clock, `${folder.path}/register.yaml`)
  expect((await as('amal', `${base}/baselines`)).json()).toEqual(listed)
  expect(await inForce()).toEqual(before)

  const reader = sqliteSnapshot(file)
  const exported = folder.file('health.jsonl')
  await exportEvidence({
    ...{ reader, institution: 'health', window: null, now: clock.at, simulated: false },
    ...{
      draft: loadDefaultModel(),
      file: exported,
      logKey: readLogKey(folder.file('log-key.pem')),
      progress: () => {},
    },
  })
  await reader.close()
  const outcome = (path: string) =>
    verify({ file: path, receipts: null, checkpoints: null, progress: () => {} })
  expect((await outcome(exported)).result).toBe('ok')
  const text = readFileSync(exported, 'utf8')
  expect(text).toContain('/baseline/2')
  expect(text).toContain('/migration-month/2026-12')
  const forged = folder.file('forged.jsonl')
  writeFileSync(forged, text.replaceAll('2027-06-30', '2028-06-30'))
  expect((await outcome(forged)).result).toBe('broken')
})
