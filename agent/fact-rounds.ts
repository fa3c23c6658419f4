import type { Fact } from '../protocol/batch.ts'
import { type BootMs, dayMs, minuteMs, secondMs } from '../protocol/time.ts'
import type { ChildResult } from './child.ts'
import type { Clock, Timer } from './clock.ts'
import { factOf, parseReadings } from './facts/reading.ts'
import type { FrozenFacts } from './frozen.ts'
import type { Log } from './log.ts'
import type { Program } from './program.ts'
import { nextTick, phaseOf } from './schedule.ts'

type Parts = {
  readonly agent: string
  readonly facts: FrozenFacts
  /** How long after the start the first run is. */
  readonly firstMs: number
  /** Runs `agent facts --json` to its end, or the signal's. */
  readonly measure: (signal: AbortSignal) => Promise<ChildResult>
  readonly onFacts: (facts: readonly Fact[]) => void
  readonly clock: Clock
  readonly timer: Timer
  readonly report: Log
}

/** The looks at the checks come first after a start. */
export const firstRoundMs = 20 * secondMs
/** A run takes a few seconds; one that takes so long hangs. */
const roundMs = minuteMs
const againMs = 10 * minuteMs
/** How often all facts are told; in between those that are new. The collector forgets in a week. */
const wholeMs = dayMs

/**
 * Has the readiness facts measured by a short-lived child now and then, and hands on what it told.
 * One run at a time. A run that fails adds nothing, and is tried again soon.
 */
export class FactRounds {
  readonly #parts: Parts
  readonly #stop = new AbortController()
  #cancel = () => {}
  /** What was handed on of each indicator, whenever it was measured. */
  #told = new Map<string, string>()
  #wholeAt: BootMs = Number.NEGATIVE_INFINITY

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(): void {
    this.#after(this.#parts.firstMs)
  }

  stop(): void {
    this.#cancel()
    this.#stop.abort()
  }

  #after(delayMs: number): void {
    if (this.#stop.signal.aborted) return
    this.#cancel = this.#parts.timer(delayMs, () => void this.#round())
  }

  async #round(): Promise<void> {
    const { agent, clock, facts, onFacts, report } = this.#parts
    const at = clock.boot()
    let isDone = false
    try {
      const told = await this.#measured(at)
      if (this.#stop.signal.aborted) return
      onFacts(this.#news(told, at))
      isDone = true
    } catch (error) {
      if (this.#stop.signal.aborted) return
      const { message } = error as Error // JSON, the system and we throw errors
      report('warn', 'The facts could not be measured.', { error: message })
    }
    const now = clock.boot()
    const tick = nextTick(now, facts.everyMs, phaseOf(`${agent} facts`, facts.everyMs))
    this.#after((isDone ? tick : Math.min(tick, now + againMs)) - now)
  }

  /** Facts that say anything new; all of them once a day, so that nothing lost stays lost. */
  #news(facts: readonly Fact[], at: BootMs): Fact[] {
    const isWhole = at - this.#wholeAt >= wholeMs
    if (isWhole) this.#wholeAt = at
    const texts = new Map(facts.map(({ at: _, ...said }) => [said.indicator, JSON.stringify(said)]))
    const before = isWhole ? new Map<string, string>() : this.#told
    this.#told = texts
    return facts.filter(({ indicator }) => texts.get(indicator) !== before.get(indicator))
  }

  async #measured(at: BootMs): Promise<Fact[]> {
    const { facts, measure, timer } = this.#parts
    const controller = new AbortController()
    const abort = () => controller.abort()
    const cancel = timer(roundMs, abort)
    this.#stop.signal.addEventListener('abort', abort)
    try {
      const { status, stdout, aborted } = await measure(controller.signal)
      if (aborted) throw new Error('It took too long.')
      if (status !== 0) throw new Error(`It ended with ${status}.`)
      return parseReadings(stdout)
        .filter(({ indicator }) => !facts.exclude.includes(indicator))
        .map((reading) => factOf(reading, at))
    } finally {
      cancel()
      this.#stop.signal.removeEventListener('abort', abort)
    }
  }
}

/** What the child may know of our environment: how to reach others, and where Windows is. */
const inherited =
  /^(https?_proxy|all_proxy|no_proxy|system(root|drive)|windir|programdata|programfiles.*|temp)$/i

/** The environment of the child. */
export function factsEnvironment(ours: Program['proxy']): Record<string, string> {
  const known = Object.entries(ours).filter(([name]) => inherited.test(name))
  return Object.fromEntries(known) as Record<string, string> // no variable is undefined
}
