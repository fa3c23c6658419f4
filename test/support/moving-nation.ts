import { writeFileSync } from 'node:fs'
import { AgentBook } from '../../collector/evaluate/agent-book.ts'
import { type Basis, BasisBook } from '../../collector/evaluate/basis.ts'
import { outagesOf } from '../../collector/evaluate/context.ts'
import { Ledgers } from '../../collector/evaluate/ledgers.ts'
import { Observations } from '../../collector/evaluate/migration/observe.ts'
import type { ObservedInstitution } from '../../collector/kpi/migration/observation.ts'
import type { MigrationRegister, Workload } from '../../collector/kpi/migration/workload.ts'
import { readDeclared } from '../../collector/register/files.ts'
import { type Reader, sqliteReader } from '../../collector/store/sqlite/sqlite.ts'
import type { EvaluationReader } from '../../collector/store/store.ts'
import type { CheckDefinition, Fact } from '../../protocol/batch.ts'
import { dayMs, type EpochMs, minuteMs } from '../../protocol/time.ts'
import {
  exampleFiles,
  openTestCollector,
  TestClock,
  type TestCollector,
  textOf,
} from './collector.ts'
import { factRows, type Told } from './facts.ts'
import { temporaryFolder } from './folder.ts'
import { type ShortRun, WireAgent } from './wire-agent.ts'

/** When the nation is first watched: midnight in Muscat. */
export const movingStart = Date.parse('2026-11-01T20:00:00Z')

const places = ['hall', 'cloud', 'spare'] as const
export type MovingPlace = (typeof places)[number]

function registerYaml(left: readonly MovingPlace[]): string {
  const environments = places
    .filter((id) => !left.includes(id))
    .map(
      (id) => `  - id: ${id}
    name: { ar: بيئة ${id}, en: ${id} }
    class: internal
    criticality: critical`,
    )
  return `apiVersion: istimrar.register/v1
institutions:
- id: health
  kind: institution
  name: { ar: الصحة, en: Health }
  environments:
${environments.join('\n')}
populations: { continuity: [health], enabled: [], readiness: [] }
`
}

const definitions: CheckDefinition[] = [{ check: 'http', kind: 'http', intervalMs: minuteMs }]

/** For how long a host had been on when its agent enrolled. */
const uptimeMs = 10 * dayMs

/** A real collector with one institution, whose hosts a test makes tell what it likes. */
export class MovingNation implements AsyncDisposable {
  readonly #folder = temporaryFolder()
  readonly clock = new TestClock(movingStart)
  readonly #agents = new Map<string, WireAgent>()
  /** Until when each delivered. */
  readonly #ends = new Map<WireAgent, number>()
  readonly #readers: Reader[] = []
  #policy: string | null = null
  collector!: TestCollector

  /** With `policy`, by that text instead of the example's. */
  async open(policy: string | null = null): Promise<this> {
    this.#policy = policy
    await this.#openCollector([])
    return this
  }

  /** The register without these environments, from now on. */
  async leave(...left: readonly MovingPlace[]): Promise<void> {
    await this.collector.close()
    await this.#openCollector(left)
  }

  async #openCollector(left: readonly MovingPlace[]): Promise<void> {
    const file = this.#folder.file('register.yaml')
    writeFileSync(file, registerYaml(left))
    const policyFile = this.#folder.file('policy.yaml')
    writeFileSync(policyFile, this.#policy ?? textOf(exampleFiles.policy))
    const declared = readDeclared(file, policyFile, this.clock.at)
    const data = this.#folder.file('data')
    this.collector = await openTestCollector(data, this.clock, file, { declared })
    for (const agent of this.#agents.values()) agent.connect(this.collector.app)
  }

  folder(name: string): string {
    return this.#folder.file(name)
  }

  /** Enrols an agent; `place/name` names its host. */
  async enrol(host: string): Promise<string> {
    const [place, name] = host.split('/') as [MovingPlace, string]
    const agent = new WireAgent(this.collector.app, this.clock.at - uptimeMs, definitions)
    const answer = await agent.enrol(await this.collector.token('health', place), name)
    if (answer.status !== 200) throw new Error(answer.text)
    await agent.heartbeat(uptimeMs)
    this.#agents.set(host, agent)
    return agent.agent
  }

  async revoke(host: string): Promise<void> {
    const { agent } = this.#agents.get(host)!
    const answer = await this.collector.ask(`/api/v1/agents/${agent}/revoke`, { why: 'sold' })
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.json()))
  }

  /** Passes time, at the end of which the collector notes that it runs. */
  async wait(ms: number): Promise<void> {
    this.clock.at += ms
    await this.collector.noteLiveness()
  }

  /** A host delivers what it saw until now, up but for a time at the end, and what it measured. */
  async deliver(host: string, told: Told, downMs = 0): Promise<void> {
    const agent = this.#agents.get(host)!
    const to = this.clock.at - agent.bootAt
    await agent.heartbeat(to)
    const since = this.#ends.get(agent) ?? 0
    this.#ends.set(agent, to)
    const up: ShortRun = { check: 'http', state: 'up', to: Math.max(since, to - downMs) }
    const down: ShortRun = { check: 'http', state: 'down', to, reason: 'refused' }
    const facts = [...factRows(told, to).values()].map(plain)
    const answer = await agent.send(agent.batch(downMs > 0 ? [up, down] : [up], { facts }))
    if (answer.status !== 200) throw new Error(answer.text)
  }

  /** Whole days on each of which all of these hosts deliver. */
  async pass(days: number, hosts: Readonly<Record<string, Told>>): Promise<void> {
    for (let i = 0; i < days; i++) {
      await this.wait(dayMs)
      for (const [host, told] of Object.entries(hosts)) await this.deliver(host, told)
    }
  }

  /** A reader of its database, closed with it. */
  reader(): Reader {
    const reader = sqliteReader(this.#folder.file('data/collector.db'))
    this.#readers.push(reader)
    return reader
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const reader of this.#readers) await reader.close()
    await this.collector.close()
    this.#folder[Symbol.dispose]()
  }
}

/** Observes as an evaluator does, on any reader. */
export class Observer {
  readonly #reader: EvaluationReader
  readonly #basis: BasisBook
  readonly #agents: AgentBook
  readonly #ledgers: Ledgers
  readonly #observations: Observations

  constructor(reader: EvaluationReader) {
    this.#reader = reader
    this.#basis = new BasisBook(reader)
    this.#agents = new AgentBook(reader)
    this.#ledgers = new Ledgers(reader)
    this.#observations = new Observations(reader, this.#ledgers, this.#agents)
  }

  /** As of the midnight in Muscat before `now`, or of another instant. */
  async read(
    now: EpochMs,
    workloads: readonly Workload[] = [],
    at = midnightBefore(now),
  ): Promise<ReadonlyMap<string, ObservedInstitution>> {
    return this.observe(await this.prepare(now), at, registersOf(workloads))
  }

  /** What an evaluation does before it asks for observations. */
  async prepare(now: EpochMs): Promise<Basis> {
    const newestAct = await this.#reader.newestAct()
    const basis = (await this.#basis.read(newestAct, now))!
    await this.#agents.read(newestAct, now)
    const centre = outagesOf(await this.#reader.liveness())
    const pass = await this.#ledgers.begin(now, centre, basis.sources)
    for (const source of basis.sources) {
      await this.#ledgers.refresh(source, await this.#reader.checks(source), pass)
    }
    this.#observations.note(pass.days)
    return basis
  }

  observe(basis: Basis, at: EpochMs, registers: ReadonlyMap<string, MigrationRegister>) {
    return this.#observations.read({ basis, at, registers })
  }
}

/** A workload that moves from all of the hall to all of the cloud, and what is other of it. */
export function workloadOf(more: Partial<Workload> = {}): Workload {
  return {
    ...{ id: 'w-1', name: { ar: 'نظام', en: 'System' }, criticality: 'critical', weight: 4 },
    ...{ dataClass: null, strategy: 'rehost', wave: null, owner: null, provider: 'own-cloud' },
    source: { environment: 'hall', hosts: [] },
    target: { environment: 'cloud', hosts: [] },
    ...{ serviceSince: null, plannedStart: null, plannedFinish: null, startedOn: null },
    ...{ cutOverOn: null, retiredOn: null, state: 'cut_over', isRolledBack: false, blocked: null },
    ...more,
  }
}

/** What `health` registered, and nobody else. */
export function registersOf(workloads: readonly Workload[]): Map<string, MigrationRegister> {
  const register = { institution: 'health', workloads, exemptions: [], baselines: [] }
  return new Map([['health', register]])
}

/** The midnight in Muscat, four hours before that of UTC, at which the day of an instant began. */
export function midnightBefore(now: EpochMs): EpochMs {
  return Math.floor((now - movingStart) / dayMs) * dayMs + movingStart
}

function plain({ indicator, at, value, method, missing, detail }: FactOf): Fact {
  return {
    // Nothing was measured before the boot.
    ...{ indicator, at: Math.max(0, at), value },
    ...(method !== null && { method }),
    ...(missing !== null && { missing }),
    ...(detail !== null && { detail }),
  } as Fact // as the wire has it
}
type FactOf = ReturnType<typeof factRows> extends Map<string, infer Row> ? Row : never
