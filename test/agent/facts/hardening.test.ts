import { describe, expect, test } from 'vitest'
import { hardeningFact } from '../../../agent/facts/hardening.ts'
import type { Indicator } from '../../../protocol/indicators.ts'
import type { FactHostParts } from '../../support/fact-host.ts'
import { readFact } from '../../support/read-fact.ts'

const check = async (indicator: Indicator, parts: FactHostParts, expected: object) => {
  expect((await readFact(hardeningFact, parts))[indicator]).toMatchObject(expected)
}

describe('access control', () => {
  const modules = { 'sys/module/ext4/': '' }
  test.each<[string, Record<string, string>, object]>([
    ['SELinux enforces', { 'sys/fs/selinux/enforce': '1' }, { value: true, method: 'selinux' }],
    [
      'SELinux only notes',
      { 'sys/fs/selinux/enforce': '0' },
      { value: false, detail: 'SELinux permissive' },
    ],
    [
      'AppArmor',
      { ...modules, 'sys/module/apparmor/parameters/enabled': 'Y\n' },
      { value: true, method: 'apparmor' },
    ],
    [
      'AppArmor that is off',
      { ...modules, 'sys/module/apparmor/parameters/enabled': 'N\n' },
      { value: false },
    ],
    ['neither', modules, { value: false, method: 'sysfs' }],
    [
      'SELinux outside of a container',
      { ...modules, 'proc/self/attr/current': 'system_u:system_r:container_t:s0\0' },
      { missing: 'not_known' },
    ],
    ['a hidden kernel', {}, { value: null, missing: 'not_known' }],
  ])('%s', (_name, files, expected) => check('hardening.access_control', { files }, expected))
})

describe('secure boot', () => {
  const variable = 'sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'
  test.each<[string, Record<string, string | Uint8Array>, object]>([
    ['on', { [variable]: Uint8Array.of(6, 0, 0, 0, 1) }, { value: true, method: 'efivars' }],
    ['off', { [variable]: Uint8Array.of(22, 0, 0, 0, 0) }, { value: false }],
    ['cut off', { [variable]: Uint8Array.of(6, 0, 0) }, { missing: 'not_known' }],
    [
      'UEFI whose variables are hidden',
      { 'sys/firmware/efi/systab': '', 'sys/firmware/dmi/': '' },
      { missing: 'not_known' },
    ],
    [
      'BIOS',
      { 'sys/firmware/dmi/': '', 'sys/firmware/acpi/': '' },
      { value: false, detail: 'started by BIOS' },
    ],
    ['a board without UEFI', { 'sys/firmware/devicetree/': '' }, { missing: 'not_supported' }],
    ['a container', { 'sys/firmware/': '' }, { missing: 'not_known' }],
  ])('%s', (_name, files, expected) => check('hardening.secure_boot', { files }, expected))
})

describe('disk encryption', () => {
  const mount = (device: string, type: string, source: string) => {
    return { 'proc/self/mountinfo': `27 1 ${device} / / rw,relatime - ${type} ${source} rw\n` }
  }
  /** LVM on LUKS on a partition, as Debian's installer makes it. */
  const luks = {
    'sys/class/block/sda2/dev': '8:2\n',
    'sys/class/block/dm-0/dev': '254:0\n',
    'sys/class/block/dm-0/dm/uuid': 'CRYPT-LUKS2-6ae8-sda2_crypt\n',
    'sys/class/block/dm-0/dm/name': 'sda2_crypt\n',
    'sys/class/block/dm-0/slaves/sda2/': '',
    'sys/class/block/dm-1/dev': '254:1\n',
    'sys/class/block/dm-1/dm/uuid': 'LVM-q5\n',
    'sys/class/block/dm-1/dm/name': 'vg-root\n',
    'sys/class/block/dm-1/slaves/dm-0/': '',
  }
  const guest = { 'sys/class/dmi/id/sys_vendor': 'QEMU\n' }
  const plain = { ...luks, 'sys/class/block/dm-0/dm/uuid': 'LVM-other\n' }
  test.each<[string, FactHostParts, object]>([
    [
      'LVM on LUKS',
      { files: { ...luks, ...mount('254:1', 'ext4', '/dev/mapper/vg-root') } },
      { value: true, method: 'dm-crypt' },
    ],
    [
      'btrfs on LUKS, by its name',
      { files: { ...luks, ...mount('0:31', 'btrfs', '/dev/mapper/sda2_crypt') } },
      { value: true },
    ],
    [
      'LVM on a bare disk',
      { files: { ...plain, ...mount('254:1', 'ext4', '/dev/mapper/vg-root') } },
      { value: false },
    ],
    [
      'a bare partition',
      { files: { ...luks, ...mount('8:2', 'ext4', '/dev/sda2') } },
      { value: false },
    ],
    [
      'a bare partition of a virtual machine',
      { files: { ...luks, ...guest, ...mount('8:2', 'ext4', '/dev/sda2') } },
      { value: null, missing: 'virtual_machine' },
    ],
    [
      'LUKS in a virtual machine',
      { files: { ...luks, ...guest, ...mount('254:1', 'ext4', '/dev/x') } },
      { value: true },
    ],
    [
      'ZFS',
      {
        files: mount('0:30', 'zfs', 'rpool/ROOT'),
        said: { 'zfs get -H -o value encryption rpool/ROOT': 'aes-256-gcm\n' },
      },
      { value: true, method: 'zfs' },
    ],
    [
      'ZFS without',
      {
        files: mount('0:30', 'zfs', 'rpool/ROOT'),
        said: { 'zfs get -H -o value encryption rpool/ROOT': 'off\n' },
      },
      { value: false },
    ],
    ['a container', { files: mount('0:52', 'overlay', 'overlay') }, { missing: 'not_known' }],
    ['nothing', {}, { missing: 'not_known' }],
  ])('%s', (_name, parts, expected) => check('hardening.disk_encrypted', parts, expected))
})
