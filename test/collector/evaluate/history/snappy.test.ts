import fc from 'fast-check'
import { compress } from 'snappyjs'
import { expect, test } from 'vitest'
import { uncompress } from '../../../../collector/evaluate/history/snappy.ts'

const most = 100_000

/** Bytes that repeat, near and far, so that they are compressed by every kind of element. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 90 }), fc.nat({ max: 40 })), { maxLength: 30 })
  .map((parts) => Buffer.concat(parts.flatMap(([part, times]) => Array(times).fill(part))))

test('what was compressed comes back, whatever it was', () => {
  fc.assert(
    fc.property(repetitive, (bytes) => {
      expect(Buffer.from(uncompress(compress(bytes), 200_000)).equals(bytes)).toBe(true)
    }),
  )
})

test.each([
  ['nothing', []],
  ['a length without an end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
  ['a length beyond the limit', [0xff, 0xff, 0xff, 0x0f]],
  ['less than its length', [4, 0, 65]],
  ['more than its length', [1, 4, 65, 66]],
  ['a literal that ends early', [4, 12, 65]],
  // snappyjs reads this length as a negative one, and goes two thousand million bytes back.
  ['a literal of more than 31 bits', [4, 252, 255, 255, 255, 250, 65]],
  ['a literal whose length ends early', [4, 252, 255]],
  ['a copy of nothing', [8, 0, 65, 14, 0, 0]],
  ['a copy from before the start', [8, 0, 65, 14, 2, 0]],
  ['a copy beyond the end', [3, 0, 65, 14, 1, 0]],
  ['a copy whose offset ends early', [8, 0, 65, 15, 1]],
])('%s is refused', (_what, block) => {
  expect(() => uncompress(Uint8Array.from(block), most)).toThrow(RangeError)
})

test('all kinds of elements', () => {
  const near = [12, 0, 65, 1, 1, 14, 5, 0, 11, 1, 0, 0, 0]
  expect(Buffer.from(uncompress(Uint8Array.from(near), most)).toString()).toBe('A'.repeat(12))
  const long = [65, 240, 64, ...Array(65).fill(66)]
  expect(Buffer.from(uncompress(Uint8Array.from(long), most)).toString()).toBe('B'.repeat(65))
})
