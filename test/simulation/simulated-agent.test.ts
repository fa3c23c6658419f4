import { expect, test } from 'vitest'
import type { CheckDefinition } from '../../protocol/batch.ts'
import { dayMs, minuteMs } from '../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { plannedOutage } from './seeded.ts'
import { type Exchange, SimulatedAgent } from './simulated-agent.ts'

const bootAt = Date.UTC(2026, 9, 1)
const definitions: CheckDefinition[] = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs },
]
const options = { name: 'web-1', definitions, boot: 'b007b007-0000', bootAt, from: dayMs }

function exchangeWith({ app }: TestCollector): Exchange {
  return async (url, payload) => {
    const headers = { 'content-type': 'application/jose' }
    const { statusCode, body } = await app.inject({ method: 'POST', url, headers, payload })
    return { status: statusCode, body, retryAfter: null }
  }
}

async function enrolled(folder: string) {
  const clock = new TestClock(bootAt + dayMs)
  const collector = await openTestCollector(folder, clock)
  const exchange = exchangeWith(collector)
  const agent = new SimulatedAgent({ ...options, seed: 7 })
  await agent.enrol(exchange, await collector.token())
  expect(await agent.heartbeat(exchange, clock.at)).toBe('heard')
  return { clock, collector, exchange, agent }
}

/** Seals and delivers; the clock moves along. */
async function tell(
  { clock, exchange, agent }: Awaited<ReturnType<typeof enrolled>>,
  minutes: number,
  turn?: number,
) {
  const through = agent.sealedAt + minutes * minuteMs
  clock.at = bootAt + through
  const runs = plannedOutage(definitions, agent.seed, turn ?? 0, agent.sealedAt, through)
  agent.seal(through, turn === undefined ? [] : runs)
  return agent.deliver(exchange)
}

test('what it seals is taken, acknowledged, and becomes the time it said', async () => {
  using folder = temporaryFolder()
  const parts = await enrolled(folder.path)
  expect(await tell(parts, 10)).toBe('acked')
  expect(await tell(parts, 10, 1)).toBe('acked')
  expect(await tell(parts, 10)).toBe('acked')
  const { agent, collector } = parts
  expect(agent.acked.map(({ hash }) => hash)).toEqual(agent.issued.map(({ hash }) => hash))
  expect(agent.backlog).toEqual([])
  parts.clock.at += 15 * minuteMs
  await collector.evaluate()
  const url = '/api/v1/institutions/local'
  const headers = { cookie: await collector.cookie() }
  const { institution } = (await collector.app.inject({ url, headers })).json()
  const { upMs, downMs } = institution.environments[0].continuity.cycle.sums
  // The outage of turn 1 is the second of ten minutes.
  expect({ upMs, downMs }).toEqual({ upMs: 29 * minuteMs, downMs: minuteMs })
  await collector.close()
})

test('an answer that was lost makes the next attempt a duplicate', async () => {
  using folder = temporaryFolder()
  const parts = await enrolled(folder.path)
  const { agent, exchange, clock, collector } = parts
  agent.seal(dayMs + minuteMs)
  const mute: Exchange = async (path, jws) => {
    await exchange(path, jws)
    throw new Error('The answer was lost.')
  }
  expect(await agent.deliver(mute)).toBe('failed')
  clock.at += minuteMs
  expect(await agent.deliver(exchange)).toBe('duplicate')
  expect(agent.attempts).toBe(2)
  expect(agent.acked).toHaveLength(1)
  await collector.close()
})

test('what it declares lost leaves no hole in the stream', async () => {
  using folder = temporaryFolder()
  const parts = await enrolled(folder.path)
  const { agent, exchange } = parts
  expect(await tell(parts, 10)).toBe('acked')
  for (const minutes of [20, 30, 40]) agent.seal(dayMs + minutes * minuteMs)
  agent.drop(2)
  expect(agent.backlog.map(({ type, seq, through }) => [type, seq, through])).toEqual([
    ['gap', 2, 3],
    ['batch', 4, 4],
  ])
  parts.clock.at += 30 * minuteMs
  expect(await agent.deliver(exchange)).toBe('acked')
  expect(await agent.deliver(exchange)).toBe('acked')
  expect(await tell(parts, 10)).toBe('acked')
  await parts.collector.close()
})

test('a page that answers 200 acknowledges nothing; the same seed makes the same bytes', async () => {
  using folder = temporaryFolder()
  const { agent, collector, exchange } = await enrolled(folder.path)
  const sealed = agent.seal(dayMs + minuteMs)
  const page: Exchange = async () => ({ status: 200, body: '<html>', retryAfter: null })
  expect(await agent.deliver(page)).toBe('failed')
  expect(agent.backlog).toHaveLength(1)
  const twin = new SimulatedAgent({ ...options, seed: 7 })
  await twin.enrol(async () => {
    return { status: 200, body: JSON.stringify(agent.identity), retryAfter: null }
  }, '')
  expect(twin.seal(dayMs + minuteMs).jws).toBe(sealed.jws)
  const stranger = new SimulatedAgent({ ...options, seed: 8 })
  await expect(stranger.enrol(exchange, 'x'.repeat(43))).rejects.toThrow('401')
  await collector.close()
})
