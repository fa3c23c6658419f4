import { writeFileSync } from 'node:fs'
import { Evaluator } from '../../collector/evaluate/evaluator.ts'
import { loadDefaultModel } from '../../collector/model/read-model.ts'
import { type Reader, sqliteReader } from '../../collector/store/sqlite/sqlite.ts'
import { version } from '../../collector/version.ts'
import type { CheckDefinition, Fact } from '../../protocol/batch.ts'
import { dayMs, type EpochMs, minuteMs } from '../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from './collector.ts'
import { factRows, type Told } from './facts.ts'
import { temporaryFolder } from './folder.ts'
import { type ShortRun, WireAgent } from './wire-agent.ts'

const kinds = ['host', 'http', 'tcp', 'journey', 'link', 'backup'] as const
const definitions = kinds.map((kind): CheckDefinition => {
  return { check: kind, kind, intervalMs: minuteMs }
})

const registerYaml = `apiVersion: istimrar.register/v1
institutions:
- id: health
  kind: institution
  name: { ar: الصحة, en: Health }
  roles: { remoteAccess: [portal/web-1/tcp], integrationPlatform: [portal/ghost/tcp] }
  environments:
  - id: portal
    name: { ar: بوابة الصحة, en: Health portal }
    class: public
    criticality: critical
    hosting: { provider: own, kind: cloud }
    recovery: { rpoHours: 24, rtoHours: 4 }
  - id: staff
    name: { ar: بيئة الموظفين, en: Staff }
    class: internal
    criticality: supporting
- id: roads
  kind: governorate
  name: { ar: الطرق, en: Roads }
  environments:
  - id: portal
    name: { ar: بوابة الطرق, en: Roads portal }
    class: public
    criticality: important
populations: { continuity: [health, roads], enabled: [health], readiness: [health, roads] }
`

/** When the nation is first watched. */
export const readyStart = Date.parse('2026-11-01T00:00:00Z')

/** What agents of the nation tell in a round where nothing else is said. */
export const usualFacts: Told = {
  'agent.version': version,
  'automation.managed': true,
  'backup.age_seconds': 6 * 3_600,
  'disk.free_ratio': 0.5,
  'disk.healthy': { missing: 'virtual_machine' },
  'firewall.on': true,
  'os.support_left_days': 400,
  'platform.cloud': 'none',
}

/**
 * A real collector with two institutions: `health` has a portal with an agent and an environment
 * without one, `roads` a portal. Readiness is looked at by evaluators on its database.
 */
export class ReadyNation implements AsyncDisposable {
  readonly #folder = temporaryFolder()
  readonly clock = new TestClock(readyStart)
  readonly #agents = new Map<string, WireAgent>()
  readonly #readers: Reader[] = []
  collector!: TestCollector

  async open(): Promise<this> {
    const file = this.#folder.file('register.yaml')
    writeFileSync(file, registerYaml)
    this.collector = await openTestCollector(this.#folder.file('data'), this.clock, file)
    for (const id of ['health', 'roads']) {
      const agent = new WireAgent(this.collector.app, readyStart - dayMs, definitions)
      await agent.enrol(await this.collector.token(id, 'portal'))
      await agent.heartbeat(dayMs)
      this.#agents.set(id, agent)
    }
    return this
  }

  get file(): string {
    return this.#folder.file('data/collector.db')
  }

  /** A reader of its database, closed with it. */
  reader(): Reader {
    const reader = sqliteReader(this.file)
    this.#readers.push(reader)
    return reader
  }

  /** An evaluator with the default model, on a reader that may be watched. */
  evaluator(reader: Reader = this.reader(), defaultModel = loadDefaultModel()): Evaluator {
    return new Evaluator({ reader, engine: version, simulated: false, defaultModel })
  }

  /** Passes whole days in each of which both agents deliver what they saw and measured. */
  async pass(days: number, down: readonly string[] = []): Promise<void> {
    for (let i = 0; i < days; i++) {
      await this.wait(dayMs)
      for (const id of this.#agents.keys()) await this.deliver(id, usualFacts, down)
    }
  }

  /** One agent delivers what it saw until now, and these facts. */
  async deliver(id: string, told: Told, down: readonly string[] = []): Promise<void> {
    const agent = this.#agents.get(id)!
    const to = this.clock.at - readyStart + dayMs
    await agent.heartbeat(to)
    const runs = definitions.map(({ check }): ShortRun => {
      return { check, state: down.includes(check) ? 'down' : 'up', to }
    })
    const facts = [...factRows(told, to).values()].map(plain)
    const values = ['http', 'link', 'link.loss'].map((name): Fact => {
      const buckets = [[-8, 20]]
      const value = { n: 20, min: 0.25, max: 0.28, last: 0.26, buckets }
      return { indicator: `check.${name}`, at: to - minuteMs, value }
    })
    const answer = await agent.send(agent.batch(runs, { facts: [...facts, ...values] }))
    if (answer.status !== 200) throw new Error(answer.text)
  }

  /** Passes time, at the end of which the collector notes that it runs. */
  async wait(ms: number): Promise<void> {
    this.clock.at += ms
    await this.collector.noteLiveness()
  }

  /** A minute after the last delivery counts for figures. */
  async settle(): Promise<EpochMs> {
    await this.wait(12 * minuteMs)
    return this.clock.at
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const reader of this.#readers) await reader.close()
    await this.collector.close()
    this.#folder[Symbol.dispose]()
  }
}

function plain({ indicator, at, value, method, missing, detail }: ReturnType<typeof rowOf>): Fact {
  return {
    ...{ indicator, at, value },
    ...(method !== null && { method }),
    ...(missing !== null && { missing }),
    ...(detail !== null && { detail }),
  } as Fact // as the wire has it
}

function rowOf(rows: ReturnType<typeof factRows>) {
  return rows.values().next().value!
}
