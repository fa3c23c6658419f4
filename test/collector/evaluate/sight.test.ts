import fc from 'fast-check'
import { expect, test } from 'vitest'
import { offOf, outsideOn, silenceOn } from '../../../collector/evaluate/sight.ts'
import type { Environment } from '../../../collector/register/register.ts'
import type { BootRow, PauseRow } from '../../../collector/store/sight.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { strip, timeline } from '../../support/strips.ts'

/** A boot: decided through, shut down, begun, in hours. */
function boot(
  agent: string,
  through: number | null,
  shutdown: number | null,
  begun: number,
): BootRow {
  return {
    ...{ agent, boot: `${agent}-${begun}`, startedAt: begun * hourMs },
    previousThrough: through === null ? null : through * hourMs,
    shutdownAt: shutdown === null ? null : shutdown * hourMs,
  }
}

test.each<[string, BootRow[], string[], [number, number][]]>([
  ['no host at all', [], [], []],
  ['one host: from the shutdown to the boot', [boot('a', 1, 2, 5)], ['a'], [[2, 5]]],
  ['a host that does not say so', [boot('a', 1, null, 5)], ['a'], []],
  [
    'two hosts: while both were off',
    [boot('a', 1, 2, 5), boot('b', 2, 3, 9)],
    ['a', 'b'],
    [[3, 5]],
  ],
  ['two hosts, one of them silent', [boot('a', 1, 2, 5)], ['a', 'b'], []],
  ['two hosts, one after the other', [boot('a', 1, 2, 5), boot('b', 5, 6, 9)], ['a', 'b'], []],
  [
    'two shutdowns of one',
    [boot('a', 1, 2, 4), boot('a', 5, 6, 8), boot('b', 1, 1, 9)],
    ['a', 'b'],
    [
      [2, 4],
      [6, 8],
    ],
  ],
  ['a record from before what was seen: another clock', [boot('a', 4, 2, 5)], ['a'], []],
  ['a minute before: what was seen stays', [boot('a', 2, 2 - 1 / 60, 5)], ['a'], [[2, 5]]],
  ['nothing was seen before', [boot('a', null, 2, 5)], ['a'], [[2, 5]]],
  ['a host that is none of the environment says nothing', [boot('x', 1, 2, 5)], ['a'], []],
])('proved to be off: %s', (_name, boots, agents, expected) => {
  expect(offOf(boots, new Set(agents))).toEqual(
    expected.map(([from, to]) => ({ from: from * hourMs, to: to * hourMs })),
  )
})

test('one more host that was off proves no more; each span lies in one of each host', () => {
  const hours = fc.nat({ max: 20 })
  const rows = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), hours, hours, hours).map(([agent, ...times]) => {
      const [through, shutdown, begun] = times.sort((x, y) => x - y)
      return boot(agent, through!, shutdown!, begun!)
    }),
    { maxLength: 12 },
  )
  const lengthOf = (spans: readonly { from: number; to: number }[]) =>
    spans.reduce((sum, { from, to }) => sum + to - from, 0)
  fc.assert(
    fc.property(rows, (boots) => {
      const two = offOf(boots, new Set(['a', 'b']))
      expect(lengthOf(offOf(boots, new Set(['a', 'b', 'c'])))).toBeLessThanOrEqual(lengthOf(two))
      for (const agent of ['a', 'b']) {
        const own = offOf(boots, new Set([agent]))
        for (const { from, to } of two) {
          expect(own.some((each) => each.from <= from && to <= each.to)).toBe(true)
        }
      }
    }),
  )
})

test('pauses of an agent that was stopped are told, not those of a host that slept', async () => {
  const pauses: PauseRow[] = [
    { agent: 'a', from: 5, to: 9, why: 'agent_stopped' },
    { agent: 'b', from: 2, to: 6, why: 'agent_stopped' },
    { agent: 'a', from: 20, to: 30, why: 'suspended' },
  ]
  const reader = {
    boots: async () => [],
    clockSpans: async () => [
      { agent: 'b', from: 8, to: 9 },
      { agent: 'a', from: 1, to: 2 },
    ],
    pauses: async () => pauses,
  }
  const key = { institution: 'health', environment: 'portal' }
  expect(await silenceOn(reader, key, new Set(['a', 'b']), 0)).toEqual({
    off: [],
    clock: [
      { from: 1, to: 2 },
      { from: 8, to: 9 },
    ],
    stopped: [{ from: 2, to: 9 }],
  })
})

/** An environment that names witnesses from some minutes of a day to others. */
function version(from: number, to: number, witnesses?: readonly string[], kind = 'public') {
  const value = { class: kind, ...(witnesses && { witnesses }) } as Environment
  return { from: from * minuteMs, to: to * minuteMs, value }
}

const seen = new Map([
  ['north/portal', timeline('UUDDDDDDUU')],
  ['south/portal', timeline('UUDDDDDDUU')],
  ['east/portal', timeline('UUUUUUUUUU')],
])
const reader = {
  witnessTimelines: async (checks: readonly string[]) =>
    new Map([...seen].filter(([name]) => checks.includes(name))),
}

test.each<[string, Parameters<typeof outsideOn>[1], string | null]>([
  ['without any', [version(0, 10)], null],
  ['of another class', [version(0, 10, ['north/portal', 'south/portal'], 'internal')], null],
  ['two that agree', [version(0, 10, ['north/portal', 'south/portal'])], 'UUDDDDDDUU'],
  ['one alone', [version(0, 10, ['north/portal', 'nobody/portal'])], 'UUUU'],
  [
    'two against one',
    [version(0, 10, ['east/portal', 'north/portal', 'south/portal'])],
    'UUDDDDDDUU',
  ],
  ['named later', [version(0, 4), version(4, 9, ['north/portal', 'south/portal'])], 'DDDDU'],
  ['on another day', [version(1440, 1450, ['north/portal', 'south/portal'])], null],
])('what witnesses saw together: %s', async (_name, versions, expected) => {
  const outside = await outsideOn(reader, versions, 0)
  expect(outside && strip(outside)).toBe(expected)
  expect(await outsideOn(reader, versions, 30 * dayMs)).toBeNull()
})
