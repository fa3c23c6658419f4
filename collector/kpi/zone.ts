import type { EpochMs } from '../../protocol/time.ts'
import { dayMs } from '../../protocol/time.ts'

/**
 * What clocks on the wall show, written as if it were UTC: `Date.UTC` of year, month, day and time
 * of a zone. Only through Intl, so that whoever checks an export offline needs no newer platform.
 */
export type WallMs = number

const options = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

/** By zone. Making one costs a thousand times its use, and it depends on nothing but the zone. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    ...options,
    calendar: 'gregory',
    numberingSystem: 'latn',
    timeZone: timezone,
  })
  formats.set(timezone, format)
  return format
}

/** What clocks in the zone show at an instant. Throws RangeError for a zone there is none of. */
export function wallAt(at: EpochMs, timezone: string): WallMs {
  const [month, day, year, hour, minute, second] = formatOf(timezone)
    .format(at)
    .match(/\d+/g)!
    .map(Number)
  const wall = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  return wall + (((at % 1_000) + 1_000) % 1_000)
}

/**
 * The instant at which clocks in the zone show this. Where they show it twice, the first; where
 * they skip it, as much later as they skip.
 */
export function instantAt(wall: WallMs, timezone: string): EpochMs {
  const offsetAt = (at: EpochMs) => wallAt(at, timezone) - at
  const before = offsetAt(wall - dayMs)
  const after = offsetAt(wall + dayMs)
  const fitting = [before, after]
    .map((offset) => wall - offset)
    .filter((at) => offsetAt(at) + at === wall)
  return fitting.length > 0 ? Math.min(...fitting) : wall - before
}

/** An instant as people of the zone write it, e.g. `2027-01-03 10:00 (Asia/Muscat)`. */
export function localTime(at: EpochMs, timezone: string): string {
  const text = new Date(wallAt(at, timezone)).toISOString().slice(0, 16)
  return `${text.replace('T', ' ')} (${timezone})`
}
