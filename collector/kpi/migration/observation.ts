import type { EpochMs, Span } from '../../../protocol/time.ts'
import type { Bound } from '../snapshot.ts'
import type { HostingPolicy } from './hosting-policy.ts'

/**
 * What an agent told of its host on one whole UTC day; null where it did not tell. All of them
 * null: it was alive by its checks and told nothing, which is no silence.
 */
export type PlatformDay = {
  readonly day: EpochMs
  /** `none` outside of every known cloud. */
  readonly cloud: string | null
  readonly region: string | null
  readonly virtualisation: string | null
}

/** A host as its agent told of it. */
export type ObservedHost = {
  readonly agent: string
  readonly name: string
  readonly status: 'pending' | 'active' | 'quarantined' | 'revoked'
  /** UTC days with evidence of it that had ended, oldest first, of the last hundred. */
  readonly days: readonly PlatformDay[]
}

export type ObservedEnvironment = {
  readonly id: string
  /** Whether the register has it in scope at the instant. */
  readonly isInScope: boolean
  /** When it left the scope for good; null while in scope. */
  readonly outOfScopeSince: EpochMs | null
  /** Enrolled for it before the instant, by name; of those who had one name, the last. */
  readonly hosts: readonly ObservedHost[]
}

/** Proven low of the continuity of an environment, and how much of the window was known. */
export type ObservedContinuity = { readonly low: Bound; readonly coverage: Bound }

/** A yes or no with its facts, for the readiness to move of one workload. */
export type DataPoint = {
  readonly id: 'os_supported' | 'platform_known' | 'load_known' | 'backup_recent' | 'updates_known'
  readonly host: string
  /** Null: not known. */
  readonly isGood: boolean | null
}

/** All that was measured of one workload, at the reference instant. */
export type WorkloadObservation = {
  readonly source: ObservedEnvironment | null
  readonly target: ObservedEnvironment | null
  /** Over 30 whole days before the day of the cut over, of the source; null without a value. */
  readonly before: ObservedContinuity | null
  /** Of the target from the day after the cut over, 90 days at most; null without a value. */
  readonly after: ObservedContinuity | null
  /** Of the hosts of the source; empty where none is measured. */
  readonly points: readonly DataPoint[]
}

/** What was measured of an institution's migration, at the reference instant. */
export type ObservedInstitution = {
  /** All that the register ever had in scope, by id. */
  readonly environments: readonly ObservedEnvironment[]
  /** By id of the workload. */
  readonly workloads: ReadonlyMap<string, WorkloadObservation>
}

/** By what workloads are judged. */
export type MigrationContext = {
  /**
   * The reference: midnight of the policy's time zone at which the current day began. Evidence is
   * that of UTC days that had ended by then.
   */
  readonly at: EpochMs
  readonly timezone: string
  /** Null while the policy says nothing of hosting. */
  readonly policy: HostingPolicy | null
  /** All that it has said of hosting so far, oldest first. */
  readonly policies: readonly (Span & { readonly policy: HostingPolicy })[]
  /** Target of the continuity KPI. Ratio, 0 to 1. */
  readonly continuityTargetRatio: number
}
