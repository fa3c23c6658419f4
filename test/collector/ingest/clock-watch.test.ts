import { afterEach, describe, expect, test } from 'vitest'
import { watchClock } from '../../../collector/ingest/clock-watch.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

describe('watchClock', () => {
  function watched(hasTimer: boolean) {
    const host = { wall: start, uptime: hourMs, timer: 0, looks: 0 }
    const steps: number[] = []
    const now = watchClock({
      now: () => host.wall,
      uptimeMs: () => {
        host.looks++
        return host.uptime
      },
      timerMs: hasTimer ? () => host.timer : undefined,
      onStep: (stepMs) => steps.push(stepMs),
    })
    const pass = (ms: number, stepMs = 0, suspendedMs = 0) => {
      host.uptime += ms + suspendedMs
      host.wall += ms + suspendedMs + stepMs
      host.timer += ms
      return now()
    }
    return { pass, steps, host }
  }

  describe.each([true, false])('with a timer: %s', (hasTimer) => {
    test('time that passes is no step, however long nobody asked, suspended or not', () => {
      const { pass, steps } = watched(hasTimer)
      expect(pass(minuteMs)).toBe(start + minuteMs)
      expect(pass(minuteMs, 0, 30 * 24 * hourMs)).toBe(start + 2 * minuteMs + 30 * 24 * hourMs)
      expect(steps).toEqual([])
    })

    test.each([hourMs, -hourMs, 1_500, -3_650 * 24 * hourMs])(
      'a step of %i ms is seen',
      (stepMs) => {
        const { pass, steps } = watched(hasTimer)
        pass(minuteMs, stepMs)
        pass(minuteMs)
        pass(minuteMs, 0, hourMs)
        pass(minuteMs, -stepMs)
        expect(steps).toEqual([stepMs, -stepMs])
      },
    )

    test('small steps add up, also around a suspend', () => {
      const { pass, steps } = watched(hasTimer)
      pass(minuteMs, 400)
      pass(minuteMs, 400, hourMs)
      expect(steps).toEqual([])
      pass(minuteMs, 400)
      expect(steps).toEqual([1_200])
    })
  })

  test('while the timer agrees, the uptime is not asked for', () => {
    const { pass, host } = watched(true)
    const { looks } = host
    for (let i = 0; i < 100; i++) pass(minuteMs, i % 2 === 0 ? 100 : -100)
    expect(host.looks).toBe(looks)
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
