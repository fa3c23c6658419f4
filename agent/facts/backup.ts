import { dayMs, secondMs } from '../../protocol/time.ts'
import type { FrozenCheck } from '../frozen.ts'
import { type BackupSettings, settings as schema } from '../probes/backup.ts'
import { codeOf } from '../probes/network-error.ts'
import { withDefaults } from '../probes/settings.ts'
import { type FactHost, type FactProbe, Missing, type Reading } from './fact.ts'
import { counted } from './peek.ts'

/** A place that holds no good backup at all is told as ten years: a number that sorts. */
export const ageSecondsMax = (3_650 * dayMs) / secondMs

/** Backups as the checks of kind `backup` declare them, looked at now by their own probe. */
export const backupFact: FactProbe = {
  indicators: ['backup.age_seconds', 'backup.second_site', 'backup.restore_age_days'],
  async measure(host) {
    const checks = host.config.checks.filter(({ kind }) => kind === 'backup')
    if (checks.length === 0) throw new Missing('no_backup_declared', 'backup')
    const [ages, copies, restores] = await Promise.all([
      Promise.all(checks.map((check) => ageOf(host, check))),
      Promise.all(checks.map((check) => copyAgeOf(host, check))),
      Promise.all(checks.map((check) => restoreAgeOf(host, check))),
    ])
    return [oldest(ages), secondSite(copies), restored(restores)]
  },
}

/** Seconds since the last good one, or why that cannot be told. */
type Age = number | { readonly permission: string } | 'unreadable' | 'undeclared'

async function look(host: FactHost, check: FrozenCheck): Promise<Age> {
  try {
    const { value, reason } = await host.look(check)
    if (value !== undefined) return Math.min(value, ageSecondsMax)
    return reason === 'backup_missing' || reason === 'backup_failed' ? ageSecondsMax : 'unreadable'
  } catch (error) {
    const isClosed = ['EACCES', 'EPERM'].includes(codeOf(error))
    return isClosed ? { permission: `read access to ${check.settings.path}` } : 'unreadable'
  }
}

/** A copy's own age must not be hidden by what the first place lacks. */
function ageOf(host: FactHost, check: FrozenCheck): Promise<Age> {
  const { copyPath: _, ...settings } = settingsOf(check)
  return look(host, { ...check, settings })
}

async function copyAgeOf(host: FactHost, check: FrozenCheck): Promise<Age | 'late'> {
  const { copyPath, copyAgeHoursMax, pattern, snapshots, sizeBytesMin } = settingsOf(check)
  if (copyPath === undefined) return 'undeclared'
  const same = { pattern, snapshots, sizeBytesMin }
  const age = await look(host, {
    ...check,
    settings: withDefaults(schema, { ...same, path: copyPath }),
  })
  return typeof age === 'number' && age > copyAgeHoursMax * 3_600 ? 'late' : age
}

/** Any file will do: that someone or something wrote it is the proof. */
async function restoreAgeOf(host: FactHost, check: FrozenCheck): Promise<Age> {
  const { restoreProof } = settingsOf(check)
  if (restoreProof === undefined) return 'undeclared'
  return look(host, { ...check, settings: withDefaults(schema, { path: restoreProof }) })
}

function settingsOf({ settings }: FrozenCheck): BackupSettings {
  return withDefaults(schema, settings)
}

function oldest(ages: readonly Age[]): Reading {
  const indicator = 'backup.age_seconds'
  const known = ages.filter((age) => typeof age === 'number')
  // The worst of all is not known while one is not.
  if (known.length < ages.length) return { indicator, value: null, ...whyNot(ages) }
  const none = known.filter((age) => age === ageSecondsMax).length
  const all = counted(ages.length, 'backup')
  const detail = none > 0 ? `${none} of ${all} never made` : `the oldest of ${all}`
  return { indicator, value: Math.max(...known), method: 'backup', detail }
}

function secondSite(copies: readonly (Age | 'late')[]): Reading {
  const indicator = 'backup.second_site'
  const without = copies.filter((copy) => copy === 'undeclared' || copy === 'late').length
  const all = counted(copies.length, 'backup')
  if (without > 0) {
    const detail = `${without} of ${all} without a recent copy elsewhere`
    return { indicator, value: false, method: 'backup', detail }
  }
  const known = copies.filter((copy) => typeof copy === 'number').length
  if (known < copies.length) return { indicator, value: null, ...whyNot(copies) }
  return { indicator, value: true, method: 'backup', detail: all }
}

function restored(restores: readonly Age[]): Reading {
  const indicator = 'backup.restore_age_days'
  const method = 'restore-proof'
  const known = restores
    .filter((age) => typeof age === 'number')
    .filter((age) => age < ageSecondsMax)
  if (known.length > 0) {
    const days = (Math.min(...known) * secondMs) / dayMs
    return {
      indicator,
      value: days,
      method,
      detail: `the newest of ${counted(known.length, 'proof')}`,
    }
  }
  const isDeclared = restores.some((age) => age !== 'undeclared')
  return {
    indicator,
    value: null,
    ...(isDeclared ? whyNot(restores) : { missing: 'no_check' }),
    method,
  }
}

function whyNot(ages: readonly (Age | 'late')[]) {
  const closed = ages.find((age) => typeof age === 'object')
  const method = 'backup'
  if (!closed) return { missing: 'unreadable', method } as const
  return { missing: 'no_permission', method, permission: closed.permission } as const
}
