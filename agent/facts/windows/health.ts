import type { Reading } from '../fact.ts'
import { counted } from '../peek.ts'
import { told, toldOr } from '../windows.ts'
import { onWindows } from './family.ts'
import { beneath } from './machine.ts'

/** HealthStatus of MSFT_PhysicalDisk and MSFT_VirtualDisk: 0 healthy, 1 warning, 2 unhealthy. */
const ill: readonly (number | null)[] = [1, 2]
/** BusType of MSFT_PhysicalDisk. A RAID controller shows one disk and hides those it is made of. */
const bus = { usb: 7, raid: 8 } as const
const method = 'msft_physicaldisk'

/** Whether disks and storage pools are in order, as Windows and the disks themselves see it. */
export const healthOnWindows = onWindows(['disk.healthy'], (report) => {
  const indicator = 'disk.healthy'
  const disks = told(report, 'disks', method).list.filter((disk) => disk.bus !== bus.usb)
  const pools = toldOr(report, 'virtualDisks')?.list ?? []
  const failing = (toldOr(report, 'smart')?.list ?? []).filter((each) => each.failing).length
  const broken = [...disks, ...pools].filter(({ health }) => ill.includes(health)).length
  if (broken + failing > 0) {
    const detail = `${broken} not healthy, ${failing} foretell that they fail`
    return [{ indicator, value: false, method, detail }]
  }
  const sound = disks.filter(({ health }) => health === 0)
  const seen = sound.filter((disk) => disk.bus !== bus.raid)
  // The disks of a virtual machine are those of the host below.
  const below = beneath(report)
  if (below && pools.length === 0) return [missing(below)]
  if (disks.length === 0) return [missing('no_such_hardware')]
  if (sound.length < disks.length) return [missing('not_known')]
  if (seen.length === 0) return [missing('no_tool', 'behind a RAID controller')]
  const detail = [counted(disks.length, 'disk'), pools.length && counted(pools.length, 'pool')]
  return [{ indicator, value: true, method, detail: detail.filter(Boolean).join(', ') }]
})

function missing(reason: NonNullable<Reading['missing']>, detail?: string): Reading {
  const none = { indicator: 'disk.healthy', value: null, method, missing: reason } as const
  return detail === undefined ? none : { ...none, detail }
}
