import type { EpochMs } from '../../../protocol/time.ts'
import type { Bilingual } from '../snapshot.ts'
import type { MetricName } from './metrics.ts'

/** A readiness model as it is computed with. Its file and its validator: collector/model/. */
export type Model = {
  readonly id: string
  readonly version: string
  /** SHA-256 of the file as canonical JSON, without `status`: the same model has the same. */
  readonly hash: string
  /** Only an approved model gives official figures; a draft's are marked as such. */
  readonly status: 'draft' | 'approved'
  readonly label: Bilingual
  /** From which the index counts as good enough. Ratio, 0 to 1. */
  readonly targetRatio: number
  readonly missing: MissingRules
  /** Highest first; the last begins at 0. */
  readonly levels: readonly Level[]
  readonly dimensions: readonly Dimension[]
  /** What an institution must pass to be digitally enabled. */
  readonly enabled: readonly Criterion[]
}

export type MissingRules = {
  /** A dimension has an observed score from this share of its weight on; levels as well. */
  readonly minAvailableRatio: number
  /** A dimension of which more does not apply is invalid: low 0, high 100. */
  readonly maxNotApplicableRatio: number
  readonly staleMeasuredDays: number
  readonly staleDeclaredDays: number
}

export type Level = {
  readonly id: string
  /** Lowest index of the level. Ratio, 0 to 1. */
  readonly minRatio: number
  /** `#rrggbb` */
  readonly color: string
  readonly icon: 'star' | 'up' | 'equal' | 'down' | 'stop'
  readonly label: Bilingual
}

export const axisNames = [
  'user_experience',
  'modernisation',
  'strategy_and_culture',
  'digital_enablement',
  'operational_efficiency',
] as const
export type AxisName = (typeof axisNames)[number]

export type Dimension = {
  readonly id: string
  /** Whole; all dimensions together are 100. */
  readonly weight: number
  /** Numbers of the programme's objectives, 1 to 8. */
  readonly objectives: readonly number[]
  readonly axis: AxisName
  readonly label: Bilingual
  readonly indicators: readonly IndicatorRule[]
}

export type IndicatorRule = {
  /** `<dimension>.<name>` */
  readonly id: string
  /** Whole; all indicators of a dimension together are 100. */
  readonly weight: number
  readonly metric: MetricName
  /** How several hosts or environments become one: by their criticality, or the worst alone. */
  readonly rollup: 'criticality_weighted' | 'worst'
  readonly score: ScoreRule
  readonly gate: Gate | null
  /** Whether it may leave the denominator where it does not apply. */
  readonly mayNotApply: boolean
  readonly label: Bilingual
  /** What to do to raise it, as one sentence for an IT team. */
  readonly advice: Bilingual
}

/** How a value becomes 0 to 100 points; clamped. */
export type ScoreRule =
  /** 0 points at `zeroAt`, 100 at `fullAt`, in between in proportion; either may be the larger. */
  | { readonly fn: 'lin'; readonly zeroAt: number; readonly fullAt: number }
  /** The points of the first step whose `below` is above the value, else `otherwise`. */
  | {
      readonly fn: 'step'
      readonly steps: readonly { readonly below: number; readonly points: number }[]
      readonly otherwise: number
    }
  /** A ratio times 100. */
  | { readonly fn: 'ratio' }
  /** True is 100, false 0. */
  | { readonly fn: 'bool' }

export const comparisons = ['<', '<=', '>', '>=', '='] as const
export type Comparison = (typeof comparisons)[number]

/** What holds or does not of one value. */
export type Condition = { readonly op: Comparison; readonly value: number | boolean }

/** Holds an institution's level down as long as any unit in its scope meets the condition. */
export type Gate = {
  readonly when: Condition
  /** Which environments it looks at; a metric of the institution itself is always looked at. */
  readonly scope: 'critical' | 'all'
  /** Id of the highest level that is left. */
  readonly capLevel: string
}

/** Passes where all its conditions hold of every unit in their scope. */
export type Criterion = {
  /** E1 to E20. */
  readonly id: string
  readonly label: Bilingual
  readonly advice: Bilingual
  readonly conditions: readonly (Condition & {
    readonly metric: MetricName
    readonly scope: 'critical' | 'all'
    /** Whether a unit that it does not apply to passes. */
    readonly mayNotApply: boolean
  })[]
}

/** A model with when it took effect. */
export type ModelInForce = { readonly model: Model; readonly from: EpochMs | null }
