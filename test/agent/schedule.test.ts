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
    expect(first % minuteMs).toBe(phaseOf('a-1/a', minuteMs))
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

  test('checks and agents are spread', () => {
    const phases = Array.from({ length: 400 }, (_, i) => phaseOf(`a-${i}/host`, minuteMs))
    const quarters = [0, 1, 2, 3].map(
      (quarter) => phases.filter((phase) => Math.floor(phase / 15_000) === quarter).length,
    )
    expect(Math.min(...quarters)).toBeGreaterThan(70)
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
