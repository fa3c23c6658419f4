import { dayMs } from '../../protocol/time.ts'
import { disksAmong, parseMounts } from '../probes/mounts.ts'
import { type FactHost, type FactProbe, Missing, type Reading, type Space } from './fact.ts'
import { counted } from './peek.ts'
import { daysToFull } from './trend.ts'

/** A volume that programs write to. */
export type Volume = Space & { readonly path: string }

/** Room on the local disks: the worst of them counts, as one full disk stops a host. */
export const diskFact: FactProbe = {
  indicators: ['disk.free_ratio', 'disk.days_to_full'],
  async measure(host) {
    const mounts = parseMounts(host.read('/proc/self/mountinfo') ?? '')
    const disks = disksAmong(mounts).filter(({ readOnly }) => !readOnly)
    const spaces = await Promise.all(
      disks.map(async ({ path }) => {
        const space = await host.space(path)
        return space && space.bytesUsed + space.bytesFree > 0 ? { ...space, path } : []
      }),
    )
    const volumes = spaces.flat()
    if (volumes.length === 0) throw new Missing('unreadable', 'statfs')
    return readVolumes(volumes, host, 'statfs')
  },
}

/** What volumes mean for both indicators. */
export function readVolumes(
  volumes: readonly Volume[],
  { history, now }: Pick<FactHost, 'history' | 'now'>,
  method: string,
): Reading[] {
  const worst = Math.min(...volumes.map(freeRatio))
  const free: Reading = {
    ...{ indicator: 'disk.free_ratio', value: worst, method },
    detail: `the fullest of ${counted(volumes.length, 'volume')}`,
  }
  const days = volumes.flatMap(({ path, bytesFree }) => {
    const samples = history.volumes[path]?.filter(([day]) => day * dayMs <= now) ?? []
    return daysToFull(samples, bytesFree) ?? []
  })
  const indicator = 'disk.days_to_full'
  const trend = `trend-${method}`
  if (days.length === 0)
    return [free, { indicator, value: null, method: trend, missing: 'too_early' }]
  const detail = `the first to fill of ${counted(days.length, 'volume')} with a week of samples`
  return [free, { indicator, value: Math.min(...days), method: trend, detail }]
}

/** As `df` tells it: of what an ordinary user may use. */
function freeRatio({ bytesUsed, bytesFree }: Space): number {
  return bytesFree / (bytesUsed + bytesFree)
}
