import { describe, expect, test } from 'vitest'
import { platformFact } from '../../../agent/facts/platform.ts'
import { type FactHostParts, fakeFactHost } from '../../support/fact-host.ts'

type Dmi = Partial<
  Record<'sys_vendor' | 'product_name' | 'bios_vendor' | 'bios_date' | 'chassis_asset_tag', string>
>

const dmi = (words: Dmi, more: Readonly<Record<string, string>> = {}) => {
  const files = Object.entries(words).map(([name, text]) => [
    `sys/class/dmi/id/${name}`,
    `${text}\n`,
  ])
  return { files: { ...Object.fromEntries(files), ...more } }
}
const guest = { 'proc/cpuinfo': 'flags\t\t: fpu sse2 hypervisor lahf_lm\n' }
const host = { 'proc/cpuinfo': 'flags\t\t: fpu sse2 lahf_lm\n' }

/** What it is a guest of, whose cloud, which region, how old; reasons where there is no value. */
async function read(parts: FactHostParts) {
  const readings = await platformFact.measure(fakeFactHost(parts))
  const told = new Map(readings.map((each) => [each.indicator, each.missing ?? each.value]))
  return ['virtualisation', 'cloud', 'cloud_region', 'age_years'].map((name) =>
    told.get(`platform.${name}` as never),
  )
}

// The words are those that the makers put into their machines (systemd's src/basic/virt.c and
// cloud-init's ds-identify know the same).
describe('what a host runs on', () => {
  test.each<[string, FactHostParts, unknown[]]>([
    [
      'a server in the room',
      dmi(
        { sys_vendor: 'Dell Inc.', product_name: 'PowerEdge R740', bios_date: '04/02/2019' },
        host,
      ),
      ['physical', 'none', 'none', 7.5],
    ],
    [
      'VMware',
      dmi(
        { sys_vendor: 'VMware, Inc.', product_name: 'VMware7,1', bios_date: '11/12/2020' },
        guest,
      ),
      ['vmware', 'none', 'none', 'virtual_machine'],
    ],
    [
      'Hyper-V',
      dmi({ sys_vendor: 'Microsoft Corporation', product_name: 'Virtual Machine' }, guest),
      ['hyper-v', 'none', 'none', 'virtual_machine'],
    ],
    [
      'a Surface is no guest',
      dmi(
        { sys_vendor: 'Microsoft Corporation', product_name: 'Surface', bios_date: '01/01/2024' },
        host,
      ),
      ['physical', 'none', 'none', 2.7],
    ],
    [
      'KVM',
      dmi(
        {
          sys_vendor: 'QEMU',
          product_name: 'Standard PC (Q35 + ICH9, 2009)',
          bios_vendor: 'SeaBIOS',
        },
        guest,
      ),
      ['kvm', 'none', 'none', 'virtual_machine'],
    ],
    [
      'AWS, whose region cloud-init left',
      dmi(
        { sys_vendor: 'Amazon EC2', product_name: 'm5.large' },
        { ...guest, 'run/cloud-init/instance-data.json': '{"v1":{"region":"me-central-1"}}' },
      ),
      ['kvm', 'aws', 'me-central-1', 'in_cloud'],
    ],
    [
      'a whole machine at AWS',
      dmi({ sys_vendor: 'Amazon EC2', product_name: 'm5.metal' }, host),
      ['physical', 'aws', 'not_known', 'in_cloud'],
    ],
    [
      'Azure, told from Hyper-V by its tag',
      dmi(
        {
          sys_vendor: 'Microsoft Corporation',
          product_name: 'Virtual Machine',
          chassis_asset_tag: '7783-7084-3265-9085-8269-3286-77',
        },
        guest,
      ),
      ['hyper-v', 'azure', 'not_known', 'in_cloud'],
    ],
    [
      'Oracle',
      dmi({ sys_vendor: 'QEMU', chassis_asset_tag: 'OracleCloud.com' }, guest),
      ['kvm', 'oracle', 'not_known', 'in_cloud'],
    ],
    [
      'a cloud only cloud-init knows',
      dmi({ sys_vendor: 'QEMU' }, { ...guest, 'run/cloud-init/cloud-id': 'exoscale\n' }),
      ['kvm', 'exoscale', 'not_known', 'in_cloud'],
    ],
    [
      'cloud-init that found none',
      dmi({ sys_vendor: 'QEMU' }, { ...guest, 'run/cloud-init/cloud-id': 'nocloud' }),
      ['kvm', 'none', 'none', 'virtual_machine'],
    ],
    [
      'a container',
      { files: { '.dockerenv': '', ...guest } },
      ['container', 'none', 'none', 'virtual_machine'],
    ],
    [
      'a guest that names nobody',
      { files: guest },
      ['unknown hypervisor', 'none', 'none', 'virtual_machine'],
    ],
    [
      'an old BIOS of a strange date',
      dmi({ sys_vendor: 'ACME', bios_date: '31/31/2019' }, host),
      ['physical', 'none', 'none', 'not_known'],
    ],
    ['nothing is told', {}, ['not_known', 'none', 'none', 'not_known']],
    [
      'a region that may not be read',
      {
        ...dmi({ sys_vendor: 'Amazon EC2' }, { 'run/cloud-init/instance-data.json': '{}' }),
        forbidden: ['/run/cloud-init/instance-data.json'],
      },
      ['kvm', 'aws', 'no_permission', 'in_cloud'],
    ],
    [
      'a region in a broken file',
      dmi({ sys_vendor: 'Amazon EC2' }, { 'run/cloud-init/instance-data.json': '{' }),
      ['kvm', 'aws', 'unreadable', 'in_cloud'],
    ],
  ])('%s', async (_name, parts, expected) => {
    expect(await read(parts)).toEqual(expected)
  })

  test('the age says what it rests on', async () => {
    const parts = dmi({ sys_vendor: 'HPE', bios_date: '10/01/2021' }, host)
    const [reading] = await platformFact.measure(fakeFactHost(parts))
    expect(reading).toMatchObject({
      value: 5,
      detail: expect.stringMatching(/firmware of 2021-10-01;.*update/),
    })
  })
})
