import type { EpochMs } from '../../protocol/time.ts'
import type { FrozenResult } from '../register/cycles.ts'

/** The frozen figures of one revision of a cycle, without their bytes. */
export type FrozenRow = Omit<FrozenResult, 'length'> & {
  readonly cycle: string
  readonly revision: number
}

/** A leaf of a log, by its place. */
export type LeafPlace = { readonly log: string; readonly index: number }

/**
 * A published figure of an open cycle that became another by late data or by an act. Both values
 * are proven lows as written, over the same window, which ends at `asOf`; null: no value.
 */
export type FigureChangeRow = {
  /** `nation` or `institution/<id>`. */
  readonly figure: string
  readonly cycle: string
  readonly old: string | null
  readonly new: string | null
  readonly asOf: EpochMs
  readonly at: EpochMs
  /** The newest leaf that can have made it; null where only time passed. */
  readonly cause: LeafPlace | null
}

/** Changes read at once; the newest. */
export const figureChangesMax = 1_000

/** What is read of frozen cycles and of changed figures. */
export type CycleReader = {
  /** By cycle and revision. */
  frozenCycles(): Promise<FrozenRow[]>
  /** The bytes as they are kept; null without any. */
  frozenBytes(cycle: string, revision: number): Promise<Buffer | null>
  /** The newest changes of a cycle, the newest first; at most `figureChangesMax`. */
  figureChanges(cycle: string): Promise<FigureChangeRow[]>
  /** Whether anybody acted on what figures rest on after a position. */
  hasActs(after: number): Promise<boolean>
  /** The place of the newest leaf of all. */
  lastPosition(): Promise<number>
  /** The newest message or act of a log after a position; null without one. */
  newestCause(log: string, after: number): Promise<(LeafPlace & { position: number }) | null>
}

/** Frozen bytes come with their act; changed figures come by themselves. */
export type CycleWriter = {
  saveFigureChanges(changes: readonly FigureChangeRow[]): Promise<void>
}
