import type { Static } from 'typebox'
import {
  type Document,
  DocumentError,
  type Problem,
  readDocument,
} from '../../protocol/document.ts'
import type { Path } from '../../protocol/explain.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { SettingName } from './names.ts'
import { PolicyFile, type Settings } from './policy-schema.ts'

/** The plain values of all settings, in the units that policy.yaml describes. */
export type Policy = { readonly [Name in SettingName]: Immutable<Settings[Name]['value']> }

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
  return problems
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
