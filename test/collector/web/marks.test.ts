import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ShownState } from '../../../collector/http/views.ts'
import type { StateSpan } from '../../../collector/kpi/timeline.ts'
import { lengthsOf, markMs, marksMax, marksOf } from '../../../collector/web/parts/marks.ts'
import { dayMs, minuteMs } from '../../../protocol/time.ts'

const window = { from: 1_000 * dayMs, to: 1_001 * dayMs }
const span = (state: ShownState, from: number, to: number): StateSpan<ShownState> => ({
  state,
  from: window.from + from * minuteMs,
  to: window.from + to * minuteMs,
})

describe('marksOf', () => {
  test('merges equal neighbours', () => {
    const marks = marksOf([span('up', 0, 600), span('up', 600, 1440)], window)
    expect(marks).toEqual([{ state: 'up', from: 0, to: marksMax }])
  })

  test('a minute of outage shows beside up, but does not spill over', () => {
    const marks = marksOf([span('up', 0, 60), span('down', 60, 61), span('up', 61, 1440)], window)
    expect(marks).toEqual([
      { state: 'up', from: 0, to: 20 },
      { state: 'down', from: 20, to: 21 },
      { state: 'up', from: 21, to: marksMax },
    ])
  })

  test.each([
    ['down', 'unknown'],
    ['unknown', 'degraded'],
    ['degraded', 'maintenance'],
    ['maintenance', 'up'],
    ['up', 'not_in_scope'],
  ] as const)('%s wins over %s within a mark', (stronger, weaker) => {
    for (const order of [
      [stronger, weaker],
      [weaker, stronger],
    ] as const) {
      const [mark] = marksOf([span(order[0], 0, 1), span(order[1], 1, 3)], window)
      expect(mark).toEqual({ state: stronger, from: 0, to: 1 })
    }
  })

  test('what no span covers stays empty, and what lies outside the window is left out', () => {
    expect(marksOf([span('up', -90, 30), span('down', 1440, 1500)], window)).toEqual([
      { state: 'up', from: 0, to: 10 },
    ])
    expect(marksOf([], window)).toEqual([])
  })

  test('no outage of whatever length is lost, and the drawing stays small', () => {
    const outage = fc.record({
      from: fc.integer({ min: 0, max: dayMs - 1 }),
      lengthMs: fc.integer({ min: 1, max: dayMs }),
    })
    fc.assert(
      fc.property(fc.array(outage, { minLength: 1, maxLength: 60 }), (outages) => {
        const downs = outages.map(({ from, lengthMs }) => ({
          state: 'down' as const,
          from: window.from + from,
          to: Math.min(window.to, window.from + from + lengthMs),
        }))
        const marks = marksOf([{ ...window, state: 'up' }, ...downs], window)
        expect(marks.length).toBeLessThanOrEqual(marksMax)
        expect(marks[0]?.from).toBe(0)
        expect(marks.at(-1)?.to).toBe(marksMax)
        for (let i = 1; i < marks.length; i++) expect(marks[i]?.from).toBe(marks[i - 1]?.to)
        for (const { from } of downs) {
          const at = Math.floor((from - window.from) / markMs(window))
          expect(marks.find((mark) => mark.from <= at && at < mark.to)?.state).toBe('down')
        }
      }),
    )
  })
})

test('lengthsOf sums each state inside the window, longest first', () => {
  const spans = [span('up', -60, 30), span('down', 30, 40), span('up', 40, 50)]
  expect(lengthsOf(spans, window)).toEqual([
    ['up', 40 * minuteMs],
    ['down', 10 * minuteMs],
  ])
})
