import { describe, expect, test } from 'vitest'
import { delayMs, type Failure, retryAfterMs } from '../../agent/backoff.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'

const failure: Failure = { count: 2, denied: false, floorMs: 0, local: false }

describe('delayMs', () => {
  test.each<[string, Partial<Failure>, number, number]>([
    ['the first loss spreads over two minutes more', { count: 1 }, 0, 125],
    ['then the delay doubles', { count: 2 }, 0, 10],
    ['and doubles', { count: 5 }, 0, 80],
    ['up to the cap', { count: 30 }, 0, 15 * 60],
    ['a wrong key waits longer', { count: 2, denied: true }, 0, 120],
    ['what the collector asked for is the floor', { count: 2, floorMs: 60_000 }, 60, 70],
    ['on the same host three quick tries', { count: 3, local: true }, 0, 1],
    ['and then as everybody', { count: 4, local: true }, 0, 40],
    ['unless it asked for patience', { count: 1, local: true, floorMs: 60_000 }, 60, 65],
  ])('%s', (_name, given, least, most) => {
    expect(delayMs({ ...failure, ...given }, () => 0)).toBe(least * secondMs)
    expect(delayMs({ ...failure, ...given }, () => 1)).toBe(most * secondMs)
  })

  test('the jitter is applied after the cap: at the cap delays still differ', () => {
    const capped = { ...failure, count: 40 }
    expect(delayMs(capped, () => 0.25)).not.toBe(delayMs(capped, () => 0.75))
  })
})

test.each([
  [null, 0],
  ['120', 2 * minuteMs],
  ['0', 0],
  ['Fri, 15 Jan 2027 08:01:00 GMT', minuteMs],
  ['Fri, 15 Jan 2027 07:00:00 GMT', 0],
  ['soon', 0],
  ['999999999', 60 * minuteMs],
])('Retry-After %s', (header, expected) => {
  expect(retryAfterMs(header, Date.parse('2027-01-15T08:00:00Z'))).toBe(expected)
})
