import type { StateSpan } from '../../collector/kpi/timeline.ts'
import {
  type CheckKind,
  checkKinds,
  type Observation,
  type ObservedState,
  type Reason,
} from '../../protocol/check.ts'
import { type EpochMs, hourMs, secondMs } from '../../protocol/time.ts'
import type { CheckAddress } from './nation.ts'
import type { Random } from './random.ts'
import type { Owner, VirtualTime } from './virtual-time.ts'

/** A check of the world: how it truly is, and when somebody looked. */
export type Watched = {
  readonly address: CheckAddress
  readonly kind: CheckKind
  readonly intervalMs: number
  truth: readonly StateSpan<ObservedState>[]
  /** The last look saw a failure that was none. */
  isBlip: boolean
  readonly looks: EpochMs[]
}

/** How a check is named in reports: unique in the nation. */
export function nameOf({ institution, environment, agent, check }: CheckAddress): string {
  return `${institution}/${environment}/${agent}/${check}`
}

/** From an instant on a check truly fails. */
export function failFrom(check: Watched, at: EpochMs): void {
  const before = check.truth.flatMap((span) => {
    return span.from < at ? [{ ...span, to: Math.min(span.to, at) }] : []
  })
  check.truth = [...before, { from: at, to: at + hourMs, state: 'down' }]
}

/** What probes see: the truth, as far as they can look. */
export class Sight {
  /** Nothing but the truth disturbs a look any more. */
  isCalm = false
  /** Hosts on which no probe can look. */
  readonly broken = new Set<number>()
  readonly #time: VirtualTime
  readonly #random: Random

  constructor(time: VirtualTime, random: Random) {
    this.#time = time
    this.#random = random
  }

  /** A look that takes its time; what it sees is true when it begins. */
  look(host: number, check: Watched, process: Owner): Promise<Observation> {
    const { now } = this.#time
    const truth = check.truth.find(({ from, to }) => from <= now && now < to)?.state ?? 'up'
    // A packet is lost now and then; the next that can look sees that it was nothing.
    const isBlip = truth === 'up' && !check.isBlip && this.#happens(0.02)
    const state = isBlip ? checkKinds[check.kind] : truth
    const isSlow = state === 'down' && this.#happens(0.5)
    const takesMs = isSlow ? 10 * secondMs : this.#random.whole(1, 300)
    const cannotLook = this.#happens(0.01) || this.broken.has(host)
    if (!cannotLook) check.isBlip = isBlip
    const { promise, resolve, reject } = Promise.withResolvers<Observation>()
    this.#time.after(takesMs, process, () => {
      if (cannotLook) {
        reject(new Error('the probe broke'))
        return
      }
      check.looks.push(now)
      const reason: Reason = isSlow ? 'timeout' : 'refused'
      const value = this.#random.whole(1, 1_000) / 1_000
      resolve(state === 'up' ? { state, value } : { state, reason })
    })
    return promise
  }

  #happens(probability: number): boolean {
    return !this.isCalm && this.#random.chance(probability)
  }
}

/** The first check of each agent. */
export function oneOfEachAgent(checks: readonly Watched[]): Watched[] {
  const byAgent = Map.groupBy(checks, ({ address: { institution, environment, agent } }) =>
    JSON.stringify([institution, environment, agent]),
  )
  return [...byAgent.values()].map(([first]) => first!)
}
