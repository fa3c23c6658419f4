import { afterEach, describe, expect, test } from 'vitest'
import { watchLoopDelay } from '../../../collector/http/loop-delay.ts'
import { Quota, requireRoom } from '../../../collector/http/pressure.ts'
import { collectorLimits } from '../../../collector/limits.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const { batchesWaitingMax, signsOfLifeWaitingMax, messagesBurst } = collectorLimits

describe('requireRoom', () => {
  const idle = { waiting: 0, loopDelayMs: 0 }
  test.each([
    ['nothing to do', idle, true, true],
    ['as much as may wait', { ...idle, waiting: batchesWaitingMax }, true, true],
    ['one more', { ...idle, waiting: batchesWaitingMax + 1 }, false, true],
    ['too much for anybody', { ...idle, waiting: signsOfLifeWaitingMax + 1 }, false, false],
    ['a late event loop', { ...idle, loopDelayMs: 201 }, false, true],
    ['a very late one', { ...idle, loopDelayMs: 1_001 }, false, false],
  ])('%s', (_name, load, batch, signOfLife) => {
    const isIn = (urgency: Parameters<typeof requireRoom>[0]) => {
      try {
        requireRoom(urgency, load)
        return true
      } catch (error) {
        expect(error).toMatchObject({ code: 'unavailable' })
        return false
      }
    }
    expect([isIn('batch'), isIn('sign of life')]).toEqual([batch, signOfLife])
  })
})

describe('Quota', () => {
  /** How many of so many messages at once get through. */
  const passed = (quota: Quota, agent: string, count: number, at: number) => {
    let through = 0
    for (let i = 0; i < count; i++) {
      try {
        quota.take(agent, at)
        through += 1
      } catch (error) {
        expect(error).toMatchObject({ code: 'too_many' })
      }
    }
    return through
  }

  test('a burst at once, then five a second, for each agent by itself', () => {
    const quota = new Quota()
    expect(passed(quota, 'a', 400, start)).toBe(messagesBurst)
    expect(passed(quota, 'b', 10, start)).toBe(10)
    expect(passed(quota, 'a', 400, start + 10_000)).toBe(50)
    expect(passed(quota, 'a', 400, start + hourMs)).toBe(messagesBurst)
  })

  test('at its normal rhythm an agent never meets it', () => {
    const quota = new Quota()
    const seconds = 86_400
    let through = 0
    // A batch and a heartbeat a second, for a day.
    for (let second = 0; second < seconds; second++) {
      through += passed(quota, 'a', 2, start + second * 1_000)
    }
    expect(through).toBe(2 * seconds)
  })

  test('a clock that is set back gives nothing and takes nothing', () => {
    const quota = new Quota()
    expect(passed(quota, 'a', 100, start)).toBe(100)
    expect(passed(quota, 'a', 400, start - hourMs)).toBe(messagesBurst - 100)
    expect(passed(quota, 'a', 400, start - hourMs + 1_000)).toBe(5)
  })

  test('who has rested is forgotten', () => {
    const quota = new Quota()
    for (let i = 0; i < 1_000; i++) quota.take(`a-${i}`, start)
    quota.take('a-0', start + 2 * minuteMs)
    expect(quota.size).toBe(1)
  })
})

test('the event loop is seen to be late', async () => {
  const delayMs = watchLoopDelay()
  const turnsMax = 50
  for (let turn = 0; turn < turnsMax && delayMs() === 0; turn++) {
    const until = performance.now() + 200
    while (performance.now() < until);
    await new Promise(setImmediate)
  }
  expect(delayMs()).toBeGreaterThan(60)
})

describe('a collector with too much to do', () => {
  let close = async () => {}
  afterEach(() => close())

  /** A collector whose event loop is as late as the test says, and an agent of it. */
  async function open() {
    const folder = temporaryFolder()
    const clock = new TestClock(start)
    const load = { delayMs: 0, random: 0 }
    const collector = await openTestCollector(folder.path, clock, undefined, {
      loopDelayMs: () => load.delayMs,
      random: () => load.random,
    })
    close = async () => {
      await collector.close()
      folder[Symbol.dispose]()
    }
    const agent = new WireAgent(collector.app, start - hourMs)
    await agent.enrol(await collector.token())
    return { collector, clock, load, agent }
  }

  /** The answer to a batch, with when to come back. */
  async function sendBatch({ agent, collector }: Awaited<ReturnType<typeof open>>) {
    const { statusCode, headers } = await collector.app.inject({
      method: 'POST',
      url: '/v1/batches',
      headers: { 'content-type': 'application/jose' },
      payload: agent.sign('istimrar-batch+jws', agent.batch([])),
    })
    return [statusCode, Number(headers['retry-after'] ?? 0)]
  }

  test('turns batches away, spread over half a minute, and still hears who lives', async () => {
    const opened = await open()
    const { load, agent, collector } = opened
    load.delayMs = 500
    expect(await sendBatch(opened)).toEqual([503, 5])
    load.random = 0.999
    expect(await sendBatch(opened)).toEqual([503, 35])
    expect((await agent.heartbeat(hourMs)).status).toBe(200)
    const other = new WireAgent(collector.app, start)
    expect((await other.enrol(await collector.token(), 'web-2')).status).toBe(200)
    load.delayMs = 5_000
    expect((await agent.heartbeat(hourMs)).status).toBe(503)
    load.delayMs = 0
    expect(await sendBatch(opened)).toEqual([200, 0])
  })

  test('asks one agent that sends too much to come back later, and no other', async () => {
    const opened = await open()
    const { agent, collector, clock } = opened
    const beats = Array.from({ length: messagesBurst }, () => agent.heartbeat(hourMs))
    const statuses = (await Promise.all(beats)).map(({ status }) => status)
    expect(statuses).toEqual(Array(messagesBurst).fill(200))
    expect(await sendBatch(opened)).toEqual([429, 5])
    const other = new WireAgent(collector.app, start)
    await other.enrol(await collector.token(), 'web-2')
    expect((await other.heartbeat(1_000)).status).toBe(200)
    clock.at += 1_000
    expect(await sendBatch(opened)).toEqual([200, 0])
    const page = (await collector.app.inject('/metrics')).body
    expect(page).toContain('istimrar_collector_refusals_total{code="too_many"} 1\n')
  })
})
