import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantAt, localTime, wallAt } from '../../../collector/kpi/zone.ts'
import { hourMs, minuteMs } from '../../../protocol/time.ts'
import { numberOfRuns } from '../../support/number-of-runs.ts'

/** Zones with and without summer time, with odd offsets, on both sides of the date line. */
const zones = [
  ...['Asia/Muscat', 'UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns'],
  ...['Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Africa/Cairo'],
  ...['Pacific/Chatham', 'Pacific/Kiritimati', 'Pacific/Honolulu', 'Asia/Tehran', 'Asia/Gaza'],
  ...['America/Sao_Paulo', 'America/Santiago', 'Antarctica/Troll', 'Asia/Riyadh'],
]
const zone = fc.constantFrom(...zones)
const from = Date.parse('1975-01-01T00:00:00Z')
const to = Date.parse('2036-01-01T00:00:00Z')
const instants = fc.integer({ min: from, max: to })
const wholeMinutes = fc.integer({ min: from / minuteMs, max: to / minuteMs })

function zoned(at: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
}

function utcOf(local: Temporal.PlainDateTime): number {
  return local.toZonedDateTime('UTC').epochMilliseconds
}

describe('local time, without Temporal, is what Temporal says', () => {
  test('of any instant in many zones', () => {
    fc.assert(
      fc.property(zone, instants, (timezone, at) => {
        expect(wallAt(at, timezone)).toBe(utcOf(zoned(at, timezone).toPlainDateTime()))
      }),
      { numRuns: numberOfRuns(2_000) },
    )
  })

  test('of any wall time in many zones', () => {
    fc.assert(
      fc.property(zone, wholeMinutes, (timezone, minute) => {
        const local = zoned(minute * minuteMs, 'UTC').toPlainDateTime()
        const expected = local.toZonedDateTime(timezone).epochMilliseconds
        expect(instantAt(minute * minuteMs, timezone)).toBe(expected)
      }),
      { numRuns: numberOfRuns(2_000) },
    )
  })

  test('around every change of the clocks for twenty years', () => {
    let changes = 0
    for (const timezone of zones.slice(0, numberOfRuns(zones.length))) {
      let next = zoned(Date.parse('2010-01-01T00:00:00Z'), timezone).getTimeZoneTransition('next')
      while (next && next.epochMilliseconds < Date.parse('2030-01-01T00:00:00Z')) {
        changes++
        for (let step = -150; step <= 150; step += 15) {
          const at = next.epochMilliseconds + step * minuteMs
          const wall = utcOf(zoned(at, timezone).toPlainDateTime())
          expect(wallAt(at, timezone)).toBe(wall)
          for (const shown of [wall, wall + hourMs, wall - hourMs]) {
            const local = zoned(shown, 'UTC').toPlainDateTime()
            const expected = local.toZonedDateTime(timezone).epochMilliseconds
            expect(instantAt(shown, timezone), `${timezone} ${local}`).toBe(expected)
          }
        }
        next = next.getTimeZoneTransition('next')
      }
    }
    expect(changes).toBeGreaterThan(numberOfRuns(200))
  })

  test('an instant as people write it', () => {
    expect(localTime(Date.parse('2027-01-03T06:00:30Z'), 'Asia/Muscat')).toBe(
      '2027-01-03 10:00 (Asia/Muscat)',
    )
  })
})
