import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KernelFile, kernelFile } from '../../../agent/probes/kernel-file.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { openFiles } from '../../support/open-files.ts'

const path = 'proc/x'
const begin = (text: string) => {
  const file = join(fakeRoot({ [path]: text }), path)
  return { file, kernel: new KernelFile(file) }
}

describe('a file of the kernel', () => {
  test.each([0, 1, 4_096, 16 * 1_024 - 1, 16 * 1_024, 16 * 1_024 + 1, 100_000])(
    'is read whole, of %i bytes',
    (length) => {
      const text = 'x'.repeat(length)
      expect(begin(text).kernel.read()).toBe(text)
    },
  )

  test('is read anew each time, also where it is shorter now', () => {
    const { file, kernel } = begin('a long text, and نص')
    expect(kernel.read()).toBe('a long text, and نص')
    writeFileSync(file, 'short')
    expect(kernel.read()).toBe('short')
    kernel.close()
    expect(kernel.read()).toBe('short')
  })

  test('that is not there says so, and is read when it is', () => {
    const { file, kernel } = begin('')
    rmSync(file)
    expect(() => kernel.read()).toThrow('ENOENT')
    writeFileSync(file, 'there')
    expect(kernel.read()).toBe('there')
  })

  test('of one check is kept for its next look', () => {
    const context = { root: fakeRoot({ [path]: 'a' }), kept: new Map<string, unknown>() }
    expect(kernelFile(path, context).read()).toBe('a')
    expect(kernelFile(path, context)).toBe(kernelFile(path, context))
  })
})

describe.runIf(process.platform === 'linux')('open files', () => {
  /** How often this process has a file open; what else it opens and closes does not count. */
  const count = (file: string) => openFiles().filter((each) => each === file).length

  test('are at most so many, and each is read all the same', () => {
    const { file } = begin('text')
    const many = Array.from({ length: 400 }, () => new KernelFile(file))
    expect(many.map((each) => each.read())).toEqual(many.map(() => 'text'))
    expect(count(file)).toBeLessThanOrEqual(256)
    for (const each of many) each.close()
    expect(count(file)).toBe(0)
    expect(many.map((each) => each.read())).toEqual(many.map(() => 'text'))
    for (const each of many) each.close()
    expect(count(file)).toBe(0)
  })

  test('of what has ended are given back', () => {
    const { file, kernel } = begin('text')
    kernel.read()
    // As a process that ended: what is open answers no more, and the path leads nowhere.
    kernel.close()
    renameSync(file, `${file}.gone`)
    expect(() => kernel.read()).toThrow('ENOENT')
    expect([count(file), count(`${file}.gone`)]).toEqual([0, 0])
  })
})
