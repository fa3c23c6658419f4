import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportEvidence } from '../../../collector/evidence/export.ts'
import { evaluateInstitution } from '../../../collector/evidence/figures.ts'
import { readLogKey } from '../../../collector/evidence/log-key.ts'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { verify } from '../../../collector/evidence/verify.ts'
import type { Workload } from '../../../collector/kpi/migration/workload.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { registersFor, Workloads } from '../../../collector/people/workloads.ts'
import { readDeclared } from '../../../collector/register/files.ts'
import type { AskedWorkload } from '../../../collector/register/workloads.ts'
import { sqliteSnapshot, sqliteStore } from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import {
  askedWorkload,
  movedWorkload,
  policyWithHosting,
  twoEnvironments,
} from '../../support/sample-workloads.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const clock = new TestClock(start)
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookies: ReadonlyMap<string, string>
const people: Account[] = [
  { id: 'amal', role: 'admin' },
  { id: 'huda', role: 'institution', institution: 'health' },
  { id: 'rashid', role: 'institution', institution: 'roads' },
  { id: 'maryam', role: 'ministry' },
  { id: 'nasser', role: 'evaluator' },
  { id: 'auditor', role: 'auditor' },
]

async function open(): Promise<void> {
  const [register, policy] = [folder.file('register.yaml'), folder.file('policy.yaml')]
  const declared = readDeclared(register, policy, start)
  collector = await openTestCollector(folder.path, clock, register, { declared })
}

beforeAll(async () => {
  folder = temporaryFolder()
  twoEnvironments(folder.path)
  writeFileSync(folder.file('policy.yaml'), policyWithHosting())
  await open()
  cookies = await cookiesOf(collector, people)
  for (const [institution, name] of [
    ['health', 'db-1'],
    ['roads', 'db-7'],
  ] as const) {
    const agent = new WireAgent(collector.app, start - hourMs)
    await agent.enrol(await collector.token(institution, 'internal'), name)
  }
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const base = '/api/v1/institutions/health/workloads'
const why = 'as the committee agreed'

async function as(who: string, method: 'GET' | 'PUT' | 'DELETE', url: string, body?: object) {
  const headers = { cookie: cookies.get(who) ?? 'session=nobody' }
  const inject = { method, url, headers, ...(body && { payload: body }) }
  const answer = await collector.app.inject(inject)
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const listed = async (who = 'amal') =>
  ((await as(who, 'GET', base)).body as { workloads: Workload[] }).workloads

async function put(who: string, { id, ...fields }: AskedWorkload) {
  return as(who, 'PUT', `${base}/${id}`, { ...fields, why })
}

async function acts() {
  const store = sqliteStore(folder.file('collector.db'))
  const entries = await store.entries()
  await store.close()
  return entries.filter(({ what }) => what.includes('/workload/'))
}

/** Asks, and makes sure that a refusal changed nothing. */
async function refused(who: string, method: 'PUT' | 'DELETE', url: string, body: object) {
  const before = [await acts(), await listed()]
  const answer = await as(who, method, url, body)
  expect([await acts(), await listed()]).toEqual(before)
  return { status: answer.status, ...(answer.body as object) }
}

describe('who may', () => {
  test('register: an admin, the ministry, or an institution for itself', async () => {
    const statuses: Record<string, number> = {}
    for (const who of ['amal', 'huda', 'rashid', 'maryam', 'nasser', 'auditor', 'nobody']) {
      statuses[who] = (await put(who, askedWorkload({ id: `of-${who}` }))).status
    }
    expect(statuses).toEqual({
      ...{ amal: 200, huda: 200, rashid: 404, maryam: 200, nasser: 403, auditor: 403 },
      nobody: 401,
    })
    for (const who of ['rashid', 'nasser', 'auditor', 'nobody']) {
      const answer = await refused(who, 'DELETE', `${base}/of-huda`, { why })
      expect(answer.status).toBe(statuses[who])
    }
    for (const who of ['amal', 'huda', 'maryam']) {
      expect(await as(who, 'DELETE', `${base}/of-${who}`, { why })).toEqual({
        ...{ status: 204, body: null },
      })
    }
    expect(await listed()).toEqual([])
  })

  test('be offered a form', () => {
    const mayOf = (owner: string) => people.filter((each) => registersFor(each, owner))
    expect(mayOf('health').map(({ id }) => id)).toEqual(['amal', 'huda', 'maryam'])
    expect(mayOf('roads').map(({ id }) => id)).toEqual(['amal', 'rashid', 'maryam'])
  })

  test('see: everybody, an institution its own alone; a foreign id is like none', async () => {
    await put('huda', askedWorkload({ id: 'seen' }))
    for (const who of ['huda', 'maryam', 'nasser', 'auditor']) {
      expect((await listed(who)).map(({ id }) => id)).toEqual(['seen'])
    }
    for (const url of [base, `${base}/seen`]) {
      const foreign = await as('rashid', 'GET', url)
      expect(foreign).toEqual(await as('rashid', 'GET', url.replace('health', 'nobody')))
      expect(foreign.status).toBe(404)
    }
    expect((await as('amal', 'GET', `${base}/other`)).status).toBe(404)
    const nobody = `${base.replace('health', 'nobody')}/mail`
    const { id: _id, ...fields } = askedWorkload()
    const none = await refused('amal', 'PUT', nobody, { ...fields, why })
    expect(none).toMatchObject({ status: 404, message: 'There is no such institution.' })
    await as('huda', 'DELETE', `${base}/seen`, { why })
  })
})

describe('a workload', () => {
  test('is registered step by step; each change is an act with its reason', async () => {
    const id = 'licences'
    const before = (await acts()).length
    const short = { name: { ar: 'التراخيص', en: 'Licences' }, criticality: 'critical' }
    const made = await as('huda', 'PUT', `${base}/${id}`, { ...short, state: 'identified', why })
    expect(made).toMatchObject({ status: 200, body: { ...short, weight: 4, owner: null } })
    const place = { source: { environment: 'internal' } }
    const placed = { ...short, ...place, state: 'identified', why }
    expect((await as('huda', 'PUT', `${base}/${id}`, placed)).body).toMatchObject({
      source: { environment: 'internal', hosts: [] },
    })
    const cutOver = movedWorkload({ id })
    expect((await put('huda', cutOver)).body).toMatchObject({ ...cutOver, weight: 4 })
    const planned = { ...cutOver, state: 'planned', startedOn: null, cutOverOn: null } as const
    expect((await put('maryam', planned)).body).toMatchObject({ isRolledBack: true })
    // Said again it changes nothing.
    expect((await put('huda', planned)).status).toBe(200)
    const found = (await acts()).slice(before)
    expect(found.map((each) => [each.actor, each.role, each.why])).toEqual([
      ...[
        ['huda', 'institution', why],
        ['huda', 'institution', why],
        ['huda', 'institution', why],
      ],
      ['maryam', 'ministry', why],
    ])
    expect(found.map((each) => each.what)).toEqual(
      found.map(() => 'institution/health/workload/licences'),
    )
    expect(found.map((each) => each.before)).toEqual([
      null,
      ...found.slice(0, -1).map((each) => each.after),
    ])
    expect((await as('huda', 'GET', `${base}/${id}`)).body).toEqual(found.at(-1)!.after)
  })

  test('is refused with all problems at once, each with its field', async () => {
    const { id: _id, ...fields } = movedWorkload({ state: 'validated' as never, weight: 0.5 })
    const answer = await refused('huda', 'PUT', `${base}/mail`, { ...fields, why })
    expect(answer).toMatchObject({
      ...{ status: 400, code: 'invalid', rule: 'workload' },
      message: expect.stringContaining('state `validated` is what measurement finds'),
      problems: [
        { index: 0, field: 'weight', message: 'must be a whole number from 1 to 100' },
        { index: 0, field: 'state' },
      ],
    })
  })

  test.each<[string, Partial<AskedWorkload>, string]>([
    ['of another environment', { source: { environment: 'attic', hosts: [] } }, 'source.environ'],
    [
      'on a host of nobody',
      { source: { environment: 'internal', hosts: ['db-9'] } },
      'agents of its environment: db-1',
    ],
    ['on hosts where none is', { target: { environment: 'portal', hosts: ['db-1'] } }, 'none yet'],
    [
      'on a host of a neighbour',
      { source: { environment: 'internal', hosts: ['db-7'] } },
      'agents of its environment: db-1.',
    ],
    ['of a class the policy lacks', { dataClass: 'secret' }, 'names: open, restricted'],
    ['of a provider it lacks', { provider: 'acme' }, 'names: government-cloud, public-cloud'],
    ['cut over tomorrow, in Muscat', { cutOverOn: '2026-11-22' }, 'must not be in the future'],
    ['that skips evidence', { owner: null }, 'owner must be given: it is needed for planned'],
  ])('is refused %s', async (_name, more, expected) => {
    const { id: _id, ...fields } = movedWorkload(more)
    const answer = await refused('huda', 'PUT', `${base}/mail`, { ...fields, why })
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining(expected) })
  })

  test.each<[string, object]>([
    ['without a reason', { why: undefined }],
    ['with more than is asked', { isRolledBack: false }],
    ['with its id again', { id: 'mail' }],
    ['with a number for a day', { startedOn: 5 }],
    ['with a text of a book', { owner: 'x'.repeat(1_001) }],
    ['without a name', { name: undefined }],
    ['with more in a place', { source: { environment: 'portal', hosts: [], rack: '4' } }],
  ])('is refused by its shape %s', async (_name, more) => {
    const { id: _id, ...fields } = movedWorkload()
    const answer = await refused('huda', 'PUT', `${base}/mail`, { ...fields, why, ...more })
    expect(answer).toMatchObject({ status: 400, code: 'schema' })
  })

  test('is removed only if it was never planned, and its id never comes back', async () => {
    expect(await refused('huda', 'DELETE', `${base}/licences`, { why })).toMatchObject({
      ...{ status: 409, rule: 'planned', message: expect.stringContaining('exemption') },
    })
    const corrected = askedWorkload({ id: 'licences', criticality: 'critical' })
    expect((await put('huda', corrected)).status).toBe(200)
    const again = await refused('huda', 'DELETE', `${base}/licences`, { why })
    expect(again).toMatchObject({ status: 409 })
    await put('huda', askedWorkload({ id: 'short' }))
    expect((await as('huda', 'DELETE', `${base}/short`, { why })).status).toBe(204)
    expect((await put('huda', askedWorkload({ id: 'short' }))).body).toMatchObject({
      message: expect.stringContaining('is not used again'),
    })
  })
})

describe('a whole list', () => {
  const huda = people[1]!
  // One program writes into a data directory at a time.
  beforeAll(() => collector.close())
  afterAll(open)
  const openBook = async () => {
    const store = sqliteStore(folder.file('collector.db'))
    const options = { store, now: clock.now, onChange: () => void changes++ }
    let changes = 0
    return { store, workloads: await Workloads.open(options), changes: () => changes }
  }

  test('is registered whole or not at all, and tried without being registered', async () => {
    const { store, workloads, changes } = await openBook()
    const list = [1, 2, 3].map((number) => askedWorkload({ id: `whole-${number}` }))
    const before = await store.entries()
    const bad = [...list, askedWorkload({ id: 'whole-1', weight: 0 }), movedWorkload({ id: 'X' })]
    const thrice = [list[0]!, list[0]!, list[0]!]
    await expect(workloads.tryAll(huda, 'health', thrice)).rejects.toThrow(
      /^number 2: id is that of number 1 of .*; number 3: id is that of number 1 of/,
    )
    const wanted = {
      code: 'invalid',
      message: expect.stringMatching(/^number 4: id is that of number 1 .*; number 5: id must be/),
      detail: {
        problems: [
          { index: 3, field: 'id' },
          { index: 3, field: 'weight' },
          { index: 4, field: 'id' },
        ],
      },
    }
    await expect(workloads.putAll(huda, 'health', bad, why)).rejects.toMatchObject(wanted)
    await expect(workloads.tryAll(huda, 'health', bad)).rejects.toMatchObject(wanted)
    const tried = await workloads.tryAll(huda, 'health', list)
    expect(tried.map(({ before: was, after }) => [was, after.id])).toEqual([
      [null, 'whole-1'],
      [null, 'whole-2'],
      [null, 'whole-3'],
    ])
    expect([await store.entries(), changes()]).toEqual([before, 0])
    expect(await workloads.putAll(huda, 'health', list, why)).toHaveLength(3)
    expect(await workloads.putAll(huda, 'health', list, why)).toEqual([])
    const other = list.map((each) => ({ ...each, weight: each.id === 'whole-2' ? 9 : 2 }))
    expect(await workloads.putAll(huda, 'health', other, why)).toMatchObject([{ id: 'whole-2' }])
    expect([(await store.entries()).length - before.length, changes()]).toEqual([4, 2])
    await store.close()
  })

  test('has a limit, and counts what there is', async () => {
    const { store, workloads } = await openBook()
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => askedWorkload({ id: `many-${i}` }))
    await expect(workloads.tryAll(huda, 'health', many(501))).rejects.toThrow(
      'A list holds at most 500',
    )
    const there = workloads.list(huda, 'health').length
    expect(there).toBeGreaterThan(0)
    await expect(workloads.tryAll(huda, 'health', many(500 - there + 1))).rejects.toMatchObject({
      detail: { problems: [{ index: 500 - there, field: 'id' }] },
    })
    // Those that are there already take no more room.
    const all = [...workloads.list(huda, 'health'), ...many(500 - there)]
    expect(await workloads.tryAll(huda, 'health', all)).toHaveLength(500 - there)
    await store.close()
  })
})

test('all of it is read by a start, is the same after a rebuild, and verifies offline', async () => {
  const before = await listed()
  expect(before.length).toBeGreaterThan(3)
  await collector.close()
  const file = folder.file('collector.db')
  clock.at = start + dayMs
  const { comparisons } = await rebuild({ file, now: clock.at, accept: false, progress: () => {} })
  expect(comparisons.map(({ row }) => row)).toEqual(comparisons.map(() => null))
  await open()
  expect(await listed()).toEqual(before)

  const reader = sqliteSnapshot(file)
  const rests = async (institution: string) => {
    const { entries } = await evaluateInstitution(reader, institution, clock.at, null, null)
    return entries.filter(({ what }) => what.includes('/workload/'))
  }
  expect([await rests('health'), await rests('roads')]).toEqual([await acts(), []])
  const exported = folder.file('health.jsonl')
  await exportEvidence({
    ...{ reader, institution: 'health', window: null, now: clock.at, simulated: false },
    ...{
      draft: loadDefaultModel(),
      file: exported,
      logKey: readLogKey(folder.file('log-key.pem')),
    },
    progress: () => {},
  })
  await reader.close()
  const outcome = (path: string) =>
    verify({ file: path, receipts: null, checkpoints: null, progress: () => {} })
  expect((await outcome(exported)).result).toBe('ok')
  const text = readFileSync(exported, 'utf8')
  expect(text.split('institution/health/workload/').length - 1).toBe((await acts()).length)
  const forged = folder.file('forged.jsonl')
  writeFileSync(forged, text.replace('2026-10-20', '2026-10-19'))
  expect(readFileSync(forged, 'utf8')).not.toBe(text)
  expect((await outcome(forged)).result).toBe('broken')
})
