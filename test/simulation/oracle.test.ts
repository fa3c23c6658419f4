import { describe, expect, test } from 'vitest'
import { minuteMs } from '../../protocol/time.ts'
import {
  type Acked,
  type Issued,
  judgeFresh,
  judgeRecord,
  judgeShown,
  type LoggedMessage,
  type Shown,
  type StoredRow,
} from './oracle.ts'

/** A message of one agent: `2.3` is number 3 of epoch 2, `2.3-5` a gap from 3 through 5. */
function message(text: string, bytes = text): StoredRow {
  const [, epoch, seq, through] = /^(\d+)\.(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const isGap = through !== undefined
  return {
    agent: 'a-1',
    epoch: Number(epoch),
    seq: Number(seq),
    through: Number(through ?? seq),
    type: isGap ? 'gap' : 'batch',
    why: isGap ? 'spool_full' : null,
    sha256: `hash of ${bytes}`,
    jws: bytes,
  }
}

type Case = {
  issued: readonly Issued[]
  acked?: readonly Acked[]
  stored: readonly StoredRow[]
  logged?: readonly LoggedMessage[]
}

function rules({ issued, acked = [], stored, logged = stored }: Case): string[] {
  return judgeRecord({ issued, acked, stored, logged }).map(({ rule }) => rule)
}

const one = message('1.1')
const two = message('1.2')
const opening = { ...message('2.1-1'), why: 'spool_lost' }

test.each<[string, Case, string[]]>([
  ['all is stored', { issued: [one, two], acked: [one, two], stored: [one, two] }, []],
  ['acknowledged and gone', { issued: [one], acked: [one], stored: [] }, ['a', 'd']],
  [
    'acknowledged, other bytes',
    { issued: [one], acked: [message('1.1', 'x')], stored: [one] },
    ['a'],
  ],
  ['never issued', { issued: [], stored: [one] }, ['b']],
  ['other bytes', { issued: [one], stored: [message('1.1', 'x')] }, ['b']],
  ['twice', { issued: [one], stored: [one, one], logged: [one] }, ['c']],
  ['twice in the log', { issued: [one], stored: [one], logged: [one, one] }, ['c']],
  ['not in the log', { issued: [one], stored: [one], logged: [] }, ['c']],
  ['only in the log', { issued: [one], stored: [], logged: [one] }, ['c', 'd']],
  ['lost undeclared', { issued: [one, two], stored: [one] }, ['d']],
  ['declared', { issued: [one, two, message('1.2-2')], stored: [one, message('1.2-2')] }, []],
  [
    'declared but stored',
    { issued: [one, two, message('1.1-2')], stored: [message('1.1-2'), two] },
    ['d'],
  ],
  [
    'declared from thin air',
    { issued: [one, message('1.2-3')], stored: [one, message('1.2-3')] },
    ['d'],
  ],
  [
    'an epoch that opens speaks for those before',
    { issued: [one, two, opening], stored: [one, opening] },
    [],
  ],
  ['but not for its own', { issued: [opening, message('2.2')], stored: [opening] }, ['d']],
])('judgeRecord: %s', (_name, given, expected) => {
  expect(rules(given)).toEqual(expected)
})

const intervalMs = minuteMs
const tolerance = { retryMs: 15_000, clockMs: 2_000 }
const letters = { U: 'up', D: 'down' } as const

/** One letter is ten minutes: U up, D down, . unknown. */
function strip(text: string) {
  return [...text].flatMap((letter, i) => {
    const state = letters[letter as keyof typeof letters]
    return state ? [{ state, from: i * 10 * minuteMs, to: (i + 1) * 10 * minuteMs }] : []
  })
}

/** Looks once a minute where the strip has a letter. */
function looksIn(text: string): number[] {
  return strip(text).flatMap(({ from }) =>
    Array.from({ length: 11 }, (_, i) => from + i * minuteMs),
  )
}

describe('judgeShown: one letter is ten minutes of truth, of looks and of what is shown', () => {
  test.each([
    ['UUUUU', 'UUUUU', 'UUUUU', []],
    ['UUDDU', 'UUDDU', 'UUDDU', []],
    ['UUDDU', 'UU..U', 'UU..U', []],
    ['UUUUU', 'UUUUU', 'UUDUU', ['h']],
    ['UUDUU', 'UUUUU', 'UUUUU', ['h']],
    ['UUUUU', 'UU..U', 'UUUUU', ['h']],
    ['UUUUU', 'UUUUU', 'U...U', ['k']],
  ])('%s seen as %s shown as %s', (truth, looks, shown, expected) => {
    const check: Shown = {
      ...{ name: 'x', intervalMs, truth: strip(truth), looks: looksIn(looks) },
      ...{ timeline: strip(shown), flagged: [], excused: [] },
    }
    expect(judgeShown([check], tolerance).map(({ rule }) => rule)).toEqual(expected)
    const all = { from: 0, to: 100 * minuteMs }
    const unjudged = { ...check, flagged: [all], excused: [all] }
    expect(judgeShown([unjudged], tolerance)).toEqual([])
  })

  test('spans out of order are found', () => {
    const timeline = strip('UU').toReversed()
    const check: Shown = {
      ...{ name: 'x', intervalMs, truth: strip('UU'), looks: null, timeline },
      ...{ flagged: [], excused: [] },
    }
    expect(judgeShown([check], tolerance).map(({ rule }) => rule)).toEqual(['h'])
  })
})

test('judgeFresh: late and never are both too late', () => {
  const probes = [
    { name: 'in time', shownAfterMs: 60_000 },
    { name: 'late', shownAfterMs: 60_001 },
    { name: 'never', shownAfterMs: null },
  ]
  expect(judgeFresh(probes).map(({ what }) => what.split(':')[0])).toEqual(['late', 'never'])
})
