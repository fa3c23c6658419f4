import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isWitness } from '../../collector/evidence/leaf.ts'
import { sha256 } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { hourMs, minuteMs, secondMs } from '../../protocol/time.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { Central, seededKey } from './central.ts'
import { enrol } from './enrol.ts'
import type { Fault, Scenario } from './faults.ts'
import { Host } from './host.ts'
import { type Nation, synthesizeNation } from './nation.ts'
import { agentsOf, type WitnessAgent, witnessAgentsOf } from './nation-agents.ts'
import { faultsOf } from './nation-faults.ts'
import { truthOf } from './nation-truth.ts'
import { Network } from './network.ts'
import { type Acked, type Issued, judgeFresh, type Violation } from './oracle.ts'
import { randomOf } from './random.ts'
import { failFrom, nameOf, oneOfEachAgent, Sight, type Watched } from './sight.ts'
import { judgeWorld, placeIn } from './verdict.ts'
import { type Owner, VirtualTime, withVirtualTimers } from './virtual-time.ts'

/** What came of a run. */
export type Outcome = {
  readonly violations: readonly Violation[]
  /** Names all that happened, in order: equal for equal scenarios. */
  readonly trace: string
  readonly events: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

const startsAt = Date.UTC(2026, 9, 4, 6)
/** A host whose collector was gone for long may wait this long before it tries again. */
const drainMsMax = 40 * minuteMs
type Enrolled = Pick<ReturnType<typeof agentsOf>[number], 'institution' | 'environment'> &
  Pick<WitnessAgent, 'agent' | 'checks'> &
  Partial<Pick<WitnessAgent, 'watched'>>
const world: Owner = { name: 'world' }

/** Runs a scenario to its end and judges it. Nothing in it depends on anything but the scenario. */
export async function runWorld(scenario: Scenario): Promise<Outcome> {
  // Memory is as good a disk as any for a process that is only dropped, and spares the real one.
  const folder = mkdtempSync(join(scratchFolder(), 'simulation-'))
  const run = new World(scenario, folder)
  try {
    return await withVirtualTimers(
      run.time,
      () => run.central.owner,
      () => run.run(),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

class World {
  readonly time: VirtualTime
  readonly central: Central
  readonly #scenario: Scenario
  readonly #folder: string
  readonly #nation: Nation
  readonly #network: Network
  readonly #hosts: Host[] = []
  readonly #checks: Watched[] = []
  readonly #issued: Issued[] = []
  readonly #acked: Acked[] = []
  /** Messages that have their receipt: no reason to send them again. */
  readonly #settled = new Set<string>()
  readonly #violations: Violation[] = []
  readonly #events: string[] = []
  readonly #counts: Record<string, number> = {}
  readonly #sight: Sight

  constructor(scenario: Scenario, folder: string) {
    const { seed, hosts, lastsMs, outageFactor, isWitnessed = false } = scenario
    this.#scenario = scenario
    this.#folder = folder
    const window = { from: startsAt, to: startsAt + lastsMs }
    const size = { institutions: 2, agents: hosts, intervalMs: 30 * secondMs, window, outageFactor }
    const nation = synthesizeNation(seed, size)
    this.#nation = isWitnessed ? nation : { ...nation, witnesses: [] }
    this.time = new VirtualTime(startsAt, (owner, error) => this.#failed(owner, error))
    this.central = new Central(this.time, folder, this.#nation, {
      onFatal: (error) => this.#fail('fatal', `the collector ended itself: ${error}`),
      onQuarantine: (agent, why) => this.#fail('quarantine', `${agent}: ${why}`),
    })
    this.#sight = new Sight(this.time, randomOf(seed, 'looks'))
    const note = (what: string) => this.#note(what)
    this.#network = new Network(this.time, this.central, randomOf(seed, 'network'), note)
    this.#network.onAnswer = (host, path, jws, { status }) => {
      if (path !== '/v1/batches' || status !== 200) return
      this.#acked.push(placeIn(jws))
      // On a full disk a receipt cannot be kept: the message has to go out again.
      if (!host.isDiskFull) this.#settled.add(jws)
    }
    this.#network.onPost = (host, _path, jws) => {
      if (this.#settled.has(jws))
        this.#fail('r', `${host.identity.name} sends again what has its receipt`)
    }
  }

  async run(): Promise<Outcome> {
    const onRejection = (error: unknown) => this.#failed(world, error)
    process.on('unhandledRejection', onRejection)
    try {
      await this.central.start()
      const places = [...agentsOf(this.#nation), ...witnessAgentsOf(this.#nation)]
      for (const place of places) await this.#enrol(place)
      for (const host of this.#hosts) host.start()
      for (const fault of [...this.#scenario.faults, ...faultsOf(this.#nation)]) this.#plan(fault)
      await this.time.runUntil(startsAt + this.#scenario.lastsMs)
      await this.#heal()
      await this.#drain()
      await this.#probe()
      return await this.#judge()
    } finally {
      process.off('unhandledRejection', onRejection)
    }
  }

  async #enrol(place: Enrolled): Promise<void> {
    const { institution, environment, agent: name, checks: definitions } = place
    const index = this.#hosts.length
    const key = seededKey(this.#scenario.seed, `host ${index}`).key
    const { agent, log } = await enrol(this.central, this.time, place, key)
    const watched = definitions.map(({ check, kind, intervalMs }): Watched => {
      const address = { institution, environment, agent: name, check }
      const window = { from: startsAt, to: startsAt + this.#scenario.lastsMs + 6 * hourMs }
      return {
        address,
        kind,
        intervalMs,
        truth: truthOf(this.#nation, place.watched?.get(check) ?? address, window),
        isBlip: false,
        looks: [],
      }
    })
    this.#checks.push(...watched)
    const byName = new Map(watched.map((each) => [each.address.check, each]))
    const identity = { agent, key, log, enrolledAt: startsAt, definitions }
    const around = {
      time: this.time,
      folder: this.#folder,
      random: randomOf(this.#scenario.seed, `host ${index}`),
      note: (what: string) => this.#note(what),
      look: (check: string, process: Owner) => this.#sight.look(index, byName.get(check)!, process),
      post: (path: string, message: string | null, process: Owner) =>
        this.#network.post(index, this.#hosts[index]!, path, message ?? '', process),
      onIssued: (messages: readonly Omit<Issued, 'agent' | 'sha256'>[]) => {
        for (const { epoch, seq, through, type, jws } of messages) {
          this.#issued.push({ agent, epoch, seq, through, type, jws, sha256: sha256(jws) })
        }
      },
    }
    this.#hosts.push(new Host({ name: `host ${index}`, ...identity }, around))
  }

  #plan(fault: Fault): void {
    const endsAt = Math.min(fault.at + fault.forMs, this.#scenario.lastsMs)
    this.time.after(fault.at, world, () => this.#begin(fault, endsAt - fault.at))
    if (fault.kind !== 'centre') this.time.after(endsAt, world, () => this.#end(fault))
  }

  #begin(fault: Fault, forMs: number): void {
    this.#note(`begins: ${JSON.stringify(fault)}`)
    this.#counts[fault.kind] = (this.#counts[fault.kind] ?? 0) + 1
    const why = holdOf(fault)
    if (fault.kind === 'network' || fault.kind === 'refused') {
      this.#network.begin(fault)
      return
    }
    if (fault.kind === 'centre') {
      this.central.planCrash(fault.points, () => {
        this.#note('the collector is lost')
        const backMs = Math.min(forMs, startsAt + this.#scenario.lastsMs - this.time.now)
        this.time.after(backMs, world, () => this.#startCentral())
      })
      if (fault.points === 0) this.central.crash()
      return
    }
    const host = this.#hosts[fault.host]!
    if (fault.kind === 'crash') {
      host.hold(why)
      host.spoil(fault.spool)
    } else if (fault.kind === 'reboot') host.hold(why)
    else if (fault.kind === 'stop') host.stop(why)
    else if (fault.kind === 'suspend') host.suspend(forMs)
    else if (fault.kind === 'wall') host.wallErrorMs += fault.byMs
    else if (fault.kind === 'probes') this.#sight.broken.add(fault.host)
    else host.isDiskFull = true
  }

  #end(fault: Fault): void {
    if (fault.kind === 'network' || fault.kind === 'refused') {
      this.#network.end(fault)
      return
    }
    if (fault.kind === 'centre') return
    const host = this.#hosts[fault.host]!
    if (fault.kind === 'disk') host.isDiskFull = false
    if (fault.kind === 'probes') this.#sight.broken.delete(fault.host)
    if (fault.kind === 'reboot') {
      host.wallErrorMs = fault.wallErrorMs
      host.release(holdOf(fault), true)
    }
    if (fault.kind === 'crash' || fault.kind === 'stop') host.release(holdOf(fault))
  }

  async #startCentral(): Promise<void> {
    if (this.central.isUp) return
    this.#note('the collector starts')
    await this.central.start()
  }

  /** The world is well again: nothing fails from here on. */
  async #heal(): Promise<void> {
    this.#sight.isCalm = true
    this.central.planCrash(Number.POSITIVE_INFINITY, () => {})
    await this.#startCentral()
    this.#note('all is well')
  }

  async #drain(): Promise<void> {
    const from = this.time.now
    const isDrained = () => this.#hosts.every(({ waiting }) => waiting === 0)
    while (!isDrained() && this.time.now < from + drainMsMax) {
      await this.time.runUntil(this.time.now + 5 * secondMs)
    }
    // Who lost all has nothing to send and yet something to ask; who waits has not been heard.
    await this.time.runUntil(this.time.now + 2 * limits.heartbeatMs)
    this.#hosts.forEach(({ waiting, identity }) => {
      if (waiting !== 0 && waiting !== null && waiting > 1)
        this.#fail('drain', `${identity.name} still has ${waiting}`)
      if (waiting === null) this.#fail('drain', `${identity.name} does not run`)
    })
    this.#counts['drain s'] = (this.time.now - from) / 1_000
  }

  /** Something fails on every host at once, and every host has to show it. */
  async #probe(): Promise<void> {
    const at = this.time.now
    const failing = oneOfEachAgent(this.#checks)
    for (const check of failing) failFrom(check, at)
    // The board shows institutions; witnesses are in none.
    const probed = failing.filter(({ address }) => !isWitness(address))
    const shown = new Map<Watched, number>()
    while (shown.size < probed.length && this.time.now < at + 2 * minuteMs) {
      await this.time.runUntil(this.time.now + 5 * secondMs)
      const evaluator = await this.central.evaluated()
      for (const check of probed) {
        const { institution, environment, agent, check: name } = check.address
        const row = evaluator
          .checks(institution, environment)
          ?.checks.get(environment)
          ?.find((each) => each.check === `${agent}/${name}`)
        if (row?.state === 'down' && !shown.has(check)) shown.set(check, this.time.now - at)
      }
    }
    // Nobody waits for witnesses to show it: what they saw must be known by then.
    if (failing.length > probed.length) await this.time.runUntil(at + 2 * minuteMs)
    const probes = probed.map((check) => {
      return { name: nameOf(check.address), shownAfterMs: shown.get(check) ?? null }
    })
    this.#violations.push(...judgeFresh(probes))
  }

  async #judge(): Promise<Outcome> {
    for (const host of this.#hosts) host.hold('the end')
    const dir = await this.central.stop()
    const { violations, shown, stored, flagged } = await judgeWorld(join(dir, 'collector.db'), {
      ...{ issued: this.#issued, acked: this.#acked, hosts: this.#hosts, checks: this.#checks },
      endsAt: this.time.now,
    })
    this.#violations.push(...violations)
    for (const { name, timeline } of shown) this.#note(`${name} ${JSON.stringify(timeline)}`)
    const counts = {
      ...this.#counts,
      ...this.#network.counts,
      issued: this.#issued.length,
      acked: this.#acked.length,
      stored: stored.length,
      'class B': flagged.length,
      gaps: stored.filter(({ type }) => type === 'gap').length,
    }
    const trace = createHash('sha256').update(this.#events.join('\n')).digest('hex')
    return { violations: this.#violations, trace, events: this.#events, counts }
  }

  #failed(owner: Owner, error: unknown): void {
    const what = error instanceof Error ? `${error.stack}` : String(error)
    this.#fail('crash', `${owner.name} threw ${what}`)
  }

  #fail(rule: string, what: string): void {
    this.#note(`VIOLATION ${rule}: ${what.split('\n')[0]}`)
    this.#violations.push({ rule, what })
  }

  #note(what: string): void {
    this.#events.push(`${new Date(this.time.now).toISOString()} ${what}`)
  }
}

function holdOf(fault: Fault): string {
  return JSON.stringify(fault)
}
