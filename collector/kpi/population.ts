import {
  asUnknown,
  boundsOf,
  continuity,
  meanContinuity,
  noFigure,
  pool,
  type Standard,
  verdictOf,
} from './continuity.ts'
import type { Sums } from './environment-day.ts'
import { type Fraction, isAtLeast } from './fraction.ts'
import { type Figure, outcomeOf, type PopulationFigures, type Stage } from './snapshot.ts'

/** One environment's part in the figures of a window. */
export type Part = {
  readonly id: string
  readonly critical: boolean
  /** Weight of its criticality; whole number. */
  readonly weight: number
  /** False below its class's minimum profile: nothing is known of it then. */
  readonly assessed: boolean
  readonly sums: Sums
}

/** An institution with its environments. */
export type InstitutionParts = {
  readonly id: string
  readonly kind: 'institution' | 'governorate'
  readonly stage: Stage
  readonly parts: readonly Part[]
}

function countedSums({ assessed, sums }: Part): Sums {
  return assessed ? sums : asUnknown(sums)
}

/**
 * The continuity of one environment; not assessed means low 0, high 1. Source: docs/methodology.md
 * §3.
 */
export function environmentFigure(part: Part, standard: Standard): Figure {
  return continuity(countedSums(part), standard)
}

/**
 * Minutes of all environments, weighted by criticality; ratio last. Source: docs/methodology.md
 * §4, T9.
 */
export function institutionSums(parts: readonly Part[]): Sums {
  return pool(parts.map((part) => ({ sums: countedSums(part), weight: part.weight })))
}

/**
 * The environment with the lowest proven continuity, by exact value; null when none has a value.
 */
export function worstOf(parts: readonly Part[]): string | null {
  let worst: { id: string; low: Fraction } | null = null
  for (const part of parts) {
    const low = boundsOf(countedSums(part))?.low
    if (low && (!worst || !isAtLeast(low, worst.low))) worst = { id: part.id, low }
  }
  return worst?.id ?? null
}

/**
 * The figures of a population of target institutions over one window: pooled over all their
 * environments, as the mean of institutions, and of those with evidence only.
 * Source: docs/methodology.md §4, T10.
 */
export function populationFigures(
  institutions: readonly InstitutionParts[],
  standard: Standard,
): PopulationFigures {
  const sums = institutions.map(({ parts }) => institutionSums(parts))
  const evident = sums.filter((each) => each.up + each.degraded + each.down > 0)
  const verdicts = { met: 0, not_met: 0, undetermined: 0, being_set_up: 0, no_value: 0 }
  institutions.forEach(({ stage }, i) => {
    const bounds = boundsOf(sums[i]!)
    const verdict = bounds && verdictOf(bounds.low, bounds.high, standard.target)
    verdicts[outcomeOf(stage, verdict)]++
  })
  return {
    pooled: pooled(sums, standard),
    mean: meanContinuity(sums.map(boundsOf), standard),
    reporting: pooled(evident, standard),
    withEvidence: evident.length,
    targets: institutions.length,
    verdicts,
  }
}

function pooled(sums: readonly Sums[], standard: Standard): Figure {
  if (sums.length === 0) return noFigure
  return continuity(pool(sums.map((each) => ({ sums: each, weight: 1 }))), standard)
}
