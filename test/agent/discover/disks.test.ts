import { describe, expect, test } from 'vitest'
import { proposeDisks } from '../../../agent/discover/disks.ts'
import { fakeRoot } from '../../support/fake-root.ts'
import { fakeSystem } from '../../support/fake-system.ts'

/** A line of /proc/self/mountinfo: path, device, type, source and what differs from the usual. */
function mount(path: string, device: string, type: string, source: string, options = 'rw') {
  return `30 27 ${device} / ${path} rw,relatime shared:1 - ${type} ${source} ${options}`
}

async function propose(lines: string[], folders: string[] = []) {
  const files = { 'proc/self/mountinfo': lines.join('\n') }
  const tree = Object.fromEntries(folders.map((folder) => [`${folder}/`, '']))
  const proposals = await proposeDisks(fakeSystem(fakeRoot({ ...files, ...tree })))
  return proposals.map(({ name, settings }) => ({ name, ...settings }))
}

describe('proposeDisks', () => {
  test('proposes each real disk, the root first', async () => {
    const lines = [
      mount('/var/lib', '8:2', 'xfs', '/dev/mapper/var'),
      mount('/', '8:1', 'ext4', '/dev/sda1'),
      mount('/Data\\040Base', '8:3', 'ext4', '/dev/sdb1', 'ro,noatime'),
    ]
    expect(await propose(lines, ['var/lib', 'Data Base'])).toEqual([
      { name: 'disk-root', path: '/' },
      { name: 'disk-data-base', path: '/Data Base', mountPoint: true, writable: false },
      { name: 'disk-var-lib', path: '/var/lib', mountPoint: true },
    ])
  })

  test.each([
    ['pseudo file system', mount('/run', '0:20', 'tmpfs', 'tmpfs')],
    ['snap', mount('/snap', '7:1', 'squashfs', '/dev/loop1', 'ro')],
    ['image in a file', mount('/image', '7:2', 'ext4', '/dev/loop2')],
    ['CD', mount('/cd', '11:0', 'iso9660', '/dev/sr0', 'ro')],
    ['network disk', mount('/nfs', '0:50', 'nfs4', 'store.example:/export')],
    ["container's layer", mount('/layer', '0:51', 'overlay', 'overlay')],
    ['file that a container shares', mount('/etc/hosts', '8:9', 'ext4', '/dev/sda9')],
    ['mount that cannot be seen', mount('/hidden', '8:8', 'ext4', '/dev/sda8')],
    ['line of another format', 'nonsense'],
  ])('leaves out: %s', async (_name, line) => {
    const folders = ['run', 'snap', 'image', 'cd', 'nfs', 'layer']
    expect(await propose([line], folders)).toEqual([])
  })

  test('in a container the root is its layer', async () => {
    const lines = [mount('/', '0:51', 'overlay', 'overlay')]
    expect(await propose(lines)).toEqual([{ name: 'disk-root', path: '/' }])
  })

  test('proposes a device once, where it is mounted nearest to the root', async () => {
    const lines = [
      mount('/mnt/bound/deep', '8:1', 'ext4', '/dev/sda1'),
      mount('/data', '8:1', 'ext4', '/dev/sda1'),
      mount('/tank/a', '0:60', 'zfs', 'tank/a'),
      mount('/tank', '0:61', 'zfs', 'tank'),
    ]
    const folders = ['mnt/bound/deep', 'data', 'tank/a']
    expect((await propose(lines, folders)).map(({ name }) => name)).toEqual([
      'disk-data',
      'disk-tank',
    ])
  })

  test('proposes at most 20', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index)
    const lines = numbers.map((n) => mount(`/d${n}`, `8:${n}`, 'xfs', `/dev/sd${n}`))
    const folders = numbers.map((n) => `d${n}`)
    expect(await propose(lines, folders)).toHaveLength(20)
  })

  test('asks systeminformation where there is no /proc', async () => {
    const proposals = await proposeDisks(fakeSystem('/', { platform: 'freebsd' }))
    expect(proposals.map(({ name }) => name)).toContain('disk-root')
  })
})
