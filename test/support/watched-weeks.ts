import { readFileSync, writeFileSync } from 'node:fs'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { randomOf } from '../simulation/random.ts'
import { openTestCollector, TestClock, type TestCollector } from './collector.ts'
import { twoInstitutions } from './two-institutions.ts'
import { type ShortRun, WireAgent } from './wire-agent.ts'

const definitions = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs },
] as const
const places = ['health', 'roads'] as const

/** Before the cycle that closes in October 2026 is over. */
export const weeksBegin: EpochMs = Date.parse('2026-08-30T20:00:00Z')
const days = 45
/** Both send all they know once in so many days; of roads nothing comes from this day on. */
const daysEach = 3
const lateFrom = 39

/**
 * A real collector that watched two institutions for 45 days, over the end of a cycle that is
 * frozen since, with outages, holes and a change of the register. `tellLate` brings evidence of two
 * days that were unknown until then.
 */
export class WatchedWeeks {
  readonly clock = new TestClock(weeksBegin)
  readonly #folder: string
  readonly #random: () => number
  readonly #agents = new Map<string, WireAgent>()
  collector!: TestCollector

  constructor(folder: string, seed: number) {
    this.#folder = folder
    this.#random = randomOf(seed, 'watched weeks').next
  }

  async live(): Promise<this> {
    const file = twoInstitutions(this.#folder)
    await this.#open(file)
    for (const id of places) {
      const agent = new WireAgent(this.collector.app, weeksBegin - dayMs, definitions)
      await agent.enrol(await this.collector.token(id, 'portal'), `${id}-1`)
      await agent.heartbeat(dayMs)
      this.#agents.set(id, agent)
    }
    for (let day = 0; day < days; day += daysEach) {
      this.clock.at = weeksBegin + (day + daysEach) * dayMs
      if (day === 18) await this.#changeRegister(file)
      await this.#watch('health', day)
      if (day < lateFrom) await this.#watch('roads', day)
    }
    await this.#freeze()
    await this.#publish()
    return this
  }

  /** Time goes by in which all agents are heard, without any evidence. */
  async pass(durationMs: number): Promise<void> {
    this.clock.at += durationMs
    for (const agent of this.#agents.values()) await agent.heartbeat(this.clock.at - agent.bootAt)
    await this.#publish()
  }

  /** Roads was down for some hours of two days that nobody knew of. */
  async tellLate(): Promise<void> {
    const agent = this.#agents.get('roads')!
    await agent.heartbeat(this.clock.at - agent.bootAt)
    const start = (lateFrom + 1) * dayMs
    const runs = definitions.flatMap(({ check }): ShortRun[] => [
      { check, state: 'up', from: start, to: start + 20 * hourMs },
      { check, state: 'down', reason: 'refused', to: start + 26 * hourMs },
      { check, state: 'up', to: start + 48 * hourMs },
    ])
    const answer = await agent.send(agent.batch(runs))
    if (answer.status !== 200) throw new Error(`The late batch was refused: ${answer.text}`)
    await this.#publish()
  }

  /** Brings the figures up to date, however far they jumped. */
  async #publish(): Promise<void> {
    await this.collector.evaluate()
    // Refused where nothing is held back.
    await this.collector.ask('/api/v1/publish/confirm', { why: 'as it was meant' })
  }

  async #open(file: string): Promise<void> {
    this.collector = await openTestCollector(`${this.#folder}/data`, this.clock, file)
    for (const agent of this.#agents.values()) agent.connect(this.collector.app)
  }

  /** Roads leaves the population, and the portal of health weighs less. */
  async #changeRegister(file: string): Promise<void> {
    await this.collector.close()
    const text = readFileSync(file, 'utf8')
    const changed = text
      .replace('continuity: [health, roads]', 'continuity: [roads]')
      .replace('criticality: critical', 'criticality: supporting')
    writeFileSync(file, changed)
    this.clock.at += 3 * hourMs
    await this.#open(file)
  }

  async #watch(id: string, first: number): Promise<void> {
    const runs = Array.from({ length: daysEach }, (_, i) => this.#runs(first + i)).flat()
    const agent = this.#agents.get(id)!
    await agent.heartbeat(this.clock.at - agent.bootAt)
    const answer = await agent.send(agent.batch(runs))
    if (answer.status !== 200) throw new Error(`Day ${first} of ${id}: ${answer.text}`)
  }

  /** A day that was up but for one outage, and but for a hole of which nothing is known. */
  #runs(day: number): ShortRun[] {
    const start = (day + 1) * dayMs
    const [downAt, downFor] = [this.#random() * 10 * hourMs, this.#random() * 3 * hourMs].map(
      Math.floor,
    ) as [number, number]
    const hole = Math.floor(this.#random() * 4 * hourMs)
    return definitions.flatMap(({ check }): ShortRun[] => [
      { check, state: 'up', from: start, to: start + downAt },
      { check, state: 'down', reason: 'timeout', to: start + downAt + downFor },
      { check, state: 'up', from: start + downAt + downFor + hole, to: start + dayMs },
    ])
  }

  async #freeze(): Promise<void> {
    const { collector } = this
    const maryam = await collector.cookieOf({ id: 'maryam', role: 'ministry' })
    const evaluator = await collector.cookieOf({ id: 'evaluator', role: 'evaluator' })
    const url = '/api/v1/cycles/2026-10'
    const why = 'end of the half-year'
    const asked = await collector.ask(`${url}/freeze`, { why }, maryam)
    const agreed = await collector.ask(`${url}/approve`, { revision: 0, why }, evaluator)
    if (asked.status !== 200 || agreed.status !== 200) {
      throw new Error(`Not frozen: ${JSON.stringify([asked.json(), agreed.json()])}`)
    }
  }
}
