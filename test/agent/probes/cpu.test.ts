import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { cpu } from '../../../agent/probes/cpu.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { probeContext } from '../../support/loopback.ts'

const settings = { usedRatioMax: 0.95 }

describe.runIf(process.platform === 'linux')('cpu', () => {
  const stat = (counts: string) => `cpu  ${counts}\ncpu0 ${counts}\nintr 5 0\n`
  const idle = stat('100 0 100 800 0 0 0 0 0 0')

  /** A look whose check saw `before` at its last one. */
  async function lookAgain(before: string, now: string) {
    const root = fakeRoot({ 'proc/stat': before })
    const context = probeContext({ root })
    const first = cpu(settings, { ...context, signal: AbortSignal.timeout(50) })
    await expect(first).rejects.toThrow()
    writeFileSync(join(root, 'proc/stat'), now)
    return cpu(settings, context)
  }

  test.each([
    ['a tenth', '150 0 150 1700 0 0 0 0 0 0', { state: 'up', value: 0.1 }],
    ['nothing', '100 0 100 1800 0 0 0 0 0 0', { state: 'up', value: 0 }],
    ['all but a little', '1050 0 100 850 0 0 0 0 0 0', { state: 'up', value: 0.95 }],
    ['all', '600 0 600 800 0 0 0 0 0 0', { state: 'degraded', reason: 'load_high', value: 1 }],
    ['waiting for a disk', '100 0 100 800 1000 0 0 0 0 0', { state: 'up', value: 0 }],
    ['taken by the hypervisor', '100 0 100 1300 0 0 0 500 0 0', { state: 'up', value: 0.5 }],
    ['guests, counted in user', '600 0 100 1300 0 0 0 0 500 0', { state: 'up', value: 0.5 }],
    ['an idle count that steps back', '200 0 100 799 0 0 0 0 0 0', { reason: 'load_high' }],
  ])('used since the last look: %s', async (_name, counts, expected) => {
    const observation = await lookAgain(idle, stat(counts))
    const { value } = { value: undefined, ...expected }
    const close = value === undefined ? {} : { value: expect.closeTo(value, 9) }
    expect(observation).toMatchObject({ ...expected, ...close })
  })

  test('a first look lasts a second, and so does one after the counters were set back', async () => {
    const root = fakeRoot({ 'proc/stat': idle })
    const context = probeContext({ root })
    /** A look during which the counters move on once it has read them. */
    async function lookWhile(counts: string) {
      const before = context.kept.get('times')
      const look = cpu(settings, context)
      while (context.kept.get('times') === before) await setImmediate()
      writeFileSync(join(root, 'proc/stat'), stat(counts))
      return look
    }
    const half = { state: 'up', value: 0.5 }
    expect(await lookWhile('600 0 100 1300 0 0 0 0 0 0')).toEqual(half)
    writeFileSync(join(root, 'proc/stat'), stat('10 0 0 10 0 0 0 0 0 0'))
    expect(await lookWhile('60 0 0 60 0 0 0 0 0 0')).toEqual(half)
  })

  test.each([
    ['missing', {}],
    ['empty', { 'proc/stat': '' }],
    ['cut short', { 'proc/stat': 'cpu  1 2\n' }],
    ['standing still', { 'proc/stat': idle }],
  ])('makes no observation when the figures are %s', async (_name, files) => {
    await expect(async () =>
      cpu(settings, probeContext({ root: fakeRoot(files) })),
    ).rejects.toThrow()
  })
})

test('cpu of this very machine lies between 0 and 1', async () => {
  const { value } = await cpu(settings, probeContext())
  expect(value).toBeGreaterThanOrEqual(0)
  expect(value).toBeLessThanOrEqual(1)
})
