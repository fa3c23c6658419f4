import { describe, expect, test } from 'vitest'
import { diskFact } from '../../../agent/facts/disk.ts'
import type { Space } from '../../../agent/facts/fact.ts'
import { noHistory } from '../../../agent/facts/history.ts'
import { daysToFullMax } from '../../../agent/facts/trend.ts'
import { dayMs } from '../../../protocol/time.ts'
import { factNow, fakeFactHost } from '../../support/fact-host.ts'
import { readFact } from '../../support/read-fact.ts'

const today = Math.floor(factNow / dayMs)
const mountinfo = [
  '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
  '28 27 254:16 / /var/lib/data rw,relatime shared:2 - xfs /dev/vdb rw,attr2',
  '29 27 254:16 /sub /bind rw,relatime shared:2 - xfs /dev/vdb rw,attr2',
  '30 27 7:0 / /snap/core rw - squashfs /dev/loop0 ro',
  '31 27 11:0 / /media rw - iso9660 /dev/sr0 ro',
  '32 27 8:1 / /archive rw - ext4 /dev/sda1 ro',
  '33 27 0:50 / /home rw - nfs4 server:/home rw',
  '',
].join('\n')

/** Volumes of 100 bytes: how much of each is used, and what is remembered of them. */
function read(used: Record<string, number>, samples: Record<string, readonly number[]> = {}) {
  const spaces = Object.entries(used).map(([path, bytesUsed]): [string, Space] => {
    return [path, { bytes: 105, bytesUsed, bytesFree: 100 - bytesUsed }]
  })
  const volumes = Object.entries(samples).map(([path, bytes]) => {
    return [path, bytes.map((each, index) => [today - bytes.length + 1 + index, each] as const)]
  })
  const history = { ...noHistory, volumes: Object.fromEntries(volumes) }
  const host = fakeFactHost({ files: { 'proc/self/mountinfo': mountinfo }, history })
  const asked = new Map(spaces)
  return readFact(diskFact, { ...host, space: async (path) => asked.get(path) ?? null })
}

describe('disk: the fullest local volume counts', () => {
  test.each<[string, Record<string, number>, object]>([
    ['the root', { '/': 70, '/bind': 20 }, { value: 0.3, detail: 'the fullest of 2 volumes' }],
    ['another', { '/': 70, '/bind': 95 }, { value: 0.05 }],
    ['each disk once, by its shortest path', { '/': 10, '/var/lib/data': 95 }, { value: 0.9 }],
    [
      'not images, discs, networks, or what is only read',
      { '/': 10, '/archive': 100, '/home': 99 },
      { value: 0.9 },
    ],
    ['none that can be read', {}, { value: null, missing: 'unreadable' }],
  ])('%s', async (_name, used, expected) => {
    const { 'disk.free_ratio': free } = await read(used)
    expect(free).toMatchObject({ method: 'statfs', ...expected })
  })
})

describe('disk: days until one is full', () => {
  const week = [10, 12, 14, 16, 18, 20, 22]
  test.each<[string, Record<string, number>, Record<string, readonly number[]>, object]>([
    ['at two bytes a day', { '/': 22 }, { '/': week }, { value: 39 }],
    ['of two the first', { '/': 22, '/bind': 80 }, { '/': week, '/bind': week }, { value: 10 }],
    [
      'a volume that shrinks never is',
      { '/': 22 },
      { '/': week.toReversed() },
      { value: daysToFullMax },
    ],
    [
      'one log burst is no trend',
      { '/': 22 },
      { '/': [10, 10, 10, 90, 10, 10, 10] },
      { value: daysToFullMax },
    ],
    [
      'six days are too few',
      { '/': 22 },
      { '/': week.slice(1) },
      { missing: 'too_early', value: null },
    ],
    [
      'a volume that is gone does not count',
      { '/': 22 },
      { '/old': week },
      { missing: 'too_early' },
    ],
  ])('%s', async (_name, used, samples, expected) => {
    const { 'disk.days_to_full': days } = await read(used, samples)
    expect(days).toMatchObject(expected)
  })
})
