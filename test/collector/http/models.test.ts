import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const start = Date.parse('2026-11-02T08:00:00Z')
const people = [
  { id: 'amal', role: 'admin' },
  { id: 'maryam', role: 'ministry' },
  { id: 'said', role: 'ministry' },
  { id: 'salim', role: 'evaluator' },
  { id: 'rashid', role: 'auditor' },
  { id: 'huda', role: 'institution', institution: 'health' },
] as const
type Person = (typeof people)[number]['id']

const clock = new TestClock(start)
let cookies: ReadonlyMap<string, string>
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

const shipped = readFileSync('collector/model/readiness-1.0.0.yaml', 'utf8')
const next = shipped
  .replace('version: 1.0.0', 'version: 2.0.0')
  .replace('{op: ">=", value: 85}', '{op: ">=", value: 90}')
const why = 'the plan of the year'

beforeAll(async () => {
  folder = temporaryFolder()
  await open()
  cookies = await cookiesOf(collector, people)
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function open() {
  collector = await openTestCollector(folder.file('data'), clock, twoInstitutions(folder.path))
}

type Answer = {
  code?: string
  rule?: string
  message?: string
  problems?: { line: number; path: string }[]
  mark?: { version: string; status: string; hash: string }
  from?: number | null
  decision?: { by: string } | null
  kind?: string
  changes?: { path: string; old: string; new: string }[]
  model?: { dimensions: unknown[] }
  inForce?: { mark: { version: string; status: string }; from: number | null }
  models?: { mark: { version: string; status: string } }[]
}

async function as(who: Person, path: string, body?: object) {
  const answer = await collector.ask(`/api/v1/models${path}`, body, cookies.get(who)!)
  return { status: answer.status, body: answer.json() as Answer }
}

test('until one is approved, the default model computes as a draft', async () => {
  const { status, body } = await as('rashid', '')
  expect(status).toBe(200)
  expect(body.models).toEqual([])
  expect(body.inForce).toMatchObject({ from: null, mark: { version: '1.0.0', status: 'draft' } })
  const current = await as('huda', '/current')
  expect(current.body.mark?.status).toBe('draft')
  expect(current.body.model?.dimensions).toHaveLength(8)
})

test('a file that is wrong is refused with every problem and its line; nothing changes', async () => {
  const wrong = shipped
    .replace('full_at: 365', 'full_at: 0')
    .replace('en: "Foundations"', 'en: ""')
    .replace('{id: low, min: 0', '{id: low, min: 1')
  for (const path of ['', '/difference', '/what-if']) {
    const body = { text: wrong, ...(path === '' && { why }) }
    const refused = await as('maryam', path, body)
    expect(refused.status, path).toBe(400)
    expect(refused.body.code).toBe('invalid')
    expect(refused.body.problems?.map((each) => each.path)).toEqual([
      'levels[4].min',
      'dimensions[0].label.en',
      'dimensions[0].indicators[0].score.full_at',
    ])
    expect(refused.body.problems?.every(({ line }) => line > 0)).toBe(true)
  }
  expect((await as('maryam', '')).body.models).toEqual([])
})

test('whoever has no part in it is refused', async () => {
  expect((await as('salim', '', { text: shipped, why })).body.rule).toBe('role')
  expect((await as('huda', '', { text: shipped, why })).body.rule).toBe('role')
  expect((await as('huda', '/what-if', { text: shipped })).status).toBe(403)
  expect((await as('huda', '/difference', { text: shipped })).status).toBe(403)
  expect((await as('huda', '', { text: 'no model', why })).body.rule).toBe('role')
  expect((await as('maryam', '/om-infra/1.0.0')).status).toBe(404)
  expect((await as('maryam', '/om-infra/1.0.0/approve', { why })).status).toBe(404)
  expect((await as('maryam', '', { text: shipped })).body.code).toBe('schema')
  expect((await as('maryam', '', { text: 'x'.repeat(129 * 1024), why })).status).toBe(400)
})

describe('two persons', () => {
  test('make a model hold, from its approval on', async () => {
    const proposed = await as('maryam', '', { text: shipped, why })
    expect(proposed.body).toMatchObject({ mark: { status: 'draft' }, decision: null })
    expect((await as('maryam', '')).body.inForce?.mark.status).toBe('draft')
    const own = await as('maryam', '/om-infra/1.0.0/approve', { why })
    expect([own.status, own.body.rule]).toEqual([403, 'second_person'])
    clock.at += minuteMs
    const approved = await as('salim', '/om-infra/1.0.0/approve', { why })
    expect(approved.body).toMatchObject({ mark: { status: 'approved' }, decision: { by: 'salim' } })
    expect((await as('maryam', '')).body.inForce).toMatchObject({
      from: clock.at,
      mark: { version: '1.0.0', status: 'approved' },
    })
    expect((await as('huda', '/om-infra/1.0.0')).body.model?.dimensions).toHaveLength(8)
  })

  test('never change an approved version', async () => {
    const edited = shipped.replace('full_at: 365', 'full_at: 300')
    expect((await as('maryam', '', { text: edited, why })).body.rule).toBe('immutable')
    expect((await as('maryam', '', { text: shipped, why })).body.rule).toBe('approved')
    const patch = edited.replace('version: 1.0.0', 'version: 1.0.1')
    const refused = await as('maryam', '', { text: patch, why })
    expect(refused.body.rule).toBe('step')
    expect(refused.body.message).toContain('a major step')
  })

  test('refuse one without a trace in what computes', async () => {
    await as('maryam', '', { text: next, why })
    const refused = await as('said', '/om-infra/2.0.0/refuse', { why })
    expect(refused.body.mark?.status).toBe('draft')
    expect((await as('maryam', '')).body.inForce?.mark.version).toBe('1.0.0')
  })
})

test('a difference names what changes and the step that it takes', async () => {
  const { body } = await as('rashid', '/difference', { text: next })
  expect(body).toMatchObject({
    kind: 'major',
    changes: [{ path: 'targetRatio', old: '0.85', new: '0.9' }],
  })
})

type Side = { mark: { version: string; status: string }; nation: { members: number } }
type Trial = {
  official: boolean
  cycle: string | null
  before: Side
  after: Side
  institutions: { id: string; before: { stage: string }; after: { low: { percent: string } } }[]
}

test.each([undefined, '2027-04'])('a trial shows both, and stores nothing: %s', async (cycle) => {
  await collector.evaluate()
  const known = await as('maryam', '')
  const asked = { text: next, ...(cycle !== undefined && { cycle }) }
  const { status, body } = await as('rashid', '/what-if', asked)
  expect(status).toBe(200)
  const trial = body as unknown as Trial
  expect(trial).toMatchObject({ official: false, cycle: cycle ?? null })
  expect(trial.after.mark).toMatchObject({ version: '2.0.0', status: 'draft' })
  expect(trial.institutions.map(({ id }) => id)).toEqual(['health', 'roads'])
  expect(trial.institutions.map(({ after }) => after.low.percent)).toEqual(['0.00', '0.00'])
  expect((await as('maryam', '')).body).toEqual(known.body)
})

test('a trial over a cycle that is not known is refused', async () => {
  expect((await as('rashid', '/what-if', { text: next, cycle: '1999-04' })).status).toBe(404)
})

test('a collector that starts again, and one that is rebuilt, know the same', async () => {
  const before = await as('maryam', '')
  await collector.close()
  await rebuilt()
  await open()
  expect((await as('maryam', '')).body).toEqual(before.body)
})

async function rebuilt(): Promise<void> {
  const { swapped } = await rebuild({
    file: folder.file('data/collector.db'),
    now: clock.at,
    accept: false,
    progress: () => {},
  })
  expect(swapped).toBe(true)
}
