import type { State } from '../../protocol/check.ts'
import type { Span } from '../../protocol/time.ts'
import type { CheckRow, Snapshot } from '../kpi/snapshot.ts'
import type { StateSpan } from '../kpi/timeline.ts'

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
}
