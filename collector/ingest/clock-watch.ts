import type { BootMs, EpochMs } from '../../protocol/time.ts'
import { collectorLimits } from '../limits.ts'

export type ClockWatchOptions = {
  readonly now: () => EpochMs
  /** Milliseconds since this machine booted, suspend included: nobody can set it. */
  readonly uptimeMs: () => BootMs
  /** Called before the first reading after the clock was set, with how far it moved. */
  readonly onStep: (stepMs: number) => void
}

/**
 * The collector's clock, watched. All that agents send is dated on it, so whoever keeps offsets to
 * it has to know when it is set.
 */
export function watchClock({ now, uptimeMs, onStep }: ClockWatchOptions): () => EpochMs {
  let bootedAt = now() - uptimeMs()
  return () => {
    const at = now()
    const stepMs = Math.round(at - uptimeMs() - bootedAt)
    if (Math.abs(stepMs) > collectorLimits.clockStepMs) {
      bootedAt += stepMs
      onStep(stepMs)
    }
    return at
  }
}
