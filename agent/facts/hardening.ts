import { type Mount, parseMounts } from '../probes/mounts.ts'
import { isVirtual } from './beneath.ts'
import type { FactHost, FactProbe, Reading } from './fact.ts'
import { glance, peek } from './peek.ts'

/** What limits the harm of a break-in: rules on programs, a checked start, unreadable disks. */
export const hardeningFact: FactProbe = {
  indicators: ['hardening.access_control', 'hardening.secure_boot', 'hardening.disk_encrypted'],
  async measure(host) {
    return [accessControl(host), secureBoot(host), await diskEncrypted(host)]
  },
}

/** SELinux must enforce: permissive only writes down what it would have refused. */
function accessControl(host: FactHost): Reading {
  const indicator = 'hardening.access_control'
  const enforcing = peek(host, '/sys/fs/selinux/enforce')?.trim()
  if (enforcing === '1') {
    return { indicator, value: true, method: 'selinux', detail: 'SELinux enforcing' }
  }
  if (peek(host, '/sys/module/apparmor/parameters/enabled')?.trim() === 'Y') {
    return { indicator, value: true, method: 'apparmor', detail: 'AppArmor enabled' }
  }
  if (enforcing === '0') {
    return { indicator, value: false, method: 'selinux', detail: 'SELinux permissive' }
  }
  // A container hides the switch, but its own label shows that SELinux is there.
  const isHidden = (peek(host, '/proc/self/attr/current') ?? '').includes(':')
  if (isHidden || glance(host, '/sys/module').length === 0) {
    return { indicator, value: null, method: 'sysfs', missing: 'not_known' }
  }
  const detail = 'neither SELinux nor AppArmor'
  return { indicator, value: false, method: 'sysfs', detail }
}

const variable = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'

/**
 * Four bytes of attributes, then 1 when firmware checked what it started (UEFI 2.10 §3.3). Only
 * UEFI can: a machine started by BIOS has not been checked, and that is known.
 */
function secureBoot(host: FactHost): Reading {
  const indicator = 'hardening.secure_boot'
  const bytes = peek(host, variable)
  if (bytes?.length === 5) {
    return { indicator, value: bytes.charCodeAt(4) === 1, method: 'efivars' }
  }
  const firmware = glance(host, '/sys/firmware')
  const isBios = firmware.includes('dmi') && !firmware.includes('efi')
  if (isBios) return { indicator, value: false, method: 'sysfs', detail: 'started by BIOS' }
  const missing = firmware.includes('devicetree') ? 'not_supported' : 'not_known'
  return { indicator, value: null, method: 'efivars', missing }
}

/** Whether the disk under `/` can be read only with a key: dm-crypt, or ZFS's own encryption. */
async function diskEncrypted(host: FactHost): Promise<Reading> {
  const indicator = 'hardening.disk_encrypted'
  const root = parseMounts(peek(host, '/proc/self/mountinfo') ?? '').findLast(
    ({ path }) => path === '/',
  )
  const zfs = root?.type === 'zfs' ? await zfsEncrypted(host, root.source) : null
  if (zfs !== null) return { indicator, value: zfs, method: 'zfs' }
  const device = root && blockDevice(host, root)
  const isCrypt = device ? restsOnCrypt(host, device) : null
  if (isCrypt) return { indicator, value: true, method: 'dm-crypt' }
  // What holds a virtual machine's disk may be encrypted below it, where it cannot look.
  if (isVirtual(host)) {
    const detail = 'not encrypted by the guest itself'
    return { indicator, value: null, method: 'dm-crypt', missing: 'virtual_machine', detail }
  }
  if (isCrypt === null) return { indicator, value: null, method: 'dm-crypt', missing: 'not_known' }
  return { indicator, value: false, method: 'dm-crypt' }
}

async function zfsEncrypted(host: FactHost, dataset: string): Promise<boolean | null> {
  const args = ['get', '-H', '-o', 'value', 'encryption', dataset]
  const said = await host.ask({ file: 'zfs', args })
  const value = said?.status === 0 ? said.stdout.trim() : ''
  return value === '' || value === '-' ? null : value !== 'off'
}

/** The name below /sys/class/block of what is mounted: by its number, else by its source. */
function blockDevice(host: FactHost, { device, source }: Mount): string | null {
  const names = glance(host, '/sys/class/block')
  const byNumber = names.find((name) => about(host, name, 'dev') === device)
  if (byNumber !== undefined) return byNumber
  // btrfs has a number of its own; its source is the disk it was mounted from.
  const last = source.split('/').at(-1) ?? ''
  return names.find((name) => name === last || about(host, name, 'dm/name') === last) ?? null
}

/** Whether a device or all that it is made of is a dm-crypt one. */
function restsOnCrypt(host: FactHost, name: string, depth = 0): boolean {
  if (about(host, name, 'dm/uuid')?.startsWith('CRYPT-')) return true
  const parts = glance(host, `/sys/class/block/${name}/slaves`)
  return parts.length > 0 && depth < 8 && parts.every((part) => restsOnCrypt(host, part, depth + 1))
}

function about(host: FactHost, name: string, what: string): string | null {
  return peek(host, `/sys/class/block/${name}/${what}`)?.trim() ?? null
}
