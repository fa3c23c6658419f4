import type { EpochMs } from '../../../protocol/time.ts'
import type { DerivedReason, Measure } from '../../kpi/readiness/inputs.ts'

/** What a value rests on. */
export type Basis = Pick<Measure, 'at' | 'method' | 'detail'>

/** A value that was had. */
export function known(value: number | boolean, basis: Basis, isStale = false): Measure {
  return { status: isStale ? 'stale' : 'measured', value, reason: null, ...basis }
}

/** A value that follows from what was seen up to an instant; null where it is of just now. */
export function derived(
  value: number | boolean,
  at: EpochMs | null,
  detail: string | null = null,
): Measure {
  return known(value, { at, method: 'derived', detail })
}

/** No value, and why. */
export function missing(
  reason: DerivedReason | (string & {}),
  detail: string | null = null,
): Measure {
  return { ...nothing, reason, detail }
}

/** No value, since there is nothing that could have one. */
export function notApplicable(reason: string, detail: string | null = null): Measure {
  return { ...nothing, status: 'not_applicable', reason, detail }
}

const nothing: Measure = {
  status: 'missing',
  value: null,
  at: null,
  reason: null,
  method: null,
  detail: null,
}

/** Whether scores see no difference between two measures. */
export function scoresSame(a: Measure | undefined, b: Measure | undefined): boolean {
  return a === b || (a?.status === b?.status && a?.value === b?.value && a?.reason === b?.reason)
}

/**
 * What scores look at of measures, each kept once where many hosts say the same: a nation has a
 * hundred thousand.
 */
export class LeanMeasures {
  readonly #known = new Map<string, Measure>()

  of({ status, value, reason }: Measure): Measure {
    const lean = { ...nothing, status, value, reason }
    if (typeof value === 'number') return lean
    const key = `${status} ${value} ${reason}`
    const same = this.#known.get(key)
    // What agents may say is theirs to choose: only so much of it is held.
    if (!same && this.#known.size < keptMax) this.#known.set(key, lean)
    return same ?? lean
  }
}

const keptMax = 500
