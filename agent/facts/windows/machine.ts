import { toldOr, type WindowsReport } from '../windows.ts'

/** Makers and models that firmware of virtual machines names, and what runs them. */
const hypervisors: readonly (readonly [RegExp, string])[] = [
  [/^VMware/i, 'vmware'],
  [/^Microsoft Corporation Virtual Machine/i, 'hyper-v'],
  [/VirtualBox|^innotek/i, 'virtualbox'],
  [/^Xen|HVM domU/i, 'xen'],
  [/^Nutanix/i, 'nutanix'],
  [/^Parallels/i, 'parallels'],
  [/^QEMU|\bKVM\b|^oVirt|^RHEV|OpenStack|^Red Hat/i, 'kvm'],
]
/** Clouds by the maker their machines name; Azure by its asset tag. */
const clouds: readonly (readonly [RegExp, string])[] = [
  [/^Amazon EC2/i, 'aws'],
  [/^Google/i, 'gcp'],
  [/^Alibaba Cloud/i, 'alibaba'],
  [/^OracleCloud|Oracle Corporation.*Virtual Machine/i, 'oracle'],
  [/^DigitalOcean/i, 'digitalocean'],
  [/^Hetzner/i, 'hetzner'],
  [/^Tencent Cloud/i, 'tencent'],
  [/^Huawei Cloud/i, 'huawei'],
]

/**
 * What runs this machine: a hypervisor's name, or null on bare metal. That Windows sees one says
 * nothing by itself: with Hyper-V or its own isolation it is on one that it started.
 */
export function hypervisorOf(report: WindowsReport): string | null {
  const machine = toldOr(report, 'machine')
  if (!machine) return null
  const name = `${machine.manufacturer} ${machine.model}`
  const found = hypervisors.find(([pattern]) => pattern.test(name))?.[1]
  if (found) return found
  return cloudOf(report) === null ? null : 'cloud'
}

/** The cloud this machine is rented from; null where firmware names none. */
export function cloudOf(report: WindowsReport): string | null {
  const machine = toldOr(report, 'machine')
  if (!machine) return null
  if (machine.azure) return 'azure'
  const name = `${machine.manufacturer} ${machine.model} ${machine.biosVendor}`
  return clouds.find(([pattern]) => pattern.test(name.trim()))?.[1] ?? null
}

export function isVirtualMachine(report: WindowsReport): boolean {
  return hypervisorOf(report) !== null
}
