import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  anchorOf,
  type Dating,
  datingOf,
  shiftAnchors,
  withAnchor,
} from '../../../collector/ingest/clock.ts'
import { project, type StreamState } from '../../../collector/ingest/project.ts'
import type { AnchorRow } from '../../../collector/store/clocks.ts'
import type { AgentRow, SpanRow } from '../../../collector/store/store.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { numberOfRuns } from '../../support/number-of-runs.ts'
import { quietBatch } from '../../support/quiet-batch.ts'
import { writeSpans } from '../../support/span-table.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const heartbeatMs = 90_000

type Beat = { sentAt: number; boot: number; wall: number; received: number }

/** Anchors after these heartbeats, in the order in which they arrived. */
function anchorsOf(beats: readonly Beat[], boot = 'b1', known: AnchorRow[] = []): AnchorRow[] {
  return beats
    .toSorted((a, b) => a.received - b.received)
    .reduce((all, beat) => {
      const anchor = anchorOf(all, boot, { wall: beat.wall, boot: beat.boot }, beat.received)
      return withAnchor(all, anchor)
    }, known)
}

const delay = fc.oneof(fc.nat(900), fc.nat(15_000), fc.nat(10 * minuteMs))
const drift = fc.double({ min: -100e-6, max: 100e-6, noNaN: true })
const wrong = fc.oneof(
  fc.integer({ min: -5_000, max: 5_000 }),
  fc.constantFrom(-hourMs, hourMs, 3_650 * dayMs, -start),
)

/** Heartbeats of one boot whose clock drifts; at least one in 20 is prompt. */
function beatsOf(delays: readonly number[], rate: number, walls: readonly number[]): Beat[] {
  return delays.map((each, i) => {
    const sentAt = start + i * heartbeatMs
    const boot = Math.round((sentAt - start) * (1 + rate)) + hourMs
    const wall = sentAt + (walls[i % walls.length] ?? 0)
    return { sentAt, boot, wall, received: sentAt + (i % 20 === 0 ? each % 900 : each) }
  })
}

test('class A is right within 2 s when one heartbeat of the hour was prompt', () => {
  fc.assert(
    fc.property(
      fc.array(delay, { minLength: 1, maxLength: 120 }),
      drift,
      fc.array(wrong, { minLength: 1, maxLength: 5 }),
      fc.nat(10 * minuteMs),
      (delays, rate, walls, agoMs) => {
        const beats = beatsOf(delays, rate, walls)
        const at = beats.at(-1)!.sentAt - agoMs
        const boot = Math.round((at - start) * (1 + rate)) + hourMs
        const wall = at + walls[0]!
        const received = Math.max(...beats.map((beat) => beat.received))
        const { timeClass, offsetMs } = datingOf(anchorsOf(beats), 'b1', { wall, boot }, received)
        expect(timeClass).toBe('A')
        expect(Math.abs(offsetMs + boot - at)).toBeLessThanOrEqual(2_000)
      },
    ),
  )
})

test('class A is right within 2 s after days of silence, however the boot clock drifted', () => {
  const silence = fc.integer({ min: 2 * hourMs, max: 7 * dayMs })
  fc.assert(
    fc.property(drift, silence, fc.double({ min: 0, max: 1, noNaN: true }), (rate, ms, part) => {
      const bootAt = (at: number) => Math.round((at - start) * (1 + rate)) + hourMs
      const beat = (at: number): Beat => {
        return { sentAt: at, boot: bootAt(at), wall: at, received: at + 200 }
      }
      const back = start + ms
      const known = anchorsOf([beat(start), beat(start + heartbeatMs), beat(back)])
      const at = start + Math.round(ms * part)
      const dating = datingOf(known, 'b1', { wall: at, boot: bootAt(at) }, back + 1_000)
      expect(dating.timeClass).toBe('A')
      expect(Math.abs(dating.offsetMs + bootAt(at) - at)).toBeLessThanOrEqual(2_000)
    }),
  )
})

test('a wrong wall clock never changes a date of class A', () => {
  const walls = fc.array(wrong, { minLength: 1, maxLength: 5 })
  const delays = fc.array(delay, { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(delays, walls, wrong, (each, wallErrors, error) => {
      const right = beatsOf(each, 0, [0])
      const off = beatsOf(each, 0, wallErrors)
      const { sentAt, boot, received } = right.at(-1)!
      const sealed = { wall: sentAt, boot }
      const dating = datingOf(anchorsOf(right), 'b1', sealed, received)
      const wrongly = datingOf(anchorsOf(off), 'b1', { ...sealed, wall: sentAt + error }, received)
      expect(wrongly).toEqual(dating)
    }),
  )
})

test('no boot is believed when the wall clock of a neighbour was off', () => {
  const off = fc.integer({ min: 2_300, max: 3_650 * dayMs })
  const sign = fc.constantFrom(-1, 1)
  const some = fc.integer({ min: -hourMs, max: hourMs })
  fc.assert(
    fc.property(off, sign, fc.boolean(), some, (error, by, isBefore, ownError) => {
      const beat = (at: number, bootedAt: number, wallError: number): Beat => {
        return { sentAt: at, boot: at - bootedAt, wall: at + wallError, received: at + 100 }
      }
      const wallError = error * by
      const before = [beat(start, start - hourMs, 0), beat(start + 5e3, start - hourMs, 0)]
      if (isBefore) before[1]!.wall += wallError
      const after = beat(start + 3 * hourMs, start + 2 * hourMs, isBefore ? 0 : wallError)
      const known = anchorsOf([after], 'b3', anchorsOf(before, 'b1'))
      const sealed = { wall: start + hourMs + ownError, boot: 20 * minuteMs }
      expect(datingOf(known, 'b2', sealed, start + 4 * hourMs).timeClass).toBe('C')
    }),
  )
})

const agent: AgentRow = {
  ...{ agent: 'a-1', institution: 'moh', environment: 'portal', name: 'web-1' },
  ...{ enrolledAt: 0, status: 'active', kid: '', publicKey: '' },
}

/** What can happen to a host and to the collector between two of its batches. */
const happening = fc.record({
  lastsMs: fc.integer({ min: 1_000, max: 3 * hourMs }),
  state: fc.constantFrom('up', 'down', 'unknown'),
  what: fc.constantFrom('nothing', 'nothing', 'reboot', 'offline', 'collector set'),
  wallError: wrong,
  stepMs: fc.constantFrom(-hourMs, hourMs, -10 * minuteMs, 30_000),
  delayMs: delay,
})

test('whatever the clocks do, spans never overlap and no hour has more than 60 minutes', () => {
  const history = fc.array(happening, { minLength: 1, maxLength: 25 })
  fc.assert(
    fc.property(history, fc.boolean(), (happenings, isNoticed) => {
      const rows = timelineOf(happenings, isNoticed)
      let through = Number.NEGATIVE_INFINITY
      const minutes = new Map<number, number>()
      for (const { from, to } of rows) {
        expect(to).toBeGreaterThan(from)
        expect(from).toBeGreaterThanOrEqual(through)
        through = to
        for (let at = from; at < to; at = Math.floor(at / hourMs + 1) * hourMs) {
          const hour = Math.floor(at / hourMs)
          const partMs = Math.min(to, (hour + 1) * hourMs) - at
          minutes.set(hour, (minutes.get(hour) ?? 0) + partMs / minuteMs)
        }
      }
      for (const each of minutes.values()) expect(each).toBeLessThanOrEqual(60 + 1e-9)
      const sums = rows.reduce((sum, { from, to }) => sum + to - from, 0)
      const last = rows.at(-1)
      // The running sums, which figures are made of, agree with the spans themselves.
      if (last) {
        const { upMs, degradedMs, downMs } = last
        expect(upMs + degradedMs + downMs + last.to - last.from).toBe(sums)
      }
    }),
    { numRuns: numberOfRuns(300) },
  )
})

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

/** The spans of one check after a history, oldest first; the collector may not notice a step. */
function timelineOf(happenings: readonly Happening[], isNoticed: boolean): SpanRow[] {
  const rows = new Map<number, SpanRow>()
  let stream: StreamState = { agent, definitions: [], checks: new Map() }
  let known: AnchorRow[] = []
  let [trueAt, bootedAt, collectorError, boots, from, isOffline] = [start, start, 0, 1, 0, false]
  for (const { lastsMs, state, what, wallError, stepMs, delayMs } of happenings) {
    if (what === 'reboot') {
      boots += 1
      bootedAt = trueAt
      from = 0
    } else if (what === 'collector set') {
      collectorError += stepMs
      if (isNoticed) known = shiftAnchors(known, stepMs)
    }
    isOffline = what === 'offline' && !isOffline
    trueAt += lastsMs
    const boot = `b${boots}`
    const reading = { wall: Math.max(0, trueAt + wallError), boot: trueAt - bootedAt }
    const received = trueAt + collectorError + delayMs
    if (!isOffline) known = withAnchor(known, anchorOf(known, boot, reading, received))
    const dating: Dating = datingOf(known, boot, reading, received)
    const batch = quietBatch(boot, reading, [
      { check: 'web', state, from, to: reading.boot, count: 1 },
    ])
    const projection = project(stream, batch, dating, () => 1)
    const [record] = [...projection.checks, ...projection.grown]
    if (record) stream = { ...stream, checks: new Map([['web', record]]) }
    stream = { ...stream, definitions: projection.definitions }
    writeSpans(rows, projection)
    from = reading.boot
  }
  return [...rows.values()].sort((a, b) => a.from - b.from)
}
