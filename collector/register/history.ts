import type { EpochMs, Span } from '../../protocol/time.ts'
import type { HostingPolicy } from '../kpi/migration/hosting-policy.ts'
import type { Entry } from './difference.ts'
import { type PopulationName, type SettingName, settingNames } from './names.ts'
import type { Policy } from './policy.ts'
import type { Environment, InstitutionRecord, Register } from './register.ts'
import { formatSubject, parseSubject, type Subject } from './subject.ts'

/** What something was from one instant to another; `to` is Infinity while nothing ends it. */
export type Version<T> = Span & { readonly value: T }

/** All that the register and the policy ever said or plan to say, by the `what` of entries. */
export type RegisterHistory = ReadonlyMap<string, readonly Version<unknown>[]>

/**
 * Folds entries, oldest first, into sorted disjoint versions. An entry says how it is from its
 * `effectiveFrom` on, whatever was planned before for later. Acts about anything else are passed
 * over.
 */
export function registerHistory(entries: readonly Entry[]): RegisterHistory {
  return grownHistory(new Map(), entries)
}

/** The history with entries that came later; it is the same where none is about it. */
export function grownHistory(before: RegisterHistory, entries: readonly Entry[]): RegisterHistory {
  const about = entries.filter(({ what }) => parseSubject(what))
  if (about.length === 0) return before
  const history = new Map(before)
  for (const { what, after, effectiveFrom } of about) {
    const kept = (history.get(what) ?? [])
      .filter(({ from }) => from < effectiveFrom)
      .map((version) => ({ ...version, to: Math.min(version.to, effectiveFrom) }))
    const next = { from: effectiveFrom, to: Number.POSITIVE_INFINITY, value: after }
    history.set(what, after === null ? kept : [...kept, next])
  }
  return history
}

/** The register in force at an instant. */
export function registerAt(history: RegisterHistory, at: EpochMs): Register {
  const institutions = new Map<string, InstitutionRecord & { environments: Environment[] }>()
  const populations: Record<PopulationName, string[]> = {
    continuity: [],
    enabled: [],
    readiness: [],
  }
  // In this order an institution comes before its environments, and everything by id.
  for (const what of [...history.keys()].sort()) {
    const subject = parseSubject(what)
    const value = history.get(what)?.find((version) => isInForce(version, at))?.value
    if (!subject || value === undefined) continue
    // The types hold because values are validated before an entry is made of them.
    if (subject.about === 'institution') {
      institutions.set(what, { ...(value as InstitutionRecord), environments: [] })
    } else if (subject.about === 'environment') {
      const owner = formatSubject({ about: 'institution', institution: subject.institution })
      institutions.get(owner)?.environments.push(value as Environment)
    } else if (subject.about === 'member') {
      populations[subject.population].push(subject.institution)
    }
  }
  return { institutions: [...institutions.values()], populations }
}

/**
 * The settings in force at an instant. Before its first version a setting has that version's
 * value: figures of the minutes before the first policy was applied rest on it too.
 */
export function policyAt(history: RegisterHistory, at: EpochMs): Policy {
  const values = settingNames.map((name) => [name, settingAt(history, name, at)])
  const hosting = hostingAt(history, at)
  // The types hold because values are validated before an entry is made of them.
  return { ...Object.fromEntries(values), ...(hosting && { hosting }) } as Policy
}

/** One setting of `policyAt`. */
export function settingAt<Name extends SettingName>(
  history: RegisterHistory,
  name: Name,
  at: EpochMs,
): Policy[Name] {
  // The type follows from the name: values are validated before an entry is made of them.
  type Setting = { readonly value: Policy[Name] }
  const versions = versionsOf<Setting>(history, { about: 'setting', name })
  const version = versions.find((each) => isInForce(each, at)) ?? versions[0]
  if (version) return version.value.value
  const added: Partial<Policy> = addedSettings
  if (added[name] === undefined) throw new Error(`No entry ever set the policy's ${name}.`)
  return added[name] as Policy[Name]
}

/** What the policy in force says of cloud hosting; null before anything was decided of it. */
export function hostingAt(history: RegisterHistory, at: EpochMs): HostingPolicy | null {
  const versions = versionsOf<{ readonly value: HostingPolicy }>(history, {
    about: 'setting',
    name: 'hosting',
  })
  return versions.find((version) => isInForce(version, at))?.value.value ?? null
}

/** What logs from before a setting existed are read with; the next policy.yaml sets it. */
const addedSettings = {
  publishGuard: { reportingFallRatio: 0.2, rowsLostRatio: 0.05, lostMin: 2, jumpPoints: 5 },
} as const satisfies Partial<Policy>

/**
 * What a setting is at every instant; what is derived for a day that is over rests on it as it was.
 * Before its first version a setting has that version's value, as in `policyAt`.
 */
export function settingVersions<Name extends keyof Policy>(
  history: RegisterHistory,
  name: Name,
): Version<Policy[Name]>[] {
  // The type follows from the name: values are validated before an entry is made of them.
  type Setting = { readonly value: Policy[Name] }
  const versions = versionsOf<Setting>(history, { about: 'setting', name })
  return versions.map(({ value: { value }, from, to }, i) => ({
    ...{ value, to },
    from: i === 0 ? Number.NEGATIVE_INFINITY : from,
  }))
}

/** Every environment there ever was, with its versions, by institution and id. */
export function environmentHistories(history: RegisterHistory): {
  readonly institution: string
  readonly environment: string
  readonly versions: readonly Version<Environment>[]
}[] {
  return [...history.keys()].sort().flatMap((what) => {
    const subject = parseSubject(what)
    if (subject?.about !== 'environment') return []
    const { institution, environment } = subject
    return [{ institution, environment, versions: versionsOf<Environment>(history, subject) }]
  })
}

/** What an environment was, is or will be; empty where there never was one. */
export function environmentVersions(
  history: RegisterHistory,
  institution: string,
  environment: string,
): readonly Version<Environment>[] {
  return versionsOf<Environment>(history, { about: 'environment', institution, environment })
}

/** When an institution was, is or will be in the population of a KPI. */
export function membership(
  history: RegisterHistory,
  population: PopulationName,
  institution: string,
): readonly Span[] {
  return versionsOf<true>(history, { about: 'member', population, institution })
}

function versionsOf<T>(history: RegisterHistory, subject: Subject): readonly Version<T>[] {
  // The type follows from the subject: values are validated before an entry is made of them.
  return (history.get(formatSubject(subject)) ?? []) as readonly Version<T>[]
}

function isInForce({ from, to }: Span, at: EpochMs): boolean {
  return from <= at && at < to
}
