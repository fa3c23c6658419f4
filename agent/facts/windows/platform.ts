import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import { Missing, type Reading } from '../fact.ts'
import { told, type WindowsReport } from '../windows.ts'
import { attempt, onWindows } from './family.ts'
import { platformOf } from './machine.ts'

const method = 'win32_computersystem'
const yearMs = 365.25 * dayMs

/** How old the machine is, what runs it, and whose cloud that is, by what its firmware says. */
export const platformOnWindows = onWindows(
  ['platform.age_years', 'platform.cloud', 'platform.cloud_region', 'platform.virtualisation'],
  (report, { now }) => [
    attempt('platform.age_years', () => age(report, now)),
    attempt('platform.cloud', () => {
      const value = platformOf(report, method).cloud ?? 'none'
      return { indicator: 'platform.cloud', value, method }
    }),
    attempt('platform.cloud_region', () => region(report)),
    attempt('platform.virtualisation', () => {
      const { guestOf, machine } = platformOf(report, method)
      const detail = `${machine.vendor} ${machine.product}`.trim()
      return { indicator: 'platform.virtualisation', value: guestOf, method, detail }
    }),
  ],
)

/** The firmware is about as old as the machine; an update of it makes a machine look younger. */
function age(report: WindowsReport, now: EpochMs): Reading {
  const bios = 'win32_bios'
  const { biosAt } = told(report, 'machine', bios)
  const { cloud, isGuest } = platformOf(report, bios)
  if (cloud !== null) throw new Missing('in_cloud', bios)
  if (isGuest) throw new Missing('virtual_machine', bios)
  const at = biosAt === null ? Number.NaN : Date.parse(biosAt)
  if (!(at < now)) throw new Missing('not_known', bios)
  const value = Math.round(((now - at) / yearMs) * 10) / 10
  const day = new Date(at).toISOString().slice(0, 10)
  const detail = `firmware of ${day}; an update of it makes a machine look younger`
  return { indicator: 'platform.age_years', value, method: bios, detail }
}

/** Only the cloud's metadata service knows it, and that is never asked. */
function region(report: WindowsReport): Reading {
  if (platformOf(report, method).cloud !== null) throw new Missing('not_known', method)
  return { indicator: 'platform.cloud_region', value: 'none', method }
}
