import type { FrozenCheck, FrozenConfig } from '../../agent/frozen.ts'
import { minuteMs, secondMs } from '../../protocol/time.ts'

/** A kind of check, and its settings. */
export type GivenCheck = readonly [kind: string, settings: Readonly<Record<string, unknown>>]

/** Checks as a configuration holds them, of which only kind and settings matter. */
export function checksOf(...given: readonly GivenCheck[]): FrozenCheck[] {
  return given.map(([kind, settings], index) => {
    const base = { check: `check-${index}`, intervalMs: minuteMs, timeoutMs: 2 * secondMs }
    return { ...base, kind: kind as FrozenCheck['kind'], settings } // the table of probes knows it
  })
}

/** A configuration with these checks and nothing else said. */
export function configOf(...given: readonly GivenCheck[]): Pick<FrozenConfig, 'checks' | 'facts'> {
  return { checks: checksOf(...given), facts: { everyMs: minuteMs, exclude: [] } }
}
