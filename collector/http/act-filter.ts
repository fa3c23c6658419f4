import { idPattern } from '../../protocol/schema.ts'
import { type EpochMs, hourMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { roles } from '../people/accounts.ts'
import { actKinds } from '../people/act-kinds.ts'
import { type ActFilter, actsPerPageMax } from '../people/act-log.ts'

/** Who acts: people by their role, agents that enrol, and the collector itself. */
export const actorRoles = [...roles, 'agent', 'collector'] as const

/** What can be asked for; each is a text of the address. */
export type FilterField = keyof ActFilter | 'before' | 'limit'

/** What a field must be. */
export const filterRules = {
  log: `an id of an institution, or national`,
  actor: `an id of an account`,
  role: `one of ${actorRoles.join(', ')}`,
  kind: `one of ${actKinds.join(', ')}`,
  from: 'a day such as 2026-11-21, or an instant such as 2026-11-21T08:00:00Z',
  to: 'a day such as 2026-11-21, or an instant such as 2026-11-21T08:00:00Z, after "from"',
  text: 'at most 100 characters without control characters',
  before: 'the "next" of an earlier answer',
  limit: `a whole number from 1 to ${actsPerPageMax}`,
} as const satisfies Record<FilterField, string>

/** What was asked for; fields that are none are named in `problems` and count for nothing. */
export type ReadFilter = {
  readonly filter: ActFilter
  readonly before: number | null
  readonly limit: number
  readonly problems: readonly FilterField[]
}

const limitDefault = 50
const id = new RegExp(idPattern)

/** Reads what an address asks for; a day begins in the zone, and the day of `to` is part of it. */
export function readActFilter(
  query: Readonly<Record<string, unknown>>,
  timezone: string,
): ReadFilter {
  const problems: FilterField[] = []
  const read = <T>(field: FilterField, valid: (text: string) => T | null): T | undefined => {
    const text = query[field]
    // What a form leaves empty is not asked for.
    if (text === undefined || text === '') return undefined
    const value = typeof text === 'string' ? valid(text.trim()) : null
    if (value === null) problems.push(field)
    return value ?? undefined
  }
  const oneOf =
    <T extends string>(values: readonly T[]) =>
    (text: string) =>
      values.find((value) => value === text) ?? null
  const isId = (text: string) => (id.test(text) ? text : null)
  const filter = {
    log: read('log', isId),
    actor: read('actor', isId),
    role: read('role', oneOf(actorRoles)),
    kind: read('kind', oneOf(actKinds)),
    from: read('from', (text) => instantOf(text, timezone, 0)),
    to: read('to', (text) => instantOf(text, timezone, 1)),
    text: read('text', (text) => (/^[^\p{Cc}\p{Cf}]{1,100}$/u.test(text) ? text : null)),
  }
  if (filter.from !== undefined && filter.to !== undefined && filter.to <= filter.from) {
    problems.push('to')
  }
  const before = read('before', (text) => wholeOf(text, Number.MAX_SAFE_INTEGER))
  const limit = read('limit', (text) => wholeOf(text, actsPerPageMax))
  return { filter: given(filter), before: before ?? null, limit: limit ?? limitDefault, problems }
}

/** The same for programs. Throws AppError `schema` that names every field and what is allowed. */
export function requireActFilter(
  query: Readonly<Record<string, unknown>>,
  timezone: string,
): ReadFilter {
  const read = readActFilter(query, timezone)
  if (read.problems.length === 0) return read
  const told = read.problems.map((field) => `${field}: must be ${filterRules[field]}`)
  throw new AppError('schema', `${told.join('; ')}.`)
}

function given(filter: { readonly [F in keyof ActFilter]: ActFilter[F] | undefined }): ActFilter {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as ActFilter // the same without what is undefined
}

function wholeOf(text: string, max: number): number | null {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : 0
  return value >= 1 && value <= max ? value : null
}

const years = { from: 2000, to: 2100 }

function instantOf(text: string, timezone: string, daysAfter: number): EpochMs | null {
  try {
    if (/^\d{4}-\d\d-\d\d$/.test(text)) {
      const day = Temporal.PlainDate.from(text).add({ days: daysAfter })
      if (day.year < years.from || day.year > years.to) return null
      return day.toZonedDateTime(timezone).epochMilliseconds
    }
    if (!/^\d{4}-\d\d-\d\dT[\d:.]{4,12}(Z|[+-]\d\d:\d\d)$/.test(text)) return null
    const at = Temporal.Instant.from(text).epochMilliseconds
    return at >= 30 * 365 * 24 * hourMs ? at : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
