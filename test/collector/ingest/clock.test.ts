import { describe, expect, test } from 'vitest'
import { anchorOf, datingOf, withAnchor } from '../../../collector/ingest/clock.ts'
import type { AnchorRow } from '../../../collector/store/store.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

/** Anchors after heartbeats at these boot times, each delayed and the wall clock off by so much. */
function anchors(
  heartbeats: readonly { boot?: string; at: number; delayMs?: number; wallErrorMs?: number }[],
): AnchorRow[] {
  return heartbeats.reduce<AnchorRow[]>((known, heartbeat) => {
    const { boot = 'b1', at, delayMs = 0, wallErrorMs = 0 } = heartbeat
    const reading = { wall: start + at - wallErrorMs, boot: at }
    return withAnchor(known, anchorOf(known, boot, reading, start + at + delayMs))
  }, [])
}

const sealed = (boot: number, wallErrorMs = 0) => ({ wall: start + boot - wallErrorMs, boot })

describe('datingOf', () => {
  test('A: the least delayed heartbeat of the boot dates it, whatever the wall clock says', () => {
    const known = anchors([
      { at: 0, delayMs: 900, wallErrorMs: 3_600_000 },
      { at: minuteMs, delayMs: 40, wallErrorMs: 3_600_000 },
      { at: 2 * minuteMs, delayMs: 700, wallErrorMs: 3_600_000 },
    ])
    expect(datingOf(known, 'b1', sealed(2 * minuteMs), start + 2 * minuteMs)).toEqual({
      timeClass: 'A',
      offsetMs: start + 40,
    })
  })

  test('A: after an hour an old anchor no longer counts, so that a drifting clock is followed', () => {
    const known = anchors([{ at: 0 }, { at: 2 * hourMs, delayMs: 250 }])
    expect(datingOf(known, 'b1', sealed(2 * hourMs), start + 2 * hourMs).offsetMs).toBe(start + 250)
  })

  test('B: a boot without a heartbeat, between two moments when the wall clock was right', () => {
    const known = anchors([{ at: 0 }, { boot: 'b3', at: hourMs, wallErrorMs: 1_500 }])
    const lost = { wall: start + 30 * minuteMs, boot: 5 * minuteMs }
    expect(datingOf(known, 'b2', lost, start + hourMs)).toEqual({
      timeClass: 'B',
      offsetMs: start + 25 * minuteMs,
    })
  })

  test.each([
    ['nothing is known of the clock before', [{ boot: 'b3', at: hourMs }]],
    ['nothing is known of the clock after', [{ at: 0 }]],
    [
      'the clock was wrong before',
      [
        { at: 0, wallErrorMs: 2_500 },
        { boot: 'b3', at: hourMs },
      ],
    ],
    ['the clock was wrong after', [{ at: 0 }, { boot: 'b3', at: hourMs, wallErrorMs: -2_500 }]],
  ])('C: %s', (_name, heartbeats) => {
    const lost = { wall: start + 30 * minuteMs, boot: 5 * minuteMs }
    expect(datingOf(anchors(heartbeats), 'b2', lost, start + hourMs).timeClass).toBe('C')
  })

  test.each([
    ['five minutes and more ahead', 6 * minuteMs, 'C'],
    ['a little ahead', 4 * minuteMs, 'A'],
    ['a week back', -7 * dayMs, 'A'],
    ['more than eight days back', -8 * dayMs - 1, 'C'],
  ])('an outcome %s of its arrival', (_name, aheadMs, timeClass) => {
    const known = anchors([{ at: 30 * dayMs }])
    const boot = 30 * dayMs + aheadMs
    expect(datingOf(known, 'b1', sealed(boot), start + 30 * dayMs).timeClass).toBe(timeClass)
  })
})

test('anchors in memory are bounded, however long an agent runs', () => {
  const many = Array.from({ length: 2_000 }, (_, i) => ({ at: i * 90_000, boot: `b${i >> 7}` }))
  expect(anchors(many).length).toBeLessThanOrEqual(24)
})
