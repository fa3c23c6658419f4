import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { RegisterHistory } from './history.ts'
import { populationNames } from './names.ts'
import type { Settings } from './policy-schema.ts'
import type { Register } from './register.ts'
import { formatSubject, parseSubject, type Subject } from './subject.ts'

/** One act of a person, as it stands in the log for ever. `before` and `after` are plain JSON. */
export type Entry = {
  readonly actor: string
  readonly role: string
  /** Its subject, such as `institution/<id>/environment/<id>` or `policy/<name>`. */
  readonly what: string
  readonly why: string
  /** Null: there was nothing. */
  readonly before: unknown
  /** Null: from then on there is nothing. */
  readonly after: unknown
  readonly effectiveFrom: EpochMs
}

/** Both files as read. */
export type Declared = { readonly register: Register; readonly settings: Settings }

/** Who applies the files, why, and from when they hold. */
export type Applying = Pick<Entry, 'actor' | 'role' | 'why' | 'effectiveFrom'>

/**
 * The entries that make the register and the policy what the files say, from `effectiveFrom` on:
 * one per difference, in order of `what`. A change that was planned for later and that the files
 * do not hold is withdrawn; `before` is then what was planned. Applying the same files again gives
 * none. Throws AppError `invalid` when `effectiveFrom` has passed.
 */
export function difference(
  history: RegisterHistory,
  declared: Declared,
  applying: Applying,
  now: EpochMs,
): Entry[] {
  const { effectiveFrom } = applying
  if (effectiveFrom < now) {
    throw new AppError('invalid', 'Register and policy cannot change what has passed.')
  }
  const wanted = subjectsOf(declared)
  const subjects = [...new Set([...history.keys(), ...wanted.keys()])].sort()
  return subjects.flatMap((what) => {
    const after = wanted.get(what) ?? null
    const before = otherThan(history, what, effectiveFrom, after)
    return before === undefined ? [] : [{ ...applying, what, before, after }]
  })
}

/**
 * The settings that would have to change from an instant on for the policy to be as wanted: of all
 * that there are, or of those that are named.
 */
export function settingDifference(
  history: RegisterHistory,
  wanted: Readonly<Record<string, unknown>>,
  from: EpochMs,
  names: readonly string[] = settingsOf(history, wanted),
): { readonly name: string; readonly before: unknown; readonly after: unknown }[] {
  return names.flatMap((name) => {
    const after = plain(wanted[name] ?? null)
    const before = otherThan(history, formatSubject({ about: 'setting', name }), from, after)
    return before === undefined ? [] : [{ name, before, after }]
  })
}

/** The names of all settings, in order. */
function settingsOf(history: RegisterHistory, wanted: object): string[] {
  const known = [...history.keys()].flatMap((what) => {
    const subject = parseSubject(what)
    return subject?.about === 'setting' ? [subject.name] : []
  })
  return [...new Set([...known, ...Object.keys(wanted)])].sort()
}

/** The first value from an instant on that is another one; undefined where none is. */
function otherThan(history: RegisterHistory, what: string, from: EpochMs, after: unknown): unknown {
  return valuesFrom(history, what, from).find((value) => !isDeepStrictEqual(value, after))
}

/** As a log would read it back: JSON knows no -0. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** What the files say of each subject. */
function subjectsOf({ register, settings }: Declared): Map<string, unknown> {
  const values = new Map<string, unknown>()
  const set = (subject: Subject, value: unknown) => values.set(formatSubject(subject), plain(value))
  for (const { environments, ...record } of register.institutions) {
    const institution = record.id
    set({ about: 'institution', institution }, record)
    for (const environment of environments) {
      set({ about: 'environment', institution, environment: environment.id }, environment)
    }
  }
  for (const population of populationNames) {
    for (const institution of register.populations[population]) {
      set({ about: 'member', population, institution }, true)
    }
  }
  for (const [name, setting] of Object.entries(settings)) set({ about: 'setting', name }, setting)
  return values
}

/** The values of a subject from an instant on, in order; null where there is nothing. */
function valuesFrom(history: RegisterHistory, what: string, at: EpochMs): unknown[] {
  const values: unknown[] = []
  let end = at
  for (const { from, to, value } of history.get(what) ?? []) {
    if (to <= at) continue
    if (from > end) values.push(null)
    values.push(value)
    end = to
  }
  return end === Number.POSITIVE_INFINITY ? values : [...values, null]
}
