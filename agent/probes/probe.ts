import type { Observation } from '../../protocol/check.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { Run } from '../child.ts'

/** What a probe may use beside its settings. It reads no clock and no environment of its own. */
export type ProbeContext = {
  /** Aborts when the check's timeout is over or the agent stops. */
  readonly signal: AbortSignal
  readonly now: () => EpochMs
  /** Where `/proc` and `/sys` are found: `/`, or a test's folder. */
  readonly root: string
  /** What this check's own looks leave for the next one; empty at first and after a restart. */
  readonly kept: Map<string, unknown>
  /** Starts a child: only for the kinds that cannot do without (docs/probes.md names them). */
  readonly run: Run
  /** Told how long a part of the look took, for who watches it by hand; it stays on this host. */
  readonly note?: (part: string, seconds: number) => void
}

/**
 * One look at one check. Failing is data: the answer carries a state and a reason. A probe that
 * throws could not look at all, and no observation is made of it. What only reads files of the
 * kernel, which answer from memory, answers at once: a promise would cost more than the look.
 */
export type Probe<S = unknown> = (
  settings: S,
  context: ProbeContext,
) => Observation | Promise<Observation>
