import { describe, expect, test } from 'vitest'
import { anchorOf, datingOf, shiftAnchors, withAnchor } from '../../../collector/ingest/clock.ts'
import type { AnchorRow } from '../../../collector/store/clocks.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

type Beat = {
  /** When it was sent, after `start`. */
  readonly at: number
  readonly boot?: string
  /** When its boot began, after `start`. */
  readonly bootedAt?: number
  readonly delayMs?: number
  /** How far the wall clock is behind. */
  readonly wallErrorMs?: number
}

/** Anchors after these heartbeats. */
function anchors(heartbeats: readonly Beat[]): AnchorRow[] {
  return heartbeats.reduce<AnchorRow[]>((known, heartbeat) => {
    const { boot = 'b1', at, bootedAt = 0, delayMs = 0, wallErrorMs = 0 } = heartbeat
    const reading = { wall: start + at - wallErrorMs, boot: at - bootedAt }
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
      anchoredAt: start,
    })
  })

  test('A: after an hour an old anchor no longer counts, so that a drifting clock is followed', () => {
    const known = anchors([{ at: 0 }, { at: 2 * hourMs, delayMs: 250 }])
    expect(datingOf(known, 'b1', sealed(2 * hourMs), start + 2 * hourMs).offsetMs).toBe(start + 250)
  })

  test('A: what drifts is followed within the hour, not over five', () => {
    const beats = Array.from({ length: 40 }, (_, i) => ({ at: i * 9e5, bootedAt: i * 100 }))
    const at = 39 * 9e5
    const { offsetMs } = datingOf(anchors(beats), 'b1', sealed(at), start + at)
    // The boot clock falls behind by 0.1 s in a quarter of an hour.
    expect(offsetMs - start).toBeGreaterThanOrEqual(39 * 100 - 500)
    // So it is with all anchors that there ever were, as they are on disk.
    const all = beats.flatMap((beat) => anchors([beat]))
    expect(datingOf(all, 'b1', sealed(at), start + at).offsetMs).toBe(offsetMs)
  })

  test('A: sealed in a long silence, it lies between the anchors before and after', () => {
    const silence = [
      { at: 0, delayMs: 900 },
      { at: 30 * minuteMs },
      // In the two days after that the boot clock fell 8 s behind.
      { at: 2 * dayMs + 30 * minuteMs, bootedAt: 8_000 },
      { at: 2 * dayMs + 32 * minuteMs, bootedAt: 8_000 },
    ]
    const half = dayMs + 30 * minuteMs
    const { timeClass, offsetMs } = datingOf(anchors(silence), 'b1', sealed(half), start + half)
    expect(timeClass).toBe('A')
    expect(Math.abs(offsetMs - start - 4_000)).toBeLessThan(100)
  })

  test('A: a first heartbeat after a silence that took minutes counts for nothing', () => {
    const silence = [{ at: 0 }, { at: 2 * hourMs, delayMs: 3 * minuteMs }]
    const { offsetMs } = datingOf(anchors(silence), 'b1', sealed(hourMs), start + 3 * hourMs)
    expect(offsetMs).toBe(start)
  })

  /** A boot that was never heard: from minute 20 to 50 after `start`, sealed at 40. */
  const unheard = { wall: start + 40 * minuteMs, boot: 20 * minuteMs }
  const after = { boot: 'b3', at: hourMs, bootedAt: 55 * minuteMs }
  const of = (known: AnchorRow[], error = 0) =>
    datingOf(known, 'b2', { ...unheard, wall: unheard.wall - error }, start + 2 * hourMs)

  test('B: a boot without a heartbeat, between two moments when the wall clock was right', () => {
    expect(of(anchors([{ at: 0 }, { ...after, wallErrorMs: 1_500 }]))).toEqual({
      timeClass: 'B',
      offsetMs: start + 20 * minuteMs,
      anchoredAt: start,
    })
  })

  test('B: all within ten minutes', () => {
    const known = anchors([{ at: 0 }, { boot: 'b3', at: 4 * minuteMs, bootedAt: 3 * minuteMs }])
    const sealed = { wall: start + 2 * minuteMs, boot: minuteMs }
    expect(datingOf(known, 'b2', sealed, start + 5 * minuteMs).timeClass).toBe('B')
  })

  test('B: a slow way does not look like a wrong clock', () => {
    const slow = [{ at: 0 }, { at: 11 * minuteMs, delayMs: 8_000 }, after]
    expect(of(anchors(slow)).timeClass).toBe('B')
  })

  test.each<[string, Beat[], number?]>([
    ['nothing is known of the clock before', [after]],
    ['nothing is known of the clock after', [{ at: 0 }]],
    ['the clock was wrong before', [{ at: 0, wallErrorMs: 2_500 }, after]],
    ['the clock was wrong after', [{ at: 0 }, { ...after, wallErrorMs: -2_500 }]],
    [
      'the clock was wrong within the ten minutes before, and then set right',
      [{ at: 0 }, { at: minuteMs, wallErrorMs: 9e5 }, { at: 2 * minuteMs }, after],
    ],
    ['it was set wrong within ten minutes', [{ at: 0 }, { at: minuteMs, wallErrorMs: 9e5 }, after]],
    ['an hour behind: it would begin before the boot before it', [{ at: 0 }, after], hourMs],
    ['a quarter of an hour behind: the same', [{ at: 18 * minuteMs }, after], 15 * minuteMs],
    ['20 minutes ahead: it would end in the boot after it', [{ at: 0 }, after], -20 * minuteMs],
    ['in 1970', [{ at: 0 }, after], unheard.wall],
    ['in ten years', [{ at: 0 }, after], -3_650 * dayMs],
  ])('C: %s', (_name, heartbeats, error) => {
    expect(of(anchors(heartbeats), error)).toMatchObject({ timeClass: 'C', anchoredAt: null })
  })

  test('C: it would lie within another boot, one of whose heartbeats came late', () => {
    const late = { ...after, at: 70 * minuteMs, delayMs: 15 * minuteMs }
    const known = anchors([{ at: 0 }, after, late])
    const within = { wall: start + 68 * minuteMs, boot: 5 * minuteMs }
    expect(datingOf(known, 'b2', within, start + 2 * hourMs).timeClass).toBe('C')
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

test('the collector sets its own clock: what was anchored keeps its moment', () => {
  const stepMs = 40 * minuteMs
  const known = shiftAnchors(anchors([{ at: 0 }, { at: minuteMs, delayMs: 300 }]), stepMs)
  const at = { wall: start, boot: 2 * minuteMs }
  const { timeClass, offsetMs } = datingOf(known, 'b1', at, start + 2 * minuteMs + stepMs)
  expect([timeClass, offsetMs]).toEqual(['A', start + stepMs])
})

test('anchors in memory are bounded, however long an agent runs', () => {
  const many = Array.from({ length: 2_000 }, (_, i) => ({ at: i * 90_000, boot: `b${i >> 7}` }))
  expect(anchors(many).length).toBeLessThanOrEqual(24)
})
