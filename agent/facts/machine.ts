/** What a machine's maker wrote into it (DMI), as far as it tells guests and clouds apart. */
export type Machine = {
  readonly vendor: string
  readonly product: string
  readonly firmware: string
  /** The chassis' asset tag: two clouds name themselves there. */
  readonly asset: string
}

type Sign = readonly [what: string, sign: (machine: Machine) => boolean]

const says = (pattern: RegExp) => (machine: Machine) =>
  pattern.test(`${machine.vendor} ${machine.product} ${machine.firmware}`)

/** Azure's tag, from https://learn.microsoft.com/azure/virtual-machines (detecting Azure VMs). */
const azureTag = '7783-7084-3265-9085-8269-3286-77'

const clouds: readonly Sign[] = [
  ['aws', says(/Amazon EC2|amazon/i)],
  ['gcp', says(/Google Compute Engine/)],
  ['azure', ({ asset }) => asset === azureTag],
  ['oracle', ({ asset }) => asset === 'OracleCloud.com'],
  ['alibaba', says(/Alibaba Cloud/)],
  ['huawei', says(/Huawei ?Cloud/i)],
  ['digitalocean', says(/DigitalOcean/)],
  ['hetzner', says(/Hetzner/)],
  ['openstack', says(/OpenStack/)],
]

const guests: readonly Sign[] = [
  ['vmware', says(/VMware/)],
  [
    'hyper-v',
    ({ vendor, product }) => vendor === 'Microsoft Corporation' && /Virtual/.test(product),
  ],
  ['virtualbox', says(/VirtualBox|innotek/)],
  ['xen', says(/\bXen\b|HVM domU/)],
  ['nutanix', says(/Nutanix AHV|^Nutanix AHV/)],
  ['parallels', says(/Parallels/)],
  ['kvm', says(/QEMU|KVM|Bochs|oVirt|RHEV|OpenStack|Amazon EC2|Google Compute|Alibaba|SeaBIOS/)],
]

/** Whose cloud the machine is in, by its own words; null where it names none. */
export function cloudOf(machine: Machine): string | null {
  return clouds.find(([, sign]) => sign(machine))?.[0] ?? null
}

/** A whole machine rented from a cloud. */
export function isMetal({ product }: Machine): boolean {
  return /\.metal\b|BareMetal/i.test(product)
}

/**
 * What it is a guest of, `physical` where it is none; null where nothing says so either way.
 * `flag` is what the processor says of a hypervisor.
 */
export function virtualisationOf(machine: Machine, flag: boolean | null): string | null {
  if (isMetal(machine)) return 'physical'
  const known = guests.find(([, sign]) => sign(machine))?.[0]
  if (known) return known
  if (flag === true) return 'unknown hypervisor'
  return flag === false || machine.vendor !== '' ? 'physical' : null
}
