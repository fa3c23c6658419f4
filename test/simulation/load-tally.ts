import { retryAfterMs } from '../../agent/backoff.ts'
import type { Delivered, SimulatedAgent } from './simulated-agent.ts'

/** Counts what a fleet met: times of acknowledged requests, and everything that went wrong. */
export class LoadTally {
  /** Milliseconds from the first request with a message to its receipt, retries included. */
  readonly ackMs: number[] = []
  /** Milliseconds from request to answer. */
  readonly heartbeatMs: number[] = []
  duplicates = 0
  /** Requests that were asked to come back later, with the time after which. */
  postponed = 0
  /** Requests that were refused or failed, by what came back. */
  readonly errors = new Map<string, number>()
  /** Agents heard at least once since `reset`. */
  readonly heard = new Set<SimulatedAgent>()
  #onHeard: (heard: number) => void = () => {}

  /** Calls back with the number of agents heard, each time it grows. */
  watch(onHeard: (heard: number) => void): void {
    this.#onHeard = onHeard
  }

  heartbeat(agent: SimulatedAgent, outcome: 'heard' | 'refused' | 'failed', ms: number): void {
    if (outcome === 'heard') {
      this.heartbeatMs.push(ms)
      this.#hear(agent)
    } else {
      this.#error(agent, 'heartbeat')
    }
  }

  batch(agent: SimulatedAgent, outcome: Delivered, ms: number): void {
    if (outcome === 'refused' || outcome === 'failed') {
      this.#error(agent, 'batch')
    } else {
      if (outcome === 'duplicate') this.duplicates++
      this.ackMs.push(ms)
      this.#hear(agent)
    }
  }

  get errorCount(): number {
    return this.errors.values().reduce((sum, count) => sum + count, 0)
  }

  #hear(agent: SimulatedAgent): void {
    if (this.heard.has(agent)) return
    this.heard.add(agent)
    this.#onHeard(this.heard.size)
  }

  #error(agent: SimulatedAgent, what: string): void {
    if (postponedMs(agent) > 0) {
      this.postponed++
      return
    }
    const name = `${what} ${agent.lastReply?.status ?? 'no answer'}`
    this.errors.set(name, (this.errors.get(name) ?? 0) + 1)
  }
}

/** How long the collector asked this agent to wait, if its last reply did. Unit: milliseconds. */
export function postponedMs({ lastReply }: SimulatedAgent): number {
  const isBusy = lastReply?.status === 503 || lastReply?.status === 429
  return isBusy ? retryAfterMs(lastReply.retryAfter, Date.now()) : 0
}

/** The value below which this share of the numbers lies; NaN for none. Unit: theirs. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
