import type { EpochMs } from '../../protocol/time.ts'

/**
 * Milliseconds of a check by state inside a window; unknown is what is left of it since the check
 * was first seen.
 */
export type CheckSums = {
  /** `<agent name>/<check>` */
  readonly check: string
  readonly upMs: number
  readonly degradedMs: number
  readonly downMs: number
  readonly unknownMs: number
}

/** An agent's contact in the order of `ContactRow`. */
export type LastContact = readonly [
  ...[agent: string, lastReportAt: EpochMs, lastBatchAt: EpochMs | null],
  ...[version: string | null, spooledMessages: number],
]
