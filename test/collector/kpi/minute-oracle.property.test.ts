import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Context, witnessVerdict } from '../../../collector/kpi/attribution.ts'
import { causes } from '../../../collector/kpi/causes.ts'
import type { Needs } from '../../../collector/kpi/compose.ts'
import { type Bounds, boundsOf, continuity } from '../../../collector/kpi/continuity.ts'
import {
  type CheckTimeline,
  environmentDay,
  type Overlays,
  type Sums,
  sumNames,
} from '../../../collector/kpi/environment-day.ts'
import { decimal, fraction, isAtLeast } from '../../../collector/kpi/fraction.ts'
import { Ledger } from '../../../collector/kpi/ledger.ts'
import type { CheckKind } from '../../../protocol/check.ts'
import { dayMs, minuteMs, type Span } from '../../../protocol/time.ts'
import {
  type Decided,
  type History,
  markNames,
  minuteAt,
  sumMinutes,
} from '../../support/minute-oracle.ts'
import { numberOfRuns } from '../../support/number-of-runs.ts'
import { minutes, timeline } from '../../support/strips.ts'

/** An hour over midnight: what is cut into days must be the same as one whole. */
const start = 1_410
const length = 60
const standard = { target: decimal(0.95), gapMax: decimal(0.01), centreMax: decimal(0.01) }

/** Texts of one letter a minute in which letters stay for a while. */
const letters = (...of: string[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...of), fc.integer({ min: 1, max: 25 })), { minLength: 1 })
    .map((runs) => runs.map(([letter, n]) => letter.repeat(n)).join(''))
    .map((text) => text.repeat(length).slice(0, length))

const mark = fc.oneof({ weight: 1, arbitrary: letters('x', '.') }, fc.constant('.'.repeat(length)))
const span = fc
  .tuple(fc.nat(length), fc.nat(length))
  .map(([a, b]) => ({ from: start + Math.min(a, b), to: start + Math.max(a, b) + 1 }))

const names = ['a', 'b', 'c', 'd'] as const
const { needs } = fc.letrec<{ needs: Needs }>((tie) => ({
  needs: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'needs' },
    fc.constantFrom(...names, 'gone'),
    fc.array(tie('needs'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc
      .tuple(fc.array(tie('needs'), { minLength: 1, maxLength: 3 }), fc.nat(2))
      .map(([of, k]) => ({ atLeast: Math.min(of.length, k + 1), of })),
  ),
}))

const kinds: CheckKind[] = ['host', 'http', 'tcp', 'dns', 'link', 'disk']
const checks = fc
  .tuple(
    fc.integer({ min: 1, max: names.length }),
    fc.array(
      fc.tuple(fc.constantFrom(...kinds), fc.nat(length), letters('U', 'U', 'G', 'D', '.')),
      {
        minLength: names.length,
        maxLength: names.length,
      },
    ),
  )
  .map(([n, all]) =>
    all.slice(0, n).map(([kind, late, text], i) => {
      // Most are there from the start on; before its first evidence nothing is known of a check.
      const since = late > length / 2 ? late - length / 2 : 0
      const saw = '.'.repeat(since) + text.slice(since)
      const seen = kind === 'disk' ? saw.replaceAll('D', 'G') : saw
      return { check: names[i]!, kind, since: start + since, saw: seen }
    }),
  )

const dispute = fc
  .tuple(
    span,
    fc.constantFrom('up', 'down', 'unknown'),
    fc.option(fc.constantFrom(...causes), { freq: 2 }),
  )
  .map(([at, state, cause]) => ({ ...at, state, cause: state === 'up' ? null : cause }))

const histories = fc
  .record({
    checks,
    cut: fc.nat(length),
    needs: fc.array(fc.option(needs), { minLength: 2, maxLength: 2 }),
    class: fc.constantFrom('public', 'public', 'internal', 'link'),
    witnesses: fc.option(
      fc.array(fc.record({ agent: fc.constantFrom('p', 'q', 'r'), saw: letters('U', 'D', '.') }), {
        maxLength: 4,
      }),
      { freq: 3 },
    ),
    needsWitnesses: fc.boolean(),
    siteAlive: fc.option(letters('x', '.'), { freq: 3 }),
    marks: fc.tuple(...markNames.map(() => mark)),
    disputes: fc.array(dispute, { maxLength: 3 }),
  })
  .map(({ cut, needs: [first, second], marks, disputes, ...rest }): History => {
    const middle = start + cut
    return {
      ...rest,
      start,
      needs: [
        { from: start + 2, to: middle, needs: first ?? null },
        { from: middle + 1, to: start + length, needs: second ?? null },
      ],
      // The keys are exactly the names of the marks.
      marks: Object.fromEntries(markNames.map((name, i) => [name, marks[i]!])) as History['marks'],
      disputes: disputes.map((each, i): Decided => ({ ...each, id: `d${i}` })),
    }
  })

function spansOf(text: string): Span[] {
  return timeline(text.replaceAll('x', 'U'), start).map(({ from, to }) => ({ from, to }))
}

function timelinesOf(history: History): CheckTimeline[] {
  return history.checks.map(({ check, kind, since, saw }) => ({
    check,
    kind,
    canBeDown: kind !== 'disk',
    since: since * minuteMs,
    timeline: timeline(saw, start),
  }))
}

function overlaysOf({ marks, disputes, ...history }: History): Overlays {
  const { witnesses, needsWitnesses, siteAlive } = history
  const attribution: Context = {
    class: history.class,
    outside:
      witnesses &&
      witnessVerdict(
        witnesses.map(({ agent, saw }) => ({ agent, timeline: timeline(saw, start) })),
      ),
    needsWitnesses,
    alive: spansOf(marks.alive),
    siteAlive: siteAlive === null ? null : spansOf(siteAlive),
    off: spansOf(marks.off),
    clock: spansOf(marks.clock),
    stopped: spansOf(marks.stopped),
  }
  return {
    maintenance: spansOf(marks.maintenance),
    centre: spansOf(marks.centre),
    attribution,
    disputes: disputes.map((each) => ({ ...each, ...minutes(each.from, each.to) })),
  }
}

function derive(history: History, day: number, checks = timelinesOf(history)) {
  const definitions = history.needs.map((each) => ({ ...each, ...minutes(each.from, each.to) }))
  return environmentDay(checks, definitions, overlaysOf(history), day)
}

function ledgerOf(history: History): Ledger {
  const ledger = new Ledger(0)
  for (const day of [0, dayMs]) ledger.set(derive(history, day))
  return ledger
}

const end = start + length
const wholeSums = (history: History) => ledgerOf(history).sums(minutes(start, end))

describe('random histories', () => {
  test('are the same minute by minute, counted the slow way', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const pieces = ledgerOf(history).pieces(minutes(0, 2 * 1_440))
        for (let at = start; at < end; at++) {
          const here = pieces.filter(({ from, to }) => from <= at * minuteMs && at * minuteMs < to)
          const { from: _from, to: _to, ...piece } = here[0] ?? { from: 0, to: 0 }
          expect(here.length).toBeLessThanOrEqual(1)
          expect(here.length === 0 ? null : piece, `minute ${at - start}`).toEqual(
            minuteAt(history, at),
          )
        }
        expect(wholeSums(history)).toEqual(sumMinutes(history, start, end))
      }),
      { numRuns: numberOfRuns(500) },
    )
  })

  test('have a cause for every piece that is down or unknown, and neighbours that differ', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { pieces } = derive(history, 0)
        for (const [i, { from, to, ...piece }] of pieces.entries()) {
          expect(from).toBeLessThan(to)
          const isLost = piece.state === 'down' || piece.state === 'unknown'
          expect(piece.cause !== undefined).toBe(isLost)
          const { from: start, to: _end, ...next } = pieces[i + 1] ?? { from: -1, to: -1 }
          if (start === to) expect(next).not.toEqual(piece)
        }
      }),
    )
  })

  test('sum up over windows however they are cut, by cause too', () => {
    const cuts = fc.array(fc.nat(length), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(histories, cuts, (history, at) => {
        const [a, b, c] = at.map((n) => start + n).sort((x, y) => x - y) as [number, number, number]
        const ledger = ledgerOf(history)
        const [first, second] = [ledger.sums(minutes(a, b)), ledger.sums(minutes(b, c))]
        const whole = ledger.sums(minutes(a, c))
        for (const name of sumNames) expect(first[name] + second[name]).toBe(whole[name])
        const lost = Object.values(ledger.lost(minutes(a, c)))
        expect(lost.reduce((sum, { downMs }) => sum + downMs, 0)).toBe(whole.down)
        expect(lost.reduce((sum, { unknownMs }) => sum + unknownMs, 0)).toBe(whole.unknown)
      }),
    )
  })

  test('come out the same in whatever order the evidence arrives', () => {
    const order = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 300,
      maxLength: 300,
    })
    fc.assert(
      fc.property(histories, order, (history, ranks) => {
        const all = timelinesOf(history)
        const arrivals = all
          .flatMap(({ timeline: spans }, i) => spans.map((each) => ({ i, each })))
          .map((arrival, k) => ({ ...arrival, rank: ranks[k] ?? 1 }))
          .sort((a, b) => a.rank - b.rank)
        const known = all.map((check) => ({ ...check, timeline: [...check.timeline].slice(0, 0) }))
        const ledger = new Ledger(0)
        for (const day of [0, dayMs]) ledger.set(derive(history, day, known))
        for (const { i, each } of arrivals) {
          known[i]!.timeline.push(each)
          known[i]!.timeline.sort((a, b) => a.from - b.from)
          for (const day of [0, dayMs]) ledger.set(derive(history, day, known))
        }
        expect(ledger.sums(minutes(start, end))).toEqual(wholeSums(history))
        expect(ledger.pieces(minutes(start, end))).toEqual(
          ledgerOf(history).pieces(minutes(start, end)),
        )
      }),
      { numRuns: numberOfRuns(50) },
    )
  })

  test('keep low <= observed <= high, and own fault is never below', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { low, observed, high, ownFault, attested } = continuity(wholeSums(history), standard)
        if (!low) return
        expect(low.ratio).toBeLessThanOrEqual(high!.ratio)
        expect(ownFault!.low.ratio).toBeGreaterThanOrEqual(low.ratio)
        expect(ownFault!.high.ratio).toBeGreaterThanOrEqual(high!.ratio)
        expect(ownFault!.high.ratio).toBeLessThanOrEqual(1)
        if (!observed) return
        expect(low.ratio).toBeLessThanOrEqual(observed.ratio)
        expect(observed.ratio).toBeLessThanOrEqual(high!.ratio)
        const shares = Object.values(attested!).reduce((sum, { ratio }) => sum + ratio, 0)
        expect(shares).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  test('narrow when unknown time becomes known', () => {
    const which = fc.tuple(fc.nat(names.length - 1), fc.nat(length - 1), fc.constantFrom('U', 'D'))
    fc.assert(
      fc.property(histories, which, (drawn, [i, at, letter]) => {
        // The centre's time leaves the denominator until it is known: not the same question.
        const history = { ...drawn, marks: { ...drawn.marks, centre: '' }, disputes: [] }
        const check = history.checks[i]
        fc.pre(check?.saw[at] === '.' && check.since <= start + at && check.kind !== 'disk')
        fc.pre(minuteAt(history, start + at)?.state === 'unknown')
        const saw = check!.saw.slice(0, at) + letter + check!.saw.slice(at + 1)
        const known = {
          ...history,
          checks: history.checks.map((each) => (each === check ? { ...each, saw } : each)),
        }
        const [before, after] = [wholeSums(history), wholeSums(known)]
        for (const bounds of [boundsOf, ownBounds]) {
          const [wide, narrow] = [bounds(before), bounds(after)]
          if (!wide || !narrow) continue
          expect(isAtLeast(narrow.low, wide.low)).toBe(true)
          expect(isAtLeast(wide.high, narrow.high)).toBe(true)
        }
      }),
      { numRuns: numberOfRuns(300) },
    )
  })

  test('have other causes, never other states, for who else is at the site', () => {
    fc.assert(
      fc.property(histories, fc.option(letters('x', '.')), (history, siteAlive) => {
        const [one, other] = [wholeSums(history), wholeSums({ ...history, siteAlive })]
        for (const name of ['up', 'degraded', 'down', 'unknown', 'centre'] as const) {
          expect(other[name]).toBe(one[name])
        }
      }),
    )
  })
})

/** The exact bounds of the own-fault continuity. */
function ownBounds(sums: Sums): Bounds | null {
  const eligible = sums.up + sums.degraded + sums.down + sums.unknown
  const good = sums.up + sums.degraded + sums.downExternal
  if (eligible === 0) return null
  return { low: fraction(good, eligible), high: fraction(good + sums.unknown, eligible) }
}
