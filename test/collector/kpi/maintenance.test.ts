import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundsOf, continuity } from '../../../collector/kpi/continuity.ts'
import { cycleAt } from '../../../collector/kpi/cycle.ts'
import {
  type CheckTimeline,
  environmentDay,
  noTime,
  type Sums,
  sumNames,
} from '../../../collector/kpi/environment-day.ts'
import { decimal, isAtLeast } from '../../../collector/kpi/fraction.ts'
import { Ledger } from '../../../collector/kpi/ledger.ts'
import { excludedMaintenance } from '../../../collector/kpi/maintenance.ts'
import type { Timeline } from '../../../collector/kpi/timeline.ts'
import {
  dayMs,
  daysOf,
  intersect,
  lengthMs,
  minuteMs,
  type Span,
  union,
} from '../../../protocol/time.ts'
import { minutes, timeline } from '../../support/strips.ts'

const standard = { target: decimal(0.95), gapMax: decimal(0.01), centreMax: decimal(0.01) }
const quotaMs = 1_440 * minuteMs
/** The April cycle of the methodology: 262,080 minutes from the first of October in Muscat. */
const april = cycleAt(Date.UTC(2025, 11, 1), 'Asia/Muscat', { april: 10, october: 4 })
const oneCycle = { cycleAt: () => april, quotaAt: () => quotaMs }

/** What an environment's window comes to: one check, in scope throughout, no outage of the centre. */
function sumsOf(timeline: Timeline, maintenance: readonly Span[], window: Span): Sums {
  const check: CheckTimeline = { check: 'a', kind: 'tcp', canBeDown: true, since: 0, timeline }
  const overlays = { maintenance, centre: [] }
  const [first, ...rest] = daysOf(window)
  const ledger = new Ledger(first!)
  for (const day of [first!, ...rest]) {
    ledger.set(environmentDay([check], [{ ...window, needs: null }], overlays, day))
  }
  return ledger.sums(window)
}

/** Up throughout a window but for these spans. */
function downIn(downs: readonly Span[], { from, to }: Span): Timeline {
  const edges = [from, ...downs.flatMap((down) => [down.from, down.to]), to]
  return edges.slice(1).flatMap((end, i) => {
    const start = edges[i]!
    return start < end ? [{ from: start, to: end, state: i % 2 === 0 ? 'up' : 'down' }] : []
  })
}

test('T3: approved maintenance leaves the denominator, whatever was observed in it', () => {
  const window = minutes(1_000, 2_000)
  const maintenance = excludedMaintenance([minutes(1_100, 1_300), minutes(1_400, 1_600)], oneCycle)
  const sums = sumsOf(downIn([minutes(1_200, 1_500)], window), maintenance, window)
  const figure = continuity(sums, standard)
  expect(figure.gross.low?.percent).toBe('70.00')
  expect(figure.low?.percent).toBe('83.33')
  expect(figure.sums).toMatchObject({ eligibleMs: 600 * minuteMs, downMs: 100 * minuteMs })
})

test('T4: up to the quota, earliest first; the rest counts as observed', () => {
  const windows = [10, 40, 70, 100, 130].map((day) => {
    const from = april.from + day * dayMs
    return { from, to: from + 360 * minuteMs }
  })
  const maintenance = excludedMaintenance(windows, oneCycle)
  expect(maintenance).toEqual(windows.slice(0, 4))
  const figure = continuity(sumsOf(downIn(windows, april), maintenance, april), standard)
  expect(figure.sums).toMatchObject({
    eligibleMs: (262_080 - 1_440) * minuteMs,
    maintenanceMs: 1_440 * minuteMs,
    downMs: 360 * minuteMs,
  })
  expect(figure.low?.percent).toBe('99.86')
  expect(figure.gross.low?.percent).toBe('99.31')
  expect(figure.flags).toEqual([])
})

describe('the quota', () => {
  /** Cycles of 100 minutes. */
  const cycles = (at: number) => {
    const from = Math.floor(at / (100 * minuteMs)) * 100 * minuteMs
    return { from, to: from + 100 * minuteMs }
  }
  const spans = (text: string) =>
    text.split(' ').map((each) => {
      const [from = 0, to = 0] = each.split('-').map(Number)
      return minutes(from, to)
    })

  test.each([
    ['within it all is excluded', 30, '10-20 40-60', '10-20 40-60'],
    ['the window that crosses it is cut', 30, '10-30 40-60', '10-30 40-50'],
    ['what comes after it counts', 30, '10-40 50-60 70-80', '10-40'],
    ['over the edge each cycle bears its part', 30, '80-120', '80-100 100-120'],
    ['the next cycle has its own', 30, '10-60 110-160', '10-40 110-140'],
    ['spent before the edge, fresh after it', 30, '50-70 80-170', '50-70 80-90 100-130'],
    ['a cycle between two', 30, '90-310', '90-100 100-130 200-230 300-310'],
    ['of nothing excludes nothing', 0, '10-20 110-120', ''],
  ])('%s', (_name, quota, windows, expected) => {
    const allowance = { cycleAt: cycles, quotaAt: () => quota * minuteMs }
    const excluded = excludedMaintenance(spans(windows), allowance)
    expect(excluded).toEqual(expected === '' ? [] : spans(expected))
  })

  test('that the policy changes holds for what begins from then on', () => {
    const quotaAt = (at: number) => (at < 50 * minuteMs ? 30 : 10) * minuteMs
    const excluded = excludedMaintenance(spans('10-30 60-90 110-130'), { cycleAt: cycles, quotaAt })
    expect(excluded).toEqual(spans('10-30 110-120'))
  })

  const windows = fc
    .array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 150 })), { maxLength: 12 })
    .map((pairs) => union(pairs.map(([from, length]) => minutes(from, from + length))))
  const quota = fc.nat(120)

  test('is never exceeded in a cycle, and only maintenance is excluded, the earliest of it', () => {
    fc.assert(
      fc.property(windows, quota, (asked, minutesOf) => {
        const allowance = { cycleAt: cycles, quotaAt: () => minutesOf * minuteMs }
        const excluded = excludedMaintenance(asked, allowance)
        for (let cycle = 0; cycle < 11; cycle++) {
          const span = minutes(cycle * 100, cycle * 100 + 100)
          const within = (all: readonly Span[]) => {
            const parts = all.map((each) => intersect(each, span)).filter((each) => each !== null)
            return { parts, ms: parts.reduce((sum, each) => sum + lengthMs(each), 0) }
          }
          const [all, out] = [within(asked), within(excluded)]
          expect(out.ms).toBe(Math.min(all.ms, minutesOf * minuteMs))
          // The earliest: cutting all of it where the excluded ends gives exactly the excluded.
          const end = out.parts.at(-1)?.to ?? span.from
          const earliest = all.parts.map((each) => intersect(each, { from: 0, to: end }))
          expect(union(earliest.filter((each) => each !== null))).toEqual(union(out.parts))
        }
      }),
    )
  })
})

describe('whatever was asked for', () => {
  const letters = fc.array(fc.constantFrom('U', 'G', 'D', '.'), { minLength: 60, maxLength: 60 })
  const window = minutes(0, 600)
  const asked = fc
    .array(fc.tuple(fc.nat(590), fc.integer({ min: 1, max: 200 })), { maxLength: 5 })
    .map((pairs) => union(pairs.map(([from, length]) => minutes(from, from + length))))
  const allowance = { cycleAt: () => ({ from: 0, to: dayMs }), quotaAt: () => 240 * minuteMs }
  const history = (states: readonly string[]) =>
    timeline(states.map((each) => each.repeat(10)).join(''))

  test('net and what is excluded add up to gross, state by state where nothing is', () => {
    fc.assert(
      fc.property(letters, asked, (states, windows) => {
        const excluded = excludedMaintenance(windows, allowance)
        const sums = sumsOf(history(states), excluded, window)
        const plain = sumsOf(history(states), [], window)
        const gross = sums.grossUp + sums.grossDegraded + sums.grossDown + sums.grossUnknown
        const net = sums.up + sums.degraded + sums.down + sums.unknown
        expect(net + sums.maintenance + sums.centre).toBe(gross)
        expect(gross).toBe(lengthMs(window))
        for (const name of sumNames.filter((each) => each.startsWith('gross'))) {
          expect(sums[name]).toBe(plain[name])
        }
      }),
    )
  })

  test('maintenance over time that was up never raises the net', () => {
    fc.assert(
      fc.property(letters, asked, (states, windows) => {
        const up = states.map((state, i) => {
          const tenMinutes = minutes(i * 10, i * 10 + 10)
          return windows.some((each) => intersect(each, tenMinutes)) ? 'U' : state
        })
        const net = boundsOf(sumsOf(history(up), excludedMaintenance(windows, allowance), window))
        const without = boundsOf(sumsOf(history(up), [], window))
        if (net && without) expect(isAtLeast(without.low, net.low)).toBe(true)
      }),
    )
  })
})

describe('the audit flag', () => {
  /** Net and gross of a hundred thousand minutes, of which some were excluded while down. */
  const flagsOf = (down: number, excluded: number) => {
    const up = 100_000 - down - excluded
    const sums = { up, degraded: 0, down, unknown: 0, maintenance: excluded, centre: 0 }
    const gross = { grossUp: up, grossDegraded: 0, grossDown: down + excluded, grossUnknown: 0 }
    return continuity({ ...noTime, ...sums, ...gross }, standard).flags
  }

  test('is raised when net lies more than the points above gross, exactly', () => {
    expect(flagsOf(0, 1_000)).toEqual([])
    expect(flagsOf(0, 1_001)).toEqual(['net_above_gross'])
    expect(flagsOf(0, 0)).toEqual([])
    expect(flagsOf(50_000, 2_000)).toEqual([])
  })
})
