import { writeFileSync } from 'node:fs'
import { readDeclared } from '../../collector/register/files.ts'
import { livenessHoleMs } from '../../collector/store/logs.ts'
import type { Fact } from '../../protocol/batch.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../support/collector.ts'
import { type ShortRun, WireAgent } from '../support/wire-agent.ts'
import { droppedDay, outOfSight, simulatedDays } from './move-cases.ts'
import { type Claim, claimed, dayStart, writtenDay } from './move-claims.ts'
import { simulatedHosting } from './move-hosting.ts'
import { synthesizeNation } from './nation.ts'
import { agentsOf } from './nation-agents.ts'
import { type Move, type MoveHost, type MovingNation, withMoves } from './nation-moves.ts'
import { policyYaml, registerYaml } from './nation-yaml.ts'

const start = Date.UTC(2026, 8, 1)
/** When institutions promise what they have planned. */
const roadmapDay = 20

type Running = { readonly host: MoveHost; readonly agent: WireAgent }

/**
 * A real collector that lives through the moves of a synthetic nation: at each noon hosts deliver
 * what they saw and what machine they are on, and people say what they say.
 */
export class SimulatedMoves implements AsyncDisposable {
  readonly #folder: string
  readonly clock = new TestClock(start + dayMs / 2)
  readonly moves: MovingNation['moves']
  readonly nation: MovingNation['nation']
  readonly #running = new Map<string, Running>()
  readonly #cookies = new Map<string, string>()
  #day = 0
  collector!: TestCollector

  /** Of so many institutions, in a folder of its own. */
  constructor(folder: string, seed: number, institutions: number) {
    this.#folder = folder
    const window = { from: start, to: start + simulatedDays * dayMs }
    // An agent for every environment at least, of whose checks all hosts there make a copy.
    const size = { institutions, agents: institutions * 5, window, outageFactor: 0 }
    const { nation, moves } = withMoves(synthesizeNation(seed, size))
    this.nation = nation
    this.moves = moves
  }

  get dataDir(): string {
    return `${this.#folder}/data`
  }

  /** Lives through all days, to a few minutes after the last delivery. */
  async live(): Promise<this> {
    await this.#open()
    for (;;) {
      if (this.#day === droppedDay) await this.#dropProvider()
      await this.#deliver()
      await this.#say()
      if (++this.#day === simulatedDays) break
      await this.#pass(dayMs)
    }
    await this.#pass(12 * minuteMs)
    await this.collector.evaluate()
    // Nobody looked for weeks: to the collector all of it is one jump.
    const why = 'a whole season of moves'
    await this.#act('POST', '/api/v1/publish/confirm', { why }, null)
    return this
  }

  /**
   * While agents are out of sight the collector notes all the time that it runs: what is not known
   * would be an outage of its own otherwise. At other times that would only take long.
   */
  async #pass(ms: number): Promise<void> {
    const isMissed = this.#day >= outOfSight.from && this.#day <= outOfSight.to
    const to = this.clock.at + ms
    while (this.clock.at < to) {
      this.clock.at = isMissed ? this.clock.at + livenessHoleMs : to
      await this.collector.noteLiveness()
    }
    await this.collector.keepLogs()
  }

  /** What people say on this day: of their workloads, and of what may stay. */
  async #say(): Promise<void> {
    for (const move of this.moves) {
      for (const { day, state } of move.claims) {
        if (day === this.#day) await this.#claim({ move, state, day })
      }
      if (move.exempt?.[0] === this.#day) await this.#exempt(move, move.exempt[1])
    }
    if (this.#day !== roadmapDay) return
    for (const { id } of this.nation.institutions) {
      const startOn = writtenDay(this.nation, this.#day)
      await this.#decided(id, 'baselines', { startOn, why: 'the roadmap' })
    }
  }

  async #claim(claim: Claim): Promise<void> {
    const { id, ...workload } = claimed(this.nation, claim)
    const { institution } = claim.move
    const url = `/api/v1/institutions/${institution}/workloads/${id}`
    await this.#act('PUT', url, { ...workload, why: 'as we say' }, institution)
  }

  async #exempt({ institution, workload }: Move, until: number): Promise<void> {
    const expiresAt = dayStart(this.nation, until)
    const asked = { workload, reason: 'a contract binds us', expiresAt }
    await this.#decided(institution, 'exemptions', asked)
  }

  /** The institution asks, the ministry approves. */
  async #decided(institution: string, kind: string, asked: object): Promise<void> {
    const url = `/api/v1/institutions/${institution}/${kind}`
    const { id } = await this.#act('POST', url, asked, institution)
    await this.#act('POST', `${url}/${id}/approve`, { why: 'agreed' }, null)
  }

  /** As somebody of an institution, or of the ministry. */
  async #act(method: 'POST' | 'PUT', url: string, body: object, institution: string | null) {
    const who = institution ?? 'ministry'
    let cookie = this.#cookies.get(who)
    if (!cookie) {
      cookie = await this.collector.cookieOf(
        institution === null
          ? { id: 'maryam', role: 'ministry' }
          : { id: `of-${institution}`, role: 'institution', institution },
      )
      this.#cookies.set(who, cookie)
    }
    const answer = await this.collector.app.inject({
      ...{ method, url, headers: { cookie }, payload: body },
    })
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.body}`)
    return answer.json() as { readonly id: string }
  }

  /** With all of the policy's providers, or without one of them. */
  async #open(without?: string): Promise<void> {
    const files = {
      register: `${this.#folder}/register.yaml`,
      policy: `${this.#folder}/policy.yaml`,
    }
    const providers = simulatedHosting.providers.filter(({ id }) => id !== without)
    const hosting = { ...simulatedHosting, providers }
    writeFileSync(files.register, registerYaml(this.nation))
    writeFileSync(files.policy, policyYaml(this.nation, { hosting }))
    const declared = readDeclared(files.register, files.policy, this.clock.now())
    const { dataDir, clock } = this
    this.collector = await openTestCollector(dataDir, clock, files.register, { declared })
  }

  /** The collector starts again with a policy that one provider is not in any more; two agree. */
  async #dropProvider(): Promise<void> {
    await this.collector.close()
    await this.#open('cloud-old')
    const { proposals } = (await this.collector.ask('/api/v1/policy/proposals')).json() as {
      proposals: readonly { readonly id: string }[]
    }
    for (const { id } of proposals) {
      const why = { why: 'its contract ended' }
      const answer = await this.collector.ask(`/api/v1/policy/proposals/${id}/approve`, why)
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.json()))
    }
    for (const { agent } of this.#running.values()) agent.connect(this.collector.app)
  }

  /** All hosts that report on this day tell of the day until now. */
  async #deliver(): Promise<void> {
    const due = this.moves.flatMap(({ institution, hosts }) =>
      hosts.filter((host) => isThere(host, this.#day)).map((host) => ({ institution, host })),
    )
    await Promise.all(
      due.map(async ({ institution, host }) => {
        const running = await this.#agentOf(institution, host)
        await this.#tell(running)
      }),
    )
  }

  async #agentOf(institution: string, host: MoveHost): Promise<Running> {
    const key = `${institution}/${host.environment}/${host.name}`
    const known = this.#running.get(key)
    if (known) return known
    const checks = agentsOf(this.nation).find(
      (each) =>
        each.institution === institution &&
        each.environment === host.environment &&
        each.agent === host.name,
    )!.checks
    const agent = new WireAgent(this.collector.app, start - dayMs, checks)
    const token = await this.collector.token(institution, host.environment)
    const answer = await agent.enrol(token, host.name)
    if (answer.status !== 200) throw new Error(`${key}: ${answer.text}`)
    const running = { host, agent }
    this.#running.set(key, running)
    return running
  }

  async #tell({ host, agent }: Running): Promise<void> {
    const to = this.clock.at - agent.bootAt
    await agent.heartbeat(to)
    const from = isThere(host, this.#day - 1) ? to - dayMs : to - hourMs
    const runs = agent.definitions.flatMap(({ check }, i): ShortRun[] => {
      const downMs = i === 0 && to - from === dayMs ? host.downHours * hourMs : 0
      if (downMs === 0) return [{ check, state: 'up', from, to }]
      return [
        { check, state: 'up', from, to: to - hourMs - downMs },
        { check, state: 'down', to: to - hourMs, reason: 'timeout' },
        { check, state: 'up', to },
      ]
    })
    const { status, text } = await agent.send(agent.batch(runs, { facts: factsOf(host, to) }))
    if (status !== 200) throw new Error(`${host.name}: ${text}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.collector?.close()
  }
}

function isThere({ reports }: MoveHost, day: number): boolean {
  return reports.some(({ from, to }) => day >= from && day < to)
}

function factsOf({ platform }: MoveHost, at: EpochMs): Fact[] {
  return [
    { indicator: 'os.support_left_days', at, value: 400 },
    { indicator: 'platform.cloud', at, value: platform.cloud },
    { indicator: 'platform.cloud_region', at, value: platform.region },
    { indicator: 'platform.virtualisation', at, value: platform.virtualisation },
  ]
}
