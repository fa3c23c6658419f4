import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cause, causes } from '../../../collector/kpi/causes.ts'
import { environmentDay, type Piece } from '../../../collector/kpi/environment-day.ts'
import {
  addTotals,
  type ExplainOptions,
  explain,
  outageFigures,
  ownerOf,
} from '../../../collector/kpi/explain.ts'
import { Ledger } from '../../../collector/kpi/ledger.ts'
import { dayMs, minuteMs } from '../../../protocol/time.ts'
import { minutes, spans, timeline } from '../../support/strips.ts'

const options: ExplainOptions = {
  window: minutes(0, 20),
  asOf: 20 * minuteMs,
  provider: 'data-park',
  degradedIsLost: false,
}

/**
 * A strip of minutes as pieces, with a second one over it: m maintenance, c the centre's. Down is
 * the service's and unknown the agent's, unless a third strip names the cause by its initial.
 */
function pieces(states: string, over = '', why = ''): Piece[] {
  return spans(states).flatMap((span) => {
    const found: Piece[] = []
    for (let at = span.from; at < span.to; at += minuteMs) {
      const minute = at / minuteMs
      const excluded = { m: 'maintenance', c: 'centre' } as const
      const mark = excluded[over[minute] as 'm' | 'c']
      const named = causes.find((each) => each[0] === why[minute])
      const lost = span.state === 'down' || span.state === 'unknown'
      const cause = named ?? (span.state === 'down' ? 'service' : 'agent')
      found.push({
        ...{ from: at, to: at + minuteMs, state: span.state },
        ...(mark && { excluded: mark }),
        ...(lost && { cause }),
      })
    }
    return found
  })
}

/** Outages as `from-to:lost`, in minutes; `<` or `>` where one touches the edge of the window. */
function outages(states: string, over = '', window = minutes(0, states.length)): string {
  return explain(pieces(states, over), { ...options, window })
    .outages.map(({ from, to, downMs, atStart, atEnd }) => {
      const span = `${from / minuteMs}-${to / minuteMs}:${downMs / minuteMs}`
      return `${atStart ? '<' : ''}${span}${atEnd ? '>' : ''}`
    })
    .join(' ')
}

describe('outages', () => {
  test.each([
    ['none', 'UUUUGG', '', ''],
    ['one is what follows without a hole', 'UDDDU', '', '1-4:3'],
    ['up in between ends one', 'UDDUDU', '', '1-3:2 4-5:1'],
    ['unknown ends one too: it is no down', 'UDD.DU', '', '1-3:2 4-5:1'],
    ['one that crosses the edges of the window counts with its part', 'DDUUD', '', '<0-2:2 4-5:1>'],
    ['one of the whole window touches both', 'DDD', '', '<0-3:3>'],
    ['maintenance inside belongs to it and is not counted', 'UDDDDU', '  mm', '1-5:2'],
    ['maintenance that saw it end and begin again', 'UDUDU', '  m', '1-2:1 3-4:1'],
    ['one that lies in maintenance is none', 'UDDU', ' mm', ''],
    ['one that goes on after maintenance', 'UDDDU', ' mm', '1-4:1'],
  ])('%s', (_name, states, over, expected) => {
    expect(outages(states, over)).toBe(expected)
  })

  test('causes may change within one', () => {
    const { outages: found, byCause } = explain(pieces('UDDDU', '', ' hhn'), options)
    expect(found).toHaveLength(1)
    expect(byCause.map(({ cause, owner, downMs }) => [cause, owner, downMs / minuteMs])).toEqual([
      ['host', 'provider', 2],
      ['network', 'carrier', 1],
    ])
  })

  test.each([
    [[], null, null],
    [[5], 5, 5],
    [[1, 2], 2, 2],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9], 9, 9],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 10, 9],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 11, 10],
    [Array.from({ length: 100 }, (_, i) => i + 1), 100, 90],
  ])('of %j the longest is %s and p90, by nearest rank, %s', (lengths, longestMs, p90Ms) => {
    const found = outageFigures(lengths.map((downMs) => ({ downMs })))
    expect(found).toEqual({ count: lengths.length, longestMs, p90Ms })
  })
})

describe('stretches', () => {
  test('a day that ends cuts nothing', () => {
    const [day, next] = pieces('DD')
    const shift = dayMs - minuteMs
    const moved = [day!, next!].map((piece) => {
      return { ...piece, from: piece.from + shift, to: piece.to + shift }
    })
    const window = { from: 0, to: 2 * dayMs }
    const { stretches } = explain(moved, { ...options, window, asOf: 2 * dayMs })
    expect(stretches).toHaveLength(1)
  })

  test('are provisional until seven days after they end', () => {
    const standings = (asOf: number) =>
      explain(pieces('UD'), { ...options, asOf }).stretches.map(({ standing }) => standing)
    expect(standings(2 * minuteMs + 7 * dayMs - 1)).toEqual(['provisional'])
    expect(standings(2 * minuteMs + 7 * dayMs)).toEqual(['settled'])
  })

  test('what left the denominator is told and not counted', () => {
    const { stretches, byCause } = explain(pieces('DD.U', 'm c', 'sc'), options)
    expect(stretches.map(({ relief, state }) => [relief, state])).toEqual([
      ['maintenance', 'down'],
      [null, 'down'],
      ['centre', 'unknown'],
    ])
    expect(byCause.reduce((sum, each) => sum + each.lostMs, 0)).toBe(minuteMs)
  })

  test('what a dispute turned into up stays visible with what it was', () => {
    const was: Piece = {
      ...{ ...minutes(1, 2), state: 'up' },
      disputed: { id: 'd1', was: 'down' },
    }
    const against: Piece = {
      ...{ ...minutes(2, 3), state: 'down', cause: 'service' },
      disputed: { id: 'd2', was: 'up' },
    }
    const { stretches, outages: found, byCause } = explain([was, against], options)
    expect(stretches.map(({ relief, disputed }) => [relief, disputed?.was])).toEqual([
      ['dispute', 'down'],
      [null, 'up'],
    ])
    expect(found.map(({ downMs }) => downMs)).toEqual([minuteMs])
    expect(byCause.map(({ lostMs }) => lostMs)).toEqual([minuteMs])
  })

  test('degraded time is lost only where the policy says so', () => {
    expect(explain(pieces('UG'), options).stretches).toEqual([])
    const {
      stretches,
      byCause,
      outages: found,
    } = explain(pieces('UG'), {
      ...options,
      degradedIsLost: true,
    })
    expect(stretches).toMatchObject([{ state: 'degraded', cause: null, owner: 'institution' }])
    expect([byCause[0]?.degradedMs, found.length]).toEqual([minuteMs, 0])
  })
})

test.each<[Cause | null, string | null, string]>([
  ['host', 'data-park', 'provider'],
  ['host', 'own', 'institution'],
  ['host', null, 'institution'],
  ['service', 'data-park', 'institution'],
  ['agent', 'data-park', 'institution'],
  ['clock', 'data-park', 'institution'],
  ['emergency_maintenance', 'data-park', 'institution'],
  ['network', 'data-park', 'carrier'],
  ['centre', 'own', 'centre'],
  [null, 'data-park', 'institution'],
])('time lost to %s at provider %s is for the %s', (cause, provider, owner) => {
  expect(ownerOf(cause, provider)).toBe(owner)
})

describe('as a slow count, minute by minute', () => {
  const minute = fc.record({
    state: fc.constantFrom('up', 'degraded', 'down', 'unknown'),
    excluded: fc.constantFrom(undefined, undefined, undefined, 'maintenance'),
    cause: fc.constantFrom(...causes),
    isScoped: fc.constantFrom(true, true, true, true, false),
  } as const)

  test('totals, outages and their lengths agree on random histories', () => {
    fc.assert(
      fc.property(fc.array(minute, { maxLength: 60 }), fc.boolean(), (drawn, isMerged) => {
        const given = drawn.flatMap(({ state, excluded, cause, isScoped }, i): Piece[] => {
          if (!isScoped) return []
          const lost = state === 'down' || state === 'unknown'
          return [
            { ...minutes(i, i + 1), state, ...(excluded && { excluded }), ...(lost && { cause }) },
          ]
        })
        const window = minutes(0, drawn.length)
        const found = explain(isMerged ? joined(given) : given, { ...options, window })

        const totals = new Map<string, number>()
        const lengths: number[] = []
        let running: number | null = null
        const end = () => {
          if (running) lengths.push(running * minuteMs)
          running = null
        }
        for (const { state, excluded, cause, isScoped } of drawn) {
          const counts = isScoped && !excluded
          if (counts && (state === 'down' || state === 'unknown')) {
            const key = `${state} ${cause}`
            totals.set(key, (totals.get(key) ?? 0) + minuteMs)
          }
          if (isScoped && state === 'down') running = (running ?? 0) + (excluded ? 0 : 1)
          else end()
        }
        end()

        const told = found.byCause.flatMap(({ cause, downMs, unknownMs }) =>
          (
            [
              ['down', downMs],
              ['unknown', unknownMs],
            ] as const
          )
            .filter(([, ms]) => ms > 0)
            .map(([state, ms]) => [`${state} ${cause}`, ms] as const),
        )
        expect(new Map(told)).toEqual(totals)
        expect(found.outages.map(({ downMs }) => downMs)).toEqual(lengths)
        for (const [i, { from, to }] of found.stretches.entries()) {
          expect(from).toBeLessThan(to)
          expect(from).toBeGreaterThanOrEqual(found.stretches[i - 1]?.to ?? 0)
        }
      }),
    )
  })

  /** The same pieces, cut as seldom as a ledger would cut them. */
  function joined(given: readonly Piece[]): Piece[] {
    const result: Piece[] = []
    for (const piece of given) {
      const last = result.at(-1)
      const isLike =
        last?.state === piece.state &&
        last.cause === piece.cause &&
        last.excluded === piece.excluded
      if (last && isLike && last.to === piece.from)
        result[result.length - 1] = { ...last, to: piece.to }
      else result.push(piece)
    }
    return result
  }

  test('the sums of a ledger over any window say the same', () => {
    const letter = fc.constantFrom('U', 'G', 'D', '.')
    const cut = fc.integer({ min: 0, max: 3 * 1_440 })
    const hours = fc.array(letter, { minLength: 72, maxLength: 72 })
    fc.assert(
      fc.property(hours, cut, cut, (letters, a, b) => {
        const text = letters.map((each) => each.repeat(60)).join('')
        const ledger = new Ledger(0)
        const overlays = { maintenance: [minutes(100, 400)], centre: [minutes(1_400, 1_900)] }
        const web = { check: 'web', kind: 'http', canBeDown: true, since: 0 } as const
        for (const day of [0, dayMs, 2 * dayMs]) {
          const checks = [{ ...web, timeline: timeline(text) }]
          const definitions = [{ ...minutes(30, 4_200), needs: null }]
          ledger.set(environmentDay(checks, definitions, overlays, day))
        }
        const window = minutes(Math.min(a, b), Math.max(a, b))
        const { byCause, stretches } = explain(ledger.pieces(window), { ...options, window })
        const told = byCause.map(({ cause, downMs, unknownMs }) => [cause, { downMs, unknownMs }])
        expect(Object.fromEntries(told)).toEqual(ledger.lost(window))
        const sum = (name: 'downMs' | 'unknownMs') =>
          byCause.reduce((total, each) => total + each[name], 0)
        const { down, unknown, centre } = ledger.sums(window)
        expect([sum('downMs'), sum('unknownMs')]).toEqual([down, unknown])
        const apart = stretches.filter(({ relief }) => relief === 'centre')
        expect(apart.reduce((total, { from, to }) => total + to - from, 0)).toBe(centre)
      }),
    )
  })

  test('totals of several environments are the sums of theirs', () => {
    const one = explain(pieces('UDD.', '', ' hna'), options).byCause
    const other = explain(pieces('UD..', '', ' hna'), { ...options, provider: 'own' }).byCause
    const all = addTotals([...one, ...other])
    expect(all.reduce((sum, each) => sum + each.lostMs, 0)).toBe(6 * minuteMs)
    expect(all.map(({ cause, owner }) => `${cause} ${owner}`)).toEqual([
      'network carrier',
      'agent institution',
      'host institution',
      'host provider',
    ])
  })
})
