import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { RefusedForm } from '../web/parts/acts.ts'
import { isWhy } from './managers.ts'

/** What a form says, once it is being acted on. */
export type FormFields = {
  /** A field without the spaces around it; empty where there is none. */
  text(name: string): string
  /** A `datetime-local` field as an instant of the zone. Throws AppError, rule `time`. */
  time(name: string): EpochMs
  /** A `date` field as the start of that day in the zone. Throws AppError, rule `time`. */
  date(name: string): EpochMs
  /** The reason that every act has. */
  readonly why: string
}

/**
 * Does what a form asks for. Resolves to null when it is done, else to why it was refused, by one
 * of the rules that there are texts for. Throws what is no refusal, such as a disk that is full.
 * Only the named fields are kept; all others are passed over.
 */
export async function submitForm<Rule extends string>(
  form: URLSearchParams,
  names: readonly string[],
  texts: Readonly<Record<Rule | 'other', unknown>>,
  timezone: string,
  act: (fields: FormFields) => Promise<unknown>,
): Promise<RefusedForm<Rule | 'other'> | null> {
  const fields = new Map(names.map((name) => [name, (form.get(name) ?? '').trim()]))
  const text = (name: string) => fields.get(name) ?? ''
  const why = text('why')
  try {
    if (!isWhy(why)) throw formRefusal('why')
    const time = (name: string) => instantOf(text(name), timezone, name)
    const date = (name: string) => instantOf(`${text(name)}T00:00`, timezone, name)
    await act({ text, time, date, why })
    return null
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error
    const { rule, field, ...rest } = error.detail
    const instants = Object.entries(rest).filter(([, value]) => typeof value === 'number')
    const name = error.code === 'not_found' ? error.code : String(rule)
    return {
      rule: Object.hasOwn(texts, name) ? (name as Rule) : 'other',
      instants: Object.fromEntries(instants) as Record<string, EpochMs>, // numbers only
      ...(typeof field === 'string' && { field }),
      fields,
    }
  }
}

/** A `datetime-local` field as an instant of the zone. Throws AppError, rule `time`. */
export function instantOf(text: string, timezone: string, field: string): EpochMs {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) throw formRefusal('time', field)
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds
  } catch (cause) {
    if (cause instanceof RangeError) throw formRefusal('time', field)
    throw cause
  }
}

/** A form that is not filled in as its page has it. */
export function formRefusal(rule: string, field?: string): AppError {
  const detail = { rule, ...(field !== undefined && { field }) }
  return new AppError('invalid', 'The form is not filled in as it must be.', { detail })
}
