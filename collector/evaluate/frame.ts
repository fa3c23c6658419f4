import { limits } from '../../protocol/limits.ts'
import type { EpochMs, Span } from '../../protocol/time.ts'
import { asOfAt, cycleAt, windowsAt } from '../kpi/cycle.ts'
import type { Basis } from './basis.ts'
import type { Frame } from './build-snapshot.ts'

/** Where figures end that nobody asked another window for. */
export function usualEnd(
  { policy: { sealMinutes } }: Basis,
  now: EpochMs,
  firstEnrolledAt: EpochMs | null,
): EpochMs {
  const { youngMs, sealYoungMs } = limits
  return asOfAt(now, { sealMs: sealMinutes * 60_000, youngMs, sealYoungMs, firstEnrolledAt })
}

/**
 * What every figure of an evaluation rests on. `until` is where all windows end, or a window that
 * takes the place of the cycle.
 */
export function frameOf(
  { policy, standard }: Basis,
  { engine, simulated }: Pick<Frame, 'engine' | 'simulated'>,
  computedAt: EpochMs,
  until: EpochMs | Span,
): Frame {
  const { timezone, cycleMonths, criticalityWeights: weights, nationalAggregation } = policy
  const window = typeof until === 'number' ? null : until
  const asOf = typeof until === 'number' ? until : until.to
  const cycle = cycleAt(window ? asOf - 1 : asOf, timezone, cycleMonths)
  return {
    ...{ engine, simulated, computedAt, asOf, timezone, standard, cycle, weights },
    windows: { ...windowsAt(asOf, cycle), ...(window && { cycle: window }) },
    headline: nationalAggregation,
  }
}
