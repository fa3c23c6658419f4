import type { Static } from 'typebox'
import {
  type Document,
  DocumentError,
  type Problem,
  readDocument,
} from '../../protocol/document.ts'
import type { Path } from '../../protocol/explain.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { HostingPolicy } from '../kpi/migration/hosting-policy.ts'
import type { SettingName } from './names.ts'
import { PolicyFile, type Settings } from './policy-schema.ts'

/** The plain values of all settings, in the units that policy.yaml describes. */
export type Policy = { readonly [Name in SettingName]: Immutable<Settings[Name]['value']> } & {
  /** Absent while nothing was decided of cloud hosting. */
  readonly hosting?: HostingPolicy
}

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T

/**
 * Reads policy.yaml, which shall hold from `effectiveFrom` on. `file` is only named in messages.
 * Throws DocumentError with all problems.
 */
export function readPolicy(text: string, file: string, effectiveFrom: EpochMs): Settings {
  const document = readDocument(text, file, PolicyFile)
  const problems = crossCheck(document, effectiveFrom)
  if (problems.length > 0) throw new DocumentError(problems)
  return document.value.settings
}

/** What a schema cannot say: the zone is known, the cycles differ, the days exist and have come. */
function crossCheck(
  { value, problem }: Document<Static<typeof PolicyFile>>,
  effectiveFrom: EpochMs,
): Problem[] {
  const { settings } = value
  const problems: Problem[] = []
  const report = (path: Path, message: string) =>
    problems.push(problem(['settings', ...path], message))
  const timezone = settings.timezone.value
  const knownZone = isTimezone(timezone)
  if (!knownZone) report(['timezone', 'value'], 'must be an IANA time zone such as Asia/Muscat')
  const { april, october } = settings.cycleMonths.value
  if (april === october) report(['cycleMonths', 'value', 'october'], 'must differ from april')
  for (const [name, { since }] of Object.entries(settings)) {
    const day = dayOrNull(since)
    if (!day) report([name, 'since'], `there is no day ${since}`)
    else if (knownZone && day.toZonedDateTime(timezone).epochMilliseconds > effectiveFrom) {
      report([name, 'since'], 'must not be later than the day on which this file takes effect')
    }
  }
  if (settings.hosting) crossCheckHosting(settings.hosting.value, report)
  return problems
}

/** Names are there once, the countries exist, and every provider can be told by measurement. */
function crossCheckHosting(hosting: HostingPolicy, report: (path: Path, message: string) => void) {
  const { circularDate, dataClasses, providers } = hosting
  const base: Path = ['hosting', 'value']
  const once = (path: Path, ids: readonly string[]) => {
    for (const [i, id] of ids.entries()) {
      if (ids.indexOf(id) < i) report([...base, ...path, i, 'id'], 'is there twice')
    }
  }
  const country = (path: Path, code: string) => {
    if (!isCountry(code)) report([...base, ...path], 'is no country of ISO 3166-1')
  }
  if (!dayOrNull(circularDate)) report([...base, 'circularDate'], 'there is no such day')
  once(['dataClasses'], idsOf(dataClasses))
  for (const [i, { countries }] of dataClasses.entries()) {
    if (countries === 'any') continue
    for (const [k, code] of countries.entries()) country(['dataClasses', i, 'countries', k], code)
  }
  once(['providers'], idsOf(providers))
  for (const [i, { clouds, virtualisations, regions }] of providers.entries()) {
    once(['providers', i, 'regions'], idsOf(regions))
    for (const [k, each] of regions.entries()) {
      country(['providers', i, 'regions', k, 'country'], each.country)
    }
    if (clouds.includes('none')) {
      report([...base, 'providers', i, 'clouds'], 'must not hold `none`: that is no cloud')
    }
    if (clouds.length + virtualisations.length === 0) {
      const message = 'must name a cloud or a virtualisation: else nothing can be told to be there'
      report([...base, 'providers', i, 'clouds'], message)
    }
  }
}

function idsOf(all: readonly { readonly id: string }[]): string[] {
  return all.map(({ id }) => id)
}

function isCountry(code: string): boolean {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  return code !== 'ZZ' && names.of(code) !== undefined
}

function isTimezone(name: string): boolean {
  return orNull(() => new Intl.DateTimeFormat('en', { timeZone: name })) !== null
}

function dayOrNull(text: string): Temporal.PlainDate | null {
  return orNull(() => Temporal.PlainDate.from(text))
}

/** What the platform makes of an input, or null where it refuses it with a RangeError. */
function orNull<T>(make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
