import type { Batch, Fact } from '../../protocol/batch.ts'
import { isIndicator, valueFits } from '../../protocol/indicators.ts'
import { AppError } from '../error.ts'
import type { FactRow } from '../store/store.ts'
import type { Dating } from './clock.ts'

/**
 * The facts of a batch as they are stored; none where the batch cannot be dated. Throws AppError
 * `schema` when one contradicts itself. A fact that this version does not know is kept as it is.
 */
export function factsOf({ facts, sealed }: Batch, { timeClass, offsetMs }: Dating): FactRow[] {
  for (const fact of facts) {
    const fault = faultOf(fact)
    if (fault) throw new AppError('schema', `The batch contradicts itself: ${fault}.`)
  }
  if (timeClass === 'C') return []
  return facts.map(({ indicator, at, value, method, missing, detail }) => ({
    indicator,
    // Nothing was measured after the seal; what claims so must not outlive what comes later.
    at: offsetMs + Math.min(at, sealed.boot),
    value,
    method: method ?? null,
    missing: missing ?? null,
    detail: detail ?? null,
  }))
}

/** What no schema can say: what one field of a fact demands of the other. */
function faultOf({ indicator, value, missing }: Fact): string | null {
  const isHistogram = typeof value === 'object' && value !== null
  if (indicator.startsWith('check.') !== isHistogram) {
    return 'values of checks, and only they, are histograms'
  }
  if (value === null && missing === undefined) return 'a fact without value says why'
  if (value !== null && missing !== undefined) return 'a fact with a value has no reason for none'
  if (value === null || isHistogram || !isIndicator(indicator)) return null
  return valueFits(indicator, value) ? null : `a value of ${indicator} has another unit`
}
