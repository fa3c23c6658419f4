import { describe, expect, test } from 'vitest'
import { guessBootId, kernelBootId } from '../../agent/clock.ts'
import { fakeRoot } from '../support/fake-root.ts'

describe('kernelBootId', () => {
  const file = 'proc/sys/kernel/random/boot_id'
  test.each([
    ['as the kernel writes it', { [file]: 'e004001c-b374-42da-a018-989e9e39edd2\n' }, true],
    ['not there', {}, false],
    ['not an id', { [file]: 'hello\n' }, false],
  ])('%s', (_name, files, isKnown) => {
    const expected = isKnown ? 'e004001c-b374-42da-a018-989e9e39edd2' : null
    expect(kernelBootId(fakeRoot(files as Record<string, string>))).toBe(expected)
  })
})

describe('guessBootId', () => {
  const kept = { id: 'aaaa-0001', wall: 1_000_000, boot: 500_000 }
  test.each([
    ['nothing is remembered', null, { wall: 1_000_000, boot: 500_000 }, 'new'],
    ['both clocks went on together', kept, { wall: 1_090_000, boot: 590_000 }, 'aaaa-0001'],
    ['a little drift', kept, { wall: 1_150_000, boot: 590_000 }, 'aaaa-0001'],
    ['the uptime went back', kept, { wall: 1_090_000, boot: 20_000 }, 'new'],
    ['the wall clock was set', kept, { wall: 1_151_000, boot: 590_000 }, 'new'],
    ['another boot, up for longer', kept, { wall: 9_000_000, boot: 600_000 }, 'new'],
  ])('%s', (_name, before, now, expected) => {
    expect(guessBootId(before, now, () => 'new')).toBe(expected)
  })
})
