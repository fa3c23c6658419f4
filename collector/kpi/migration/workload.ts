import type { EpochMs } from '../../../protocol/time.ts'
import type { Bilingual } from '../snapshot.ts'

/**
 * States that people give a workload, in the order of the way. `validated` is none of them: only
 * measurement finds that. Nor is `exempt`: that is an exemption in force.
 */
export const claimedStates = [
  'identified',
  'assessed',
  'planned',
  'preparing',
  'migrating',
  'cut_over',
  'retired',
] as const
export type ClaimedState = (typeof claimedStates)[number]

/** The seven Rs. */
export const strategies = [
  'rehost',
  'replatform',
  'repurchase',
  'refactor',
  'relocate',
  'retain',
  'retire',
] as const
export type Strategy = (typeof strategies)[number]

/** A day such as `2026-04-01`, of the policy's time zone. */
export type Day = string

/** Hosts of one hosting environment of the same institution, by the names of their agents. */
export type WorkloadPlace = {
  readonly environment: string
  /** Empty: all of the environment. */
  readonly hosts: readonly string[]
}

/** One thing to be moved, as people registered it. */
export type Workload = {
  /** Unique in its institution; never reused. */
  readonly id: string
  readonly name: Bilingual
  readonly criticality: 'critical' | 'important' | 'supporting'
  /** Whole, 1 to 100; where none was given, that of its criticality when it was registered. */
  readonly weight: number
  /** Id of a data class of the hosting policy. */
  readonly dataClass: string | null
  readonly strategy: Strategy | null
  readonly wave: string | null
  /** The post or team that answers for it: no person's name. */
  readonly owner: string | null
  readonly source: WorkloadPlace | null
  readonly target: WorkloadPlace | null
  /** Id of the provider that is to host it. */
  readonly provider: string | null
  /** Since when it is in service anywhere; null where nobody knows. */
  readonly serviceSince: Day | null
  readonly plannedStart: Day | null
  /** When it is to be validated in the target, or retired. */
  readonly plannedFinish: Day | null
  readonly startedOn: Day | null
  readonly cutOverOn: Day | null
  readonly retiredOn: Day | null
  readonly state: ClaimedState
  /** Whether it came back from a later state: a move that failed or was undone. */
  readonly isRolledBack: boolean
  readonly blocked: { readonly reason: string; readonly since: Day } | null
}

/** What one person asked for and another body approved: a workload may stay where it is for now. */
export type Exemption = {
  readonly id: string
  readonly workload: string
  readonly reason: string
  readonly approvedBy: string
  readonly approvedAt: EpochMs
  readonly expiresAt: EpochMs
}

/** The frozen roadmap of an institution. Number 1 is the baseline for ever; others stand beside. */
export type Baseline = {
  /** 1, 2, 3 … in the order of their approval. */
  readonly number: number
  readonly startOn: Day
  readonly approvedAt: EpochMs
  /** What was promised, by workload. Never empty. */
  readonly workloads: readonly {
    readonly id: string
    readonly weight: number
    readonly finishOn: Day
  }[]
}

/** All that people registered of an institution's migration, as it stands at one instant. */
export type MigrationRegister = {
  readonly institution: string
  /** In the order of registration; removed ones are left out. */
  readonly workloads: readonly Workload[]
  /** In force or expired, the newest of each workload. */
  readonly exemptions: readonly Exemption[]
  /** Approved ones, by number. */
  readonly baselines: readonly Baseline[]
}
