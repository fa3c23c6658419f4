import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextTick, phaseOf, Schedule } from '../../agent/schedule.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'

const rhythms = [
  { check: 'a', intervalMs: minuteMs },
  { check: 'b', intervalMs: minuteMs },
  { check: 'c', intervalMs: 5 * secondMs },
]

describe('Schedule', () => {
  test('all checks are due at once, each only once', () => {
    const schedule = new Schedule(rhythms, 'a-1', 1_000)
    expect(schedule.takeDue(1_000)).toEqual(['a', 'b', 'c'])
    expect(schedule.takeDue(1_000)).toEqual([])
  })

  test('after that they keep to a grid of boot time, late or not', () => {
    const schedule = new Schedule([rhythms[0]!], 'a-1', 0)
    const ticks: number[] = []
    for (let i = 0; i < 5; i++) {
      const late = schedule.nextAt() + i * 7
      ticks.push(schedule.nextAt())
      schedule.takeDue(late)
      schedule.done('a', null)
    }
    const [, first = 0] = ticks
    expect(ticks).toEqual([0, 1, 2, 3, 4].map((i) => (i === 0 ? 0 : first + (i - 1) * minuteMs)))
    expect(first % minuteMs).toBe(phaseOf('a-1', minuteMs))
  })

  test('ticks of a check whose look is not over are skipped', () => {
    const schedule = new Schedule([rhythms[2]!], 'a-1', 0)
    expect(schedule.takeDue(0)).toEqual(['c'])
    const tick = schedule.nextAt()
    expect(schedule.takeDue(tick)).toEqual([])
    expect(schedule.nextAt()).toBe(tick + 5 * secondMs)
    schedule.done('c', null)
    expect(schedule.takeDue(tick + 5 * secondMs)).toEqual(['c'])
  })

  test('a second look comes between ticks and does not move them', () => {
    const schedule = new Schedule([rhythms[0]!], 'a-1', 0)
    schedule.takeDue(0)
    const tick = schedule.nextAt()
    schedule.done('a', tick - 1)
    expect(schedule.takeDue(tick - 1)).toEqual(['a'])
    schedule.done('a', tick + 15_000)
    expect(schedule.nextAt()).toBe(tick)
  })

  test('after a long suspend one look is made, not all that were missed', () => {
    const schedule = new Schedule([rhythms[2]!], 'a-1', 0)
    schedule.takeDue(0)
    schedule.done('c', null)
    expect(schedule.takeDue(3_600_000)).toEqual(['c'])
    schedule.done('c', null)
    expect(schedule.takeDue(3_600_000)).toEqual([])
  })

  /** How the first ticks lie in the minute, by quarters. */
  const quarters = (ticks: readonly number[]) =>
    [0, 1, 2, 3].map((i) => ticks.filter((at) => Math.floor(at / (15 * secondMs)) % 4 === i).length)

  test('few checks are looked at together, many are spread over the minute', () => {
    const ticksOf = (count: number) => {
      const many = Array.from({ length: count }, (_, i) => ({
        check: `c${i}`,
        intervalMs: minuteMs,
      }))
      const schedule = new Schedule(many, 'a-1', 0)
      for (const check of schedule.takeDue(0)) schedule.done(check, null)
      const ticks: number[] = []
      while (ticks.length < count) {
        const at = schedule.nextAt()
        ticks.push(...schedule.takeDue(at).map(() => at))
      }
      return ticks
    }
    expect(new Set(ticksOf(20)).size).toBe(1)
    expect(Math.min(...quarters(ticksOf(200)))).toBeGreaterThan(20)
  })

  test('agents do not look at the same time', () => {
    const first = Array.from({ length: 400 }, (_, i) => {
      const schedule = new Schedule([rhythms[0]!], `a-${i}`, 0)
      schedule.takeDue(0)
      return schedule.nextAt()
    })
    expect(Math.min(...quarters(first))).toBeGreaterThan(70)
  })
})

test('nextTick is the first instant of the grid after now', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1e7 }), fc.nat(), (now, intervalMs, phase) => {
      const next = nextTick(now, intervalMs, phase)
      expect(next).toBeGreaterThan(now)
      expect(next - now).toBeLessThanOrEqual(intervalMs)
      expect(Math.abs(next - phase) % intervalMs).toBe(0)
    }),
  )
})
