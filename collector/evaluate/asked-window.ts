import { dayMs, type EpochMs, type Span } from '../../protocol/time.ts'
import { AppError } from '../error.ts'

/** No window is longer: three years and some days. */
export const windowMsMax = 1_100 * dayMs

/**
 * A window that figures are asked for, as it is evaluated; `asOf` is the last instant they are
 * known for. Throws AppError `invalid`; its detail names the rule that was broken.
 */
export function askedWindow(from: string, to: string, asOf: EpochMs): Span {
  const window = { from: instantOf(from, 'from'), to: instantOf(to, 'to') }
  if (window.to <= window.from) throw refusal('order', 'A window must end after it starts.')
  if (window.to > asOf) {
    const last = new Date(asOf).toISOString()
    throw refusal('future', `A window cannot end later than the figures do, which is ${last}.`)
  }
  if (window.to - window.from > windowMsMax) {
    throw refusal('length', `A window lasts at most ${windowMsMax / dayMs} days.`)
  }
  return window
}

function instantOf(text: string, name: string): EpochMs {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  try {
    return Temporal.Instant.from(text).epochMilliseconds
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    const message = `${name} must be milliseconds since 1970 or a time such as 2027-01-03T22:00Z.`
    throw refusal('time', message)
  }
}

function refusal(rule: string, message: string): AppError {
  return new AppError('invalid', message, { detail: { rule } })
}
