import type { EpochMs } from '../../../protocol/time.ts'
import type { Bound, Stage, Verdict } from '../snapshot.ts'
import type { Measure, MeasureStatus } from './inputs.ts'
import type { MetricName } from './metrics.ts'
import type { AxisName, Model } from './model.ts'

/** What is printed with every figure of a model. */
export type ModelMark = Pick<Model, 'id' | 'version' | 'hash' | 'status'>

/**
 * A score between 0 and 100 points, as ratio and percent. Low: what is proven, high: what is
 * possible; observed: of what is available alone, null where that is too little.
 */
export type Score = {
  readonly low: Bound
  readonly observed: Bound | null
  readonly high: Bound
}

export type IndexFigure = Score & { readonly verdict: Verdict }

export type DimensionScore = Score & {
  readonly id: string
  /** Share of its weight with a value, of what applies. */
  readonly available: Bound
  /** False where too much of it does not apply. */
  readonly isValid: boolean
}

/** A gate that holds the level down: for certain, or where its data are missing only in the low. */
export type FiredGate = {
  readonly indicator: string
  readonly environment: string | null
  readonly host: string | null
  readonly is: 'fired' | 'not_ruled_out'
  readonly capLevel: string
}

/** Ids of levels, gates applied. They differ where low and high fall in different ones. */
export type LevelBounds = { readonly low: string; readonly high: string }

export const criterionStatuses = ['pass', 'fail', 'unknown', 'waived'] as const
export type CriterionStatus = (typeof criterionStatuses)[number]
export type EnabledStatus = 'enabled' | 'not_enabled' | 'unknown'

export type EnabledFigure = {
  /** Enabled only where every criterion passes; a waived one does not. */
  readonly status: EnabledStatus
  readonly criteria: readonly {
    readonly id: string
    readonly status: CriterionStatus
    /** Of the waiver; null without one. */
    readonly expiresAt: EpochMs | null
  }[]
  /** Environments by the conditions on them and their hosts alone. */
  readonly environments: readonly { readonly id: string; readonly status: EnabledStatus }[]
}

/** The readiness of one institution: automatic measurement, not the official result. */
export type InstitutionReadiness = {
  /** `being_set_up` below two thirds of measured weight and in the first days. */
  readonly stage: Stage
  /** Member of the readiness population, and of the enabled one. */
  readonly isMember: boolean
  readonly isEnabledMember: boolean
  readonly index: IndexFigure
  /** Share of the weight that is measured (not declared), of what applies. */
  readonly measured: Bound
  /** Null while being set up. */
  readonly level: LevelBounds | null
  readonly gates: readonly FiredGate[]
  readonly dimensions: readonly DimensionScore[]
  readonly axes: readonly (Score & { readonly id: AxisName })[]
  /** By number of the programme's objective. */
  readonly objectives: readonly (Score & { readonly number: number })[]
  /** The same with equal weights of dimensions, to see how much hangs on the weights. */
  readonly equalWeights: Score
  readonly enabled: EnabledFigure
}

export type EnabledShare = {
  readonly members: number
  readonly enabled: number
  readonly notEnabled: number
  readonly unknown: number
  /** Members of which a waiver holds a criterion. */
  readonly waived: number
  /** Null without members. Low: those enabled; high: with the unknown ones. */
  readonly low: Bound | null
  readonly high: Bound | null
  /** 100 % only by equal counts. */
  readonly verdict: Verdict | null
}

export type NationReadiness = {
  readonly members: number
  /** Equal mean over members; one without inputs is 0 low and 100 high. Null without members. */
  readonly index: IndexFigure | null
  /** Members by level of the low, and those being set up; they add up to `members`. */
  readonly levels: readonly { readonly level: string | null; readonly members: number }[]
  readonly byKind: Readonly<Record<'institution' | 'governorate', IndexFigure | null>>
  readonly dimensions: readonly (Score & { readonly id: string })[]
  readonly enabled: EnabledShare
  /** The secondary figure: environments of the members instead of members. */
  readonly enabledEnvironments: EnabledShare
}

/** What a snapshot carries of readiness; rows of indicators are asked for on their own. */
export type SnapshotReadiness = {
  readonly model: Model
  readonly nation: NationReadiness
  readonly institutions: Readonly<Record<string, InstitutionReadiness>>
}

/** One host, environment or institution under an indicator. */
export type UnitRow = {
  readonly environment: string | null
  readonly host: string | null
  readonly measure: Measure
  /** Points 0 to 100; observed is null where there is none. */
  readonly low: number
  readonly observed: number | null
  readonly high: number
}

export type IndicatorRow = Score & {
  readonly id: string
  readonly dimension: string
  readonly metric: MetricName
  /** Share of the whole index. Ratio, 0 to 1. */
  readonly weight: number
  /** The worst of its units, in the order of `measureStatuses`; not applicable only if all are. */
  readonly status: MeasureStatus
  readonly units: readonly UnitRow[]
}

/** One thing to do, and what the proven index gains by it. */
export type AdviceStep = {
  readonly indicator: string
  readonly environment: string | null
  readonly host: string | null
  /** Repair what is measured; get measured what is not; declare; have a declaration reviewed. */
  readonly kind: 'fix' | 'measure' | 'declare' | 'review'
  /** What the low gains by this step alone. Percentage points, exact to four decimals. */
  readonly gainPoints: number
  /** The low after this step alone. */
  readonly lowAfter: Bound
  /** Whether it lifts a gate. */
  readonly liftsGate: boolean
}

export type Advice = {
  /** The largest gain first. */
  readonly steps: readonly AdviceStep[]
  /** The fewest steps to the next level of the low, in order; null at the highest. */
  readonly next: {
    readonly level: string
    readonly steps: readonly AdviceStep[]
    readonly lowAfter: Bound
    /** False where even all steps do not reach it. */
    readonly isReachable: boolean
  } | null
}

export const findingKinds = [
  'declared_cloud_measured_on_premises',
  'host_not_registered',
  'environment_without_agent',
  'check_removed_while_failing',
  'agent_version_unsupported',
  'declaration_expired',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** Where what is declared and what is measured do not agree. */
export type Finding = {
  readonly kind: FindingKind
  readonly environment: string | null
  /** An agent's name, a check or a metric; null where the environment itself is meant. */
  readonly subject: string | null
  /** Since when, as far as evidence tells; null where it does not. */
  readonly since: EpochMs | null
  /** It is so at least since then: no evidence from before is kept. */
  readonly mayBeEarlier: boolean
  readonly detail: string | null
}

/** Everything behind the readiness of one institution. */
export type ReadinessDetail = {
  readonly readiness: InstitutionReadiness
  readonly indicators: readonly IndicatorRow[]
  readonly advice: Advice
  readonly findings: readonly Finding[]
}
