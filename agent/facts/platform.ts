import { dayMs } from '../../protocol/time.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'
import { cloudOf, isMetal, type Machine, virtualisationOf } from './machine.ts'

const yearMs = 365.25 * dayMs
const dmi = '/sys/class/dmi/id'

/** What the host runs on: how old it is, what it is a guest of, and whose cloud it is in. */
export const platformFact: FactProbe = {
  indicators: [
    'platform.age_years',
    'platform.cloud',
    'platform.cloud_region',
    'platform.virtualisation',
  ],
  measure: async (host) => {
    const { machine, container, guest, cloud } = placeOf(host)
    const isCloud = cloud !== null
    const isGuest = container !== null || (guest !== null && guest !== 'physical')
    return [
      age(host, machine, { isCloud, isGuest }),
      clouds(cloud ?? 'none', machine),
      region(host, isCloud),
      virtualisation(container, guest, machine),
    ]
  },
}

/** What a Linux host runs on and in, as it can tell; `guest` null where nothing says so. */
export function placeOf(host: FactHost) {
  const machine = machineOf(host)
  const cloud = cloudOf(machine) ?? cloudInit(host, '/run/cloud-init/cloud-id')
  return {
    machine,
    container: containerOf(host),
    guest: virtualisationOf(machine, hypervisorFlag(host)),
    cloud: cloud === null || ['none', 'nocloud', 'fallback'].includes(cloud) ? null : cloud,
  }
}

/** The maker's words; all may read them, unlike serial numbers, which are not looked at. */
function machineOf(host: FactHost): Machine {
  const read = (name: string) => host.read(`${dmi}/${name}`)?.trim() ?? ''
  return {
    vendor: read('sys_vendor'),
    product: read('product_name'),
    firmware: read('bios_vendor'),
    asset: read('chassis_asset_tag'),
  }
}

function containerOf(host: FactHost): string | null {
  const told = host.read('/run/systemd/container')?.trim()
  if (told) return told
  if (host.has('/.dockerenv')) return 'docker'
  return host.has('/run/.containerenv') ? 'podman' : null
}

/** The processor says so itself; null where it says nothing either way. */
function hypervisorFlag(host: FactHost): boolean | null {
  const flags = /^flags\s*:(.*)$/m.exec(host.read('/proc/cpuinfo') ?? '')?.[1]
  if (flags !== undefined) return flags.split(' ').includes('hypervisor')
  return host.has('/proc/device-tree/hypervisor') ? true : null
}

function virtualisation(
  container: string | null,
  guest: string | null,
  { vendor, product }: Machine,
): Reading {
  const reading = { indicator: 'platform.virtualisation' } as const
  const maker = [vendor, product].filter((word) => word !== '').join(' ')
  if (container !== null) {
    const detail = `${container}${guest === null ? '' : ` on ${guest}`}`
    return { ...reading, value: 'container', method: 'files', detail }
  }
  if (guest === null) return { ...reading, value: null, missing: 'not_known', method: 'dmi' }
  return { ...reading, value: guest, method: 'dmi', ...(maker && { detail: maker }) }
}

function clouds(value: string, { vendor }: Machine): Reading {
  const detail = value === 'none' ? 'no sign of a cloud on this host' : vendor
  const told = { indicator: 'platform.cloud', value, method: 'dmi' } as const
  return { ...told, ...(detail && { detail }) }
}

/** Only from what is on the host: a cloud's metadata address is never asked. */
function region(host: FactHost, isCloud: boolean): Reading {
  const reading = { indicator: 'platform.cloud_region', method: 'cloud-init' } as const
  if (!isCloud) return { ...reading, value: 'none' }
  try {
    const text = host.read('/run/cloud-init/instance-data.json') ?? '{}'
    const { v1 } = JSON.parse(text) as { v1?: { region?: unknown } }
    if (typeof v1?.region === 'string' && v1.region !== '') return { ...reading, value: v1.region }
    return { ...reading, value: null, missing: 'not_known' }
  } catch (error) {
    if (!(error instanceof Missing)) return { ...reading, value: null, missing: 'unreadable' }
    const { reason, permission } = error
    return { ...reading, value: null, missing: reason, ...(permission && { permission }) }
  }
}

function cloudInit(host: FactHost, path: string): string | null {
  const id = host.read(path)?.trim() ?? ''
  return /^[a-z0-9-]{1,40}$/.test(id) ? id : null
}

/** The firmware is about as old as the machine; an update of it makes a machine look younger. */
function age(
  host: FactHost,
  machine: Machine,
  { isCloud, isGuest }: { isCloud: boolean; isGuest: boolean },
): Reading {
  const reading = { indicator: 'platform.age_years', method: 'dmi' } as const
  if (isCloud) return { ...reading, value: null, missing: 'in_cloud' }
  if (isGuest && !isMetal(machine)) return { ...reading, value: null, missing: 'virtual_machine' }
  const text = host.read(`${dmi}/bios_date`)?.trim() ?? ''
  const [, month, day, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? []
  const at = Date.parse(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(at) || at > host.now) return { ...reading, value: null, missing: 'not_known' }
  const value = Math.round(((host.now - at) / yearMs) * 10) / 10
  const detail = `firmware of ${year}-${month}-${day}; an update of it makes a machine look younger`
  return { ...reading, value, detail }
}
