import { limits } from '../../protocol/limits.ts'
import { type EpochMs, secondMs } from '../../protocol/time.ts'
import type { Exchange } from '../simulation/simulated-agent.ts'
import type { DemoHost } from './demo-host.ts'

export type DemoLiveOptions = {
  readonly hosts: readonly DemoHost[]
  readonly url: string
  readonly now: () => EpochMs
  /** Told of what a host could not do; it tries again. */
  readonly onError: (error: unknown) => void
}

/** When a host does what next. */
type Turn = {
  readonly host: DemoHost
  sealAt: EpochMs
  heartbeatAt: EpochMs
  states: string
  isBusy: boolean
}

const tickMs = secondMs
/** As long as the real agent waits for an answer. */
const timeoutMs = 15 * secondMs

/**
 * Lets hosts live by the clock, in the rhythm of real agents: a heartbeat every 90 seconds, a batch
 * every ten minutes and at once when a state changed. Who is blind says nothing.
 */
export class DemoLive {
  readonly #options: DemoLiveOptions
  readonly #turns: Turn[]
  readonly #underWay = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: DemoLiveOptions) {
    this.#options = options
    const at = options.now()
    const living = options.hosts.filter(({ agent }) => agent.agent !== '')
    this.#turns = living.map((host, i) => ({
      host,
      // At first all are heard within seconds, then each has its own moment.
      sealAt: host.toldTo + (limits.sealMs * (i + 1)) / living.length,
      heartbeatAt: at + (10 * secondMs * i) / living.length,
      states: host.statesAt(host.toldTo),
      isBusy: false,
    }))
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickMs)
  }

  /** Ends after what is in flight. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#underWay)
  }

  #tick(): void {
    const at = this.#options.now()
    for (const turn of this.#turns) {
      if (turn.isBusy || !turn.host.isAlive(at) || turn.host.isBlind(at)) continue
      const isNews = turn.host.statesAt(at) !== turn.states
      if (!isNews && at < turn.sealAt && at < turn.heartbeatAt) continue
      turn.isBusy = true
      const work = this.#step(turn, at, isNews || at >= turn.sealAt)
        .catch(this.#options.onError)
        .finally(() => {
          turn.isBusy = false
          this.#underWay.delete(work)
        })
      this.#underWay.add(work)
    }
  }

  async #step(turn: Turn, at: EpochMs, seals: boolean): Promise<void> {
    const { host } = turn
    turn.heartbeatAt = at + limits.heartbeatMs
    if (!seals) {
      await host.agent.heartbeat(this.#exchange, at)
      return
    }
    turn.sealAt = at + limits.sealMs
    turn.states = host.statesAt(at)
    // What begins at this instant is in it, so that the board can show it.
    if (host.seal(at + 1)) await host.deliver(this.#exchange)
  }

  readonly #exchange: Exchange = async (path, body) => {
    const answer = await fetch(`${this.#options.url}${path}`, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/jose' } },
      signal: AbortSignal.timeout(timeoutMs),
    })
    const { status, headers } = answer
    return { status, body: await answer.text(), retryAfter: headers.get('retry-after') }
  }
}
