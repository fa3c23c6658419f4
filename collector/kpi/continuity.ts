import type { Sums } from './environment-day.ts'
import { noTime, sumNames } from './environment-day.ts'
import { bound, exceedsBy, type Fraction, fraction, isAtLeast, mean } from './fraction.ts'
import type { AuditFlag, Bound, Figure, TimeSums, Verdict } from './snapshot.ts'

/** What a continuity is held against. */
export type Standard = {
  /** Ratio, 0 to 1. */
  readonly target: Fraction
  /** How far net may lie above gross before an auditor should look. Ratio, 0 to 1. */
  readonly gapMax: Fraction
  /** Share of the time in scope that the centre may lose before an auditor should look. 0 to 1. */
  readonly centreMax: Fraction
}

/**
 * met: even if all unknown time was down. not_met: even if all of it was up. Else undetermined.
 * Source: docs/methodology.md §3; compared exactly, T6.
 */
export function verdictOf(low: Fraction, high: Fraction, target: Fraction): Verdict {
  if (isAtLeast(low, target)) return 'met'
  return isAtLeast(high, target) ? 'undetermined' : 'not_met'
}

/** The exact bounds of a continuity; null when nothing was in scope. */
export type Bounds = { readonly low: Fraction; readonly high: Fraction }

/** low = (U+G)/E, high = (U+G+N)/E, net of maintenance and of the centre's outages. */
export function boundsOf(sums: Sums): Bounds | null {
  const eligible = sums.up + sums.degraded + sums.down + sums.unknown
  if (eligible === 0) return null
  const good = sums.up + sums.degraded
  return { low: fraction(good, eligible), high: fraction(good + sums.unknown, eligible) }
}

/**
 * Continuity of hosting environments. Unit: ratio 0 to 1, null when nothing was in scope; degraded
 * counts as up; unknown is never up in `low`, never down in `high`, absent from `observed`.
 * Source: docs/methodology.md §3, T4, T6, T7, T19. Exported as `istimrar_continuity_ratio`.
 */
export function continuity(sums: Sums, standard: Standard): Figure {
  const { target } = standard
  const bounds = boundsOf(sums)
  if (!bounds) return { ...noFigure, flags: auditFlagsOf(sums, standard) }
  const timeSums = timeSumsOf(sums)
  const { eligibleMs, upMs, degradedMs, downMs, unknownMs } = timeSums
  const good = upMs + degradedMs
  const known = good + downMs
  const grossGood = sums.grossUp + sums.grossDegraded
  const grossEligible = grossGood + sums.grossDown + sums.grossUnknown
  const grossLow = fraction(grossGood, grossEligible)
  return {
    low: bound(bounds.low, 'floor'),
    observed: known === 0 ? null : bound(fraction(good, known), 'floor'),
    high: highBound(bounds, target),
    coverage: bound(fraction(eligibleMs - unknownMs, eligibleMs), 'floor'),
    verdict: verdictOf(bounds.low, bounds.high, target),
    gross: {
      low: bound(grossLow, 'floor'),
      high: bound(fraction(grossGood + sums.grossUnknown, grossEligible), 'ceil'),
    },
    sums: timeSums,
    ownFault: ownFault(sums, eligibleMs, target),
    attested: known === 0 ? null : attested(sums, known),
    flags: auditFlagsOf(sums, standard),
  }
}

/** Low and high where down time with an external cause is not held against the institution. */
function ownFault(sums: Sums, eligible: number, target: Fraction): Figure['ownFault'] {
  const good = sums.up + sums.degraded + sums.downExternal
  const low = fraction(good, eligible)
  const high = fraction(good + sums.unknown, eligible)
  return { low: bound(low, 'floor'), high: highBound({ low, high }, target) }
}

function attested(sums: Sums, known: number): Figure['attested'] {
  const share = (ms: number) => bound(fraction(ms, known), 'floor')
  return {
    self: share(sums.selfAttested),
    witnessed: share(sums.witnessed),
    both: share(sums.bothAttested),
  }
}

/**
 * What an auditor should look at. The centre's share is of all time in scope, E + maintenance +
 * centre: by the centre's own time E shrinks, so that a share of E would say more than was lost.
 * Source: docs/methodology.md §3; DESIGN invariant 3.
 */
function auditFlagsOf(sums: Sums, { gapMax, centreMax }: Standard): AuditFlag[] {
  const good = sums.grossUp + sums.grossDegraded
  const inScope = good + sums.grossDown + sums.grossUnknown
  if (inScope === 0) return []
  const flags: AuditFlag[] = []
  const low = boundsOf(sums)?.low
  if (low && exceedsBy(low, fraction(good, inScope), gapMax)) flags.push('net_above_gross')
  const none = fraction(0, 1)
  if (exceedsBy(fraction(sums.centre, inScope), none, centreMax)) flags.push('centre_share')
  return flags
}

/**
 * The equal mean of institutions. One without a value enters as low 0 and high 1. Null list of
 * members: no value. What is not a mean of anything stays null: `observed`, `coverage`, `ownFault`
 * and `attested`.
 * Source: docs/methodology.md §4, T10.
 */
export function meanContinuity(
  members: readonly (Bounds | null)[],
  { target }: Pick<Standard, 'target'>,
): Figure {
  if (members.length === 0) return noFigure
  const low = mean(members.map((member) => member?.low ?? fraction(0, 1)))
  const high = mean(members.map((member) => member?.high ?? fraction(1, 1)))
  return {
    ...noFigure,
    low: bound(low, 'floor'),
    high: highBound({ low, high }, target),
    verdict: verdictOf(low, high, target),
  }
}

/**
 * The high is written rounded up, so that it stays an upper bound; rounded down where it equals
 * the low (T19), and where rounding up would write a target as reached that is not.
 */
function highBound({ low, high }: Bounds, target: Fraction): Bound {
  const up = bound(high, 'ceil')
  const written = fraction(Math.round(Number(up.percent) * 100), 10_000)
  const crosses = !isAtLeast(high, target) && isAtLeast(written, target)
  return crosses || isAtLeast(low, high) ? bound(high, 'floor') : up
}

/** Sums of several environments in one pool, each multiplied by its weight (a whole number). */
export function pool(members: readonly { sums: Sums; weight: number }[]): Sums {
  const total: Record<keyof Sums, number> = { ...noTime }
  for (const { sums, weight } of members) {
    for (const name of sumNames) total[name] += sums[name] * weight
  }
  return total
}

/** The same time where degraded time is no available time. */
export function asDown(sums: Sums): Sums {
  const { degraded, grossDegraded } = sums
  return {
    ...sums,
    degraded: 0,
    down: sums.down + degraded,
    grossDegraded: 0,
    grossDown: sums.grossDown + grossDegraded,
  }
}

/** The same time with nothing known of it: what an environment that is not assessed enters with. */
export function asUnknown(sums: Sums): Sums {
  return {
    ...sums,
    up: 0,
    degraded: 0,
    down: 0,
    unknown: sums.up + sums.degraded + sums.down + sums.unknown,
    grossUp: 0,
    grossDegraded: 0,
    grossDown: 0,
    grossUnknown: sums.grossUp + sums.grossDegraded + sums.grossDown + sums.grossUnknown,
    downExternal: 0,
    selfAttested: 0,
    witnessed: 0,
    bothAttested: 0,
  }
}

function timeSumsOf(sums: Sums): TimeSums {
  return {
    eligibleMs: sums.up + sums.degraded + sums.down + sums.unknown,
    upMs: sums.up,
    degradedMs: sums.degraded,
    downMs: sums.down,
    unknownMs: sums.unknown,
    maintenanceMs: sums.maintenance,
    centreMs: sums.centre,
    downExternalMs: sums.downExternal,
    unknownExternalMs: sums.unknownExternal,
  }
}

/** No value: nothing was in scope, or nobody to average. */
export const noFigure: Figure = {
  low: null,
  observed: null,
  high: null,
  coverage: null,
  verdict: null,
  gross: { low: null, high: null },
  sums: null,
  ownFault: null,
  attested: null,
  flags: [],
}
