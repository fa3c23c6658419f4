import { cloudOf, isMetal, type Machine, virtualisationOf } from '../machine.ts'
import { told, toldOr, type WindowsReport } from '../windows.ts'

/** The tag that the script compares on the host, so that no other ever leaves it. */
const azureTag = '7783-7084-3265-9085-8269-3286-77'

/** What runs this machine and whose it is, by what its firmware says. */
export type Platform = {
  readonly machine: Machine
  /** `physical` where it is nobody's guest. */
  readonly guestOf: string
  readonly cloud: string | null
  /** A machine within a machine, which has no disks, clock or power of its own. */
  readonly isGuest: boolean
}

/**
 * Throws Missing where firmware was not told. That Windows sees a hypervisor says nothing by
 * itself: with Hyper-V or its own isolation it is on one that it started.
 */
export function platformOf(report: WindowsReport, method: string): Platform {
  const { manufacturer, model, biosVendor, azure } = told(report, 'machine', method)
  const asset = azure ? azureTag : ''
  const machine = { vendor: manufacturer, product: model, firmware: biosVendor, asset }
  const guestOf = virtualisationOf(machine, false) ?? 'physical'
  const cloud = cloudOf(machine)
  const isGuest = (guestOf !== 'physical' || cloud !== null) && !isMetal(machine)
  return { machine, guestOf, cloud, isGuest }
}

/** False where firmware was not told. */
export function isVirtualMachine(report: WindowsReport): boolean {
  return toldOr(report, 'machine') !== null && platformOf(report, 'win32_computersystem').isGuest
}

/** Who has the power, the disks and the building of this host in hand; null for its own people. */
export function beneath(report: WindowsReport): 'in_cloud' | 'virtual_machine' | null {
  if (!isVirtualMachine(report)) return null
  return platformOf(report, 'win32_computersystem').cloud === null ? 'virtual_machine' : 'in_cloud'
}
