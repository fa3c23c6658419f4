import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LostSummary } from '../../../collector/http/views.ts'
import type { Snapshot } from '../../../collector/kpi/snapshot.ts'
import { type BootMs, dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { readPage } from '../../support/metrics-page.ts'
import { WireAgent } from '../../support/wire-agent.ts'

/** The environment `office` works on five days of the week from 8 to 16, the other one always. */
const registerYaml = `apiVersion: istimrar.register/v1
institutions:
  - id: health
    kind: institution
    name: { ar: الصحة, en: Health }
    environments:
      - id: portal
        name: { ar: البوابة, en: Portal }
        class: internal
        criticality: critical
      - id: office
        name: { ar: المكتب, en: Office }
        class: internal
        criticality: supporting
        serviceHours: [{ days: [sun, mon, tue, wed, thu], from: "08:00", to: "16:00" }]
populations: { continuity: [health], enabled: [], readiness: [] }
`

const start = Date.parse('2026-11-22T06:00:00Z')
const bootAt = start - hourMs
const definitions = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs },
] as const
const clock = new TestClock(start)

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let copied: WireAgent

/** Two outages, of four minutes and of seven; later a second agent of the office is copied. */
beforeAll(async () => {
  folder = temporaryFolder()
  const register = folder.file('register.yaml')
  writeFileSync(register, registerYaml)
  collector = await openTestCollector(folder.file('data'), clock, register)
  const agent = new WireAgent(collector.app, bootAt, [...definitions])
  await agent.enrol(await collector.token('health', 'portal'))
  await agent.heartbeat(hourMs)
  await passTo(100)
  await agent.heartbeat(clock.at - bootAt)
  const spans = [
    ['up', 60, 72],
    ['down', 72, 76],
    ['up', 76, 90],
    ['down', 90, 97],
    ['up', 97, 100],
  ] as const
  const runs = spans.map(([state, from, to]) => ({
    ...{ check: 'web', state, ...minutes(from, to) },
    ...(state === 'down' && { reason: 'refused' as const }),
  }))
  const host = { check: 'host', state: 'up' as const, ...minutes(60, 100) }
  expect((await agent.send(agent.batch([host, ...runs]))).status).toBe(200)
  copied = new WireAgent(collector.app, bootAt, [...definitions])
  await copied.enrol(await collector.token('health', 'office'))
  await copied.heartbeat(clock.at - bootAt)
  await copied.send(copied.batch([]))
  const copy = copied.copy()
  await copied.send(copied.batch([]))
  await copy.send(copy.batch([], { window: { from: 0, to: 7 } }))
  await copied.send(copied.batch([]))
  await passTo(115)
  await agent.heartbeat(clock.at - bootAt)
  await collector.evaluate()
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

function minutes(from: number, to: number): { from: BootMs; to: BootMs } {
  return { from: from * minuteMs, to: to * minuteMs }
}

async function passTo(minute: number): Promise<void> {
  while (clock.at < bootAt + minute * minuteMs) {
    clock.at += minuteMs
    await collector.noteLiveness()
  }
}

/** Values of a metric on the real page, by labels that are named. */
async function valuesOf(metric: string, ...labels: string[]): Promise<Record<string, number>> {
  const { body } = await collector.app.inject('/metrics')
  const { series } = readPage(body).find(({ name }) => name === `istimrar_${metric}`)!
  const rows = series.map(({ name, value }) => [
    labels.map((label) => new RegExp(`[{,]${label}="(.*?)"`).exec(name)?.[1]).join(' '),
    value,
  ])
  return Object.fromEntries(rows)
}

test('outages are those that the API tells of', async () => {
  const answer = await collector.ask('/api/v1/institutions/health/lost?window=cycle')
  const { environments } = answer.json() as LostSummary
  const counts = environments.map(({ id, outages }) => [`${id} cycle`, outages.count])
  const longest = environments.map(({ id, outages }) => [id, (outages.longestMs ?? 0) / 1000])
  expect(Object.fromEntries(counts)).toEqual({ 'portal cycle': 2, 'office cycle': 0 })
  expect(await valuesOf('environment_outages', 'environment', 'window')).toMatchObject(
    Object.fromEntries(counts),
  )
  expect(await valuesOf('environment_longest_outage_seconds', 'environment')).toEqual(
    Object.fromEntries(longest),
  )
})

test('a budget counts the service hours to come, and down time has left it', async () => {
  const kpis = (await collector.ask('/api/v1/kpis')).json() as Snapshot
  const { cycle, asOf } = kpis
  const totals = await valuesOf('error_budget_seconds', 'scope', 'environment', 'window')
  const portal = (cycle.to - start) / 1000 / 20
  expect(totals['environment portal cycle']).toBeCloseTo(portal, 6)
  // From here to the end of March: 19 weeks less a day of five days of eight hours.
  const days = Array.from({ length: Math.ceil((cycle.to - start) / dayMs) }, (_, i) => {
    return new Date(start + i * dayMs).getUTCDay()
  }).filter((day) => day < 5)
  // The first day had six hours left at the start: 10:00 to 16:00 in Muscat.
  const office = (days.length * 8 - 2) * 3_600
  expect(totals['environment office cycle']).toBeCloseTo(office / 20, 6)
  expect(totals['institution  cycle']).toBeCloseTo((portal * 4 + office / 20) / 5, 6)
  const known = (asOf - start) / 1000
  const left = await valuesOf(
    'error_budget_left_seconds',
    'scope',
    'environment',
    'window',
    'bound',
  )
  expect(left['environment portal cycle high']).toBeCloseTo(portal - 11 * 60, 6)
  expect(left['environment portal 30d high']).toBeCloseTo(known / 20 - 11 * 60, 6)
  const ratio = await valuesOf('error_budget_left_ratio', 'scope', 'environment', 'window', 'bound')
  expect(ratio['environment portal cycle high']).toBeCloseTo(1 - (11 * 60) / portal, 12)
})

test('an agent in quarantine is counted, with what is kept aside of it', async () => {
  expect(await valuesOf('agents', 'status')).toEqual({
    ...{ pending: 0, active: 1, quarantined: 1, revoked: 0 },
  })
  // What gave the copy away, and what came after it.
  const [aside] = Object.entries(await valuesOf('agent_contested_messages', 'environment', 'agent'))
  expect(aside).toEqual([`office ${copied.agent}`, 2])
})

test('how each agent is dated, and how the store stands', async () => {
  expect(await valuesOf('agent_clock_class', 'environment', 'class')).toEqual({
    'portal A': 1,
    'office A': 1,
  })
  const leaves = await valuesOf('evidence_leaves', 'log')
  const signed = await valuesOf('evidence_checkpoint_leaves', 'log')
  expect(Object.keys(leaves)).toEqual(['health', 'national'])
  expect(signed.national).toBeLessThanOrEqual(leaves.national!)
  const bytes = await valuesOf('store_database_bytes')
  expect(bytes['']).toBeGreaterThan(0)
  const newest = await valuesOf('evidence_last_leaf_timestamp_seconds')
  expect(newest['']).toBe(clock.at / 1000)
  expect(await valuesOf('backup_timestamp_seconds')).toEqual({ '': Number.NaN })
})
