import { describe, expect, test } from 'vitest'
import {
  ago,
  cycleName,
  day,
  decimals,
  duration,
  minutes,
  percent,
  plainTime,
  roundPercent,
  time,
  writerOf,
  zone,
} from '../../../collector/web/format.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'

const at = Date.UTC(2027, 0, 20, 9, 46, 7)
const muscat = writerOf('ar', 'Asia/Muscat')

/** Text as it reads, without markup and marks of direction. */
const words = (html: { text: string }) =>
  html.text.replaceAll(/<[^>]*>|[\u200e\u200f\u2066-\u2069]/g, '')

describe('percentages', () => {
  test('are written as the snapshot has them, never rounded again', () => {
    expect(words(percent({ ratio: 0.949999, percent: '94.99' }))).toBe('94.99%')
    expect(words(percent(null))).toBe('–')
  })
  test('of a target lose only their zeros behind the point', () => {
    expect(roundPercent({ ratio: 0.95, percent: '95.00' })).toBe('95%')
    expect(roundPercent({ ratio: 0.995, percent: '99.50' })).toBe('99.50%')
    expect(roundPercent({ ratio: 1, percent: '100.00' })).toBe('100%')
  })
})

test.each([
  [0, '0 seconds', '0 ثانية'],
  [59_400, '59 seconds', '59 ثانية'],
  [2 * minuteMs, '2 minutes', 'دقيقتان'],
  [3 * hourMs + 12 * minuteMs + 5_000, '3 hours, 12 minutes', '3 ساعات و12 دقيقة'],
  [11 * dayMs, '11 days', '11 يومًا'],
  [-5, '0 seconds', '0 ثانية'],
])('duration: %i ms', (ms, en, ar) => {
  expect(duration('en', ms)).toBe(en)
  expect(duration('ar', ms)).toBe(ar)
})

test.each([
  [-minuteMs, 'now', 'الآن'],
  [59_000, 'now', 'الآن'],
  [2 * minuteMs, '2 minutes ago', 'قبل دقيقتين'],
  [3.9 * hourMs, '3 hours ago', 'قبل 3 ساعات'],
  [2 * dayMs, '2 days ago', 'قبل يومين'],
])('ago: %i ms', (ms, en, ar) => {
  expect(ago('en', ms)).toBe(en)
  expect(ago('ar', ms)).toBe(ar)
})

describe('times', () => {
  test('are told in the zone of the snapshot, with the instant for machines', () => {
    expect(time(muscat, at).text).toContain('datetime="2027-01-20T09:46:07.000Z"')
    expect(words(time(muscat, at))).toBe('20 يناير، 13:46')
    expect(words(time(writerOf('en', 'UTC'), at, 'minuteOfYear'))).toBe('20 Jan 2027, 09:46')
    expect(plainTime(writerOf('en', 'Asia/Muscat'), at)).toBe('20 Jan, 13:46')
  })
  test('name their zone', () => {
    expect(words(zone(muscat, at))).toBe('توقيت الخليج (GMT+4)')
    expect(words(zone(writerOf('en', 'UTC'), at))).toBe('Coordinated Universal Time (GMT+0)')
  })
  test('of a cycle name its month as Oman does', () => {
    const cycle = { id: '2027-04', name: 'april', from: 0, to: 1 } as const
    expect(words({ text: cycleName('ar', cycle) })).toBe('دورة القياس أبريل 2027')
    expect(words({ text: cycleName('en', cycle) })).toBe('Cycle April 2027')
  })
})

test.each([
  ['Asia/Muscat', 'ar', '1 أبريل 2026'],
  ['America/Los_Angeles', 'en', '1 Apr 2026'],
  ['Pacific/Kiritimati', 'en', '1 Apr 2026'],
] as const)('a day stays the same day in %s', (zoneName, language, expected) => {
  const html = day(writerOf(language, zoneName), '2026-04-01')
  expect(words(html)).toBe(expected)
  expect(html.text).toContain('datetime="2026-04-01"')
})

test.each([
  [0.9999, 2, '0.99'],
  [1, 2, '1.00'],
  [0.57, 2, '0.57'],
  [12.69, 1, '12.6'],
] as const)('decimals of %d are cut off', (n, digits, expected) => {
  expect(words(decimals('en', n, digits))).toBe(expected)
})

test('minutes are whole and grouped', () => {
  expect(words(minutes('en', 5_522.4 * minuteMs))).toBe('5,522')
  expect(words(minutes('ar', 5_522.4 * minuteMs))).toBe('5,522')
})
