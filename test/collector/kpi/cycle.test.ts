import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asOfAt, cycleAt, cycleBefore, cycleById } from '../../../collector/kpi/cycle.ts'
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

test.each([
  ['2027-04', 'Asia/Muscat', '2026-09-30T20:00Z', '2027-03-31T20:00Z'],
  ['2027-10', 'Asia/Muscat', '2027-03-31T20:00Z', '2027-09-30T20:00Z'],
  // With the leap day.
  ['2028-04', 'Asia/Muscat', '2027-09-30T20:00Z', '2028-03-31T20:00Z'],
  // Zones with summer time, north and south, and one that is half an hour off.
  ['2027-04', 'Europe/Berlin', '2026-09-30T22:00Z', '2027-03-31T22:00Z'],
  ['2027-10', 'America/St_Johns', '2027-04-01T02:30Z', '2027-10-01T02:30Z'],
  ['2027-04', 'Australia/Lord_Howe', '2026-09-30T13:30Z', '2027-03-31T13:00Z'],
])('cycle %s in %s runs from %s to %s', (id, zone, from, to) => {
  const cycle = cycleById(id, zone, months)!
  expect(cycle).toMatchObject({ id, from: at(from), to: at(to) })
  expect(cycleAt(cycle.from, zone, months)).toEqual(cycle)
  expect(cycleAt(cycle.to - 1, zone, months)).toEqual(cycle)
  expect(cycleAt(cycle.to, zone, months).id).not.toBe(id)
  expect(cycleBefore(cycle, zone, months).to).toBe(cycle.from)
})

test.each(['2027-05', '2027', '27-04', '0027-04', 'april', ''])('no cycle is %j', (id) => {
  expect(cycleById(id, 'Asia/Muscat', months)).toBeNull()
})

test('every instant belongs to the cycle of its id, whatever the zone and the months', () => {
  const zones = fc.constantFrom('Asia/Muscat', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Gaza')
  const instant = fc.integer({ min: at('2000-01-01'), max: at('2100-01-01') })
  const month = fc.integer({ min: 1, max: 12 })
  fc.assert(
    fc.property(instant, zones, month, month, (now, zone, april, october) => {
      fc.pre(april !== october)
      const cycle = cycleAt(now, zone, { april, october })
      expect(cycle.from <= now && now < cycle.to).toBe(true)
      expect(cycleById(cycle.id, zone, { april, october })).toEqual(cycle)
    }),
  )
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
