import { describe, expect, test } from 'vitest'
import { bootIdOf, guessBootId, kernelBootId } from '../../agent/clock.ts'
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
    ['a little drift', kept, { wall: 1_095_000, boot: 590_000 }, 'aaaa-0001'],
    ['the uptime went back', kept, { wall: 1_090_000, boot: 20_000 }, 'new'],
    ['the wall clock was set', kept, { wall: 1_096_000, boot: 590_000 }, 'new'],
    ['a quick reboot with the clock behind', kept, { wall: 1_034_000, boot: 540_000 }, 'new'],
    ['another boot, up for longer', kept, { wall: 9_000_000, boot: 600_000 }, 'new'],
  ])('%s', (_name, before, now, expected) => {
    expect(guessBootId(before, now, () => 'new')).toBe(expected)
  })
})

describe('bootIdOf', () => {
  const kernel = 'e004001c-b374-42da-a018-989e9e39edd2'
  const kept = (id: string) => ({ id, wall: 1_000_000, boot: 500_000 })
  test.each<[string, string, number, string]>([
    ['the agent starts again', kernel, 500_000, kernel],
    ['the host starts again', 'aaaaaaaa-b374-42da-a018-989e9e39edd2', 20_000, kernel],
    ['a container starts again', kernel, 20_000, `${kernel}-1`],
    ['the agent in it starts again', `${kernel}-1`, 510_000, `${kernel}-1`],
    ['it starts again and again', `${kernel}-41`, 20_000, `${kernel}-42`],
  ])('%s', (_name, before, boot, expected) => {
    // Whatever the wall clock says.
    for (const wall of [0, 1_000_000, 10 ** 13]) {
      expect(bootIdOf(kernel, kept(before), { wall, boot }, () => 'new')).toBe(expected)
    }
  })

  test('the first time, and where the kernel names no boot', () => {
    const now = { wall: 1_000_000, boot: 500_000 }
    expect(bootIdOf(kernel, null, now, () => 'new')).toBe(kernel)
    expect(bootIdOf(null, null, now, () => 'new')).toBe('new')
    expect(bootIdOf(null, kept('aaaa-0001'), now, () => 'new')).toBe('aaaa-0001')
  })
})
