import { monitorEventLoopDelay } from 'node:perf_hooks'
import { collectorLimits } from '../limits.ts'

const resolutionMs = 20
const nanosecondsPerMs = 1e6

/**
 * Measures how late this thread runs its timers, for as long as it lives. The answer is the mean
 * of the last second, so that one long turn turns nobody away. Unit: milliseconds.
 */
export function watchLoopDelay(): () => number {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  let lastMs = 0
  const timer = setInterval(() => {
    const { count, mean } = histogram
    lastMs = count > 0 ? Math.max(0, mean / nanosecondsPerMs - resolutionMs) : 0
    histogram.reset()
  }, collectorLimits.loopDelayWindowMs)
  timer.unref()
  return () => lastMs
}
