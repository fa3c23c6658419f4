import { describe, expect, test } from 'vitest'
import { replayOf } from '../../agent/replay.ts'
import { againMax } from '../../agent/sent.ts'
import type { Place, Row } from '../../agent/spool-row.ts'
import { noPrevious } from '../../protocol/jws.ts'

/** A message named for its place: `3` stands for epoch 1, `2/3` for epoch 2, `3-9` for a gap. */
function row(name: string): Row {
  const [epoch, span] = name.includes('/') ? (name.split('/') as [string, string]) : ['1', name]
  const [seq = 0, through = seq] = span.split('-').map(Number)
  return {
    ...{ epoch: Number(epoch), seq, through, type: 'batch', why: null, boot: 'b', bytes: 1 },
    ...{ windowFrom: 0, windowTo: 1, sealedWall: 0, sealedBoot: 0 },
    ...{ prev: seq === 1 ? noPrevious : hash(epoch, seq - 1), after: hash(epoch, through) },
  }
}

const hash = (epoch: number | string, seq: number) => `${epoch}/${seq}`

/** What goes out, in order of places: holes in brackets. */
function replay(sent: string, expected: Place, head: string): string[] | null {
  const rows = sent.split(' ').filter(Boolean).map(row)
  const sentFrom = (from: Place) =>
    rows.filter(({ epoch, seq }) => epoch === from.epoch && seq >= from.seq)
  const prev = expected.seq === 1 ? noPrevious : hash(expected.epoch, expected.seq - 1)
  const found = replayOf(sentFrom, { ...expected, prev }, row(head))
  if (!found) return null
  const { again, holes } = found
  for (const { prev: before, epoch, seq } of holes) {
    expect(before).toBe(seq === 1 ? noPrevious : hash(epoch, seq - 1))
  }
  return [
    ...again.map(({ epoch, seq, through }) => ({ epoch, seq, text: `${epoch}/${seq}-${through}` })),
    ...holes.map(({ epoch, seq, through }) => ({
      epoch,
      seq,
      text: `[${epoch}/${seq}-${through}]`,
    })),
  ]
    .sort((a, b) => a.epoch - b.epoch || a.seq - b.seq)
    .map(({ text }) => text)
}

const at = (seq: number, epoch = 1): Place => ({ epoch, seq })

describe('within an epoch', () => {
  test.each<[string, string, number, string, string[] | null]>([
    ['all is there', '3 4', 3, '5', ['1/3-3', '1/4-4']],
    ['nothing is there', '', 3, '5', ['[1/3-4]']],
    ['the first are gone', '4', 2, '5', ['[1/2-3]', '1/4-4']],
    ['the last are gone', '3', 3, '6', ['1/3-3', '[1/4-5]']],
    ['a gap that was declared before goes again', '3-6 7', 3, '8', ['1/3-6', '1/7-7']],
    ['what a later gap replaced is passed over', '3-9 6 7-8 10', 3, '11', ['1/3-9', '1/10-10']],
    ['it expects the middle of a gap', '3-9 10', 5, '11', ['[1/5-9]', '1/10-10']],
    ['it expects just this', '3', 5, '5', null],
    ['it expects more than there is', '3', 9, '5', null],
  ])('%s', (_name, sent, expected, head, result) => {
    expect(replay(sent, at(expected), head)).toEqual(result)
  })
})

describe('over epochs', () => {
  test.each<[string, string, Place, string, string[] | null]>([
    ['both are there', '4 2/1 2/2', at(4), '2/3', ['1/4-4', '2/1-1', '2/2-2']],
    ['the opening is gone', '4', at(4), '2/3', ['1/4-4', '[2/1-2]']],
    ['the head opens its epoch', '4', at(4), '2/1', ['1/4-4']],
    ['an epoch of which nothing is left is opened', '', at(4), '3/2', ['[2/1-1]', '[3/1-1]']],
    ['it is ahead', '2/1', at(1, 3), '2/2', null],
    ['it is absurdly far behind', '', at(1), '200/2', null],
  ])('%s', (_name, sent, expected, head, result) => {
    expect(replay(sent, expected, head)).toEqual(result)
  })
})

test('a long way back is gone in parts: what is behind the part is asked for again', () => {
  const sent = Array.from({ length: againMax }, (_, i) => `${i + 1}`).join(' ')
  const part = replay(sent, at(1), `${againMax + 500}`)
  expect(part).toHaveLength(againMax)
  expect(part?.some((each) => each.startsWith('['))).toBe(false)
})
