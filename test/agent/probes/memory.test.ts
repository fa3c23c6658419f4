import { describe, expect, test } from 'vitest'
import { memory } from '../../../agent/probes/memory.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { probeContext } from '../../support/loopback.ts'

describe.runIf(process.platform === 'linux')('memory', () => {
  const meminfo = (available: number) =>
    `MemTotal:       1000 kB\nMemFree:         10 kB\nMemAvailable:    ${available} kB\n`

  test.each([
    [400, { state: 'up', value: 0.6 }],
    [50, { state: 'up', value: 0.95 }],
    [49, { state: 'degraded', reason: 'memory_low', value: 0.951 }],
    [0, { state: 'degraded', reason: 'memory_low', value: 1 }],
  ])('%i of 1000 kB available', async (available, expected) => {
    const root = fakeRoot({ 'proc/meminfo': meminfo(available) })
    expect(await memory({ usedRatioMax: 0.95 }, probeContext({ root }))).toEqual(expected)
  })

  test.each([
    ['missing', {}],
    ['without what is available', { 'proc/meminfo': 'MemTotal: 1000 kB\n' }],
    ['impossible', { 'proc/meminfo': meminfo(2_000) }],
  ])('makes no observation when the figures are %s', async (_name, files) => {
    const root = fakeRoot(files)
    await expect(async () =>
      memory({ usedRatioMax: 0.95 }, probeContext({ root })),
    ).rejects.toThrow()
  })
})
