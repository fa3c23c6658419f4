import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EnvironmentDetail } from '../../../collector/kpi/snapshot.ts'
import type { ListedWindow } from '../../../collector/people/maintenance.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import {
  exampleFiles,
  openTestCollector,
  TestClock,
  type TestCollector,
  textOf,
} from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent } from '../../support/wire-agent.ts'

/** From an approval to figures, on a collector whose clock the test moves. */

/** A Saturday, 16:00 in Muscat. */
const start = Date.parse('2026-11-21T12:00:00Z')
const base = '/api/v1/institutions/local/environments/this-machine/maintenance'
const why = 'new storage'

let folder: ReturnType<typeof temporaryFolder>
let clock: TestClock
let collector: TestCollector
let agent: WireAgent
let ministry: string

beforeEach(async () => {
  folder = temporaryFolder()
  clock = new TestClock(start)
})

afterEach(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function open(registerFile = exampleFiles.register): Promise<void> {
  collector = await openTestCollector(folder.path, clock, registerFile)
  agent = new WireAgent(collector.app, start - dayMs, [
    { check: 'host', kind: 'host', intervalMs: minuteMs },
    { check: 'web', kind: 'http', intervalMs: minuteMs },
  ])
  await agent.enrol(await collector.token())
  ministry = await collector.cookieOf({ id: 'maryam', role: 'ministry' })
}

/** Lets hours pass in which the collector runs and nothing is heard of the host. */
async function pass(hours: number): Promise<void> {
  for (let minute = 0; minute < hours * 60; minute++) {
    clock.at += minuteMs
    await collector.noteLiveness()
  }
}

/** Lets hours pass in which the host is up, and down from `downAt`; it then tells of it. */
async function live(hours: number, downAt: EpochMs | null = null): Promise<void> {
  const from = clock.at - start + dayMs
  await pass(hours)
  const to = clock.at - start + dayMs
  await agent.heartbeat(to)
  const down = downAt === null ? to : downAt - start + dayMs
  const states = [
    { check: 'web', state: 'up' as const, from, to: down },
    { check: 'web', state: 'down' as const, from: down, to },
  ].filter((run) => run.from < run.to)
  const { status, text } = await agent.send(
    agent.batch([{ check: 'host', state: 'up', from, to }, ...states]),
  )
  if (status !== 200) throw new Error(text)
}

/** Waits until all that was seen is in the figures. */
async function settle(): Promise<void> {
  clock.at += 11 * minuteMs
  await agent.heartbeat(clock.at - start + dayMs)
}

async function ask(from: EpochMs, to: EpochMs): Promise<string> {
  const answer = await collector.ask(base, { from, to, why })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.json()))
  return (answer.json() as ListedWindow).id
}

async function approve(id: string): Promise<void> {
  const answer = await collector.ask(`${base}/${id}/approve`, { why: 'agreed' }, ministry)
  expect(answer.status).toBe(200)
}

async function environment(): Promise<EnvironmentDetail> {
  await collector.evaluate()
  const answer = await collector.ask('/api/v1/institutions/local')
  const { institution } = answer.json() as { institution: { environments: EnvironmentDetail[] } }
  return institution.environments[0]!
}

/** Minutes of the cycle, by state. */
async function minutesOf(): Promise<Record<string, number>> {
  const { sums } = (await environment()).continuity.cycle
  const entries = Object.entries(sums ?? {}).map(([name, ms]) => [name.replace('Ms', ''), ms])
  return Object.fromEntries(entries.map(([name, ms]) => [name, Number(ms) / minuteMs]))
}

test('a window that comes true leaves the figures, its strip and its state say so', async () => {
  await open()
  const from = start + 50 * hourMs
  await approve(await ask(from, from + 2 * hourMs))
  await live(50)
  await live(1, clock.at)
  const during = await environment()
  expect(during).toMatchObject({ state: 'maintenance', since: from })
  // Down in it is what it is for: the next work may be asked for.
  await ask(clock.at + 60 * hourMs, clock.at + 61 * hourMs)
  await live(3, clock.at + 2 * hourMs)
  await settle()
  const sums = await minutesOf()
  expect(sums).toMatchObject({ maintenance: 120, down: 60, up: 51 * 60 })
  const after = await environment()
  expect(after).toMatchObject({
    ...{ state: 'down', since: from + 3 * hourMs },
    maintenance: { usedMs: 2 * hourMs, quotaMs: dayMs, noticeMs: 48 * hourMs },
  })
  expect(after.continuity.cycle.gross.low!.ratio).toBeLessThan(after.continuity.cycle.low!.ratio)
  const headers = { cookie: await collector.cookie() }
  const page = await collector.app.inject({
    url: '/en/institutions/local/environments/this-machine',
    headers,
  })
  expect(page.body).toMatch(/<rect class="maintenance"/)
  const { body } = await collector.app.inject('/metrics')
  const place = 'institution="local",environment="this-machine"'
  expect(body).toContain(`istimrar_maintenance_used_ratio{${place}} ${120 / 1_440}\n`)
})

test('what is decided about the running day is in the next figures', async () => {
  await open()
  await live(1)
  // Starts in the same UTC day as it is decided on, of which the figures hold all hours.
  const id = await ask(start + 49 * hourMs, start + 60 * hourMs)
  await live(47.5)
  await environment()
  await approve(id)
  // No evidence comes that would have the day derived again.
  await pass(1)
  await settle()
  expect(await minutesOf()).toMatchObject({ maintenance: 30 })
  await pass(1)
  await environment()
  const end = Math.ceil(clock.at / minuteMs) * minuteMs
  const shorter = await collector.ask(`${base}/${id}/shorten`, { to: end, why: 'done early' })
  expect(shorter.status).toBe(200)
  await pass(1)
  await settle()
  expect((await minutesOf()).maintenance).toBe((end - start) / minuteMs - 49 * 60)
  expect((await environment()).state).not.toBe('maintenance')
})

test('only time in scope takes from the quota', async () => {
  const hours = `serviceHours: [{ days: [sun, mon, tue, wed, thu], from: 07:00, to: 15:00 }]`
  const file = folder.file('register.yaml')
  const text = textOf(exampleFiles.register)
  writeFileSync(file, text.replace(/^( +)criticality: .*$/m, `$&\n$1${hours}`))
  await open(file)
  // Sunday to Friday, of which 40 hours are service: the quota ends with the third day.
  const sunday = start + 8 * dayMs - 16 * hourMs
  await approve(await ask(sunday, sunday + 5 * dayMs))
  const { maintenance } = await environment()
  expect(maintenance.usedMs).toBe(1_440 * minuteMs)
  clock.at = sunday + 10 * dayMs
  expect(await minutesOf()).toMatchObject({ maintenance: 1_440 })
})
