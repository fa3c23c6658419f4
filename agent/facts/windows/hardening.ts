import { Missing, type Reading } from '../fact.ts'
import { counted } from '../peek.ts'
import { told, type WindowsReport } from '../windows.ts'
import { attempt, onWindows } from './family.ts'
import { isVirtualMachine } from './machine.ts'

/**
 * What the Explorer knows of a drive's BitLocker, which it tells to everybody.
 * 1 on, 2 off, 3 encrypting, 4 decrypting, 5 suspended, 6 on and locked; 0: it cannot be.
 */
const on: readonly (number | null)[] = [1, 6]
const off: readonly (number | null)[] = [0, 2, 3, 4, 5]

/** User account control, secure boot, and BitLocker on the drive of the system. */
export const hardeningOnWindows = onWindows(
  ['hardening.access_control', 'hardening.disk_encrypted', 'hardening.secure_boot'],
  (report) => [
    attempt('hardening.access_control', () => accessControl(report)),
    attempt('hardening.disk_encrypted', () => encryption(report)),
    attempt('hardening.secure_boot', () => secureBoot(report)),
  ],
)

function accessControl(report: WindowsReport): Reading {
  const method = 'uac'
  const { on: value } = told(report, 'accessControl', method)
  return { indicator: 'hardening.access_control', value, method, detail: 'User Account Control' }
}

/** Only the drive of the system counts, as on Linux; how many others are protected is told. */
function encryption(report: WindowsReport): Reading {
  const indicator = 'hardening.disk_encrypted'
  const method = 'bitlocker'
  const { list } = told(report, 'encryption', method)
  const protection = list.find(({ system }) => system)?.protection ?? null
  if (![...on, ...off].includes(protection)) {
    throw new Missing('not_known', method, 'membership of the group Administrators (S-1-5-32-544)')
  }
  const count = list.filter((each) => on.includes(each.protection)).length
  const detail = `protected: ${count} of ${counted(list.length, 'drive')}`
  const value = on.includes(protection)
  if (value || !isVirtualMachine(report)) return { indicator, value, method, detail }
  // What holds a virtual machine's disk may be encrypted below it, where it cannot look.
  return { indicator, value: null, method, missing: 'virtual_machine', detail }
}

function secureBoot(report: WindowsReport): Reading {
  const method = 'uefi'
  const { on: value, uefi } = told(report, 'secureBoot', method)
  const detail = uefi ? 'UEFI' : 'starts without UEFI'
  return { indicator: 'hardening.secure_boot', value, method, detail }
}
