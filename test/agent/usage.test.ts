import { describe, expect, test } from 'vitest'
import { readVolumeUse, Usage, type UsageParts } from '../../agent/usage.ts'
import { dayMs, minuteMs } from '../../protocol/time.ts'
import { fakeRoot } from '../support/fake-root.ts'

const start = 20_000 * dayMs
const checks = [
  { check: 'processor', kind: 'cpu' },
  { check: 'second', kind: 'cpu' },
  { check: 'ram', kind: 'memory' },
  { check: 'web', kind: 'http' },
] as const

const open = (parts: Partial<UsageParts> = {}) =>
  new Usage({ kept: null, checks, readVolumes: async () => [], ...parts })
const settled = () => new Promise(setImmediate)

describe('usage', () => {
  test('counts looks by day and percent, of each kind those of the first check', () => {
    const usage = open()
    for (const value of [0.004, 0.031, 0.029, 1.7, -2]) usage.note('processor', value, start)
    usage.note('second', 0.5, start)
    usage.note('web', 0.5, start)
    usage.note('ram', undefined, start)
    usage.note('ram', 0.02, start + dayMs)
    const { cpu, memory } = usage.history().usage
    expect(cpu).toEqual({ 20000: expect.arrayContaining([2, 0, 0, 2]) })
    expect(cpu[20_000]).toHaveLength(101)
    expect(cpu[20_000]?.[100]).toBe(1)
    expect(memory).toEqual({ 20001: [0, 0, 1] })
  })

  test('goes on with what was kept', () => {
    const before = open()
    before.note('ram', 0.01, start)
    const kept: unknown = JSON.parse(JSON.stringify(before.history()))
    const after = open({ kept })
    after.note('ram', 0.01, start)
    expect(after.history().usage.memory).toEqual({ 20000: [0, 2] })
  })

  test('remembers 30 days; a clock that runs ahead for an hour costs one of them', () => {
    const usage = open()
    for (let day = 0; day < 40; day += 1) usage.note('ram', 0.5, start + day * dayMs)
    const days = () => Object.keys(usage.history().usage.memory).map((day) => Number(day) - 20_000)
    expect(days()).toEqual(Array.from({ length: 30 }, (_, index) => index + 10))
    usage.note('ram', 0.5, start + 4_000 * dayMs)
    usage.note('ram', 0.5, start + 39 * dayMs)
    expect(days()).toEqual(Array.from({ length: 29 }, (_, index) => index + 11))
  })

  test('samples each volume once a day, also when looks come in between', async () => {
    let bytesUsed = 100
    let reads = 0
    const readVolumes = async () => {
      reads += 1
      bytesUsed += 10
      return [{ path: '/', bytesUsed }]
    }
    const usage = open({ readVolumes })
    for (const at of [0, 1, minuteMs, dayMs, dayMs + 1]) {
      usage.note('web', 1, start + at)
      await settled()
    }
    expect(reads).toBe(2)
    expect(usage.history().volumes).toEqual({
      '/': [
        [20_000, 110],
        [20_001, 120],
      ],
    })
    const again = open({ kept: usage.history(), readVolumes })
    again.note('web', 1, start + dayMs + minuteMs)
    await settled()
    expect(reads).toBe(2)
  })

  test('tries again when volumes cannot be read, and waits for a disk that hangs', async () => {
    const answers: (() => Promise<never[]>)[] = [
      () => Promise.reject(new Error('EIO')),
      () => new Promise(() => {}),
    ]
    let reads = 0
    const usage = open({ readVolumes: () => answers[reads++]!() })
    for (let look = 0; look < 4; look += 1) {
      usage.note('web', 1, start + look * minuteMs)
      await settled()
    }
    expect(reads).toBe(2)
  })

  test('forgets volumes that are gone for a month', async () => {
    let path = '/old'
    const usage = open({ readVolumes: async () => [{ path, bytesUsed: 1 }] })
    const volumesOn = async (day: number) => {
      usage.note('web', 1, start + day * dayMs)
      await settled()
      return Object.keys(usage.history().volumes)
    }
    expect(await volumesOn(0)).toEqual(['/old'])
    path = '/new'
    expect(await volumesOn(29)).toEqual(['/old', '/new'])
    expect(await volumesOn(30)).toEqual(['/new'])
  })

  test('is kept every ten minutes while it changes, and at the end', () => {
    const usage = open()
    expect(usage.unsaved(start, true)).toBeNull()
    usage.note('ram', 0.5, start)
    expect(usage.unsaved(start, false)).toEqual(usage.history())
    usage.saved(start)
    usage.note('ram', 0.5, start + minuteMs)
    expect(usage.unsaved(start + minuteMs, false)).toBeNull()
    expect(usage.unsaved(start + minuteMs, true)).not.toBeNull()
    expect(usage.unsaved(start + 10 * minuteMs, false)).not.toBeNull()
    usage.saved(start + 10 * minuteMs)
    expect(usage.unsaved(start + 20 * minuteMs, true)).toBeNull()
  })

  test('is small: a quiet host some KB, the busiest thinkable one some tens', async () => {
    const month = async (valueAt: (look: number) => number, volumes: number) => {
      const readVolumes = async () =>
        Array.from({ length: volumes }, (_, i) => ({
          path: `/mnt/volume-${i}`,
          bytesUsed: 2 ** 50,
        }))
      const usage = open({ readVolumes })
      for (let day = 0; day < 35; day += 1) {
        for (let look = 0; look < 1_440; look += 1) {
          const at = start + day * dayMs + look * minuteMs
          usage.note('processor', valueAt(look), at)
          usage.note('ram', valueAt(look + 500), at)
        }
        await settled()
      }
      return JSON.stringify(usage.history()).length
    }
    expect(await month((look) => 0.03 + 0.02 * Math.sin(look), 2)).toBeLessThan(4 * 1024)
    expect(await month((look) => (look % 101) / 100, 200)).toBeLessThan(64 * 1024)
  })
})

test.runIf(process.platform === 'linux')(
  'volumes are the local disks one can write to',
  async () => {
    const mountinfo = [
      '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
      '28 27 254:16 / /data rw,relatime shared:2 - xfs /dev/vdb rw,attr2',
      '29 27 254:32 / /archive rw,relatime - ext4 /dev/vdc ro',
      '30 27 0:50 / /home rw - nfs4 server:/home rw',
      '31 27 8:1 / /gone rw - ext4 /dev/sda1 rw',
      '',
    ].join('\n')
    const root = fakeRoot({ 'proc/self/mountinfo': mountinfo, 'data/': '' })
    const bytesUsed = expect.any(Number)
    expect(await readVolumeUse(root, 'linux')).toEqual([
      { path: '/', bytesUsed },
      { path: '/data', bytesUsed },
    ])
  },
)
