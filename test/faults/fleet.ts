import { setTimeout as wait } from 'node:timers/promises'
import type { CheckDefinition } from '../../protocol/batch.ts'
import { dayMs } from '../../protocol/time.ts'
import { plannedOutage } from '../simulation/seeded.ts'
import { type Exchange, SimulatedAgent } from '../simulation/simulated-agent.ts'
import { between } from './randomness.ts'

const definitions: readonly CheckDefinition[] = [
  { check: 'host', kind: 'host', intervalMs: 5_000 },
  { check: 'web', kind: 'http', intervalMs: 5_000 },
  { check: 'disk', kind: 'disk', intervalMs: 5_000 },
]

const enrolledAtOnce = 100
const enrolMsMax = 60_000

export type FleetOptions = {
  readonly size: number
  readonly random: () => number
  readonly exchange: Exchange
  /** Between two batches of an agent that is not behind. */
  readonly paceMs?: readonly [number, number]
  /** After a failure; much shorter than a real agent's, so that faults meet traffic. */
  readonly retryMs?: readonly [number, number]
  /** Every so many batches of an agent tell of an outage of its `web` check; 0 never. */
  readonly outageEvery?: number
  /** How long ago the agents began to look. */
  readonly startedMsAgo?: number
  /** The wall clock of agents, and of the collector they speak to. */
  readonly now?: () => number
}

/**
 * Simulated agents in this process, which no fault ever touches: each seals, delivers, retries.
 * What they issued and what was acknowledged is what the oracle compares the record with.
 */
export class Fleet {
  readonly agents: readonly SimulatedAgent[]
  /** Milliseconds of `down` that were issued, by agent id. */
  readonly downMs = new Map<string, number>()
  /** Replies by status; 0 is no whole answer. */
  readonly replies = new Map<number, number>()
  /** Refusals that waiting does not mend: none may happen. */
  readonly refusals: string[] = []
  duplicateAnswers = 0
  readonly #options: Required<FleetOptions>
  readonly #bootAt: number
  readonly #from: number
  #loops: Promise<void>[] = []
  #isSealing = false
  #isRunning = false
  #waiting: (() => void)[] = []
  #ackedSince = 0

  constructor(options: FleetOptions) {
    const usual = { startedMsAgo: 0, now: Date.now, outageEvery: 7 }
    this.#options = { paceMs: [20, 200], retryMs: [20, 200], ...usual, ...options }
    const { size, random, startedMsAgo, now } = this.#options
    this.#from = dayMs
    this.#bootAt = now() - startedMsAgo - dayMs
    this.agents = Array.from({ length: size }, (_, i) => {
      const seed = between(random, 1, 2 ** 40)
      const boot = `b0070000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`
      const common = { definitions, bootAt: this.#bootAt, from: this.#from }
      return new SimulatedAgent({ name: `host-${i + 1}`, seed, boot, ...common })
    })
  }

  get acked(): number {
    return this.agents.reduce((sum, { acked }) => sum + acked.length, 0)
  }

  get issued(): number {
    return this.agents.reduce((sum, { issued }) => sum + issued.length, 0)
  }

  get backlog(): number {
    return this.agents.reduce((sum, { backlog }) => sum + backlog.length, 0)
  }

  /** All join, spread over the institutions; each says what time it has. */
  async enrol(tokens: ReadonlyMap<string, string>): Promise<void> {
    const all = [...tokens.values()]
    for (let from = 0; from < this.agents.length; from += enrolledAtOnce) {
      const some = this.agents.slice(from, from + enrolledAtOnce)
      await Promise.all(some.map((agent, i) => this.#enrol(agent, all[(from + i) % all.length]!)))
    }
    await this.greet()
  }

  /** Asks again while the collector has too much to do: on a busy machine that is no fault. */
  async #enrol(agent: SimulatedAgent, token: string): Promise<void> {
    const late = AbortSignal.timeout(enrolMsMax)
    for (;;) {
      try {
        return await agent.enrol(this.#options.exchange, token)
      } catch (error) {
        if (agent.lastReply?.status !== 503 || late.aborted) throw error
        await wait(between(this.#options.random, 500, 1_500))
      }
    }
  }

  /** A heartbeat of everybody: dates their boot anew. */
  async greet(): Promise<void> {
    await Promise.all(
      this.agents.map((agent) => agent.heartbeat(this.#options.exchange, this.#options.now())),
    )
  }

  /** Everybody seals what it saw until so long after it began to look; nothing is delivered. */
  sealAt(sinceMs: number): void {
    for (const agent of this.agents) agent.seal(this.#from + sinceMs)
  }

  /** Everybody seals what it saw until now; nothing is delivered. */
  sealAll(): void {
    for (const agent of this.agents) this.#seal(agent)
  }

  /** Begins to seal and deliver, all at once. */
  run(): void {
    this.#isRunning = true
    this.#isSealing = true
    this.#loops = this.agents.map((agent) => this.#live(agent))
  }

  /** Seals no more, delivers what is left. Whether all was delivered in time. */
  async drain(timeoutMs: number): Promise<boolean> {
    this.#isSealing = false
    const late = AbortSignal.timeout(timeoutMs)
    const isWaiting = (agent: SimulatedAgent) => agent.backlog.length > 0 && this.#canSend(agent)
    while (this.agents.some(isWaiting) && !late.aborted) await this.#nextTurn(late)
    this.#isRunning = false
    await Promise.all(this.#loops)
    return this.backlog === 0
  }

  /** Everybody sees one thing more and delivers it. Answers how long the slowest took. */
  async fresh(timeoutMs: number): Promise<number> {
    const startedAt = performance.now()
    await this.greet()
    for (const agent of this.agents) if (this.#canSend(agent)) this.#seal(agent)
    this.#isRunning = true
    this.#loops = this.agents.map((agent) => this.#live(agent))
    await this.drain(timeoutMs)
    return performance.now() - startedAt
  }

  /** Resolves when somebody is acknowledged or refused, or when the signal aborts. */
  #nextTurn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
      this.#waiting.push(done)
    })
  }

  /** Resolves after so many more acknowledgements, or when the signal aborts. */
  async acks(count: number, signal: AbortSignal): Promise<void> {
    const wanted = this.#ackedSince + count
    while (
      this.#ackedSince < wanted &&
      !signal.aborted &&
      this.agents.some((agent) => this.#canSend(agent))
    ) {
      await this.#nextTurn(signal)
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Whether waiting could still help: a refused agent stays where it is. */
  #canSend(agent: SimulatedAgent): boolean {
    return !this.refusals.some((line) => line.startsWith(`${agent.name}:`))
  }

  async #live(agent: SimulatedAgent): Promise<void> {
    const { exchange, random, paceMs, retryMs } = this.#options
    while (this.#isRunning && this.#canSend(agent)) {
      if (agent.backlog.length === 0) {
        if (!this.#isSealing) return
        this.#seal(agent)
      }
      const outcome = await agent.deliver(exchange)
      const status = agent.lastReply?.status ?? 0
      this.replies.set(status, (this.replies.get(status) ?? 0) + 1)
      if (outcome === 'refused') {
        this.refusals.push(`${agent.name}: ${status} ${agent.lastReply?.body}`)
        this.#wake()
      } else if (outcome === 'failed') {
        await wait(between(random, ...retryMs))
      } else {
        if (outcome === 'duplicate') this.duplicateAnswers++
        this.#ackedSince++
        this.#wake()
        if (agent.backlog.length === 0) await wait(between(random, ...paceMs))
      }
    }
  }

  #seal(agent: SimulatedAgent): void {
    const { outageEvery } = this.#options
    const to = this.#options.now() - this.#bootAt
    const from = agent.sealedAt
    const turn = agent.issued.length
    const isOutage = outageEvery > 0 && turn % outageEvery === outageEvery - 1 && to - from >= 100
    const runs = isOutage ? plannedOutage(definitions, agent.seed, turn, from, to) : []
    for (const { state, from, to } of runs) {
      if (state !== 'down') continue
      this.downMs.set(agent.agent, (this.downMs.get(agent.agent) ?? 0) + to - from)
    }
    agent.seal(Math.max(to, from + 1), runs)
  }
}
