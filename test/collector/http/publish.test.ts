import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const begin = Date.parse('2026-10-05T00:00:00Z')
const definitions = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs },
] as const

const clock = new TestClock(begin)
const agents = new Map<string, WireAgent>()
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

beforeEach(async () => {
  clock.at = begin
  folder = temporaryFolder()
  await open()
  for (const id of ['health', 'roads']) {
    const agent = new WireAgent(collector.app, begin - dayMs, definitions)
    await agent.enrol(await collector.token(id, 'portal'))
    await agent.heartbeat(dayMs)
    agents.set(id, agent)
  }
})
afterEach(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function open(): Promise<void> {
  collector = await openTestCollector(folder.file('data'), clock, twoInstitutions(folder.path))
  for (const agent of agents.values()) agent.connect(collector.app)
}

/** All is up until then, and the batch arrives at once. */
async function up(id: string, from: EpochMs, to: EpochMs): Promise<void> {
  const agent = agents.get(id)!
  const [start, end] = [from - agent.bootAt, to - agent.bootAt]
  const runs = definitions.map(({ check }) => {
    return { check, state: 'up' as const, from: start, to: end }
  })
  await heard(id)
  expect((await agent.send(agent.batch(runs))).status).toBe(200)
}

async function heard(id: string): Promise<void> {
  const agent = agents.get(id)!
  await agent.heartbeat(clock.at - agent.bootAt)
}

/** The clock goes on, minute by minute for those who are heard. */
async function pass(ms: number, ids: readonly string[]): Promise<void> {
  clock.at += ms
  for (const id of ids) await heard(id)
  await collector.noteLiveness()
  await collector.evaluate()
}

type Kpis = { asOf: number; nation: { reporting: number }; held?: { jumps: { what: string }[] } }

const kpis = async (): Promise<Kpis> => (await collector.ask('/api/v1/kpis')).json()
const confirm = (cookie?: string) =>
  collector.ask('/api/v1/publish/confirm', { why: 'roads moves house' }, cookie)

async function heldMetric(): Promise<string | undefined> {
  const { body } = await collector.app.inject('/metrics')
  return /^istimrar_publish_held (\d)$/m.exec(body)?.[1]
}

/** Both have been watched for eight days. */
async function measured(): Promise<void> {
  clock.at = begin + 8 * dayMs
  for (const id of ['health', 'roads']) await up(id, begin, clock.at)
  await pass(0, ['health', 'roads'])
  expect(await kpis()).toMatchObject({ nation: { reporting: 2, stage: 'measured' } })
}

test('a nation that is being set up is never held back', async () => {
  await pass(hourMs, ['health', 'roads'])
  expect((await kpis()).nation.reporting).toBe(2)
  await pass(hourMs, [])
  const shown = await kpis()
  expect(shown.nation.reporting).toBe(0)
  expect(shown.held).toBeUndefined()
  expect((await confirm()).status).toBe(409)
})

test('what jumped stays unpublished until somebody confirms it', async () => {
  await measured()
  const before = await kpis()
  await pass(10 * minuteMs, [])
  const held = await kpis()
  expect(held).toMatchObject({ ...before, held: { since: clock.at } })
  expect(held.held?.jumps).toEqual([{ what: 'reporting', before: 2, after: 0 }])
  expect(await heldMetric()).toBe('1')
  const page = (await collector.app.inject('/metrics')).body
  expect(page).toContain('istimrar_institutions_reporting 2')
  // The page of an institution is of the snapshot that is published.
  expect(await collector.ask('/api/v1/institutions/health')).toMatchObject({ status: 200 })

  for (const [language, words] of [
    ['en', 'until a person confirms'],
    ['ar', 'حتى التأكيد'],
  ] as const) {
    const headers = { cookie: await collector.cookie() }
    for (const url of [`/${language}`, `/${language}/institutions/roads`, `/${language}/cycles`]) {
      expect((await collector.app.inject({ url, headers })).body).toContain(words)
    }
  }

  const auditor = await collector.cookieOf({ id: 'auditor', role: 'auditor' })
  expect((await confirm(auditor)).status).toBe(403)
  expect((await kpis()).held).toBeDefined()
  const ministry = await collector.cookieOf({ id: 'maryam', role: 'ministry' })
  expect((await confirm(ministry)).json()).toEqual({ held: false })
  const after = await kpis()
  expect(after.nation.reporting).toBe(0)
  expect(after.held).toBeUndefined()
  expect(await heldMetric()).toBe('0')
  const reader = sqliteReader(folder.file('data/collector.db'))
  const act = (await reader.entries()).find(({ what }) => what === 'publish/confirm')
  await reader.close()
  expect(act).toMatchObject({ actor: 'maryam', why: 'roads moves house', after: held.held })
})

test('a jump that goes away needs nobody, and a start is held by nothing', async () => {
  await measured()
  await pass(10 * minuteMs, [])
  expect((await kpis()).held).toBeDefined()
  await pass(minuteMs, ['health', 'roads'])
  const shown = await kpis()
  expect(shown.held).toBeUndefined()
  expect(await heldMetric()).toBe('0')

  await pass(10 * minuteMs, [])
  expect((await kpis()).held).toBeDefined()
  await collector.close()
  await open()
  expect((await kpis()).held).toBeUndefined()
})

type Change = { figure: string; old: string; new: string; asOf: number; cause: object | null }

async function changes(): Promise<Change[]> {
  const { changes } = (await collector.ask('/api/v1/cycles/2027-04/changes')).json() as {
    changes: Change[]
  }
  return changes
}

/** The collector runs on, and notes it. */
async function runOn(ms: number): Promise<void> {
  for (const end = clock.at + ms; clock.at < end; ) {
    clock.at = Math.min(end, clock.at + minuteMs)
    await collector.noteLiveness()
  }
}

test('late data note old and new of what was published; passing time does not', async () => {
  await runOn(22 * hourMs)
  const last = clock.at
  for (const id of ['health', 'roads']) await up(id, begin, last)
  await pass(0, ['health', 'roads'])
  await runOn(4 * hourMs)
  await up('roads', last, clock.at)
  await pass(0, ['roads'])
  // Both were silent over midnight, but no figure of a day that was over had been published.
  expect(await changes()).toEqual([])
  const { asOf } = await kpis()

  await runOn(30 * minuteMs)
  await up('health', last, clock.at)
  await pass(0, ['health', 'roads'])
  const noted = await changes()
  expect(noted.map(({ figure }) => figure).sort()).toEqual(['institution/health', 'nation'])
  for (const { figure, ...change } of noted) {
    expect(change).toMatchObject({
      cycle: '2027-04',
      asOf,
      new: '100.00',
      cause: { log: 'health' },
    })
    const hours = figure === 'nation' ? 2 : 1
    expect(Number(change.old) / 100).toBeCloseTo(1 - 3.8 / 26 / hours, 1)
  }

  let from = clock.at
  await up('roads', last + 4 * hourMs, clock.at)
  for (let i = 0; i < 5; i++) {
    await runOn(10 * minuteMs)
    for (const id of ['health', 'roads']) await up(id, from, clock.at)
    from = clock.at
    await pass(0, ['health', 'roads'])
  }
  expect(await changes()).toEqual(noted)
})
