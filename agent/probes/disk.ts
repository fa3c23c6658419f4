import { type StatsFs, statfsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import type { Observation, Reason } from '../../protocol/check.ts'
import { type Mount, mountOf } from './mounts.ts'
import type { Probe, ProbeContext } from './probe.ts'
import type { SettingsOf } from './settings.ts'
import {
  askStorage,
  canAskAtOnce,
  faultOf,
  followRoute,
  isFresh,
  placeOf,
  type Route,
} from './storage.ts'

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
export const disk: Probe<DiskSettings> = (settings, context) => {
  return readAtOnce(settings, context) ?? readInBackground(settings, context)
}

async function readInBackground(settings: DiskSettings, context: ProbeContext) {
  const found = await askStorage(keptAs, context, () => measure(settings, context))
  return 'answer' in found ? judge(settings, found.answer) : failed(found.fault)
}

/**
 * The same, where everything is as at the last look. Null where it has to be asked in the
 * background.
 */
function readAtOnce(settings: DiskSettings, context: ProbeContext): Observation | null {
  const last = context.kept.get(keptAs) as Found | undefined // set below
  if (!canAskAtOnce(keptAs, last, context)) return null
  try {
    const size = statfsSync(last.asked)
    if (last.fileSystem !== nameOf(size)) return null
    return judge(settings, { ...spaceOf(size, settings.path), ...last })
  } catch (error) {
    const fault = faultOf(error)
    if (!fault) throw error
    return failed(fault)
  }
}

function failed(fault: Reason | 'missing'): Observation {
  return degraded(fault === 'missing' ? 'not_mounted' : fault)
}

/** What was found at a path. */
export type Reading = {
  readonly freeRatio: number
  readonly inodesFreeRatio: number
  /** What is mounted there; unknown off Linux. */
  readonly mount: Mount | null
  readonly isMountPoint: boolean
}

async function measure({ path }: DiskSettings, context: ProbeContext): Promise<Reading> {
  const asked = placeOf(context.root, path)
  const size = await statfs(asked)
  const space = spaceOf(size, path)
  if (process.platform !== 'linux') return { ...space, mount: null, isMountPoint: true }
  return { ...space, ...(await placeIn(asked, nameOf(size), context)) }
}

/** Space and inodes as `df` counts them. File systems without a table of inodes say 0 of 0. */
function spaceOf({ blocks, bfree, bavail, files, ffree }: StatsFs, path: string) {
  const usable = blocks - bfree + bavail
  if (!(usable > 0)) throw new Error(`Cannot measure ${path}: it has no size.`)
  return { freeRatio: bavail / usable, inodesFreeRatio: files > 0 ? ffree / files : 1 }
}

/** Differs where another file system is found than before. */
function nameOf({ type, blocks, files }: StatsFs): string {
  return `${type} ${blocks} ${files}`
}

/** Where a path leads to, as it was found with this file system. */
type Found = Pick<Reading, 'mount' | 'isMountPoint'> & Route & { readonly fileSystem: string }
const keptAs = 'disk'

/** The mount that holds what a path leads to. */
async function placeIn(asked: string, fileSystem: string, context: ProbeContext): Promise<Found> {
  const { kept } = context
  const last = kept.get(keptAs) as Found | undefined // set below
  if (last?.fileSystem === fileSystem && isFresh(last, context)) return last
  const route = await followRoute(asked, context)
  const mount = mountOf(route.real, route.mounts)
  const found = { ...route, mount, isMountPoint: mount?.path === route.real, fileSystem }
  kept.set(keptAs, found)
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
