import type { EpochMs } from '../../protocol/time.ts'

/** The best anchor of a boot's clock within one stretch of ten minutes. */
export type AnchorRow = {
  readonly boot: string
  /** Start of the stretch on the collector's clock. */
  readonly bucket: EpochMs
  /** min(received - boot milliseconds). */
  readonly offsetMs: number
  /** offset + boot - wall of that heartbeat: how wrong the host's wall clock was. */
  readonly wallErrorMs: number
}

/**
 * The collector's own clock: which boot of its machine, null where the kernel names none, and when
 * that began by the machine's wall clock.
 */
export type ClockRow = { readonly boot: string | null; readonly bootedAt: EpochMs }

/** What a start needs to tell whether the collector's own clock was set meanwhile. */
export type ClockStore = {
  /** The clock as it was when it was last noted; null before. */
  clock(): Promise<ClockRow | null>
  /** When the leaf was written that was written last, by the clock of then; null without any. */
  newestLeafAt(): Promise<EpochMs | null>
  /** Notes the clock. The anchors, by agent, rest on it and take the place of all stored ones. */
  saveClock(clock: ClockRow, anchors: Iterable<[string, readonly AnchorRow[]]>): Promise<void>
}
