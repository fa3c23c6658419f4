import { afterEach, describe, expect, test } from 'vitest'
import { stepSince, watchClock } from '../../../collector/ingest/clock-watch.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
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
      bootedAt: start - hourMs,
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
    pass(minuteMs)
    const { looks } = host
    for (let i = 0; i < 100; i++) pass(minuteMs, i % 2 === 0 ? 100 : -100)
    expect(host.looks).toBe(looks)
  })
})

describe('stepSince', () => {
  const known = { boot: 'b1', bootedAt: start - 5 * hourMs }
  const leafAt = start
  // Ten minutes after the newest leaf, if nobody set the clock.
  const later = start + 10 * minuteMs

  test.each([
    ['it went on', known, later, 0],
    ['set ahead', { ...known, bootedAt: known.bootedAt + hourMs }, later + hourMs, hourMs],
    ['set back', { ...known, bootedAt: known.bootedAt - hourMs }, later - hourMs, -hourMs],
    ['set by less than counts', { ...known, bootedAt: known.bootedAt + 900 }, later + 900, 0],
    ['rebooted', { boot: 'b2', bootedAt: later - minuteMs }, later, 0],
    ['off for a month', { boot: 'b2', bootedAt: later + 30 * dayMs }, later + 31 * dayMs, 0],
    ['rebooted and set back', { boot: 'b2', bootedAt: leafAt - hourMs }, leafAt - hourMs, -hourMs],
    ['a container anew under the same kernel', { ...known, bootedAt: later - 10 }, later, 0],
    ['no name of the boot', { boot: null, bootedAt: known.bootedAt + hourMs }, later + hourMs, 0],
    ['no name, and set back', { boot: null, bootedAt: 0 }, leafAt - minuteMs, -minuteMs],
  ])('%s', (_name, found, now, stepMs) => {
    expect(stepSince(known, leafAt, found, now)).toBe(stepMs)
  })

  test('data of before the clock was noted: only a clock that goes back is seen', () => {
    expect(stepSince(null, leafAt, known, later)).toBe(0)
    expect(stepSince(null, leafAt, known, leafAt - minuteMs)).toBe(-minuteMs)
    expect(stepSince(null, null, known, later)).toBe(0)
  })
})

describe('a collector whose clock is set', () => {
  let close = async () => {}
  afterEach(() => close())

  async function setUp() {
    const folder = temporaryFolder()
    const clock = new TestClock(start)
    const host = { uptime: 5 * hourMs, boot: 'b1' }
    const open = () =>
      openTestCollector(folder.path, clock, undefined, {
        uptimeMs: () => host.uptime,
        boot: host.boot,
      })
    let collector = await open()
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
    /** Restarts the collector; `meanwhile` is what happens to its machine. */
    const restart = async (meanwhile = () => {}) => {
      await collector.close()
      meanwhile()
      collector = await open()
      agent.connect(collector.app)
    }
    /** Until when the agent's check is known, on the collector's clock. */
    const through = async () => {
      const reader = sqliteReader(folder.file('collector.db'))
      const [check] = await reader.checks()
      await reader.close()
      return check?.through
    }
    const metrics = async () => (await collector.app.inject('/metrics')).body
    return { agent, pass, restart, through, metrics, host, clock }
  }

  const steps = (count: number) => `istimrar_collector_clock_steps_total ${count}\n`

  test.each([
    ['ahead', 20 * minuteMs],
    ['back', -4 * minuteMs],
  ])('%s: evidence is dated right at once, without a new heartbeat', async (_name, stepMs) => {
    const { agent, pass, through, metrics } = await setUp()
    await agent.heartbeat(hourMs)
    await agent.send(agent.batch([{ check: 'host', state: 'up', from: hourMs, to: hourMs }]))
    pass(10 * minuteMs, stepMs)
    const to = hourMs + 10 * minuteMs
    expect((await agent.send(agent.batch([{ check: 'host', state: 'up', to }]))).status).toBe(200)
    // A second heartbeat must not fall back on the anchors from before.
    pass(minuteMs)
    await agent.heartbeat(to + minuteMs)
    expect(await through()).toBe(start + 10 * minuteMs + stepMs)
    expect(await metrics()).toContain(steps(1))
  })

  test.each([
    ['ahead', 20 * minuteMs],
    ['back', -4 * minuteMs],
  ])('%s between stop and start: the same', async (_name, stepMs) => {
    const { agent, pass, restart, through, metrics } = await setUp()
    await agent.heartbeat(hourMs)
    await restart(() => pass(10 * minuteMs, stepMs))
    expect(await metrics()).toContain(steps(1))
    const to = hourMs + 10 * minuteMs
    await agent.send(agent.batch([{ check: 'host', state: 'up', from: hourMs, to }]))
    expect(await through()).toBe(start + 10 * minuteMs + stepMs)
    await restart(() => pass(minuteMs))
    expect(await metrics()).toContain(steps(0))
  })

  test('ahead while it ran: the next start knows', async () => {
    const { agent, pass, restart, through, metrics } = await setUp()
    const stepMs = 20 * minuteMs
    await agent.heartbeat(hourMs)
    pass(minuteMs, stepMs)
    // Whoever asks reads the clock.
    await agent.cursor()
    await restart(() => pass(9 * minuteMs))
    expect(await metrics()).toContain(steps(0))
    const to = hourMs + 10 * minuteMs
    await agent.send(agent.batch([{ check: 'host', state: 'up', from: hourMs, to }]))
    expect(await through()).toBe(start + 10 * minuteMs + stepMs)
  })

  test('a machine that was off is no step; one that comes back in the past is', async () => {
    const { restart, metrics, host, clock } = await setUp()
    await restart(() => {
      Object.assign(host, { boot: 'b2', uptime: minuteMs })
      clock.at += 3 * dayMs
    })
    expect(await metrics()).toContain(steps(0))
    await restart(() => {
      Object.assign(host, { boot: 'b3', uptime: minuteMs })
      clock.at -= dayMs
    })
    expect(await metrics()).toContain(steps(1))
  })
})
