import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Evaluator } from '../../../collector/evaluate/evaluator.ts'
import { exportEvidence } from '../../../collector/evidence/export.ts'
import { readLogKey } from '../../../collector/evidence/log-key.ts'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { verify } from '../../../collector/evidence/verify.ts'
import { loadDefaultModel } from '../../../collector/model/read-model.ts'
import type { ListedDeclaration } from '../../../collector/people/declarations.ts'
import { declarationsAt } from '../../../collector/register/declarations-log.ts'
import { sqliteReader, sqliteSnapshot } from '../../../collector/store/sqlite/sqlite.ts'
import { version } from '../../../collector/version.ts'
import { dayMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
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
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const base = '/api/v1/institutions/health/declarations'
const shown = { why: 'the file is complete' }
const metric = (name: string, value: unknown = true) => ({ kind: 'metric', metric: name, value })
const asked = (more: object = {}) => ({
  ...{ environment: null, about: metric('operations.trained_staff') },
  ...{ evidenceSha256: 'ab'.repeat(32), detail: 'شهادات التدريب رقم 12' },
  ...{ expiresAt: start + 200 * dayMs, ...more },
})

const as = (who: string, url: string, body?: object) =>
  collector.ask(url, body, cookies.get(who) ?? 'session=nobody')
const listed = async (query = '', who = 'amal') =>
  ((await as(who, `/api/v1/declarations${query}`)).json() as { declarations: ListedDeclaration[] })
    .declarations

async function declared(body: object = asked(), who = 'huda'): Promise<ListedDeclaration> {
  const answer = await as(who, base, body)
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.json()))
  return answer.json()
}

/** Takes it back, and leaves its subject free for the next test. */
async function withdrawn(id: string): Promise<void> {
  expect((await as('huda', `${base}/${id}/withdraw`, { why: 'not now' })).status).toBe(200)
}

async function acts() {
  const reader = sqliteReader(folder.file('collector.db'))
  const entries = await reader.entries('figures')
  await reader.close()
  return entries.filter(({ what }) => what.includes('/declaration/'))
}

/** Asks, and makes sure that a refusal changed nothing. */
async function refused(who: string, url: string, body: object) {
  const before = [await acts(), await listed()]
  const answer = await as(who, url, body)
  expect([await acts(), await listed()]).toEqual(before)
  return { status: answer.status, ...(answer.json() as object) }
}

describe('who may', () => {
  test('declare: an admin, or an institution for itself', async () => {
    const statuses: Record<string, number> = {}
    for (const who of ['amal', 'huda', 'rashid', 'maryam', 'nasser', 'auditor', 'nobody']) {
      const answer = await as(who, base, asked())
      statuses[who] = answer.status
      if (answer.status === 201) await withdrawn((answer.json() as ListedDeclaration).id)
    }
    expect(statuses).toEqual({
      ...{ amal: 201, huda: 201, rashid: 404, maryam: 403, nasser: 403, auditor: 403 },
      nobody: 401,
    })
  })

  test('review: another body than the one that declared, once', async () => {
    const { id } = await declared()
    for (const act of ['verify', 'refuse']) {
      for (const [who, status, rule] of [
        ['huda', 403, 'role'],
        ['salim', 403, 'role'],
        ['amal', 403, 'role'],
        ['auditor', 403, 'role'],
        ['rashid', 404, undefined],
      ] as const) {
        const answer = await refused(who, `${base}/${id}/${act}`, shown)
        expect([who, answer]).toMatchObject([who, { status, ...(rule && { rule }) }])
      }
    }
    const answers = await Promise.all([
      as('maryam', `${base}/${id}/verify`, shown),
      as('nasser', `${base}/${id}/refuse`, shown),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 409])
    expect(answers[0]!.json()).toMatchObject({
      ...{ id, institution: 'health', state: 'verified', requestedBy: 'huda' },
      decision: { is: 'approved', by: 'maryam', role: 'ministry', why: shown.why },
    })
    await withdrawn(id)
    const byAdmin = await declared(asked(), 'amal')
    const url = `${base}/${byAdmin.id}/verify`
    expect(await refused('maryam', url, shown)).toMatchObject({ status: 403, rule: 'own_body' })
    expect((await as('nasser', url, shown)).status).toBe(200)
    await withdrawn(byAdmin.id)
  })

  test('withdraw: whoever may declare', async () => {
    const { id } = await declared()
    for (const [who, status] of [
      ['maryam', 403],
      ['nasser', 403],
      ['auditor', 403],
      ['rashid', 404],
    ] as const) {
      expect(await refused(who, `${base}/${id}/withdraw`, shown)).toMatchObject({ status })
    }
    await withdrawn(id)
    expect(await refused('huda', `${base}/${id}/withdraw`, shown)).toMatchObject({
      ...{ status: 409, rule: 'closed' },
    })
    expect(await refused('maryam', `${base}/${id}/verify`, shown)).toMatchObject({
      ...{ status: 409, rule: 'withdrawn' },
    })
  })

  test('see: everybody, an institution its own alone; a foreign id is like none', async () => {
    const { id } = await declared()
    const ids = async (who: string) => (await listed('?state=open', who)).map((each) => each.id)
    for (const who of ['huda', 'maryam', 'nasser', 'auditor']) expect(await ids(who)).toEqual([id])
    expect(await ids('rashid')).toEqual([])
    for (const [url, body] of [
      [base, undefined],
      [`${base}/${id}`, undefined],
      [`${base}/${id}/withdraw`, shown],
      [`${base}/${id}/verify`, shown],
      [base, asked()],
    ] as const) {
      const foreign = await as('rashid', url, body)
      const missing = await as('rashid', url.replace('health', 'nobody'), body)
      expect([foreign.status, foreign.json()]).toEqual([404, missing.json()])
    }
    expect((await as('huda', `${base}/${id}`)).json()).toMatchObject({ id, state: 'open' })
    expect((await as('amal', `${base}/c-0`)).status).toBe(404)
    expect((await as('amal', base.replace('health', 'nobody'), asked())).status).toBe(404)
    await withdrawn(id)
  })
})

describe('a declaration is refused', () => {
  test.each<[string, object, number, string]>([
    ['of an unknown metric', { about: metric('os.colour') }, 400, 'metric'],
    ['of what is measured', { about: metric('firewall.on') }, 400, 'measured'],
    ['with a word for yes', { about: metric('operations.trained_staff', 3) }, 400, 'value'],
    [
      'of an environment that is none',
      { about: metric('backup.restore_age_days', 3) },
      400,
      'of_environment',
    ],
    ['of the wrong place', { environment: 'portal' }, 400, 'of_institution'],
    [
      'of a criterion no model has',
      { about: { kind: 'waiver', criterion: 'E21' } },
      400,
      'criterion',
    ],
    ['with the fields of another kind', { about: { kind: 'waiver', metric: 'a' } }, 400, 'about'],
    ['with more than its kind has', { about: { ...metric('a'), criterion: 'E1' } }, 400, 'about'],
    ['without a value', { about: { kind: 'metric', metric: 'a' } }, 400, 'about'],
    ['that has expired', { expiresAt: start - dayMs }, 400, 'expired'],
    ['for longer than a year', { expiresAt: start + 366 * dayMs }, 400, 'too_long'],
  ])('%s', async (_name, more, status, rule) => {
    expect(await refused('huda', base, asked(more))).toMatchObject({ status, rule })
  })

  test('of an environment that is not registered', async () => {
    const about = metric('backup.restore_age_days', 3)
    const answer = await refused('huda', base, asked({ about, environment: 'other' }))
    expect(answer).toMatchObject({ status: 404, message: 'There is no such environment.' })
  })

  test('with the metrics that can be declared in its words', async () => {
    const answer = await refused('huda', base, asked({ about: metric('os.colour') }))
    expect(answer).toMatchObject({
      message: expect.stringContaining('operations.continuity_exercised'),
    })
  })

  test.each<[string, object]>([
    ['another kind', { about: { kind: 'wish' } }],
    ['a text as a value', { about: metric('operations.trained_staff', 'yes') }],
    ['more in what it is about', { about: { ...metric('a'), secret: 1 } }],
    ['no hash', { evidenceSha256: 'report.pdf' }],
    ['no evidence', { evidenceSha256: null }],
    ['an environment that is no id', { environment: '../roads' }],
    ['no expiry', { expiresAt: undefined }],
    ['half a millisecond', { expiresAt: start + 0.5 }],
    ['a description of two lines', { detail: 'one\ntwo' }],
    ['a description with a hidden character', { detail: 'one\u202etwo' }],
    ['a description that is too long', { detail: 'x'.repeat(301) }],
    ['no description', { detail: undefined }],
    ['more than is asked', { decision: null }],
  ])('with %s', async (_name, more) => {
    const answer = await refused('huda', base, asked(more))
    expect(answer).toMatchObject({ status: 400, code: 'schema' })
  })

  test('with another about the same that waits; of two at once one stands', async () => {
    const answers = await Promise.all([as('huda', base, asked()), as('salim', base, asked())])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const [open] = await listed('?state=open')
    const answer = await refused('huda', base, asked())
    expect(answer).toMatchObject({ rule: 'waiting', message: expect.stringContaining(open!.id) })
    await withdrawn(open!.id)
  })
})

test('the model in force says what can be waived, and the index counts what was declared', async () => {
  const waiver = asked({ about: { kind: 'waiver', criterion: 'E3' } })
  await collector.evaluate()
  const none = { kind: 'waiver', criterion: 'E20' }
  const unknown = await refused('huda', base, asked({ about: none }))
  expect(unknown).toMatchObject({ rule: 'criterion', message: expect.stringContaining('E1, E2') })
  const disk = { kind: 'not_applicable', metric: 'os.support_left_days' }
  const always = await refused('huda', base, asked({ about: disk, environment: 'portal' }))
  expect(always).toMatchObject({ status: 400, rule: 'applies' })
  const { id } = await declared(waiver)
  const plan = await declared(asked({ about: metric('operations.continuity_exercised') }))
  const figures = async () => {
    const reader = sqliteReader(folder.file('collector.db'))
    const defaultModel = loadDefaultModel()
    const evaluator = new Evaluator({ reader, engine: version, simulated: false, defaultModel })
    const { snapshot } = (await evaluator.evaluate(clock.at))!
    await reader.close()
    const { criteria } = snapshot.readiness!.institutions.health!.enabled
    return ['E3', 'E8'].map((each) => criteria.find((one) => one.id === each)?.status)
  }
  expect(await figures()).toEqual(['unknown', 'unknown'])
  await as('maryam', `${base}/${id}/verify`, shown)
  await as('maryam', `${base}/${plan.id}/verify`, shown)
  expect(await figures()).toEqual(['waived', 'pass'])
  clock.at = start + 200 * dayMs
  expect(await figures()).toEqual(['unknown', 'unknown'])
  clock.at = start
  // Whoever goes on evaluating sees it expire within the hour as well.
  const soon = { about: { kind: 'waiver', criterion: 'E6' }, expiresAt: start + 40 * minuteMs }
  const short = await declared(asked(soon))
  await as('nasser', `${base}/${short.id}/verify`, shown)
  const reader = sqliteReader(folder.file('collector.db'))
  const defaultModel = loadDefaultModel()
  const evaluator = new Evaluator({ reader, engine: version, simulated: false, defaultModel })
  const statuses: unknown[] = []
  for (const minutes of [30, 39, 40]) {
    const { snapshot } = (await evaluator.evaluate(start + minutes * minuteMs))!
    const { criteria } = snapshot.readiness!.institutions.health!.enabled
    statuses.push(criteria.find((one) => one.id === 'E6')?.status)
  }
  await reader.close()
  expect(statuses).toEqual(['waived', 'waived', 'unknown'])
  await withdrawn(short.id)
  for (const each of [id, plan.id]) await withdrawn(each)
})

describe('what was declared', () => {
  const inForce = async (at: number) => {
    const reader = sqliteReader(folder.file('collector.db'))
    const entries = await reader.entries('figures')
    await reader.close()
    const found = declarationsAt(entries, at).get('health') ?? []
    return found.map(({ id, about, isVerified }) => [id, about, isVerified])
  }

  test('is renewed, expires, and stays in the institution’s log through all of it', async () => {
    const about = metric('backup.restore_age_days', 12)
    const first = await declared(asked({ about, environment: 'portal' }))
    await as('nasser', `${base}/${first.id}/verify`, shown)
    clock.at += 100 * dayMs
    const later = { about: metric('backup.restore_age_days', 2), environment: 'portal' }
    const second = await declared(asked({ ...later, expiresAt: clock.at + 300 * dayMs }))
    expect(await inForce(clock.at)).toEqual([
      [first.id, metric('backup.restore_age_days', 112), true],
    ])
    await as('maryam', `${base}/${second.id}/verify`, shown)
    expect(await inForce(clock.at)).toEqual([
      [second.id, metric('backup.restore_age_days', 2), true],
    ])
    expect((await as('huda', `${base}/${first.id}`)).json()).toMatchObject({ state: 'replaced' })
    // Of an earlier instant it says what it said then.
    expect(await inForce(clock.at - dayMs)).toEqual([
      [first.id, metric('backup.restore_age_days', 111), true],
    ])
    clock.at += 300 * dayMs
    expect(await inForce(clock.at)).toEqual([])
    const late = await as('huda', `${base}/${second.id}`)
    expect(late.json()).toMatchObject({ state: 'expired' })
  })

  test('is read by a start, is the same after a rebuild, and verifies offline', async () => {
    const before = await listed()
    await collector.close()
    const file = folder.file('collector.db')
    const { comparisons } = await rebuild({
      ...{ file, now: clock.at, accept: false, progress: () => {} },
    })
    expect(comparisons.map(({ row }) => row)).toEqual(comparisons.map(() => null))
    collector = await openTestCollector(folder.path, clock, `${folder.path}/register.yaml`)
    expect(await listed()).toEqual(before)
    expect(before.length).toBeGreaterThan(4)

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
    expect(text.split('/declaration/').length - 1).toBe((await acts()).length)
    const forged = folder.file('forged.jsonl')
    writeFileSync(forged, text.replace('رقم 12', 'رقم 13'))
    expect((await outcome(forged)).result).toBe('broken')
  })
})
