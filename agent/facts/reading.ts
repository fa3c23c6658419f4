import type { Fact } from '../../protocol/batch.ts'
import { type Indicator, indicators, missingReasons } from '../../protocol/indicators.ts'
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
  if (!Object.hasOwn(indicators, indicator)) return 'There is no such indicator.'
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
  return fits(indicator, value) ? null : `The value is not of the unit ${indicators[indicator]}.`
}

function fits(indicator: Indicator, value: unknown): boolean {
  const unit = indicators[indicator]
  if (unit === 'boolean') return typeof value === 'boolean'
  if (unit === 'text') {
    return typeof value === 'string' && value !== '' && value === plainText(value)
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (unit === 'ratio') return value >= 0 && value <= 1
  return unit !== 'count' || (Number.isSafeInteger(value) && value >= 0)
}

/** What leaves the host of a reading; the permission that would help does not. */
export function factOf(reading: Reading, at: number): Fact {
  const { indicator, value, method, missing, detail } = reading
  return {
    ...{ indicator, at, value, method },
    ...(missing && { missing }),
    ...(detail !== undefined && { detail }),
  }
}
