import { describe, expect, test } from 'vitest'
import { healthFact } from '../../../agent/facts/health.ts'
import type { FactHostParts } from '../../support/fact-host.ts'
import { readFact } from '../../support/read-fact.ts'

/** Format: `man 4 md`; the first is the example of the Linux RAID wiki, mdstat. */
const whole = `Personalities : [raid1] [raid6] [raid5] [raid4]
md127 : active raid5 sdh1[6] sdg1[4] sdf1[3] sde1[2] sdd1[1] sdc1[0]
      1465151808 blocks level 5, 64k chunk, algorithm 2 [6/6] [UUUUUU]

md0 : active raid0 sdb1[1] sda1[0]
      976772992 blocks super 1.2 512k chunks

unused devices: <none>
`
const halved = whole.replace('[6/6] [UUUUUU]', '[6/5] [UUU_UU]')
const failed = whole.replace('sdg1[4]', 'sdg1[4](F)')
const inactive = whole.replace('active raid0', 'inactive')

/** As `smartctl 7.3 -j -H` prints, shortened; the last for a disk that may not be opened. */
const smart = (passed: boolean) => JSON.stringify({ smart_status: { passed } })
const closed = {
  status: 2,
  stdout: JSON.stringify({
    smartctl: {
      messages: [{ string: 'Smartctl open device: /dev/sda failed: Permission denied' }],
      exit_status: 2,
    },
  }),
}
const disks = {
  'sys/block/sda/removable': '0\n',
  'sys/block/nvme0n1/removable': '0\n',
  'sys/block/sdz/removable': '1\n',
  'sys/block/dm-0/removable': '0\n',
  'dev/sda': '',
  'dev/nvme0n1': '',
}
const guest = { 'sys/class/dmi/id/sys_vendor': 'QEMU\n' }
const ask = (disk: string) => `smartctl -j -H /dev/${disk}`

describe('health', () => {
  test.each<[string, FactHostParts, object]>([
    [
      'arrays that are whole, and nothing of single disks',
      { files: { 'proc/mdstat': whole } },
      { value: true, method: 'mdstat', detail: '2 arrays whole; SMART not read' },
    ],
    [
      'an array without one of its disks',
      { files: { 'proc/mdstat': halved } },
      { value: false, detail: '1 of 2 arrays broken' },
    ],
    ['a disk that failed in its array', { files: { 'proc/mdstat': failed } }, { value: false }],
    ['an array that did not start', { files: { 'proc/mdstat': inactive } }, { value: false }],
    [
      'a ZFS pool',
      { files: { 'proc/spl/kstat/zfs/tank/state': 'ONLINE\n' } },
      { value: true, method: 'zfs' },
    ],
    [
      'a ZFS pool that lost a disk',
      { files: { 'proc/spl/kstat/zfs/tank/state': 'DEGRADED\n' } },
      { value: false },
    ],
    [
      'btrfs without one of its disks',
      {
        files: {
          'sys/fs/btrfs/u/devinfo/1/missing': '0\n',
          'sys/fs/btrfs/u/devinfo/2/missing': '1\n',
        },
      },
      { value: false, method: 'btrfs' },
    ],
    [
      'btrfs on one disk is no array',
      { files: { 'sys/fs/btrfs/u/devinfo/1/missing': '0\n' } },
      { missing: 'no_such_hardware' },
    ],
    [
      'disks that say they are well',
      { files: disks, said: { [ask('sda')]: smart(true), [ask('nvme0n1')]: smart(true) } },
      { value: true, method: 'smartctl', detail: '2 disks' },
    ],
    [
      'a disk that says it will fail',
      {
        files: disks,
        said: { [ask('sda')]: { status: 8, stdout: smart(false) }, [ask('nvme0n1')]: smart(true) },
      },
      { value: false, detail: '1 of 2 disks failing' },
    ],
    [
      'arrays and disks',
      {
        files: { ...disks, 'proc/mdstat': whole },
        said: { [ask('sda')]: smart(true), [ask('nvme0n1')]: smart(true) },
      },
      { value: true, method: 'mdstat+smartctl' },
    ],
    [
      'disks that only root may ask',
      { files: disks, said: { [ask('sda')]: closed, [ask('nvme0n1')]: closed } },
      { value: null, missing: 'no_permission', permission: 'CAP_SYS_RAWIO (SMART)' },
    ],
    [
      'NVMe that only root may ask',
      { files: { 'sys/block/nvme0n1/': '' }, said: { [ask('nvme0n1')]: closed } },
      { permission: 'CAP_SYS_ADMIN (SMART of NVMe)' },
    ],
    [
      'a disk behind a controller that hides it',
      {
        files: { 'sys/block/sda/': '', 'dev/sda': '' },
        said: { [ask('sda')]: { status: 4, stdout: '{}' } },
      },
      { missing: 'not_known' },
    ],
    [
      'a service that sees no devices',
      { files: { 'sys/block/sda/': '' }, said: { [ask('sda')]: { status: 1, stdout: '{}' } } },
      { missing: 'no_permission', permission: 'CAP_SYS_RAWIO (SMART)' },
    ],
    ['no smartctl', { files: disks }, { missing: 'no_tool' }],
    ['a virtual machine', { files: { ...disks, ...guest } }, { missing: 'virtual_machine' }],
    [
      'a virtual machine with an array',
      { files: { ...disks, ...guest, 'proc/mdstat': halved } },
      { value: false },
    ],
    ['no disk at all', {}, { missing: 'no_such_hardware' }],
  ])('%s', async (_name, parts, expected) => {
    expect((await readFact(healthFact, parts))['disk.healthy']).toMatchObject(expected)
  })
})
