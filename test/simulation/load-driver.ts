import { delayMs, retryAfterMs } from '../../agent/backoff.ts'
import { limits } from '../../protocol/limits.ts'
import { secondMs } from '../../protocol/time.ts'
import type { LoadTally } from './load-tally.ts'
import { plannedOutage } from './seeded.ts'
import type { Exchange, SimulatedAgent } from './simulated-agent.ts'

/** A backlog drains no faster than this: as agent/deliver.ts. */
const paceMs = secondMs
/** One batch of this many carries changes. */
export const turnsPerChange = 10

export type LoadDriverOptions = {
  readonly agent: SimulatedAgent
  readonly exchange: Exchange
  readonly tally: LoadTally
  readonly random: () => number
  /** 1 is the rhythm of real agents; 10 makes every wait a tenth, so 500 load like 5,000. */
  readonly speed: number
  /** How far behind the clock it seals, so that a later hour can be told without waiting for it. */
  readonly lagMs: number
}

/** How an agent stands when its driver starts. */
export type LoadStart = {
  /** Until its next seal; null when it seals nothing. */
  readonly sealInMs: number | null
  readonly heartbeatInMs: number
  /** Failures in a row so far: an hour without a collector has left many. */
  readonly failures: number
}

/** Lets a simulated agent live by the clock, with the rules of agent/deliver.ts. */
export class LoadDriver {
  readonly #options: LoadDriverOptions
  readonly #sealMs: number
  readonly #heartbeatMs: number
  #timer: NodeJS.Timeout | undefined
  #inFlight: Promise<void> = Promise.resolve()
  #isStopped = true
  #isHeard = false
  #failures = 0
  #sealAt = Number.POSITIVE_INFINITY
  #sendAt = 0
  #heartbeatAt = 0
  /** When the oldest message was first sent. */
  #triedFrom: number | null = null
  #turn: number

  constructor(options: LoadDriverOptions) {
    this.#options = options
    this.#sealMs = limits.sealMs / options.speed
    this.#heartbeatMs = limits.heartbeatMs / options.speed
    this.#turn = options.agent.seed % turnsPerChange
  }

  start({ sealInMs, heartbeatInMs, failures }: LoadStart): void {
    const now = Date.now()
    this.#isStopped = false
    this.#isHeard = failures === 0
    this.#failures = failures
    this.#sealAt = sealInMs === null ? Number.POSITIVE_INFINITY : now + sealInMs
    this.#heartbeatAt = now + heartbeatInMs
    this.#sendAt = failures === 0 ? now : now + this.#backOffMs(0)
    this.#wait()
  }

  /** Ends after what is in flight. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#inFlight
  }

  #wait(): void {
    if (this.#isStopped) return
    const isWaiting = this.#options.agent.backlog.length > 0 || !this.#isHeard
    const due = Math.min(this.#sealAt, this.#heartbeatAt, isWaiting ? this.#sendAt : Infinity)
    this.#timer = setTimeout(
      () => {
        this.#inFlight = this.#step().finally(() => this.#wait())
      },
      Math.max(0, due - Date.now()),
    )
  }

  async #step(): Promise<void> {
    const now = Date.now()
    const { agent } = this.#options
    if (now >= this.#sealAt) this.#seal()
    if (now >= this.#heartbeatAt || (!this.#isHeard && now >= this.#sendAt)) {
      await this.#heartbeat()
    }
    if (this.#isHeard && now >= this.#sendAt && agent.backlog.length > 0) await this.#send()
  }

  #seal(): void {
    const { agent, lagMs } = this.#options
    const through = Math.max(agent.sealedAt, Date.now() - agent.bootAt - lagMs)
    this.#sealAt += this.#sealMs
    agent.seal(through, changesOf(agent, ++this.#turn, through))
  }

  async #heartbeat(): Promise<void> {
    const { agent, exchange, tally, random } = this.#options
    this.#heartbeatAt = Date.now() + this.#heartbeatMs * (0.95 + 0.1 * random())
    const startedAt = performance.now()
    const outcome = await agent.heartbeat(exchange, Date.now())
    tally.heartbeat(agent, outcome, performance.now() - startedAt)
    if (outcome === 'heard') this.#heard()
    else this.#failed()
  }

  async #send(): Promise<void> {
    const { agent, exchange, tally, speed } = this.#options
    this.#triedFrom ??= performance.now()
    const outcome = await agent.deliver(exchange)
    tally.batch(agent, outcome, performance.now() - this.#triedFrom)
    this.#sendAt = Date.now() + paceMs / speed
    if (outcome === 'acked' || outcome === 'duplicate') {
      this.#triedFrom = null
      this.#heartbeatAt = Date.now() + this.#heartbeatMs
      this.#heard()
    } else {
      this.#failed()
    }
  }

  #heard(): void {
    if (this.#failures > 0) this.#sendAt = 0
    this.#failures = 0
    this.#isHeard = true
  }

  #failed(): void {
    const { agent } = this.#options
    this.#failures += 1
    this.#isHeard = false
    const floorMs = retryAfterMs(agent.lastReply?.retryAfter ?? null, Date.now())
    this.#sendAt = Date.now() + this.#backOffMs(floorMs)
    if (floorMs > 0) this.#heartbeatAt = this.#sendAt
  }

  #backOffMs(floorMs: number): number {
    const { agent, random, speed } = this.#options
    const denied = agent.lastReply?.status === 401
    const failure = { count: this.#failures, denied, floorMs, local: false }
    return delayMs(failure, random) / speed
  }
}

/** What a batch of this turn tells: every tenth one an outage, the others nothing new. */
export function changesOf(agent: SimulatedAgent, turn: number, through: number) {
  if (turn % turnsPerChange !== 0) return []
  return plannedOutage(agent.definitions, agent.seed, turn, agent.sealedAt, through)
}
