import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LostAnswer, LostSummary } from '../../../collector/http/views.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { type BootMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const bootAt = start - hourMs
const definitions = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs },
] as const
const clock = new TestClock(start)

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let agent: WireAgent
let huda: string

/**
 * An environment watched from minute 60 of its host on: the web is down from 72 to 76, messages 3
 * and 4 are lost and with them the time from 80 to 100, and from 110 the host is not heard.
 */
beforeAll(async () => {
  folder = temporaryFolder()
  const register = twoInstitutions(folder.path)
  collector = await openTestCollector(folder.path, clock, register)
  agent = new WireAgent(collector.app, bootAt, [...definitions])
  await agent.enrol(await collector.token('health', 'portal'))
  await agent.heartbeat(hourMs)
  await passTo(70)
  await send(60, 70, ['web', 'up', 60, 70])
  await passTo(80)
  await send(70, 80, ['web', 'up', 70, 72], ['web', 'down', 72, 76], ['web', 'up', 76, 80])
  await passTo(100)
  await agent.declareLost(2)
  await passTo(110)
  await send(100, 110, ['web', 'up', 100, 110])
  await passTo(150)
  await collector.evaluate()
  huda = await collector.cookieOf({ id: 'huda', role: 'institution', institution: 'health' })
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function passTo(minute: number): Promise<void> {
  while (clock.at < bootAt + minute * minuteMs) {
    clock.at += minuteMs
    await collector.noteLiveness()
  }
}

type Seen = [check: string, state: 'up' | 'down', from: number, to: number]

async function send(from: number, to: number, ...seen: Seen[]): Promise<void> {
  const at = (minute: number): BootMs => minute * minuteMs
  const host = { check: 'host', state: 'up' as const, from: at(from), to: at(to) }
  const runs = seen.map(([check, state, ...span]) => ({
    ...{ check, state, from: at(span[0]), to: at(span[1]) },
    ...(state === 'down' && { reason: 'refused' as const }),
  }))
  const window = { from: at(from), to: at(to) }
  const answer = await agent.send(agent.batch([host, ...runs], { window }))
  expect(answer.status).toBe(200)
}

const lostAt = '/api/v1/institutions/health/environments/portal/lost'

async function lost(query = '', session?: string): Promise<LostAnswer> {
  const answer = await collector.ask(`${lostAt}${query}`, undefined, session)
  expect(answer.status).toBe(200)
  return answer.json()
}

/** Minutes on the host's clock. */
const inMinutes = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((at) => (at - bootAt) / minuteMs)

describe('lost time of an environment', () => {
  test('is told with cause, who must act and how settled it is', async () => {
    const answer = await lost()
    const told = answer.stretches.map((each) => [
      ...inMinutes(each),
      ...[each.state, each.cause, each.owner, each.standing, each.attested],
    ])
    const asOf = (answer.asOf - bootAt) / minuteMs
    expect(told).toEqual([
      [72, 76, 'down', 'service', 'institution', 'provisional', 'self'],
      [80, 100, 'unknown', 'agent', 'institution', 'provisional', null],
      [110, asOf, 'unknown', 'agent', 'institution', 'provisional', null],
    ])
    expect(answer.outages).toEqual({
      ...{ count: 1, longestMs: 4 * minuteMs, p90Ms: 4 * minuteMs },
    })
    expect(answer.outageList.map(inMinutes)).toEqual([[72, 76]])
    expect(answer.attestedMs).toEqual({ self: 30 * minuteMs, witnessed: 0, both: 0 })
    expect(answer.next).toBeNull()
  })

  test('adds up to what the figure says', async () => {
    const { byCause } = await lost()
    const { institution } = (await collector.ask('/api/v1/institutions/health')).json() as {
      institution: { environments: { continuity: { cycle: { sums: object } } }[] }
    }
    const { sums } = institution.environments[0]!.continuity.cycle
    const sum = (name: 'downMs' | 'unknownMs') => byCause.reduce((all, each) => all + each[name], 0)
    expect(sums).toMatchObject({ downMs: sum('downMs'), unknownMs: sum('unknownMs') })
  })

  test('has the checks that failed or were missing, and the messages that say so', async () => {
    const [down, gap, silence] = (await lost()).stretches
    expect(down!.checks).toEqual([
      { check: 'web-1/web', state: 'down', ms: 4 * minuteMs, reason: 'refused' },
    ])
    const places = (each: typeof down) =>
      each!.messages.map(({ agent: who, log, covering, before, after, gaps, more }) => ({
        ...{ who, log, more, covering: covering.map(({ seq }) => seq) },
        ...{ before: before?.seq ?? null, after: after?.seq ?? null },
        gaps: gaps.map(({ seq, through }) => [seq, through]),
      }))
    const own = { who: agent.agent, log: 'health', more: 0 }
    expect(places(down)).toEqual([{ ...own, covering: [2], before: 1, after: 5, gaps: [] }])
    expect(gap!.checks.map(({ check, state, ms }) => [check, state, ms])).toEqual([
      ['web-1/host', 'unknown', 20 * minuteMs],
      ['web-1/web', 'unknown', 20 * minuteMs],
    ])
    expect(places(gap)).toEqual([{ ...own, covering: [], before: 2, after: 5, gaps: [[3, 4]] }])
    expect(places(silence)).toEqual([{ ...own, covering: [], before: 5, after: null, gaps: [] }])
  })

  test('names leaves that are in the log', async () => {
    const reader = sqliteReader(folder.file('collector.db'))
    const [down] = (await lost()).stretches
    const { covering, log } = down!.messages[0]!
    const leaf = await reader.leaf(log, covering[0]!.leaf)
    expect(leaf?.message).toMatchObject({ agent: agent.agent, epoch: 1, seq: 2 })
    await reader.close()
  })

  test('comes in pages', async () => {
    const first = await lost('?limit=2')
    expect(first.stretches.map(inMinutes)).toEqual([
      [72, 76],
      [80, 100],
    ])
    expect(first.next).toBe(first.stretches[1]!.from)
    const rest = await lost(`?limit=2&after=${first.next}`)
    expect(rest.stretches.map((each) => inMinutes(each)[0])).toEqual([110])
    expect(rest.next).toBeNull()
    const newest = await lost('?limit=2&order=newest')
    expect(newest.stretches.map((each) => inMinutes(each)[0])).toEqual([110, 80])
    const oldest = await lost(`?order=newest&after=${newest.next}`)
    expect(oldest.stretches.map((each) => inMinutes(each)[0])).toEqual([72])
    // Sums are of the window, whatever page is asked for.
    expect(rest.byCause).toEqual(first.byCause)
  })

  test('is cut where another window begins and ends', async () => {
    const at = (minute: number) => bootAt + minute * minuteMs
    const answer = await lost(`?from=${at(74)}&to=${at(90)}`)
    expect(answer.stretches.map(inMinutes)).toEqual([
      [74, 76],
      [80, 90],
    ])
    expect(answer.outageList).toMatchObject([{ downMs: 2 * minuteMs, atStart: true, atEnd: false }])
    const later = await lost(`?from=${at(74)}&to=${at(100_000)}`)
    expect(later.window.to).toBe(later.asOf)
    expect((await lost(`?from=0&to=${minuteMs}`)).stretches).toEqual([])
  })

  test.each([
    ['?window=1y', 400, 'schema'],
    ['?from=5', 400, 'invalid'],
    ['?to=5', 400, 'invalid'],
    ['?from=6&to=6', 400, 'invalid'],
    ['?from=7&to=6', 400, 'invalid'],
    ['?from=1&to=2&window=7d', 400, 'invalid'],
    ['?from=-1&to=2', 400, 'schema'],
    ['?from=1e3&to=2e3', 400, 'schema'],
    ['?from=1&to=9999999999999999', 400, 'invalid'],
    ['?limit=0', 400, 'invalid'],
    ['?limit=1001', 400, 'invalid'],
    ['?after=x', 400, 'schema'],
    ['?order=worst', 400, 'schema'],
    ['?other=1', 400, 'schema'],
  ])('%s answers %i %s', async (query, status, code) => {
    const answer = await collector.ask(`${lostAt}${query}`)
    expect([answer.status, (answer.json() as { code: string }).code]).toEqual([status, code])
  })

  test('of an institution is for itself and for those who see all', async () => {
    expect((await lost('', huda)).stretches).toHaveLength(3)
    for (const url of [
      '/api/v1/institutions/roads/environments/portal/lost',
      '/api/v1/institutions/roads/lost',
      '/api/v1/institutions/nobody/lost',
      '/api/v1/institutions/health/environments/nothing/lost',
    ]) {
      const answer = await collector.ask(url, undefined, huda)
      expect([url, answer.status]).toEqual([url, 404])
    }
    const stranger = await collector.ask(lostAt, undefined, 'session=nobody')
    expect(stranger.status).toBe(401)
  })
})

test('lost time of an institution is that of its environments', async () => {
  const answer = await collector.ask('/api/v1/institutions/health/lost?window=24h')
  const summary = answer.json() as LostSummary
  const { byCause, outages, attestedMs } = await lost('?window=24h')
  expect(summary).toMatchObject({ byCause, outages, attestedMs })
  expect(summary.environments).toMatchObject([{ id: 'portal', byCause, outages }])
  const other = await collector.ask('/api/v1/institutions/roads/lost')
  expect(other.json()).toMatchObject({ outages: { count: 0, longestMs: null, p90Ms: null } })
})
