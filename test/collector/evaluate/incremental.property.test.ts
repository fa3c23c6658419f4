import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Evaluator } from '../../../collector/evaluate/evaluator.ts'
import type { ListedWindow } from '../../../collector/people/maintenance.ts'
import { readDeclared } from '../../../collector/register/files.ts'
import { type Reader, sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { version } from '../../../collector/version.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import {
  exampleFiles,
  openTestCollector,
  TestClock,
  type TestCollector,
  textOf,
} from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { numberOfRuns } from '../../support/number-of-runs.ts'
import { type ShortRun, WireAgent } from '../../support/wire-agent.ts'

/**
 * Whatever happens in whatever order: a collector that evaluates on, and tells its other thread the
 * news, shows what one finds who reads all of the evidence for the first time.
 */

const start = Date.parse('2026-11-21T18:00:00Z')
const places = [
  ['health', 'portal'],
  ['health', 'portal'],
  ['health', 'mail'],
  ['ports', 'portal'],
] as const

const definitions = ['host', 'http', 'disk'].map((kind) => {
  return { check: kind, kind: kind as 'host' | 'http' | 'disk', intervalMs: minuteMs }
})

type Doing =
  | { readonly do: 'pass'; readonly minutes: number; readonly isRunning: boolean }
  | { readonly do: 'set back' | 'change register'; readonly minutes: number }
  | { readonly do: 'beat' | 'drop a check' | 'revoke' | 'maintain'; readonly who: number }
  | {
      readonly do: 'batch'
      readonly who: number
      readonly states: readonly ShortRun['state'][]
      readonly lagMinutes: number
    }

const who = fc.nat({ max: places.length - 1 })
const state = fc.constantFrom<ShortRun['state']>('up', 'up', 'up', 'degraded', 'down', 'unknown')
const minutes = fc.constantFrom(0, 1, 1, 4, 6, 13, 60, 400, 1_500, 8 * 1_440)
const doing: fc.Arbitrary<Doing> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass'), minutes, isRunning: fc.boolean() }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('batch'),
      who,
      states: fc.array(state, { minLength: 3, maxLength: 3 }),
      lagMinutes: fc.nat({ max: 3 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('beat'), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('drop a check', 'maintain', 'maintain', 'revoke'),
      who,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('set back', 'change register'),
      minutes: fc.nat({ max: 30 }),
    }),
  },
) as fc.Arbitrary<Doing>

/** A real collector with four hosts, on a clock that is moved. */
class Nation implements AsyncDisposable {
  readonly #folder = temporaryFolder()
  readonly clock = new TestClock(start)
  #collector!: TestCollector
  #agents: WireAgent[] = []
  #ministry = ''
  #criticality = 0

  async open(): Promise<this> {
    await this.#openCollector()
    this.#ministry = await this.#collector.cookieOf({ id: 'maryam', role: 'ministry' })
    for (const [i, place] of places.entries()) {
      const agent = new WireAgent(this.#collector.app, start - dayMs, definitions)
      await agent.enrol(await this.#collector.token(...place), `host-${i}`)
      this.#agents.push(agent)
    }
    return this
  }

  async do(doing: Doing): Promise<void> {
    switch (doing.do) {
      case 'pass':
        return this.#pass(doing.minutes, doing.isRunning)
      case 'set back':
        this.clock.at -= doing.minutes * minuteMs
        return
      case 'change register':
        this.#criticality++
        await this.#collector.close()
        return this.#openCollector()
      case 'beat':
        await this.#agents[doing.who]!.heartbeat(this.#boot)
        return
      case 'drop a check':
        this.#agents[doing.who]!.define(definitions.slice(0, 2))
        return
      case 'revoke': {
        const { agent } = this.#agents[doing.who]!
        await this.#collector.ask(`/api/v1/agents/${agent}/revoke`, { why: 'it was sold' })
        return
      }
      case 'maintain':
        return this.#maintain(doing.who)
      case 'batch': {
        const agent = this.#agents[doing.who]!
        const to = this.#boot - doing.lagMinutes * minuteMs
        const runs = agent.definitions.map(({ check }, i): ShortRun => {
          const wanted = doing.states[i]!
          const state = check === 'disk' && wanted === 'down' ? 'degraded' : wanted
          return { check, state, from: to - 2 * minuteMs, to }
        })
        await agent.send(agent.batch(runs))
      }
    }
  }

  /** What the collector shows, and what one finds who derives every day from the evidence. */
  async compare(): Promise<void> {
    await this.#collector.evaluate()
    const reader = sqliteReader(`${this.#folder.path}/data/collector.db`)
    const unsaved: Reader = { ...reader, ledgerDays: async () => [] }
    const fresh = new Evaluator({ reader: unsaved, engine: version, simulated: false })
    const { nation, windows, institutions } = (await fresh.evaluate(this.clock.at))!.snapshot
    await reader.close()
    expect(await this.#shown('/api/v1/kpis')).toMatchObject(plain({ nation, windows }))
    for (const row of institutions) {
      const rows = fresh.checks(row.id)!.checks
      const environments = row.environments.map((each) => ({ ...each, checks: rows.get(each.id) }))
      const { institution } = await this.#shown(`/api/v1/institutions/${row.id}`)
      expect(institution).toEqual(plain({ ...row, environments }))
    }
  }

  async #shown(url: string): Promise<{ institution?: unknown }> {
    return (await this.#collector.ask(url)).json()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#collector.close()
    this.#folder[Symbol.dispose]()
  }

  get #boot(): number {
    return this.clock.at - start + dayMs
  }

  async #openCollector(): Promise<void> {
    const { path } = this.#folder
    const registerFile = `${path}/register.yaml`
    writeFileSync(registerFile, registerYaml(this.#criticality))
    const policyFile = `${path}/policy.yaml`
    const policy = textOf(exampleFiles.policy)
    const atOnce = policy.replace(/(maintenanceNoticeHours:\s+value:) \d+/, '$1 0')
    // What jumps is shown: a fresh evaluator compares with nothing.
    writeFileSync(
      policyFile,
      atOnce.replace('lostMin: 2, jumpPoints: 5', 'lostMin: 200, jumpPoints: 100'),
    )
    const declared = readDeclared(registerFile, policyFile, this.clock.now())
    this.#collector = await openTestCollector(`${path}/data`, this.clock, registerFile, {
      declared,
    })
    for (const agent of this.#agents) agent.connect(this.#collector.app)
  }

  async #pass(count: number, isRunning: boolean): Promise<void> {
    const end = this.clock.at + count * minuteMs
    while (isRunning && this.clock.at + minuteMs <= end) {
      this.clock.at += minuteMs
      if (count <= 400) await this.#collector.noteLiveness()
    }
    this.clock.at = end
  }

  async #maintain(who: number): Promise<void> {
    const [institution, environment] = places[who]!
    const url = `/api/v1/institutions/${institution}/environments/${environment}/maintenance`
    const from = Math.ceil(this.clock.at / minuteMs) * minuteMs + 5 * minuteMs
    const body = { from, to: from + hourMs, why: 'new storage' }
    const asked = await this.#collector.ask(url, body)
    if (asked.status >= 300) return
    const { id } = asked.json() as ListedWindow
    await this.#collector.ask(`${url}/${id}/approve`, { why: 'agreed' }, this.#ministry)
  }
}

function plain(value: object): object {
  return JSON.parse(JSON.stringify(value))
}

function registerYaml(criticality: number): string {
  const environment = (id: string) => `      - id: ${id}
        name: { ar: بيئة, en: ${id} }
        class: internal
        criticality: ${['critical', 'important', 'supporting'][criticality % 3]}
        hosting: { provider: own }`
  return `apiVersion: istimrar.register/v1
institutions:
  - id: health
    kind: institution
    name: { ar: الصحة, en: Health }
    environments:
${environment('mail')}
${environment('portal')}
  - id: ports
    kind: governorate
    name: { ar: الموانئ, en: Ports }
    environments:
${environment('portal')}
populations: { continuity: [health, ports], enabled: [], readiness: [] }
`
}

test('evidence grows stale while its agent is heard, without any news', async () => {
  await using nation = await new Nation().open()
  await nation.do({ do: 'beat', who: 3 })
  await nation.do({ do: 'batch', who: 3, states: ['up', 'up', 'up'], lagMinutes: 0 })
  for (let i = 0; i < 5; i++) {
    await nation.do({ do: 'pass', minutes: 4, isRunning: true })
    await nation.do({ do: 'beat', who: 3 })
    await nation.compare()
  }
})

test('evaluating on is evaluating from nothing, whatever came between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(doing, { minLength: 12, maxLength: 24 }), async (doings) => {
      await using nation = await new Nation().open()
      await nation.compare()
      for (const doing of doings) {
        await nation.do(doing)
        await nation.compare()
      }
    }),
    { numRuns: numberOfRuns(5) },
  )
})
