import type { EpochMs } from '../../protocol/time.ts'
import { monthAt } from '../kpi/month.ts'
import type { LevelBounds, ModelMark } from '../kpi/readiness/result.ts'
import type { KeptReadiness, KeptScore, MonthClosing } from '../kpi/readiness/trend.ts'
import type { Cycle } from '../kpi/snapshot.ts'
import type { OfficialRow } from './official-log.ts'

/** What was measured here at the end of a cycle. */
export type MeasuredAtEnd = Pick<KeptReadiness, 'stage'> & {
  readonly index: KeptScore | null
  readonly level: LevelBounds | null
  readonly model: ModelMark
  readonly end: EpochMs
  /** Whether it is of the frozen cycle; else of the month that ended with it. */
  readonly isFrozen: boolean
}

/** Both series of one cycle, side by side: neither ever takes the other's place. */
export type Beside = {
  readonly cycle: string
  /** The month it ended with, such as `2027-03`; null for a cycle before anything was measured. */
  readonly endMonth: string | null
  readonly official: OfficialRow | null
  readonly measured: MeasuredAtEnd | null
}

/** A cycle with what was frozen of it; null where that has no readiness, or nothing was frozen. */
export type EndedCycle = Pick<Cycle, 'id' | 'to'> & {
  readonly frozen: Omit<MeasuredAtEnd, 'end' | 'isFrozen'> | null
}

/** The cycles of which either series has a value, the newest first; months are the zone's. */
export function beside(
  official: readonly OfficialRow[],
  closings: readonly MonthClosing[],
  cycles: readonly EndedCycle[],
  timezone: string,
): Beside[] {
  const ends = new Map(closings.map((closing) => [closing.end, closing]))
  const measured = new Map<string, MeasuredAtEnd>()
  for (const { id, to, frozen } of cycles) {
    const closing = ends.get(to)
    if (frozen) measured.set(id, { ...frozen, end: to, isFrozen: true })
    else if (closing) {
      const { stage, index, level, model, end } = closing
      measured.set(id, { stage, index, level, model, end, isFrozen: false })
    }
  }
  const last = new Map(cycles.map(({ id, to }) => [id, monthAt(to - 1, timezone).id]))
  const published = new Map(official.map((row) => [row.cycle, row]))
  const ids = [...new Set([...published.keys(), ...measured.keys()])].sort().reverse()
  return ids.map((cycle) => ({
    ...{ cycle, endMonth: last.get(cycle) ?? null, official: published.get(cycle) ?? null },
    measured: measured.get(cycle) ?? null,
  }))
}
