import { AppError } from '../error.ts'
import { collectorLimits } from '../limits.ts'

/** How much there is to do. */
export type Load = {
  /** Messages that wait for a commit. */
  readonly waiting: number
  /** How late the event loop was on average in the last second. */
  readonly loopDelayMs: number
}

/** What is let in longer than batches: it shows that a host lives. */
export type Urgency = 'batch' | 'sign of life'

const {
  batchesWaitingMax,
  batchesLoopDelayMs,
  signsOfLifeWaitingMax,
  signsOfLifeLoopDelayMs,
  messagesPerSecond,
  messagesBurst,
} = collectorLimits

const limitsOf: Record<Urgency, Load> = {
  batch: { waiting: batchesWaitingMax, loopDelayMs: batchesLoopDelayMs },
  'sign of life': { waiting: signsOfLifeWaitingMax, loopDelayMs: signsOfLifeLoopDelayMs },
}

/** Throws AppError `unavailable` when there is too much to do for a message of this urgency. */
export function requireRoom(urgency: Urgency, load: Load): void {
  const most = limitsOf[urgency]
  if (load.waiting > most.waiting || load.loopDelayMs > most.loopDelayMs) {
    throw new AppError('unavailable', 'The collector has too much to do now.')
  }
}

type Bucket = { left: number; at: number }

/**
 * How many messages each agent may send: `messagesPerSecond` for ever, `messagesBurst` at once
 * after a rest. Only agents that proved who they are get an account, so there are as many as
 * agents at most; whose account is full again is forgotten.
 */
export class Quota {
  readonly #buckets = new Map<string, Bucket>()
  #sweepAt = 0

  /** Takes one message. Throws AppError `too_many` when there is none left. */
  take(agent: string, nowMs: number): void {
    this.#sweep(nowMs)
    const bucket = this.#buckets.get(agent) ?? { left: messagesBurst, at: nowMs }
    const left = refilled(bucket, nowMs)
    if (left < 1) {
      this.#buckets.set(agent, { left, at: nowMs })
      throw new AppError('too_many', 'This agent sends too many messages.')
    }
    this.#buckets.set(agent, { left: left - 1, at: nowMs })
  }

  get size(): number {
    return this.#buckets.size
  }

  /** Forgets who has not sent for as long as it takes to fill an empty account. */
  #sweep(nowMs: number): void {
    const fullMs = (messagesBurst / messagesPerSecond) * 1_000
    // A clock that was set back must not put this off.
    if (nowMs < this.#sweepAt && nowMs > this.#sweepAt - fullMs) return
    this.#sweepAt = nowMs + fullMs
    for (const [agent, bucket] of this.#buckets) {
      if (refilled(bucket, nowMs) >= messagesBurst) this.#buckets.delete(agent)
    }
  }
}

/** What an account holds now. A clock that was set back gives nothing and takes nothing. */
function refilled({ left, at }: Bucket, nowMs: number): number {
  const earned = (Math.max(0, nowMs - at) / 1_000) * messagesPerSecond
  return Math.min(messagesBurst, left + earned)
}
