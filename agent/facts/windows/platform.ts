import { dayMs } from '../../../protocol/time.ts'
import { Missing, type Reading } from '../fact.ts'
import { told, type WindowsReport } from '../windows.ts'
import { attempt, onWindows } from './family.ts'
import { cloudOf, hypervisorOf } from './machine.ts'

const method = 'win32_computersystem'
const yearMs = 365.25 * dayMs

/** How old the machine is, what runs it, and whose cloud that is, by what its firmware says. */
export const platformOnWindows = onWindows(
  ['platform.age_years', 'platform.cloud', 'platform.cloud_region', 'platform.virtualisation'],
  (report, { now }) => [
    attempt('platform.age_years', () => age(report, now)),
    attempt('platform.cloud', () => cloud(report)),
    attempt('platform.cloud_region', () => region(report)),
    attempt('platform.virtualisation', () => {
      told(report, 'machine', method)
      const value = hypervisorOf(report) ?? 'none'
      return { indicator: 'platform.virtualisation', value, method }
    }),
  ],
)

/** Firmware is dated when it was built: of a machine that was updated it tells the least age. */
function age(report: WindowsReport, now: number): Reading {
  const { biosAt } = told(report, 'machine', method)
  if (cloudOf(report) !== null) throw new Missing('in_cloud', 'win32_bios')
  if (hypervisorOf(report) !== null) throw new Missing('virtual_machine', 'win32_bios')
  const at = biosAt === null ? Number.NaN : Date.parse(biosAt)
  if (!(at < now)) throw new Missing('not_known', 'win32_bios')
  const value = (now - at) / yearMs
  const detail = `firmware of ${new Date(at).toISOString().slice(0, 10)}`
  return { indicator: 'platform.age_years', value, method: 'win32_bios', detail }
}

/** Only the cloud's metadata service knows it, and that is never asked. */
function region(report: WindowsReport): Reading {
  told(report, 'machine', method)
  throw new Missing(cloudOf(report) === null ? 'no_such_hardware' : 'not_known', method)
}

function cloud(report: WindowsReport): Reading {
  told(report, 'machine', method)
  return { indicator: 'platform.cloud', value: cloudOf(report) ?? 'none', method }
}
