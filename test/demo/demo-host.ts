import type { StateSpan } from '../../collector/kpi/timeline.ts'
import { clip } from '../../collector/kpi/timeline.ts'
import type { Fact, Run } from '../../protocol/batch.ts'
import type { ObservedState } from '../../protocol/check.ts'
import { limits } from '../../protocol/limits.ts'
import { type EpochMs, type Span, subtract } from '../../protocol/time.ts'
import { looks } from '../simulation/seeded.ts'
import { type Exchange, SimulatedAgent } from '../simulation/simulated-agent.ts'
import { factsAt } from './demo-facts.ts'
import type { HostPlan } from './demo-nation.ts'

const boot = 'b007b007-0000-4000-8000-000000000001'
/** Messages in a row that must be taken; a collector that starts may ask to come back. */
const triesMax = 20

/** A host of the demonstration: sees what is true, and tells it by the real protocol. */
export class DemoHost {
  readonly plan: HostPlan
  readonly agent: SimulatedAgent
  readonly #seed: number
  /** Time before this was told, or cannot be any more. */
  #toldTo: EpochMs
  #factsAt = 0

  constructor(plan: HostPlan, seed: number, index: number, bootAt: EpochMs) {
    this.plan = plan
    this.#seed = seed
    this.#toldTo = plan.life.from
    const from = plan.life.from - bootAt
    const definitions = plan.checks
    const name = plan.name
    this.agent = new SimulatedAgent({
      name,
      definitions,
      seed: seed * 1_000 + index,
      boot,
      bootAt,
      from,
    })
  }

  get toldTo(): EpochMs {
    return this.#toldTo
  }

  isAlive(at: EpochMs): boolean {
    return at >= this.plan.life.from && at < this.plan.life.to
  }

  /** Whether it cannot look at an instant. */
  isBlind(at: EpochMs): boolean {
    return this.plan.blind.some(({ from, to }) => from <= at && at < to)
  }

  /** The states of its checks at an instant. */
  statesAt(at: EpochMs): string {
    const stateOf = (spans: readonly StateSpan<ObservedState>[]) =>
      spans.find(({ from, to }) => from <= at && at < to)?.state
    return this.plan.truth.map(stateOf).join()
  }

  /**
   * Seals what it saw until an instant; with all that it measures, or only with what machine it is
   * on. False where it could not look at all.
   */
  seal(until: EpochMs, measures = true): boolean {
    const to = Math.min(until, this.plan.life.to)
    if (to <= this.#toldTo) return false
    const seen = subtract({ from: this.#toldTo, to }, [...this.plan.blind])
    const through = seen.at(-1)?.to
    if (through === undefined) return false
    const isWhole = seen.length === 1 && seen[0]!.from === this.#toldTo
    const runs = this.plan.checks.flatMap(({ check, intervalMs }, i) => {
      const spans = seen.flatMap((span) => clip(this.plan.truth[i]!, span))
      const isSteady = isWhole && spans.length === 1 && spans[0]!.state === 'up' && this.#wasUp(i)
      return isSteady ? [] : spans.map((span) => this.#run(check, intervalMs, span))
    })
    this.agent.seal(
      through - this.agent.bootAt,
      runs.slice(0, limits.runsMax),
      this.#facts(seen, measures),
    )
    this.#toldTo = through
    return true
  }

  /** Delivers all that is sealed. Throws where it is refused. */
  async deliver(exchange: Exchange): Promise<void> {
    for (let tries = 0; this.agent.backlog.length > 0; tries++) {
      const outcome = await this.agent.deliver(exchange)
      if (outcome === 'refused' || (outcome === 'failed' && tries > triesMax)) {
        const { status, body } = this.agent.lastReply ?? { status: 0, body: '' }
        throw new Error(`${this.plan.institution}/${this.plan.name}: ${status} ${body}`)
      }
    }
  }

  #wasUp(check: number): boolean {
    const before = this.plan.truth[check]!.find(({ from, to }) => {
      return from < this.#toldTo && this.#toldTo <= to
    })
    return before?.state === 'up'
  }

  #run(check: string, intervalMs: number, span: StateSpan<ObservedState>): Run {
    const from = span.from - this.agent.bootAt
    const to = span.to - this.agent.bootAt
    const count = looks(from, to, intervalMs)
    const isBad = span.state !== 'up'
    return { check, state: span.state, from, to, count, ...(isBad && { reason: 'timeout' }) }
  }

  /** Platform facts of each day, everything else once. */
  #facts(seen: readonly Span[], measures: boolean): Fact[] {
    const found = factsAt(this.plan, this.#seed, seen, { toldAt: this.#factsAt, measures })
    const last = seen.at(-1)!.to
    if (found.length > 0) this.#factsAt = last
    return found.map((fact) => ({ ...fact, at: fact.at - this.agent.bootAt }))
  }
}
