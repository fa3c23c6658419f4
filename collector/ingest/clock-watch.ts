import { readFileSync } from 'node:fs'
import type { BootMs, EpochMs } from '../../protocol/time.ts'
import { collectorLimits } from '../limits.ts'
import type { ClockRow, ClockStore } from '../store/clocks.ts'
import type { Roster } from './roster.ts'

/** The kernel's own name for this machine's boot (Linux), else null. */
export function kernelBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

/**
 * How far the clock was set since a collector last wrote here, in milliseconds; 0 where it was not,
 * or where nobody can tell. In the same boot the boot's own clock tells. In another one time may
 * have passed, so only a clock that stands before the newest leaf was set, by that much at least.
 */
export function stepSince(
  known: ClockRow | null,
  newestLeafAt: EpochMs | null,
  { boot, bootedAt }: ClockRow,
  now: EpochMs,
): number {
  if (newestLeafAt === null) return 0
  const { clockStepMs } = collectorLimits
  const isSame =
    known !== null &&
    boot !== null &&
    known.boot === boot &&
    // A container counts its uptime anew under the same kernel: that is another boot.
    now - bootedAt + clockStepMs >= newestLeafAt - known.bootedAt
  const stepMs = isSame ? bootedAt - known.bootedAt : Math.min(0, now - newestLeafAt)
  return Math.abs(stepMs) > clockStepMs ? stepMs : 0
}

export type ClockWatchOptions = {
  readonly now: () => EpochMs
  /** Milliseconds since this machine booted, suspend included: nobody can set it. */
  readonly uptimeMs: () => BootMs
  /** When this machine booted, by the clock as it stood when it was last looked at. */
  readonly bootedAt: EpochMs
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
  let { bootedAt } = options
  // No reading yet: the first asks for the uptime.
  let timedAt = Number.NaN
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

export type OwnClockOptions = {
  readonly store: ClockStore
  /** What it knows is anchored on the clock, and moves with it. */
  readonly roster: Pick<Roster, 'anchors' | 'shiftClocks'>
  readonly now: () => EpochMs
  readonly uptimeMs: () => BootMs
  /** As of watchClock. */
  readonly timerMs?: (() => number) | undefined
  /** The kernel's name for this boot. */
  readonly boot: string | null
  /** Told of each step, one that fell between two collectors included. */
  readonly onStep: (stepMs: number) => void
  /** A step that could not be kept: the next start may take it for a new one. */
  readonly onUnsaved: (error: unknown) => void
}

/**
 * The collector's clock, watched since the collector before: anchors move with each step, in memory
 * and on disk in one commit with the clock that they rest on. Before anything is dated or appended.
 */
export async function openOwnClock(options: OwnClockOptions): Promise<() => EpochMs> {
  const { store, roster, now, uptimeMs, timerMs, boot, onStep, onUnsaved } = options
  const at = now()
  let bootedAt = Math.round(at - uptimeMs())
  const step = (stepMs: number) => {
    onStep(stepMs)
    roster.shiftClocks(stepMs)
  }
  const save = () => store.saveClock({ boot, bootedAt }, roster.anchors())
  const missedMs = stepSince(
    await store.clock(),
    await store.newestLeafAt(),
    { boot, bootedAt },
    at,
  )
  if (missedMs !== 0) step(missedMs)
  await save()
  const whileRunning = (stepMs: number) => {
    step(stepMs)
    bootedAt += stepMs
    save().catch(onUnsaved)
  }
  return watchClock({ now, uptimeMs, timerMs, bootedAt, onStep: whileRunning })
}
