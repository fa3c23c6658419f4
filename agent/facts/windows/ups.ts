import { type FactProbe, Missing, type Reading } from '../fact.ts'
import { upsFact } from '../ups.ts'
import { toldOr, type WindowsReport } from '../windows.ts'

/** Chassis of what is carried about (SMBIOS 3.x §7.4.1): its battery is its own. */
const portable = [8, 9, 10, 11, 14, 30, 31, 32]
/** What Win32_Battery tells while it is charged: no run time. */
const minutesMax = 100_000

/**
 * Minutes the batteries would last. NUT and apcupsd are asked as on Linux; without them a supply on
 * USB, which Windows takes for a battery, but whose run time it tells only while it discharges.
 */
export function upsOnWindowsWith(network: FactProbe): FactProbe {
  return {
    indicators: network.indicators,
    async measure(host) {
      try {
        return await network.measure(host)
      } catch (error) {
        if (!(error instanceof Missing) || error.reason !== 'no_tool') throw error
        return [fromBattery(await host.windows())]
      }
    },
  }
}

/** As programs on the loopback tell it, else Windows. */
export const upsOnWindows: FactProbe = upsOnWindowsWith(upsFact)

/** What Windows itself knows of a supply. */
export function fromBattery(report: WindowsReport): Reading {
  const indicator = 'ups.runtime_minutes'
  const method = 'win32_battery'
  const chassis = toldOr(report, 'machine')?.chassis ?? []
  const isCarried = chassis.some((kind) => portable.includes(kind))
  const batteries = isCarried ? [] : (toldOr(report, 'batteries')?.list ?? [])
  const minutes = batteries.flatMap((each) => each.minutes ?? [])
  const told = minutes.filter((each) => each > 0 && each < minutesMax)
  if (told.length > 0) return { indicator, value: Math.min(...told), method }
  if (batteries.length === 0) return { indicator, value: null, method, missing: 'no_tool' }
  const detail = 'a supply is there; it tells its run time only on battery'
  return { indicator, value: null, method, missing: 'not_known', detail }
}
