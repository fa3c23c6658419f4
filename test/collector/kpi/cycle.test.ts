import { expect, test } from 'vitest'
import { asOfAt, cycleAt } from '../../../collector/kpi/cycle.ts'
import { minuteMs } from '../../../protocol/time.ts'

const months = { april: 10, october: 4 }
const at = (text: string) => Date.parse(text)

test.each([
  ['2025-12-01T00:00Z', '2026-04', 262_080, '2025-09-30T20:00:00.000Z'],
  ['2026-04-01T00:00Z', '2026-10', 263_520, '2026-03-31T20:00:00.000Z'],
  ['2028-01-15T00:00Z', '2028-04', 263_520, '2027-09-30T20:00:00.000Z'],
])('T1: the cycle that holds %s is %s and has %i minutes', (instant, id, length, start) => {
  const cycle = cycleAt(at(instant), 'Asia/Muscat', months)
  expect(cycle.id).toBe(id)
  expect((cycle.to - cycle.from) / minuteMs).toBe(length)
  expect(new Date(cycle.from).toISOString()).toBe(start)
})

test.each([
  ['2026-03-31T19:59:59.999Z', '2026-04'],
  ['2026-03-31T20:00:00.000Z', '2026-10'],
  ['2026-09-30T19:59:59.999Z', '2026-10'],
  ['2026-09-30T20:00:00.000Z', '2027-04'],
])('a half-year ends at midnight in the ministry: %s belongs to %s', (instant, id) => {
  expect(cycleAt(at(instant), 'Asia/Muscat', months).id).toBe(id)
})

test('a zone with summer time has half-years of unequal length', () => {
  const winter = cycleAt(at('2026-01-01T00:00Z'), 'Europe/Berlin', months)
  const summer = cycleAt(at('2026-07-01T00:00Z'), 'Europe/Berlin', months)
  expect((winter.to - winter.from) / minuteMs).toBe(262_080)
  expect((summer.to - summer.from) / minuteMs).toBe(263_520)
})

const rhythm = { sealMs: 10 * minuteMs, youngMs: 10 * minuteMs, sealYoungMs: 15_000 }

test.each([
  ['no agent yet', null, '12:00:40', '11:49:00'],
  ['a nation an hour old', '11:00:00', '12:00:40', '11:49:00'],
  ['its first minute', '12:00:00', '12:00:50', '12:00:15'],
  ['its tenth minute', '12:00:00', '12:09:59', '12:09:15'],
  ['waiting for the usual rhythm', '12:00:00', '12:20:00', '12:09:30'],
  ['the usual rhythm again', '12:00:00', '12:21:00', '12:10:00'],
])('windows end where every agent must have sealed: %s', (_name, first, now, expected) => {
  const day = (time: string) => at(`2026-11-21T${time}Z`)
  const firstEnrolledAt = first === null ? null : day(first)
  expect(asOfAt(day(now), { ...rhythm, firstEnrolledAt })).toBe(day(expected))
})

test('the end of windows never moves back', () => {
  const firstEnrolledAt = at('2026-11-21T12:00:00Z')
  let last = 0
  for (let now = firstEnrolledAt - 3_600_000; now < firstEnrolledAt + 3_600_000; now += 1_000) {
    const asOf = asOfAt(now, {
      ...rhythm,
      firstEnrolledAt: now < firstEnrolledAt ? null : firstEnrolledAt,
    })
    expect(asOf).toBeGreaterThanOrEqual(last)
    last = asOf
  }
})
