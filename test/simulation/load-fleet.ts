import type { EpochMs } from '../../protocol/time.ts'
import { openConnection } from './load-connection.ts'
import { changesOf, LoadDriver, type LoadStart } from './load-driver.ts'
import { type LoadPlace, loadDefinitions } from './load-nation.ts'
import { type LoadTally, postponedMs } from './load-tally.ts'
import { type Delivered, type Exchange, SimulatedAgent } from './simulated-agent.ts'

/** An agent of the fleet with its own connection. */
export type FleetMember = {
  readonly agent: SimulatedAgent
  readonly place: LoadPlace
  readonly exchange: Exchange
  readonly close: () => void
}

export type FleetOptions = {
  readonly count: number
  readonly places: readonly LoadPlace[]
  readonly url: string
  /** Wall clock when the hosts booted. */
  readonly bootAt: EpochMs
  /** When the agents began to look. */
  readonly from: EpochMs
  readonly speed: number
  /** As LoadDriverOptions. */
  readonly lagMs: number
}

/** Thousands of simulated agents against one collector, all from this process. */
export class Fleet {
  readonly members: readonly FleetMember[]
  readonly #options: FleetOptions
  #drivers: LoadDriver[] = []

  constructor(options: FleetOptions) {
    const { count, places, url, bootAt, from } = options
    this.#options = options
    this.members = Array.from({ length: count }, (_, i) => {
      const place = places[i % places.length]!
      const boot = `b007b007-0000-4000-8000-${i.toString(16).padStart(12, '0')}`
      const agent = new SimulatedAgent({
        ...{ name: `host-${i}`, definitions: loadDefinitions, seed: i, boot, bootAt },
        from: from - bootAt,
      })
      return { agent, place, ...openConnection(url, i) }
    })
  }

  get agents(): SimulatedAgent[] {
    return this.members.map(({ agent }) => agent)
  }

  /** One heartbeat of each, so many at once. */
  async beat(atOnce: number, tally: LoadTally): Promise<void> {
    await inParallel(this.members, atOnce, async ({ agent, exchange }) => {
      do {
        const startedAt = performance.now()
        const outcome = await agent.heartbeat(exchange, Date.now())
        tally.heartbeat(agent, outcome, performance.now() - startedAt)
      } while (await waitedOut(agent))
    })
  }

  /** Each seals `stepMs` more; with changes, every tenth agent has some to tell. */
  seal(stepMs: number, withChanges: boolean): void {
    for (const { agent } of this.members) {
      const through = agent.sealedAt + stepMs
      agent.seal(through, withChanges ? changesOf(agent, agent.seed, through) : [])
    }
  }

  /**
   * Delivers all backlogs as fast as the answers come, so many agents at once. Who is asked to come
   * back later does.
   */
  async deliver(atOnce: number, tally: LoadTally): Promise<void> {
    await inParallel(this.members, atOnce, async ({ agent, exchange }) => {
      while (agent.backlog.length > 0) {
        const startedAt = performance.now()
        let outcome = await agent.deliver(exchange)
        while (!isTaken(outcome) && (await waitedOut(agent))) {
          tally.postponed++
          outcome = await agent.deliver(exchange)
        }
        tally.batch(agent, outcome, performance.now() - startedAt)
        if (!isTaken(outcome)) return
      }
    })
  }

  /** Lets all live by the clock. */
  start(tally: LoadTally, startOf: (index: number) => LoadStart): void {
    const { speed, lagMs } = this.#options
    const random = Math.random
    this.#drivers = this.members.map(({ agent, exchange }, i) => {
      const driver = new LoadDriver({ agent, exchange, tally, random, speed, lagMs })
      driver.start(startOf(i))
      return driver
    })
  }

  /** Ends what `start` began; what is in flight is waited for. */
  async stop(): Promise<void> {
    await Promise.all(this.#drivers.map((driver) => driver.stop()))
    this.#drivers = []
  }

  close(): void {
    for (const { close } of this.members) close()
  }
}

function isTaken(outcome: Delivered): boolean {
  return outcome === 'acked' || outcome === 'duplicate'
}

/** Whether an agent was asked to come back later; it is later then. */
export async function waitedOut(agent: SimulatedAgent): Promise<boolean> {
  const waitMs = postponedMs(agent)
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
  return waitMs > 0
}

/** Works through all items, so many at once; the first error ends it. */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (let i = next++; i < items.length; i = next++) await work(items[i]!, i)
  })
  await Promise.all(workers)
}
