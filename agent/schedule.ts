import { createHash } from 'node:crypto'
import type { BootMs } from '../protocol/time.ts'

/** A check as far as its rhythm is concerned. */
export type Rhythm = {
  readonly check: string
  readonly intervalMs: number
  /** Least time from one look to the next; a tick that comes sooner is left out. */
  readonly restMs?: number
}

type Slot = Required<Rhythm> & { readonly phaseMs: number; nextAt: BootMs; isBusy: boolean }

/** Checks that are looked at together: waking up costs more than looking. */
const roundMax = 25

/**
 * When to look at what. Ticks lie on a grid of boot time, so that they do not drift. Its phase
 * differs from agent to agent, so that not all look at once; the many checks of one agent are
 * spread over some rounds. While a look is under way its check's ticks are skipped.
 */
export class Schedule {
  readonly #slots: readonly Slot[]
  readonly #byCheck: ReadonlyMap<string, Slot>

  /** All checks are due at once: nothing is known of them. `seed` spreads agents. */
  constructor(rhythms: readonly Rhythm[], seed: string, now: BootMs) {
    const rounds = Math.ceil(rhythms.length / roundMax)
    this.#slots = rhythms.map(({ check, intervalMs, restMs = 0 }) => {
      const round = phaseOf(check, rounds)
      const phaseMs = phaseOf(seed, intervalMs) + Math.floor((round * intervalMs) / rounds)
      return { check, intervalMs, restMs, phaseMs, nextAt: now, isBusy: false }
    })
    this.#byCheck = new Map(this.#slots.map((slot) => [slot.check, slot]))
  }

  /** The checks to look at now; each is busy until `done`. */
  takeDue(now: BootMs): string[] {
    const due: string[] = []
    for (const slot of this.#slots) {
      if (slot.nextAt > now) continue
      slot.nextAt = nextTick(now, slot.intervalMs, slot.phaseMs)
      if (slot.nextAt - now < slot.restMs) slot.nextAt += slot.intervalMs
      if (slot.isBusy) continue
      slot.isBusy = true
      due.push(slot.check)
    }
    return due
  }

  /** A look is over. With `againAt` the next one comes then, if no tick comes before. */
  done(check: string, againAt: BootMs | null): void {
    const slot = this.#byCheck.get(check)
    if (!slot) throw new Error(`There is no check "${check}" in the schedule.`)
    slot.isBusy = false
    if (againAt !== null) slot.nextAt = Math.min(slot.nextAt, againAt)
  }

  /** When a check is due next. */
  nextAt(): BootMs {
    // Asked at each turn: a loop, as it makes nothing that has to be thrown away.
    let soonest = Number.POSITIVE_INFINITY
    for (const { nextAt } of this.#slots) if (nextAt < soonest) soonest = nextAt
    return soonest
  }
}

/** The first instant after `now` on the grid of `intervalMs` shifted by `phaseMs`. */
export function nextTick(now: BootMs, intervalMs: number, phaseMs: number): BootMs {
  return now + intervalMs - ((((now - phaseMs) % intervalMs) + intervalMs) % intervalMs)
}

/** A steady pseudo-random number below `limit`. */
export function phaseOf(seed: string, limit: number): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) % limit
}
