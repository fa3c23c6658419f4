import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BootMs, EpochMs } from '../protocol/time.ts'

/** The host's clocks. Evidence is dated by `boot`; `wall` only accompanies it. */
export type Clock = {
  wall(): EpochMs
  /** Counts suspend and survives restarts of the agent. */
  boot(): BootMs
  /** Milliseconds that stand still while the host is suspended: the clock that timers follow. */
  running(): number
}

/** Runs an action after a delay; the answer cancels it. */
export type Timer = (delayMs: number, action: () => void) => () => void

/** A boot as remembered: which one, and both clocks at the same moment in it. */
export type BootMemory = { readonly id: string; readonly wall: EpochMs; readonly boot: BootMs }

/** The kernel's own name for this boot (Linux), else null. */
export function kernelBootId(root: string): string | null {
  try {
    const id = readFileSync(join(root, 'proc/sys/kernel/random/boot_id'), 'utf8').trim()
    return /^[0-9a-f-]{8,64}$/.test(id) ? id : null
  } catch {
    return null
  }
}

/**
 * Which boot this is. A container may start anew under the same kernel, and count its uptime from
 * 0 again: that is another boot, `<kernel's id>-<number>`, because no time of it can be compared
 * with those before. Where the kernel names no boot it is guessed.
 */
export function bootIdOf(
  kernelId: string | null,
  kept: BootMemory | null,
  now: { wall: EpochMs; boot: BootMs },
  newId: () => string,
): string {
  if (kernelId === null) return guessBootId(kept, now, newId)
  const [id, number] = [kept?.id.slice(0, kernelId.length), kept?.id.slice(kernelId.length + 1)]
  if (!kept || id !== kernelId) return kernelId
  return now.boot >= kept.boot ? kept.id : `${kernelId}-${Number(number || 0) + 1}`
}

/**
 * How far wall clock and uptime may drift apart before they are taken for another boot's. Little,
 * because a host with a wrong clock may seem to go on in the boot that it was in.
 */
const driftMsMax = 5_000

/**
 * Where the kernel names no boot: the remembered boot if the host still seems to be in it, else a
 * new one. Taking one boot for two only costs accuracy; taking two for one would be false.
 */
export function guessBootId(
  kept: BootMemory | null,
  now: { wall: EpochMs; boot: BootMs },
  newId: () => string,
): string {
  if (!kept || now.boot < kept.boot) return newId()
  const drift = Math.abs(now.wall - now.boot - (kept.wall - kept.boot))
  return drift > driftMsMax ? newId() : kept.id
}
