import { cpSync, writeFileSync } from 'node:fs'
import { changeLogKey } from '../../collector/evidence/log-key-change.ts'
import { readDeclared } from '../../collector/register/files.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import type { CheckDefinition, Fact } from '../../protocol/batch.ts'
import { generateKey } from '../../protocol/jws.ts'
import { rejoinCode } from '../../protocol/possession.ts'
import { dayMs, hourMs, minuteMs } from '../../protocol/time.ts'
import { openTestCollector, policyWithHosting, TestClock, type TestCollector } from './collector.ts'
import { type ShortRun, WireAgent } from './wire-agent.ts'

const definitions: CheckDefinition[] = [
  { check: 'host', kind: 'host', intervalMs: minuteMs },
  { check: 'web', kind: 'http', intervalMs: minuteMs, label: 'البوابة' },
  { check: 'disk', kind: 'disk', intervalMs: minuteMs },
]

const names = { health: 'الصحة', roads: 'الطرق', ports: 'الموانئ' } as const
export type NationId = keyof typeof names

function registerYaml(criticality: string): string {
  const institutions = Object.entries(names).map(
    ([id, ar]) => `  - id: ${id}
    kind: institution
    name: { ar: ${ar}, en: ${id} }
    environments:
      - id: portal
        name: { ar: بوابة ${ar}, en: ${id} portal }
        class: public
        criticality: ${id === 'health' ? criticality : 'critical'}
        hosting: { provider: own }`,
  )
  return `apiVersion: istimrar.register/v1
institutions:
${institutions.join('\n')}
populations: { continuity: [${Object.keys(names).join(', ')}], enabled: [], readiness: [] }
`
}

/** The example's with all of it, but that maintenance may be asked for at once. */
function policyYaml(): string {
  return policyWithHosting().replace(/(maintenanceNoticeHours:\s+value:) \d+/, '$1 0')
}

/** As `cookieOf` names it, once it was opened. */
const maryamsSession = 'session=session-of-maryam'

/** Where an eventful nation begins: a while before midnight, so that a day changes in it. */
export const eventfulStart = Date.parse('2026-11-21T22:00:00Z')

/**
 * A real collector that four hours of everything happened to: outages, late batches, duplicates,
 * lost messages, a clone, workloads and a roadmap, changes of the register and of keys, the collector's own outage. Its messages came
 * in over its own routes; what agents would keep of it is here too.
 */
export class EventfulNation {
  readonly folder: string
  readonly clock = new TestClock(eventfulStart)
  readonly agents = new Map<NationId, WireAgent>()
  /** Receipts as compact JWS, by institution. */
  readonly receipts = new Map<NationId, string[]>()
  collector!: TestCollector

  constructor(folder: string) {
    this.folder = folder
  }

  get dataDir(): string {
    return `${this.folder}/data`
  }

  /** The data directory as it was half-way. */
  get olderDir(): string {
    return `${this.folder}/older`
  }

  async open(criticality = 'critical'): Promise<void> {
    const registerFile = `${this.folder}/register.yaml`
    writeFileSync(registerFile, registerYaml(criticality))
    const policyFile = `${this.folder}/policy.yaml`
    writeFileSync(policyFile, policyYaml())
    const declared = readDeclared(registerFile, policyFile, this.clock.now())
    this.collector = await openTestCollector(this.dataDir, this.clock, registerFile, { declared })
    for (const agent of this.agents.values()) agent.connect(this.collector.app)
  }

  /** Lives through all of it; the collector is closed afterwards. */
  async live(): Promise<this> {
    await this.open()
    for (const id of Object.keys(names) as NationId[]) await this.#enrol(id)
    await this.#watch(20, { health: 'web' })
    const shorten = await this.#maintain()
    await this.#watch(20, { health: 'web' })
    await shorten()
    await this.#watch(20, { health: 'web' })
    await this.#migrate(await this.#contest())
    // Of roads two messages are lost, and the checks are told anew; of ports a clone appears.
    await this.#agent('roads').declareLost(2)
    await this.#watch(20, {})
    const clone = this.#agent('ports')
    await clone.send(clone.batch([], { seq: 1, prev: 'f'.repeat(64) }))
    await this.#watch(10, {}, ['ports'])
    await this.collector.close()
    cpSync(this.dataDir, this.olderDir, { recursive: true })
    this.clock.at += 25 * minuteMs
    await this.changeLogKey()
    await this.open('important')
    await this.#watch(60, { roads: 'host' }, ['ports', 'health'])
    // The one who asks from ports is let in again; health changes its key by itself.
    await this.#release('ports')
    await this.#agent('health').rotate()
    await this.#changePolicy()
    await this.#watch(30, {})
    await this.collector.evaluate()
    await this.collector.close()
    return this
  }

  /** While the collector is stopped. */
  async changeLogKey(): Promise<void> {
    const store = sqliteStore(`${this.dataDir}/collector.db`)
    await changeLogKey(store, `${this.dataDir}/log-key.pem`, this.clock.at)
    await store.close()
  }

  /**
   * Health has maintenance from five minutes on, which the function it returns shortens to twenty;
   * nobody approves what roads asks for in time; ports gives up what it was granted.
   */
  async #maintain(): Promise<() => Promise<void>> {
    const { collector, clock } = this
    const act = this.#act.bind(this)
    // Who decides is in the exports of all, who asks in that of their own institution.
    const link = (body: object) => act('/api/v1/sign-in-links', { ...body, why: 'joined' })
    await link({ name: 'maryam', role: 'ministry' })
    await link({ name: 'huda', role: 'institution', institution: 'health' })
    const maryam = await collector.cookieOf({ id: 'maryam', role: 'ministry' })
    const url = (id: NationId) => `/api/v1/institutions/${id}/environments/portal/maintenance`
    const ask = (id: NationId) => {
      const from = clock.at + 5 * minuteMs
      return act(url(id), { from, to: from + 30 * minuteMs, why: 'new storage' })
    }
    const health = `${url('health')}/${(await ask('health')).id}`
    const ports = `${url('ports')}/${(await ask('ports')).id}`
    await ask('roads')
    const agreed = { why: 'agreed by telephone' }
    await act(`${health}/approve`, agreed, maryam)
    await act(`${ports}/approve`, agreed, maryam)
    await act(`${ports}/withdraw`, { why: 'the supplier cannot come' })
    const to = clock.at + 25 * minuteMs
    return async () => void (await act(`${health}/shorten`, { to, why: 'done early' }))
  }

  /** Asks the API, as the local administrator unless told otherwise. */
  async #act(url: string, body: object, cookie?: string): Promise<{ id: string }> {
    const answer = await this.collector.ask(url, body, cookie)
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.json()))
    return answer.json()
  }

  /**
   * Health contests its first twenty minutes, of which the evaluator grants ten; what roads
   * contests is refused, and ports gives up. Answers the evaluator's session.
   */
  async #contest(): Promise<string> {
    await this.#act('/api/v1/sign-in-links', { name: 'nasser', role: 'evaluator', why: 'joined' })
    const nasser = await this.collector.cookieOf({ id: 'nasser', role: 'evaluator' })
    const url = (id: NationId) => `/api/v1/institutions/${id}/environments/portal/disputes`
    const span = { from: eventfulStart, to: eventfulStart + 20 * minuteMs }
    const claim = { state: 'up', cause: null }
    const ask = async (id: NationId) => {
      const asked = { ...span, claim, evidenceSha256: 'ab'.repeat(32), why: 'the probe was wrong' }
      return `${url(id)}/${(await this.#act(url(id), asked)).id}`
    }
    const granted = { from: span.from, to: span.from + 10 * minuteMs, ...claim }
    await this.#act(`${await ask('health')}/grant`, { granted, why: 'half is proved' }, nasser)
    await this.#act(`${await ask('roads')}/refuse`, { why: 'nothing supports it' }, nasser)
    await this.#act(`${await ask('ports')}/withdraw`, { why: 'we found the cause' })
    return nasser
  }

  /**
   * Roads has a move that is late, one that was born in the cloud and one that is exempt, and a
   * frozen roadmap; ports has a workload, and no roadmap.
   */
  async #migrate(nasser: string): Promise<void> {
    const here = { environment: 'portal' }
    await this.#register('roads', 'licences', {
      ...{ state: 'planned', strategy: 'rehost', criticality: 'critical', source: here },
      ...{ plannedStart: '2026-10-01', plannedFinish: '2026-11-15' },
    })
    await this.#register('roads', 'mail', {
      ...{ state: 'cut_over', strategy: 'replatform', criticality: 'important', target: here },
      ...{ serviceSince: '2026-10-01', startedOn: '2026-10-01', cutOverOn: '2026-10-01' },
      ...{ plannedStart: '2026-10-01', plannedFinish: '2027-03-31' },
    })
    await this.#register('roads', 'archive', { state: 'identified', criticality: 'supporting' })
    await this.#register('ports', 'berths', { state: 'identified', criticality: 'critical' })
    const own = '/api/v1/institutions/roads'
    const asked = await this.#act(`${own}/exemptions`, {
      ...{ workload: 'archive', reason: 'the supplier ends it in a year' },
      expiresAt: eventfulStart + 300 * dayMs,
    })
    await this.#act(`${own}/exemptions/${asked.id}/approve`, { why: 'seen' }, nasser)
    const plan = { startOn: '2026-10-01', why: 'as the council agreed' }
    const { id } = await this.#act(`${own}/baselines`, plan)
    await this.#act(`${own}/baselines/${id}/approve`, { why: 'complete' }, nasser)
  }

  /** Two agree on another setting of the policy, after one change was refused. */
  async #changePolicy(): Promise<void> {
    const url = '/api/v1/policy/proposals'
    const propose = async (points: number) => {
      const text = policyYaml().replace(/jumpPoints: \d+/, `jumpPoints: ${points}`)
      return `${url}/${(await this.#act(url, { text, why: 'as the committee agreed' })).id}`
    }
    await this.#act(`${await propose(50)}/refuse`, { why: 'far too much' }, maryamsSession)
    await this.#act(`${await propose(6)}/approve`, { why: 'as agreed' }, maryamsSession)
  }

  async #register(institution: NationId, id: string, fields: object): Promise<void> {
    const usual = { dataClass: 'restricted', provider: 'government-cloud', owner: 'Operations' }
    const answer = await this.collector.app.inject({
      method: 'PUT',
      url: `/api/v1/institutions/${institution}/workloads/${id}`,
      headers: { cookie: await this.collector.cookie() },
      payload: { name: { ar: `نظام ${id}`, en: id }, ...usual, ...fields, why: 'the inventory' },
    })
    if (answer.statusCode !== 200) throw new Error(answer.body)
  }

  async #release(id: NationId): Promise<void> {
    const agent = this.#agent(id)
    const pair = generateKey()
    await agent.rejoin(pair)
    const said = { code: rejoinCode(pair.publicKey), why: 'the other was a restored snapshot' }
    const url = `/api/v1/agents/${agent.agent}/release`
    await this.#act(url, said)
    await this.#act(`${url}/approve`, said, maryamsSession)
    agent.use(pair)
    await agent.heartbeat(this.#boot)
    const { status, text } = await agent.restart()
    if (status !== 200) throw new Error(text)
    // What was before the last five minutes nobody knows any more.
    const [from, to] = [this.#boot - 5 * minuteMs, this.#boot]
    const runs = definitions.map(({ check }): ShortRun => ({ check, state: 'up', from, to }))
    await agent.send(agent.batch(runs))
  }

  async #enrol(id: NationId): Promise<void> {
    const agent = new WireAgent(this.collector.app, eventfulStart - hourMs, definitions)
    await agent.enrol(await this.collector.token(id, 'portal'))
    await agent.heartbeat(this.#boot)
    this.agents.set(id, agent)
    this.receipts.set(id, [])
  }

  get #boot(): number {
    return this.clock.at - eventfulStart + hourMs
  }

  #agent(id: NationId): WireAgent {
    return this.agents.get(id)!
  }

  /** Passes minutes; every ten, whoever is heard delivers what it saw since it last did. */
  async #watch(
    minutes: number,
    failing: Partial<Record<NationId, string>>,
    unheard: readonly NationId[] = [],
  ): Promise<void> {
    for (let minute = 1; minute <= minutes; minute++) {
      this.clock.at += minuteMs
      await this.collector.noteLiveness()
      await this.collector.keepLogs()
      if (minute % 10 > 0) continue
      for (const [id, agent] of this.agents) {
        if (!unheard.includes(id)) await this.#deliver(id, agent, failing[id])
      }
    }
  }

  async #deliver(id: NationId, agent: WireAgent, failing: string | undefined): Promise<void> {
    const to = this.#boot
    await agent.heartbeat(to)
    const runs = definitions.flatMap(({ check }): ShortRun[] => {
      if (check !== failing) return [{ check, state: 'up', to }]
      const down: ShortRun = { check, state: 'down', to: to - 2 * minuteMs, reason: 'refused' }
      return [down, { check, state: 'up', to }]
    })
    const value = { n: 1, min: 0.2, max: 0.2, last: 0.2, buckets: [] }
    const facts: Fact[] = [
      { indicator: 'check.web', at: to, value },
      {
        indicator: 'os.name',
        at: to,
        value: 'Debian 12',
        method: 'os-release',
        detail: 'bookworm',
      },
      { indicator: 'disk.healthy', at: to, value: null, method: 'smart', missing: 'no_permission' },
    ]
    const batch = agent.batch(runs, { facts })
    const { status, text } = await agent.send(batch)
    if (status !== 200) throw new Error(`${id}: ${text}`)
    this.receipts.get(id)!.push(text)
    // The same again, as after a lost answer.
    this.receipts.get(id)!.push((await agent.send(batch)).text)
  }
}
