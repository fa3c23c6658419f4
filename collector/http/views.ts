import type { Reason, State } from '../../protocol/check.ts'
import type { EpochMs, Span } from '../../protocol/time.ts'
import type { CauseTotal, LostStretch, Outage, OutageFigures, Relief } from '../kpi/explain.ts'
import type { MigrationDetail } from '../kpi/migration/result.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { ReadinessDetail, SnapshotReadiness } from '../kpi/readiness/result.ts'
import type { CheckRow, Cycle, Snapshot, WindowName } from '../kpi/snapshot.ts'
import type { StateSpan } from '../kpi/timeline.ts'
import type { MessagesAbout } from '../store/message-search.ts'

/** What an environment shows on a strip: observed states and what overlays them. */
export type ShownState = State | 'maintenance' | 'not_in_scope'

/** A stretch of a strip; `disputed` where the evaluator decided what it counts as. */
export type ShownSpan = StateSpan<ShownState> & {
  /** The dispute, and what was observed. */
  readonly disputed?: { readonly id: string; readonly was: State }
}

/** The checks of an institution by environment, and the snapshot of the same evaluation. */
export type ShownChecks = {
  readonly snapshot: Snapshot
  readonly checks: ReadonlyMap<string, readonly CheckRow[]>
}

/** What is known of the checks of one environment inside a window. Unit: milliseconds. */
export type EnvironmentCheckSums = {
  readonly environment: string
  readonly checks: readonly {
    /** `<agent name>/<check>` */
    readonly check: string
    readonly upMs: number
    readonly degradedMs: number
    readonly downMs: number
    /** What is left of the window since the check was first seen. */
    readonly unknownMs: number
  }[]
}

/** Which part of the lost time is asked for: at most `limit` stretches that follow `after`. */
export type LostAsked = {
  readonly window: WindowName | Span
  readonly order: 'oldest' | 'newest'
  /** The start of a stretch: later ones follow, or with the newest first earlier ones. */
  readonly after: EpochMs | null
  readonly limit: number
}

/** A check that was down in a stretch, or not seen. `ms` is how long of it. */
export type CheckLoss = {
  readonly check: string
  readonly state: State
  readonly ms: number
  readonly reason: Reason | null
}

/** A stretch with its evidence: what failed or was missing, and the messages that say so. */
export type LostRow = LostStretch & {
  readonly checks: readonly CheckLoss[]
  readonly moreChecks: number
  /** By agent; `log` is where their leaves are. */
  readonly messages: readonly (MessagesAbout & { readonly agent: string; readonly log: string })[]
}

/**
 * Sums over a window, in milliseconds. `reliefMs` is lost time that does not count, by why;
 * `attestedMs` parts the known time that counts by whose word it rests on.
 */
export type LostTotals = {
  readonly outages: OutageFigures
  readonly byCause: readonly CauseTotal[]
  readonly reliefMs: Readonly<Record<Relief, number>>
  readonly attestedMs: {
    readonly self: number
    readonly witnessed: number
    readonly both: number
  }
}

/** Where the time of an environment went. `window` ends where the figures do. */
export type LostAnswer = LostTotals & {
  readonly asOf: EpochMs
  readonly window: Span
  readonly outageList: readonly Outage[]
  readonly stretches: readonly LostRow[]
  /** What to ask for with `after` to go on; null at the end. */
  readonly next: EpochMs | null
}

/** The same of an institution: of all its environments, and of each. */
export type LostSummary = LostTotals & {
  readonly asOf: EpochMs
  readonly window: Span
  readonly environments: readonly (LostTotals & { readonly id: string })[]
}

/** The readiness under the model in force (null without one) and under another. */
export type WhatIf = {
  readonly before: SnapshotReadiness | null
  readonly after: SnapshotReadiness
}

/** All that pages and API read. Routes do no arithmetic of their own. */
export type Views = {
  /** The newest snapshot; null until the first evaluation has finished. */
  snapshot(): Snapshot | null
  /** The checks of an institution, or of one of its environments; after the first snapshot only. */
  checks(institution: string, environment?: string): Promise<ShownChecks>
  /** Time of the checks of an institution, or of one of its environments (else null). */
  checkSums(
    institution: string,
    environment: string | null,
    window: Span,
  ): Promise<readonly EnvironmentCheckSums[]>
  /** States of an environment, covering the window without holes up to `asOf`. */
  environmentStrip(institution: string, environment: string, window: Span): Promise<ShownSpan[]>
  /**
   * States of one check (`<agent name>/<check>`), covering the window without holes up to `asOf`.
   */
  checkStrip(
    institution: string,
    environment: string,
    check: string,
    window: Span,
  ): Promise<StateSpan<ShownState>[]>
  /** Null for an environment that the last evaluation does not know. */
  lost(institution: string, environment: string, asked: LostAsked): Promise<LostAnswer | null>
  lostSummary(institution: string, window: LostAsked['window']): Promise<LostSummary | null>
  /**
   * What is behind the readiness of an institution in the snapshot shown; null where the last
   * evaluation does not know the institution, or no model.
   */
  readiness(institution: string): Promise<ReadinessDetail | null>
  /**
   * What is behind the migration of an institution in the snapshot shown, or with null behind that
   * of the nation (then without rows); null where nobody registered a workload of it.
   */
  migration(institution: string | null): Promise<MigrationDetail | null>
  /**
   * Readiness under a model that is not in force: now, or as of the end of a cycle. Stores
   * nothing. Null while no register has been applied.
   */
  whatIf(model: Model, cycle: Cycle | null): Promise<WhatIf | null>
}
