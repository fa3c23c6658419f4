import { type EpochMs, lengthMs, type Span } from '../../protocol/time.ts'

/** How much maintenance may leave the denominator. */
export type Allowance = {
  /** The cycle that holds an instant. */
  readonly cycleAt: (at: EpochMs) => Span
  /** The quota of a cycle as in force at an instant. Unit: milliseconds. */
  readonly quotaAt: (at: EpochMs) => number
}

/**
 * What of approved maintenance leaves the denominator: in each cycle the earliest of it, up to the
 * quota; the rest counts as observed. `inScope` is the approved time that is in scope, sorted and
 * disjoint: nothing else takes from the quota. The quota in force where a part begins counts, so
 * that a change of it changes nothing that has passed. Source: docs/methodology.md §2, T4.
 */
export function excludedMaintenance(
  inScope: readonly Span[],
  { cycleAt, quotaAt }: Allowance,
): Span[] {
  const excluded: Span[] = []
  let cycle: Span = { from: 0, to: 0 }
  let usedMs = 0
  for (const span of inScope) {
    for (let from = span.from; from < span.to; from = Math.min(span.to, cycle.to)) {
      if (from >= cycle.to) {
        cycle = cycleAt(from)
        usedMs = 0
      }
      const leftMs = Math.max(0, quotaAt(from) - usedMs)
      const part = { from, to: Math.min(span.to, cycle.to, from + leftMs) }
      usedMs += lengthMs(part)
      if (part.from < part.to) excluded.push(part)
    }
  }
  return excluded
}
