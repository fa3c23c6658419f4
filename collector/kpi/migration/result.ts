import type { EpochMs } from '../../../protocol/time.ts'
import type { Bound } from '../snapshot.ts'
import type { Baseline, Day, Workload } from './workload.ts'

/** As progress counts: what people claim, what measurement found, and exemptions in force. */
export const workloadStates = [
  'identified',
  'assessed',
  'planned',
  'preparing',
  'migrating',
  'cut_over',
  'validated',
  'retired',
  'exempt',
] as const
export type WorkloadState = (typeof workloadStates)[number]

/** Credit of a state, in hundredths: METHODOLOGY §2.6. A rolled back one has that of `planned`. */
export const creditHundredths = {
  identified: 0,
  assessed: 10,
  planned: 20,
  preparing: 40,
  migrating: 60,
  cut_over: 80,
  validated: 100,
  retired: 100,
} as const satisfies Record<Exclude<WorkloadState, 'exempt'>, number>

/** What must all pass before a move counts as done. A retired one needs `source_silent` alone. */
export const proofNames = [
  'seen_in_target',
  'source_silent',
  'provider_approved',
  'location_allowed',
  'continuity_kept',
] as const
export type ProofName = (typeof proofNames)[number]

export type Proof = {
  readonly id: ProofName
  readonly status: 'pass' | 'fail' | 'unknown'
  /** Whole days seen, or silent, so far, and how many are needed; null where days do not count. */
  readonly days: { readonly have: number; readonly need: number } | null
  /** Names of the hosts that stand against it, or do not tell. */
  readonly hosts: readonly string[]
  /** What was measured, as agents told it: a cloud, a region, a country; null where nothing was. */
  readonly measured: string | null
}

/** How fit a workload is to be moved, by measurement alone. */
export type MoveReadiness = {
  /** `not_rated` where nothing is measured: what is only imported is no rating. */
  readonly rating: 'ready' | 'conditional' | 'not_ready' | 'unknown' | 'not_rated'
  readonly known: number
  readonly all: number
  /** Data points that hold it back. */
  readonly against: readonly { readonly id: string; readonly host: string }[]
}

export const complianceReasons = [
  // compliant
  'measured_in_approved_cloud',
  'retired',
  // breach
  'exemption_expired',
  'new_on_premises',
  'provider_not_approved',
  'location_not_allowed',
  'overdue',
  // unknown
  'not_moved_yet',
  'no_evidence',
  'no_policy',
  // left out
  'exempt',
] as const
export type ComplianceReason = (typeof complianceReasons)[number]

export type WorkloadCompliance = {
  readonly status: 'compliant' | 'breach' | 'unknown' | 'exempt'
  readonly reason: ComplianceReason
}

/** One workload as it counts. */
export type WorkloadRow = {
  readonly workload: Workload
  readonly state: WorkloadState
  /** Empty before the cut over. */
  readonly proofs: readonly Proof[]
  readonly readiness: MoveReadiness
  readonly compliance: WorkloadCompliance
  /** Of its exemption, in force or expired; null without one. */
  readonly exemptUntil: EpochMs | null
  /** When the baseline promised it; null where it is in none. */
  readonly baselineFinish: Day | null
  readonly isLate: boolean
}

export const migrationFindingKinds = [
  'moved_by_word_only',
  'retired_but_reporting',
  'source_still_reporting',
  'target_silent',
  'provider_differs',
  'provider_not_approved',
  'location_not_allowed',
  'continuity_fell',
  'moved_not_declared',
  'environment_without_workload',
] as const
export type MigrationFindingKind = (typeof migrationFindingKinds)[number]

/** Where what is registered and what is measured do not agree. */
export type MigrationFinding = {
  readonly kind: MigrationFindingKind
  /** Null for an environment without one. */
  readonly workload: string | null
  readonly environment: string | null
  /** Hosts it was measured on. */
  readonly hosts: readonly string[]
  /** Since when it is so, by what was measured and said; null where that is not known. */
  readonly since: EpochMs | null
  /** It is so at least since then: no evidence from before is kept. */
  readonly mayBeEarlier: boolean
  /** What people say, and what was measured. */
  readonly declared: string | null
  readonly measured: string | null
}

/** What discovery proposes to register: an environment that no workload names. */
export type Discovered = {
  readonly environment: string
  readonly hosts: readonly string[]
  readonly cloud: string | null
  readonly region: string | null
  readonly virtualisation: string | null
  /** Id of the approved provider it looks like; null for none. */
  readonly provider: string | null
  /** Where a workload on it would stand: on own premises, or in the cloud already. */
  readonly as: 'source' | 'target'
}

/** Weight of workloads, of one state. */
export type StateCount = { readonly workloads: number; readonly weight: number }

/** Where the plan stands and where it leads. Months are of the calendar, in the policy's zone. */
export type Schedule = {
  readonly startAt: EpochMs
  /** The end of the month of the plan that promises the last workload. */
  readonly plannedFinishAt: EpochMs
  /** Share that the first baseline promised by now. */
  readonly planned: Bound
  /** The same of the newest re-baseline; null without one. Shown beside, never instead. */
  readonly rebaselined: Bound | null
  /** Months of the plan that are earned by what is done, and months that have passed. */
  readonly earnedMonths: number
  readonly actualMonths: number
  /** Done by planned; null before the plan begins to promise anything. */
  readonly performance: number | null
  /** Earned months by months passed; null before the start. */
  readonly timePerformance: number | null
  readonly forecast: Forecast
}

/** `no_progress`: nothing is done of what was promised, or the finish is over 100 years off. */
export type Forecast = {
  readonly status: 'finished' | 'forecast' | 'not_started' | 'no_progress'
  readonly finishAt: EpochMs | null
  /** By the best and by the worst quarter so far; null where that is not known or never. */
  readonly earliestAt: EpochMs | null
  readonly latestAt: EpochMs | null
}

export type Compliance = {
  readonly compliant: number
  readonly breach: number
  readonly unknown: number
  readonly exempt: number
  /** compliant / (compliant + breach + unknown), and with the unknown ones; null without any. */
  readonly low: Bound | null
  readonly high: Bound | null
}

/** The migration of an institution, or of all of them. */
export type MigrationFigures = {
  /** In scope: without those that are exempt. */
  readonly workloads: number
  readonly weight: number
  readonly states: Readonly<Record<WorkloadState, StateCount>>
  /** Share of the weight that is validated or retired; null without workloads. Floor. */
  readonly done: Bound | null
  /** By the credit of states. Floor. */
  readonly earned: Bound | null
  /** Null without a baseline. Of a nation: over the institutions that have one. */
  readonly schedule: Schedule | null
  readonly compliance: Compliance
  readonly late: number
  readonly blocked: number
  /** By kind; kinds without any are left out. */
  readonly findings: Readonly<Partial<Record<MigrationFindingKind, number>>>
}

export type NationMigration = MigrationFigures & {
  readonly institutions: number
  /** Institutions in the register without a workload, and with workloads but without a baseline. */
  readonly withoutWorkloads: number
  readonly withoutBaseline: number
}

/** What a snapshot carries of migration; workloads are asked for on their own. */
export type SnapshotMigration = {
  /** The reference: midnight at which the current day of the policy's time zone began. */
  readonly at: EpochMs
  readonly nation: NationMigration
  /** Those with a workload. */
  readonly institutions: Readonly<Record<string, MigrationFigures>>
}

export type Wave = {
  /** Null: workloads that are in none. */
  readonly name: string | null
  readonly startOn: Day | null
  readonly finishOn: Day | null
  readonly workloads: number
  readonly done: Bound
  readonly status: 'finished' | 'on_time' | 'late' | 'blocked' | 'not_planned'
}

/** What a month closed with: an act of the collector. Shares are percents with two decimals. */
export type MigrationClosing = {
  /** `2026-04` */
  readonly month: string
  /** End of the month; and the instant the figures are of, at or after it. */
  readonly end: EpochMs
  readonly at: EpochMs
  readonly done: string
  readonly earned: string
  readonly planned: string | null
  readonly earnedMonths: number | null
}

/** One month end of the S-curve. Ratios 0 to 1; null where there is no value. */
export type CurvePoint = {
  readonly at: EpochMs
  readonly planned: number | null
  readonly rebaselined: number | null
  readonly done: number | null
  readonly earned: number | null
  /** The way from now to the expected finish. */
  readonly forecast: number | null
}

/** Everything behind the migration of one institution, or of the nation (without rows). */
export type MigrationDetail = {
  readonly figures: MigrationFigures
  readonly rows: readonly WorkloadRow[]
  readonly findings: readonly MigrationFinding[]
  readonly discovered: readonly Discovered[]
  readonly waves: readonly Wave[]
  readonly curve: readonly CurvePoint[]
  /** Approved ones, by number; absent of the nation. */
  readonly baselines?: readonly Baseline[]
}

/** What the figures of one institution are added up from. */
export type MigrationPart = {
  readonly institution: string
  readonly rows: readonly WorkloadRow[]
  readonly findings: readonly MigrationFinding[]
  readonly baselines: readonly Baseline[]
  /** Oldest first. */
  readonly closings: readonly MigrationClosing[]
}
