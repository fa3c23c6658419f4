import type { EpochMs } from '../../protocol/time.ts'
import type { Cause } from './causes.ts'

/** A time that the evaluator decided about: this is what it counts as. */
export type DecidedSpan = {
  readonly from: EpochMs
  readonly to: EpochMs
  /** Of the dispute. */
  readonly id: string
  readonly state: 'up' | 'down' | 'unknown'
  /** Null leaves what evidence says. */
  readonly cause: Cause | null
}
