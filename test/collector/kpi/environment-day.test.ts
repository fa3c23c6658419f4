import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Needs } from '../../../collector/kpi/compose.ts'
import {
  type CheckTimeline,
  environmentDay,
  noTime,
  type Overlays,
  type Sums,
  sumNames,
} from '../../../collector/kpi/environment-day.ts'
import { Ledger } from '../../../collector/kpi/ledger.ts'
import { serviceSpans } from '../../../collector/kpi/service-hours.ts'
import { dayMs, minuteMs } from '../../../protocol/time.ts'
import { minutes, strip, timeline } from '../../support/strips.ts'

const none: Overlays = { maintenance: [], centre: [] }

function check(name: string, text: string, more: Partial<CheckTimeline> = {}): CheckTimeline {
  return { check: name, kind: 'tcp', canBeDown: true, since: 0, timeline: timeline(text), ...more }
}

/** The first minutes of a day, as a strip. */
function derive(
  checks: CheckTimeline[],
  length: number,
  overlays = none,
  needs: Needs | null = null,
) {
  return environmentDay(checks, [{ ...minutes(0, length), needs }], overlays, 0)
}

function inMinutes(sums: Sums): Partial<Sums> {
  const entries = sumNames.map((name) => [name, sums[name] / minuteMs] as const)
  return Object.fromEntries(entries.filter(([, n]) => n > 0))
}

test.each<[string, CheckTimeline[], Needs | null, string]>([
  [
    'all checks that can be down, in series',
    [check('a', 'UUDU.'), check('b', 'UDUU.')],
    null,
    'UDDU.',
  ],
  [
    'a disk that is low degrades',
    [check('a', 'UUDUU'), check('d', 'UGGU.', { canBeDown: false })],
    null,
    'UGDUU',
  ],
  [
    'what the register needs and nobody reports is unknown',
    [check('a', 'UUUUU')],
    { all: ['a', 'gone'] },
    '.....',
  ],
  [
    'a check counts from its first evidence on',
    [check('a', 'UUUUU'), check('b', '..DUU', { since: 2 * minuteMs })],
    null,
    'UUDUU',
  ],
  [
    'nothing is needed before anything was seen',
    [check('a', '..UUU', { since: 2 * minuteMs })],
    null,
    '..UUU',
  ],
])('environmentDay: %s', (_name, checks, needs, expected) => {
  expect(strip(derive(checks, 5, none, needs).pieces)).toBe(expected)
})

test('maintenance leaves net and stays in gross; the centre takes only what is unknown', () => {
  const overlays = { maintenance: [minutes(1, 3)], centre: [minutes(2, 6)] }
  const { sums } = derive([check('a', 'UDDUU..D')], 8, overlays)
  expect(inMinutes(sums)).toEqual({
    up: 3,
    down: 1,
    unknown: 1,
    maintenance: 2,
    centre: 1,
    grossUp: 3,
    grossDown: 3,
    grossUnknown: 2,
    selfAttested: 4,
  })
})

test('out of scope is in no sum', () => {
  const { sums } = environmentDay(
    [check('a', 'UUUUUUUU')],
    [{ ...minutes(2, 5), needs: null }],
    none,
    0,
  )
  expect(inMinutes(sums)).toEqual({ up: 3, grossUp: 3, selfAttested: 3 })
})

test('service hours are local and may cross the UTC day', () => {
  const hours = [{ days: ['sun', 'mon'] as const, from: '08:00', to: '24:00' }]
  const sunday = Date.parse('2026-11-22T00:00Z')
  const spans = serviceSpans(hours, 'Asia/Muscat', { from: sunday, to: sunday + dayMs })
  expect(
    spans.map(({ from, to }) => [new Date(from).toISOString(), new Date(to).toISOString()]),
  ).toEqual([['2026-11-22T04:00:00.000Z', '2026-11-22T20:00:00.000Z']])
})

describe('Ledger', () => {
  const letter = fc.constantFrom('U', 'G', 'D', '.')
  const hours = fc.array(letter, { minLength: 96, maxLength: 96 })

  /** Four days, each letter one hour, with maintenance and an outage of the centre in them. */
  function ledgerOf(letters: string[]): Ledger {
    const text = letters.map((each) => each.repeat(60)).join('')
    const ledger = new Ledger(0)
    const overlays = { maintenance: [minutes(100, 400)], centre: [minutes(1_500, 3_500)] }
    for (let day = 0; day < 4; day++) {
      const definitions = [{ ...minutes(30, 5_700), needs: null }]
      ledger.set(environmentDay([check('a', text)], definitions, overlays, day * dayMs))
    }
    return ledger
  }

  test('minutes of adjacent windows sum to the whole, and to a slow count', () => {
    const cut = fc.integer({ min: 0, max: 4 * 1_440 })
    fc.assert(
      fc.property(hours, cut, cut, cut, (letters, ...cuts) => {
        const [a, b, c] = cuts.sort((x, y) => x - y) as [number, number, number]
        const ledger = ledgerOf(letters)
        const first = ledger.sums(minutes(a, b))
        const second = ledger.sums(minutes(b, c))
        const whole = ledger.sums(minutes(a, c))
        const slow = { ...noTime } as Record<keyof Sums, number>
        for (const { from, to, state, excluded } of ledger.pieces(minutes(a, c))) {
          slow[excluded ?? state] += to - from
        }
        for (const name of sumNames) expect(first[name] + second[name]).toBe(whole[name])
        for (const name of [
          'up',
          'degraded',
          'down',
          'unknown',
          'maintenance',
          'centre',
        ] as const) {
          expect(whole[name]).toBe(slow[name])
        }
      }),
    )
  })

  test('a day derived again replaces what it said before', () => {
    const ledger = ledgerOf(Array.from({ length: 96 }, () => 'D'))
    ledger.set(
      environmentDay(
        [check('a', 'U'.repeat(2_880))],
        [{ ...minutes(0, 9_000), needs: null }],
        none,
        dayMs,
      ),
    )
    expect(inMinutes(ledger.sums(minutes(1_440, 2_880)))).toEqual({
      up: 1_440,
      grossUp: 1_440,
      selfAttested: 1_440,
    })
    expect(inMinutes(ledger.sums(minutes(2_880, 2_890)))).toEqual({
      down: 10,
      grossDown: 10,
      selfAttested: 10,
    })
  })

  test('a hole is refused', () => {
    const ledger = new Ledger(0)
    const day = environmentDay([], [], none, dayMs)
    expect(() => ledger.set(day)).toThrow(RangeError)
  })
})

test('declaring maintenance over time that was up never raises the net', () => {
  const strips = fc.array(fc.constantFrom('U', 'D', '.'), { minLength: 20, maxLength: 20 })
  fc.assert(
    fc.property(strips, fc.nat(19), (letters, at) => {
      const up = letters.with(at, 'U').join('')
      const plain = derive([check('a', up)], 20).sums
      const kept = derive([check('a', up)], 20, {
        ...none,
        maintenance: [minutes(at, at + 1)],
      }).sums
      const ratio = (sums: Sums) => {
        const eligible = sums.up + sums.down + sums.unknown
        return eligible === 0 ? 0 : sums.up / eligible
      }
      expect(ratio(kept)).toBeLessThanOrEqual(ratio(plain))
    }),
  )
})
