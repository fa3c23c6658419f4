import type { Clock, Timer } from '../../agent/clock.ts'

type Waiting = { readonly due: number; readonly action: () => void }

/** Clocks and timers of a host that a test moves by hand. Everything starts at a round number. */
export class FakeTime {
  wallMs = 1_800_000_000_000
  bootMs = 10_000_000
  runningMs = 0
  readonly #waiting = new Set<Waiting>()
  #onTimer = () => {}

  readonly clock: Clock = {
    wall: () => this.wallMs,
    boot: () => this.bootMs,
    running: () => this.runningMs,
  }

  readonly timer: Timer = (delayMs, action) => {
    const waiting = { due: this.runningMs + delayMs, action }
    this.#waiting.add(waiting)
    this.#onTimer()
    return () => this.#waiting.delete(waiting)
  }

  /** Lets time pass on all clocks, without running anything. */
  pass(ms: number): void {
    this.wallMs += ms
    this.bootMs += ms
    this.runningMs += ms
  }

  /** The host sleeps: timers and their clock stand still. */
  suspend(ms: number): void {
    this.wallMs += ms
    this.bootMs += ms
  }

  /** How long until the next timer; waits until there is one. */
  async untilNext(): Promise<number> {
    const { due } = await this.#next()
    return due - this.runningMs
  }

  /** Goes on to the next timer and runs it; waits until there is one. Answers how long that was. */
  async jump(): Promise<number> {
    const next = await this.#next()
    const ms = next.due - this.runningMs
    this.pass(Math.max(0, ms))
    this.#waiting.delete(next)
    next.action()
    return ms
  }

  async #next(): Promise<Waiting> {
    while (this.#waiting.size === 0) {
      await new Promise<void>((resolve) => {
        this.#onTimer = resolve
      })
    }
    return [...this.#waiting].reduce((a, b) => (b.due < a.due ? b : a))
  }
}
