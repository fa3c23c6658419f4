import { statSync } from 'node:fs'
import type { Observation } from '../../protocol/check.ts'
import { type EpochMs, hourMs, secondMs } from '../../protocol/time.ts'
import { type Backups, backupsAmong, fromFiles, fromLog, fromSnapshots } from './backup-traces.ts'
import type { Probe, ProbeContext } from './probe.ts'
import type { SettingsOf } from './settings.ts'
import {
  askStorage,
  canAskAtOnce,
  type FromStorage,
  followRoute,
  placeOf,
  type Route,
} from './storage.ts'

const absolutePath = {
  type: 'string',
  minLength: 1,
  maxLength: 4_096,
  pattern: '^(/|[A-Za-z]:|\\\\\\\\)',
  patternErrorMessage: 'must be an absolute path, such as /srv/backup',
} as const

export const settings = {
  type: 'object',
  properties: {
    path: {
      ...absolutePath,
      description:
        'A backup file, a folder of such files, a folder of snapshots, or the log of the job.',
    },
    pattern: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      default: '*',
      description: 'Names that count in a folder: * stands for any text, ? for one character.',
    },
    snapshots: {
      type: 'boolean',
      default: false,
      description: 'The folder holds snapshots whose names tell date and time.',
    },
    success: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'path is a log, and a line with this text says that a backup succeeded.',
    },
    failure: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'Beside success: a line with this text says that a backup failed.',
    },
    ageHoursMax: {
      type: 'number',
      minimum: 0.1,
      maximum: 87_600,
      default: 26,
      description: 'Degraded (too_old) when the last good backup is older: the RPO and some time.',
    },
    sizeBytesMin: {
      type: 'integer',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 1,
      description: 'A smaller file is no good backup.',
    },
    copyPath: {
      ...absolutePath,
      description: 'Where copies arrive, as a file or folder: a disk of another site mounted here.',
    },
    copyAgeHoursMax: {
      type: 'number',
      minimum: 0.1,
      maximum: 87_600,
      default: 50,
      description:
        'Degraded (backup_copy_missing) when the newest copy is older, or none is there.',
    },
    restoreProof: {
      ...absolutePath,
      description: 'A file or folder that each proven restore writes to, as its test does: a fact.',
    },
  },
  required: ['path'],
  additionalProperties: false,
} as const
export type BackupSettings = SettingsOf<typeof settings>

/**
 * Whether backups are made, by the traces they leave; that one can be restored is not proven.
 * Value: seconds since the last good one.
 */
export const backup: Probe<BackupSettings> = (settings, context) => {
  if (settings.failure !== undefined && settings.success === undefined) {
    throw new Error('The setting failure needs the setting success beside it.')
  }
  const traces = readAtOnce(settings, context)
  return traces ? judge(settings, traces, context.now()) : readInBackground(settings, context)
}

async function readInBackground(settings: BackupSettings, context: ProbeContext) {
  const found = await tracesOf(settings, context)
  if ('fault' in found) return degraded(found.fault === 'missing' ? 'backup_missing' : found.fault)
  const seen = judge(settings, found.answer, context.now())
  if (seen.state !== 'up' || (await hasCopy(settings, context))) return seen
  return degraded('backup_copy_missing', seen.value)
}

function judge(settings: BackupSettings, { goodAt, badAt }: Backups, now: EpochMs): Observation {
  const ageMs = goodAt === null ? Number.POSITIVE_INFINITY : Math.max(0, now - goodAt)
  const isOld = ageMs > settings.ageHoursMax * hourMs
  const value = goodAt === null ? undefined : ageMs / secondMs
  // A file that is too small may be one that is being written: no failure while another is young.
  const hasFailed = badAt > (goodAt ?? 0) && (isOld || settings.success !== undefined)
  if (hasFailed) return degraded('backup_failed', value)
  if (value === undefined) return degraded('backup_missing')
  return isOld ? degraded('too_old', value) : { state: 'up', value }
}

/**
 * The traces of one file. Null where it has to be asked in the background: all else, and whatever
 * is not as it was.
 */
function readAtOnce(settings: BackupSettings, context: ProbeContext): Backups | null {
  const last = context.kept.get(keptAs) as Route | null | undefined // set below
  if (!canAskAtOnce('backup', last, context)) return null
  try {
    const file = statSync(last.asked)
    return file.isFile() ? backupsAmong([file], context.now(), settings.sizeBytesMin) : null
  } catch {
    return null
  }
}

/** Where a file was found. */
const keptAs = 'route'

function tracesOf(settings: BackupSettings, context: ProbeContext): Promise<FromStorage<Backups>> {
  const { path, pattern, success, failure, snapshots, sizeBytesMin, copyPath } = settings
  const { root, signal, now, kept } = context
  const place = { path: placeOf(root, path), pattern, signal, now: now() }
  return askStorage('backup', context, async () => {
    if (success !== undefined) return fromLog(place, { success, failure })
    if (snapshots) return fromSnapshots(place)
    const found = await fromFiles(place, sizeBytesMin)
    if (copyPath === undefined && process.platform === 'linux') {
      // Where the way there is not known, the next look asks in the background as well.
      kept.set(keptAs, await followRoute(place.path, context).catch(() => null))
    }
    return found
  })
}

async function hasCopy(settings: BackupSettings, context: ProbeContext): Promise<boolean> {
  const { copyPath, copyAgeHoursMax, success: _, failure: _failure, ...same } = settings
  if (copyPath === undefined) return true
  const { root, signal, now } = context
  const place = { path: placeOf(root, copyPath), pattern: same.pattern, signal, now: now() }
  const found = await askStorage('copy', context, () =>
    same.snapshots ? fromSnapshots(place) : fromFiles(place, same.sizeBytesMin),
  )
  if (!('answer' in found) || found.answer.goodAt === null) return false
  return now() - found.answer.goodAt <= copyAgeHoursMax * hourMs
}

function degraded(reason: Observation['reason'], value?: number): Observation {
  return { state: 'degraded', ...(reason && { reason }), ...(value !== undefined && { value }) }
}
