import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type DiskSettings,
  disk,
  settings as diskSchema,
  judge,
} from '../../../agent/probes/disk.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { probeContext } from '../../support/loopback.ts'

const diskSettings = (changes: Partial<DiskSettings> = {}) =>
  withDefaults(diskSchema, { path: '/data', freeRatioMin: 0, ...changes })

describe('disk: what a reading means', () => {
  const mount = {
    path: '/data',
    device: '8:1',
    rootInDevice: '/',
    type: 'ext4',
    source: '/dev/sda1',
  }
  const reading = {
    freeRatio: 0.4,
    inodesFreeRatio: 0.5,
    mount: { ...mount, readOnly: false },
    isMountPoint: true,
  }
  const readOnly = { mount: { ...mount, readOnly: true } }
  const value = 0.4

  test.each<[string, Partial<DiskSettings>, Partial<typeof reading>, object]>([
    ['room enough', { freeRatioMin: 0.4 }, {}, { state: 'up', value }],
    ['little room', { freeRatioMin: 0.41 }, {}, { reason: 'space_low', value }],
    ['few inodes', {}, { inodesFreeRatio: 0.04 }, { reason: 'inodes_low', value }],
    ['read-only', {}, readOnly, { reason: 'read_only', value }],
    ['read-only as it should be', { writable: false }, readOnly, { state: 'up', value }],
    [
      'a folder where a disk should be',
      { mountPoint: true },
      { isMountPoint: false },
      { reason: 'not_mounted' },
    ],
    ['a folder', {}, { isMountPoint: false }, { state: 'up', value }],
  ])('%s', (_name, changes, found, expected) => {
    const observation = judge(diskSettings(changes), { ...reading, ...found })
    expect(observation).toEqual({ state: 'degraded', ...expected })
  })
})

describe.runIf(process.platform === 'linux')('disk', () => {
  const mountinfo = [
    '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
    '28 27 254:16 / /data ro,relatime shared:2 - xfs /dev/vdb rw,attr2',
    '29 27 254:32 / /my\\040archive rw,relatime - ext4 /dev/vdc ro',
    '',
  ].join('\n')
  const look = (root: string, changes: Partial<DiskSettings>) =>
    disk(diskSettings(changes), probeContext({ root }))
  const value = expect.closeTo(0.5, 0)

  test.each<[string, Partial<DiskSettings>, object]>([
    ['a mount point', { path: '/data', mountPoint: true }, { state: 'up', value }],
    ['its path with a slash', { path: '/data/', mountPoint: true }, { state: 'up', value }],
    ['a folder below it', { path: '/data/sub', mountPoint: true }, { reason: 'not_mounted' }],
    [
      'a name that only begins alike',
      { path: '/data2', mountPoint: true },
      { reason: 'not_mounted' },
    ],
    ['a missing folder', { path: '/gone' }, { reason: 'not_mounted' }],
    ['a read-only file system', { path: '/my archive' }, { reason: 'read_only', value }],
    ['a link to it', { path: '/link' }, { reason: 'read_only', value }],
  ])('%s', async (_name, changes, expected) => {
    const folders = { 'data/sub/': '', 'data2/': '', 'my archive/': '' }
    const root = fakeRoot({ 'proc/self/mountinfo': mountinfo, ...folders })
    symlinkSync(join(root, 'my archive'), join(root, 'link'))
    expect(await look(root, changes)).toEqual({ state: 'degraded', ...expected })
  })

  test('is measured as a whole: the share that is free lies between 0 and 1', async () => {
    const { state, value: free } = await disk(diskSettings({ path: '/' }), probeContext())
    expect(state).toBe('up')
    expect(free).toBeGreaterThan(0)
    expect(free).toBeLessThanOrEqual(1)
  })

  test('makes no observation of what has no size', async () => {
    await expect(disk(diskSettings({ path: '/proc' }), probeContext())).rejects.toThrow('no size')
  })

  test('is degraded (timeout) when the signal ends it', async () => {
    const observation = await disk(
      diskSettings({ path: '/' }),
      probeContext({ signal: AbortSignal.abort() }),
    )
    expect(observation).toEqual({ state: 'degraded', reason: 'timeout' })
  })

  test('is not asked again while it has not answered', async () => {
    const settings = diskSettings({ path: '/' })
    const context = probeContext()
    const first = disk(settings, context)
    const second = await disk(settings, context)
    expect(second).toEqual({ state: 'degraded', reason: 'timeout' })
    expect(await first).toMatchObject({ state: 'up' })
    expect(await disk(settings, context)).toMatchObject({ state: 'up' })
  })
  describe('at the second look', () => {
    const line = (path: string, type: string, number: number) =>
      `${27 + number} 27 254:${number} / ${path} rw - ${type} /dev/${number} rw`
    const table = (rootType: string, types: Readonly<Record<string, string>>) =>
      [['/', rootType], ...Object.entries(types)]
        .map(([path = '', type = ''], i) => line(path, type, i))
        .join('\n')

    test.each<[string, string, Record<string, string>, boolean]>([
      ['a folder of the system disk', 'ext4', {}, true],
      ['a folder of a container', 'overlay', {}, true],
      ['a local disk mounted there', 'ext4', { '/data': 'xfs' }, true],
      ['a network disk', 'ext4', { '/data': 'nfs4' }, false],
      ['what a program serves', 'ext4', { '/data': 'fuse.sshfs' }, false],
      ['an unknown file system', 'ext4', { '/data': 'newfs' }, false],
      ['another overlay', 'ext4', { '/data': 'overlay' }, false],
      ['a pool that may be suspended', 'ext4', { '/data': 'zfs' }, false],
      ['a system disk of the network', 'nfs', {}, false],
      ['a local disk on a network disk', 'nfs', { '/data': 'xfs' }, false],
    ])('%s answers at once only where it cannot hang', async (_name, rootType, types, isAtOnce) => {
      const root = fakeRoot({ 'proc/self/mountinfo': table(rootType, types), 'data/': '' })
      const context = probeContext({ root })
      const first = await disk(diskSettings(), context)
      const second = disk(diskSettings(), context)
      expect(second instanceof Promise).toBe(!isAtOnce)
      expect(await second).toEqual({ ...first, value: expect.closeTo(first.value!, 1) })
    })

    test('a folder below a local disk, and a link, wait in the background', async () => {
      const mountinfo = table('ext4', { '/data': 'xfs' })
      const root = fakeRoot({ 'proc/self/mountinfo': mountinfo, 'data/sub/': '' })
      symlinkSync(join(root, 'data'), join(root, 'link'))
      for (const path of ['/data/sub', '/link']) {
        const context = probeContext({ root })
        await disk(diskSettings({ path }), context)
        expect(disk(diskSettings({ path }), context)).toBeInstanceOf(Promise)
      }
    })

    test('what changed is seen: another mount, a folder that is gone', async () => {
      const root = fakeRoot({ 'proc/self/mountinfo': table('ext4', {}), 'data/': '' })
      let at = 0
      const context = probeContext({ root, now: () => at })
      const look = () => disk(diskSettings({ mountPoint: true }), context)
      expect(await look()).toMatchObject({ reason: 'not_mounted' })
      writeFileSync(join(root, 'proc/self/mountinfo'), table('ext4', { '/data': 'xfs' }))
      at = 60_000
      expect(await look()).toMatchObject({ state: 'up' })
      rmSync(join(root, 'data'), { recursive: true })
      expect(await look()).toEqual({ state: 'degraded', reason: 'not_mounted' })
    })
  })
})
