import { expect, test } from 'vitest'
import { noCheckpoints, noteCheckpoint, type SeenCheckpoint } from '../../agent/checkpoints.ts'

const seen = (size: number, root: string, log = 'moh'): SeenCheckpoint => {
  return { log, size, root, note: `${log} ${size} ${root}` }
}
const held = noteCheckpoint(noCheckpoints, seen(5, 'a'), 1)

test('a larger log replaces what is held, of that log only', () => {
  const both = noteCheckpoint(held, seen(90, 'n', 'national'), 2)
  const next = noteCheckpoint(both, seen(6, 'b'), 3)
  expect(next.held).toEqual([seen(90, 'n', 'national'), seen(6, 'b')])
  expect(next.contradictions).toEqual([])
})

test('the same again changes nothing, however it was signed', () => {
  expect(noteCheckpoint(held, { ...seen(5, 'a'), note: 'signed anew' }, 2)).toBe(held)
})

test.each([seen(5, 'b'), seen(4, 'a'), seen(0, 'a')])('$note contradicts: both are kept', (got) => {
  const next = noteCheckpoint(held, got, 2)
  expect(next.held).toEqual([seen(5, 'a')])
  expect(next.contradictions).toEqual([
    { log: 'moh', held: seen(5, 'a').note, got: got.note, at: 2 },
  ])
  // Said once, however often it comes.
  expect(noteCheckpoint(next, got, 3)).toBe(next)
})

test('contradictions have a limit; the first ones are the evidence', () => {
  let kept = held
  for (let i = 0; i < 100; i++) kept = noteCheckpoint(kept, seen(5, `x${i}`), i)
  expect(kept.contradictions.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, i) => i))
})
