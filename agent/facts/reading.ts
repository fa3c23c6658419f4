import type { Fact } from '../../protocol/batch.ts'
import { indicators, isIndicator, missingReasons, valueFits } from '../../protocol/indicators.ts'
import { limits } from '../../protocol/limits.ts'
import type { Reading } from './fact.ts'

/** Nothing here is heavy: the resident checks what its child told with the same rules. */

const methodPattern = /^[a-z0-9][a-z0-9+_.-]{0,59}$/
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu

/** Text as others may read it: one line of what can be seen, cut at the limit. */
export function plainText(text: string): string {
  const plain = text.replace(unprintable, ' ').trim()
  if (plain.length <= limits.detailCharactersMax) return plain
  // Whole characters: half a surrogate pair is no text.
  const cut = [...plain.slice(0, limits.detailCharactersMax - 1)].join('').replace(unprintable, '')
  return `${cut}…`
}

/** What is wrong with a reading, in one sentence; null when it may be sent as it is. */
export function faultOf(reading: Reading): string | null {
  const { indicator, value, method, missing, detail } = reading
  if (!isIndicator(indicator)) return 'There is no such indicator.'
  if (typeof method !== 'string' || !methodPattern.test(method)) return 'The method has no name.'
  if (detail !== undefined && (typeof detail !== 'string' || detail !== plainText(detail))) {
    return 'The detail is no plain text.'
  }
  if (detail === '') return 'The detail is empty.'
  if (missing !== undefined && !Object.hasOwn(missingReasons, missing)) {
    return 'There is no such reason.'
  }
  if (value === null) return missing === undefined ? 'Nothing says why there is no value.' : null
  if (missing !== undefined) return 'There is a value and a reason why there is none.'
  if (!valueFits(indicator, value)) return `The value is not of the unit ${indicators[indicator]}.`
  const isPlain = typeof value !== 'string' || value === plainText(value)
  return isPlain ? null : 'The value is no plain text.'
}

/**
 * What leaves the host of a reading; the permission that would help does not. Of a number that is
 * no whole one six digits are kept, as of the values of checks.
 */
export function factOf(reading: Reading, at: number): Fact {
  const { indicator, value: exact, method, missing, detail } = reading
  const isFraction = typeof exact === 'number' && !Number.isInteger(exact)
  const value = isFraction ? Number(exact.toPrecision(6)) : exact
  return {
    ...{ indicator, at, value, method },
    ...(missing && { missing }),
    ...(detail !== undefined && { detail }),
  }
}

/** More than any run tells; a child that says more is broken. */
export const reportBytesMax = 256 * 1024
const readingKeys = ['indicator', 'value', 'method', 'missing', 'detail', 'permission', 'unit']

/**
 * Reads what `agent facts --json` printed. Throws an Error that says what is wrong: a run counts
 * as a whole or not at all.
 */
export function parseReadings(text: string): Reading[] {
  if (Buffer.byteLength(text) > reportBytesMax) throw new Error('It is too long.')
  const { facts } = JSON.parse(text) as { facts?: unknown }
  if (!Array.isArray(facts) || facts.length > limits.factsMax) throw new Error('It has no facts.')
  const seen = new Set<string>()
  return facts.map((reading: Reading) => {
    if (typeof reading !== 'object' || reading === null) throw new Error('A fact is no object.')
    const stranger = Object.keys(reading).find((key) => !readingKeys.includes(key))
    const fault = stranger === undefined ? faultOf(reading) : 'A field is unknown.'
    if (fault) throw new Error(fault)
    if (seen.has(reading.indicator)) throw new Error('An indicator is told twice.')
    seen.add(reading.indicator)
    return reading
  })
}
