import { describe, expect, test } from 'vitest'
import {
  attribute,
  type Context,
  causeOfFailure,
  type Instant,
  isSettled,
  judge,
  noContext,
  witnessVerdict,
} from '../../../collector/kpi/attribution.ts'
import { failing } from '../../../collector/kpi/compose.ts'
import { applyDecided } from '../../../collector/kpi/disputes.ts'
import type { Piece } from '../../../collector/kpi/environment-day.ts'
import { dayMs } from '../../../protocol/time.ts'
import { minutes, spans, strip, timeline } from '../../support/strips.ts'

/** Nothing known at all; each row says what is. */
const nothing: Instant = {
  inside: 'unknown',
  failure: null,
  outside: null,
  needsWitnesses: false,
  alive: false,
  siteAlive: null,
  off: false,
  clock: false,
  stopped: false,
  centre: false,
}

type Row = [rule: string, known: Partial<Instant>, becomes: string, flags?: string]

describe('the rules, first that fits', () => {
  const both = 'self_attested,witnessed'
  const rows: Row[] = [
    // Public, witnesses see it down.
    ['a cut between', { outside: 'down', inside: 'up' }, 'down network', both],
    ['a cut, degraded inside', { outside: 'down', inside: 'degraded' }, 'down network', both],
    [
      'both see it fail',
      { outside: 'down', inside: 'down', failure: 'service' },
      'down service',
      both,
    ],
    [
      'its host fails',
      { outside: 'down', inside: 'down', failure: 'host', siteAlive: false },
      'down host',
      both,
    ],
    ['host away', { outside: 'down', siteAlive: true }, 'down host', 'witnessed'],
    ['site silent', { outside: 'down', siteAlive: false }, 'down network', 'witnessed'],
    ['nobody else there', { outside: 'down' }, 'down network', 'witnessed'],
    ['seen, not excused', { outside: 'down', centre: true }, 'down network', 'witnessed'],
    // Public, witnesses see it up.
    ['agent silent', { outside: 'up', centre: true }, 'up', 'witnessed,agent_silent'],
    ['agent off', { outside: 'up', off: true }, 'up', 'witnessed,agent_silent'],
    ['up for both', { outside: 'up', inside: 'up' }, 'up', both],
    ['worse inside', { outside: 'degraded', inside: 'degraded' }, 'degraded', both],
    [
      'down is never turned into up',
      { outside: 'up', inside: 'down', failure: 'service' },
      'down service',
      both,
    ],
    // Public, witnesses saw nothing.
    ['its own word', { outside: 'unknown', inside: 'up' }, 'up', 'self_attested'],
    [
      'its own word does not do',
      { outside: 'unknown', inside: 'up', needsWitnesses: true },
      'unknown centre',
    ],
    [
      'but down is down',
      { outside: 'unknown', inside: 'down', failure: 'service', needsWitnesses: true },
      'down service',
      'self_attested',
    ],
    ['unseen by all', { outside: 'unknown', needsWitnesses: true }, 'unknown agent'],
    // Others.
    ['up inside', { inside: 'up', siteAlive: false, off: true }, 'up', 'self_attested'],
    ['down inside', { inside: 'down', failure: 'network' }, 'down network', 'self_attested'],
    ['centre first', { centre: true, clock: true, off: true, stopped: true }, 'unknown centre'],
    ['then the clock', { clock: true, off: true, stopped: true }, 'unknown clock'],
    ['then proof that it was off', { off: true, stopped: true }, 'down host', 'self_attested'],
    ['then what the agent said', { stopped: true, siteAlive: false }, 'unknown agent'],
    ['nobody else at the site', {}, 'unknown agent'],
    ['others at the site alive', { siteAlive: true }, 'unknown agent'],
    ['all at the site silent', { siteAlive: false }, 'unknown network'],
    ['its own agent alive: no cut', { siteAlive: false, alive: true }, 'unknown agent'],
  ]

  test.each(rows)('%s', (_rule, known, becomes, flags = '') => {
    const { state, cause, flags: rests = [] } = judge({ ...nothing, ...known })
    expect(cause ? `${state} ${cause}` : state).toBe(becomes)
    expect(rests.join()).toBe(flags)
  })
})

test.each([
  [['dns'], 'network'],
  [['icmp', 'link'], 'network'],
  [['http'], 'service'],
  [['dns', 'http'], 'service'],
  [['tls', 'icmp', 'host'], 'host'],
  [[], 'service'],
] as const)('what fails by kind: %s is %s', (kinds, cause) => {
  expect(causeOfFailure(kinds)).toBe(cause)
})

test('a spare that is down is not what fails while its group still works', () => {
  const down = new Set(['web', 'db1'])
  const needs = { all: ['web', { atLeast: 1, of: ['db1', 'db2'] }] }
  expect(failing(needs, (name) => (down.has(name) ? 'down' : 'up'))).toEqual(['web'])
  down.add('db2')
  expect(failing(needs, (name) => (down.has(name) ? 'down' : 'up'))).toEqual(['web', 'db1', 'db2'])
  expect(failing(needs, () => 'unknown')).toEqual([])
})

describe('witnesses', () => {
  const verdict = (...votes: [agent: string, saw: string][]) =>
    strip(witnessVerdict(votes.map(([agent, saw]) => ({ agent, timeline: timeline(saw) }))))

  test('one alone cannot decide down, and a tie is up', () => {
    expect(verdict(['a', 'UD'], ['b', 'U.'])).toBe('U')
    expect(verdict(['a', 'DD'], ['b', 'DU'])).toBe('DU')
    expect(verdict(['a', 'D'])).toBe('')
    expect(verdict(['a', 'D'], ['b', 'D'], ['c', 'U'])).toBe('D')
    expect(verdict(['a', 'D'], ['b', 'D'], ['c', 'U'], ['d', 'G'])).toBe('U')
  })

  test('several checks of one agent are one vote, the worst', () => {
    expect(verdict(['a', 'D'], ['a', 'D'])).toBe('')
    expect(verdict(['a', 'D'], ['a', 'U'], ['b', 'D'], ['b', 'U'])).toBe('D')
  })

  test('nobody saw anything', () => {
    expect(witnessVerdict([])).toEqual([])
    expect(verdict(['a', '...'])).toBe('')
  })
})

describe('attribute', () => {
  const noCause = () => {
    throw new Error('Nobody asked.')
  }
  const written = (pieces: readonly Piece[]) =>
    pieces.map(({ from, to, state, cause }) => `${(to - from) / 60_000} ${state} ${cause ?? ''}`)

  test('a day without loss asks nothing and is not cut', () => {
    const context: Context = { ...noContext, alive: [minutes(1, 2)], clock: [minutes(2, 3)] }
    const pieces = attribute(spans('UUUUGG'), context, [minutes(0, 3)], noCause)
    expect(pieces).toEqual([
      { ...minutes(0, 4), state: 'up', flags: ['self_attested'] },
      { ...minutes(4, 6), state: 'degraded', flags: ['self_attested'] },
    ])
  })

  test('silence is cut where what is known of it changes', () => {
    const context: Context = {
      ...noContext,
      alive: [minutes(0, 2)],
      siteAlive: [minutes(0, 4), minutes(6, 8)],
      off: [minutes(5, 6)],
    }
    const pieces = attribute(spans('UU......'), context, [minutes(3, 4)], noCause)
    expect(written(pieces)).toEqual([
      '2 up ',
      '1 unknown agent',
      '1 unknown centre',
      '1 unknown network',
      '1 down host',
      '2 unknown agent',
    ])
  })

  test('witnesses are asked about public environments only', () => {
    const outside = timeline('D')
    const of = (kind: Context['class']) =>
      written(attribute(spans('U'), { ...noContext, class: kind, outside }, [], noCause))
    expect([of('public'), of('internal'), of('link')]).toEqual([
      ['1 down network'],
      ['1 up '],
      ['1 up '],
    ])
  })

  test('who must have witnesses and has none is not up', () => {
    const context: Context = { ...noContext, class: 'public', needsWitnesses: true }
    expect(written(attribute(spans('U'), context, [], noCause))).toEqual(['1 unknown centre'])
  })
})

describe('decided disputes', () => {
  const down: Piece = { ...minutes(0, 10), state: 'down', cause: 'service', flags: ['witnessed'] }

  test('change what counts, and keep what was observed', () => {
    const decided = { ...minutes(4, 6), id: 'd1', state: 'up', cause: null } as const
    expect(applyDecided([down], [decided])).toEqual([
      { ...down, ...minutes(0, 4) },
      { ...minutes(4, 6), state: 'up', flags: ['witnessed'], disputed: { id: 'd1', was: 'down' } },
      { ...down, ...minutes(6, 10) },
    ])
  })

  test('of two that overlap the later counts; what was first observed stays', () => {
    const [piece] = applyDecided(
      [down],
      [
        { ...minutes(0, 10), id: 'd1', state: 'up', cause: null },
        { ...minutes(0, 10), id: 'd2', state: 'down', cause: 'emergency_maintenance' },
      ],
    )
    expect(piece).toMatchObject({
      state: 'down',
      cause: 'emergency_maintenance',
      disputed: { id: 'd2', was: 'down' },
    })
  })

  test.each([
    ['down', 'service'],
    ['unknown', 'agent'],
  ] as const)('up time that becomes %s always has a cause', (state, cause) => {
    const up: Piece = { ...minutes(0, 1), state: 'up' }
    const [piece] = applyDecided([up], [{ ...minutes(0, 1), id: 'd', state, cause: null }])
    expect(piece).toMatchObject({ state, cause })
  })
})

test('a cause is provisional for seven days after its piece', () => {
  const piece = { from: 0, to: dayMs }
  expect([isSettled(piece, 8 * dayMs - 1), isSettled(piece, 8 * dayMs)]).toEqual([false, true])
})
