import type { BootMs, EpochMs } from '../../protocol/time.ts'
import { collectorLimits } from '../limits.ts'

export type ClockWatchOptions = {
  readonly now: () => EpochMs
  /** Milliseconds since this machine booted, suspend included: nobody can set it. */
  readonly uptimeMs: () => BootMs
  /**
   * Milliseconds by a clock that nobody can set, cheap to read; it may stand still while the
   * machine is suspended. Without it the uptime is asked for every time.
   */
  readonly timerMs?: (() => number) | undefined
  /** Called before the first reading after the clock was set, with how far it moved. */
  readonly onStep: (stepMs: number) => void
}

/**
 * The collector's clock, watched. All that agents send is dated on it, so whoever keeps offsets to
 * it has to know when it is set.
 */
export function watchClock(options: ClockWatchOptions): () => EpochMs {
  const { now, uptimeMs, timerMs = () => Number.NaN, onStep } = options
  const { clockStepMs } = collectorLimits
  let bootedAt = now() - uptimeMs()
  let timedAt = now() - timerMs()
  return () => {
    const at = now()
    // Where both went on together, nobody set this one.
    if (Math.abs(at - timerMs() - timedAt) <= clockStepMs) return at
    let stepMs = Math.round(at - uptimeMs() - bootedAt)
    if (Math.abs(stepMs) > clockStepMs) {
      bootedAt += stepMs
      onStep(stepMs)
      stepMs = 0
    }
    timedAt = at - timerMs() - stepMs
    return at
  }
}
