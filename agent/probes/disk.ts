import { realpath, statfs } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import type { Observation, Reason } from '../../protocol/check.ts'
import { type EpochMs, minuteMs } from '../../protocol/time.ts'
import { type Mount, mountsNow } from './mounts.ts'
import type { Probe, ProbeContext } from './probe.ts'
import type { SettingsOf } from './settings.ts'
import { askStorage, placeOf } from './storage.ts'

export const settings = {
  type: 'object',
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      maxLength: 4_096,
      pattern: '^(/|[A-Za-z]:)',
      patternErrorMessage: 'must be an absolute path, such as /var',
      description: 'A folder on the disk, as an absolute path.',
    },
    freeRatioMin: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.1,
      description: 'Degraded (space_low) when less than this share of the space is free.',
    },
    inodesFreeRatioMin: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.05,
      description: 'Degraded (inodes_low) when less than this share of the inodes is free.',
    },
    writable: {
      type: 'boolean',
      default: true,
      description: 'Degraded (read_only) when the disk can only be read. Linux only.',
    },
    mountPoint: {
      type: 'boolean',
      default: false,
      description:
        'Degraded (not_mounted) unless a disk is mounted at exactly this path. Linux only.',
    },
  },
  required: ['path'],
  additionalProperties: false,
} as const
export type DiskSettings = SettingsOf<typeof settings>

/** Whether a disk is there and has room. Value: ratio free, of what an ordinary user may use. */
export const disk: Probe<DiskSettings> = async (settings, context) => {
  const found = await askStorage('disk', context, () => measure(settings, context))
  if ('answer' in found) return judge(settings, found.answer)
  return degraded(found.fault === 'missing' ? 'not_mounted' : found.fault)
}

/** What was found at a path. */
export type Reading = {
  readonly freeRatio: number
  readonly inodesFreeRatio: number
  /** What is mounted there; unknown off Linux. */
  readonly mount: Mount | null
  readonly isMountPoint: boolean
}

/** Space and inodes as `df` counts them. File systems without a table of inodes say 0 of 0. */
async function measure(settings: DiskSettings, context: ProbeContext): Promise<Reading> {
  const asked = placeOf(context.root, settings.path)
  const { type, blocks, bfree, bavail, files, ffree } = await statfs(asked)
  const usable = blocks - bfree + bavail
  if (!(usable > 0)) throw new Error(`Cannot measure ${settings.path}: it has no size.`)
  const space = { freeRatio: bavail / usable, inodesFreeRatio: files > 0 ? ffree / files : 1 }
  if (process.platform !== 'linux') return { ...space, mount: null, isMountPoint: true }
  return { ...space, ...(await placeIn(asked, `${type} ${blocks} ${files}`, context)) }
}

/** Where a path leads to, as it was found with these mounts and this file system. */
type Found = Pick<Reading, 'mount' | 'isMountPoint'> & {
  readonly mounts: readonly Mount[]
  readonly fileSystem: string
  readonly at: EpochMs
}
const keptAs = 'place'
/** A link may lead elsewhere without a trace in mounts and size: it is followed now and then. */
const placeMs = 10 * minuteMs

/** The mount that holds what a path leads to. */
async function placeIn(asked: string, fileSystem: string, context: ProbeContext): Promise<Found> {
  const { root, kept, now } = context
  const [at, mounts] = [now(), mountsNow(context)]
  const last = kept.get(keptAs) as Found | undefined // set below
  const isFresh = last !== undefined && at >= last.at && at - last.at < placeMs
  if (isFresh && last.mounts === mounts && last.fileSystem === fileSystem) return last
  const inRoot = resolve('/', relative(root, await realpath(asked)))
  const mount = mountOf(inRoot, mounts)
  const found = { mount, isMountPoint: mount?.path === inRoot, mounts, fileSystem, at }
  kept.set(keptAs, found)
  return found
}

/** The mount that holds a path: the longest that begins it; of mounts on one another, the last. */
function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let found: Mount | null = null
  for (const mount of mounts) {
    const folder = mount.path === '/' ? '/' : `${mount.path}/`
    if (!`${path}/`.startsWith(folder)) continue
    if (!found || mount.path.length >= found.path.length) found = mount
  }
  return found
}

/** What a reading means under the settings. */
export function judge(settings: DiskSettings, reading: Reading): Observation {
  const value = reading.freeRatio
  if (settings.mountPoint && !reading.isMountPoint) return degraded('not_mounted')
  if (settings.writable && reading.mount?.readOnly) return degraded('read_only', value)
  if (value < settings.freeRatioMin) return degraded('space_low', value)
  if (reading.inodesFreeRatio < settings.inodesFreeRatioMin) return degraded('inodes_low', value)
  return { state: 'up', value }
}

function degraded(reason: Reason, value?: number): Observation {
  return { state: 'degraded', reason, ...(value !== undefined && { value }) }
}
