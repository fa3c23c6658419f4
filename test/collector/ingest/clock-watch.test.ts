import { afterEach, describe, expect, test } from 'vitest'
import { watchClock } from '../../../collector/ingest/clock-watch.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

describe('watchClock', () => {
  function watched() {
    const host = { wall: start, uptime: hourMs }
    const steps: number[] = []
    const now = watchClock({
      now: () => host.wall,
      uptimeMs: () => host.uptime,
      onStep: (stepMs) => steps.push(stepMs),
    })
    const pass = (ms: number, stepMs = 0) => {
      host.uptime += ms
      host.wall += ms + stepMs
      return now()
    }
    return { pass, steps }
  }

  test('time that passes is no step, however long nobody asked, a suspended host included', () => {
    const { pass, steps } = watched()
    expect(pass(minuteMs)).toBe(start + minuteMs)
    expect(pass(30 * 24 * hourMs)).toBe(start + minuteMs + 30 * 24 * hourMs)
    expect(steps).toEqual([])
  })

  test.each([hourMs, -hourMs, 1_500, -3_650 * 24 * hourMs])('a step of %i ms is seen', (stepMs) => {
    const { pass, steps } = watched()
    pass(minuteMs, stepMs)
    pass(minuteMs)
    pass(minuteMs, -stepMs)
    expect(steps).toEqual([stepMs, -stepMs])
  })
})

describe('a collector whose clock is set', () => {
  let close = async () => {}
  afterEach(() => close())

  async function open() {
    const folder = temporaryFolder()
    const clock = new TestClock(start)
    const host = { uptime: 5 * hourMs }
    const collector = await openTestCollector(folder.path, clock, undefined, {
      uptimeMs: () => host.uptime,
    })
    close = async () => {
      await collector.close()
      folder[Symbol.dispose]()
    }
    const agent = new WireAgent(collector.app, start - hourMs)
    await agent.enrol(await collector.token())
    const pass = (ms: number, stepMs = 0) => {
      host.uptime += ms
      clock.at += ms + stepMs
    }
    return { agent, pass, collector, dir: folder.path }
  }

  test.each([
    ['ahead', 20 * minuteMs],
    ['back', -4 * minuteMs],
  ])('%s: evidence is dated right at once, without a new heartbeat', async (_name, stepMs) => {
    const { agent, pass, collector, dir } = await open()
    await agent.heartbeat(hourMs)
    await agent.send(agent.batch([{ check: 'host', state: 'up', from: hourMs, to: hourMs }]))
    pass(10 * minuteMs, stepMs)
    const to = hourMs + 10 * minuteMs
    expect((await agent.send(agent.batch([{ check: 'host', state: 'up', to }]))).status).toBe(200)
    // A second heartbeat must not fall back on the anchors from before.
    pass(minuteMs)
    await agent.heartbeat(to + minuteMs)
    const reader = sqliteReader(`${dir}/collector.db`)
    const [check] = await reader.checks()
    await reader.close()
    expect(check?.through).toBe(start + 10 * minuteMs + stepMs)
    const { body } = await collector.app.inject('/metrics')
    expect(body).toContain('istimrar_collector_clock_steps_total 1\n')
  })
})
