import { writeFileSync } from 'node:fs'
import { exportEvidence } from '../../collector/evidence/export.ts'
import type { Figures } from '../../collector/evidence/figures.ts'
import { readLogKey } from '../../collector/evidence/log-key.ts'
import { readDeclared } from '../../collector/register/files.ts'
import { sqliteSnapshot } from '../../collector/store/sqlite/sqlite.ts'
import type { Batch, CheckDefinition } from '../../protocol/batch.ts'
import type { State } from '../../protocol/check.ts'
import { hourMs, minuteMs } from '../../protocol/time.ts'
import {
  exampleFiles,
  openTestCollector,
  TestClock,
  type TestCollector,
  textOf,
} from './collector.ts'
import { type ShortRun, WireAgent } from './wire-agent.ts'

const http = (check: string): CheckDefinition => ({ check, kind: 'http', intervalMs: minuteMs })
const host: CheckDefinition = { check: 'host', kind: 'host', intervalMs: minuteMs }

/** Who there is: one host of an institution, and witnesses, of which it names all but `east`. */
const places = {
  web: { institution: 'health', environment: 'portal', definitions: [host, http('web')] },
  north: { institution: 'national', environment: 'witness', definitions: [http('health')] },
  south: { institution: 'national', environment: 'witness', definitions: [http('health')] },
  east: { institution: 'national', environment: 'witness', definitions: [http('roads')] },
} as const
export type Observer = keyof typeof places
const observers = Object.keys(places) as Observer[]

function registerYaml(institutionIds: readonly string[]): string {
  const institutions = institutionIds.map(
    (id) => `  - id: ${id}
    kind: institution
    name: { ar: مؤسسة, en: ${id} }
    environments:
      - id: portal
        name: { ar: بوابة, en: Portal }
        class: public
        criticality: critical${
          id === 'health' ? '\n        witnesses: [north/health, south/health]' : ''
        }`,
  )
  return `apiVersion: istimrar.register/v1
institutions:
${institutions.join('\n')}
populations: { continuity: [${institutionIds.join(', ')}], enabled: [], readiness: [] }
`
}

/** A real collector, an institution that is looked at from outside, and one that is not. */
export class WitnessedNation {
  readonly folder: string
  readonly start = Date.parse('2026-11-21T22:00:00Z')
  readonly clock = new TestClock(this.start)
  readonly agents = new Map<Observer, WireAgent>()
  collector!: TestCollector

  constructor(folder: string) {
    this.folder = folder
  }

  get dataDir(): string {
    return `${this.folder}/data`
  }

  /** Opens it; the first time everybody enrols. */
  async open(needsWitnesses = false): Promise<this> {
    const registerFile = `${this.folder}/register.yaml`
    const policyFile = `${this.folder}/policy.yaml`
    writeFileSync(registerFile, registerYaml(['health', 'roads']))
    const policy = textOf(exampleFiles.policy)
    writeFileSync(
      policyFile,
      policy.replace(/(publicNeedsWitnesses:\s+value:) false/, `$1 ${needsWitnesses}`),
    )
    const declared = readDeclared(registerFile, policyFile, this.clock.now())
    this.collector = await openTestCollector(this.dataDir, this.clock, registerFile, { declared })
    const isNew = this.agents.size === 0
    for (const name of observers) {
      if (isNew) await this.#enrol(name)
      else this.agents.get(name)!.connect(this.collector.app)
    }
    return this
  }

  async #enrol(name: Observer): Promise<void> {
    const { institution, environment, definitions } = places[name]
    const agent = new WireAgent(this.collector.app, this.start - hourMs, definitions)
    await agent.enrol(await this.collector.token(institution, environment), name)
    await agent.heartbeat(this.boot)
    this.agents.set(name, agent)
  }

  /** The instant on the hosts' clocks, all of which booted an hour before the start. */
  get boot(): number {
    return this.clock.at - this.start + hourMs
  }

  /** Passes ten minutes, of which each tells what it saw, up unless named; null is not heard. */
  async watch(states: Partial<Record<Observer, State | null>> = {}): Promise<void> {
    const from = this.boot
    for (let minute = 0; minute < 10; minute++) {
      this.clock.at += minuteMs
      await this.collector.noteLiveness()
      await this.collector.keepLogs()
    }
    for (const name of observers) {
      const { [name]: state = 'up' } = states
      if (state !== null) await this.deliver(name, state, from)
    }
  }

  /** Delivers one state of all checks of a host, from an instant of its clock to now. */
  async deliver(
    name: Observer,
    state: State,
    from: number,
    more: Partial<Batch> = {},
  ): Promise<void> {
    const agent = this.agents.get(name)!
    await agent.heartbeat(this.boot)
    const runs = places[name].definitions.map(({ check }): ShortRun => {
      // Whatever is outside, a host that answers is up.
      const own = check === 'host' && state === 'down' ? 'up' : state
      return {
        check,
        state: own,
        from,
        to: this.boot,
        ...(own === 'down' && { reason: 'refused' }),
      }
    })
    const { status, text } = await agent.send(agent.batch(runs, more))
    if (status !== 200) throw new Error(`${name}: ${text}`)
  }

  /** Exports an institution's evidence as of now; answers the file and its figures. */
  async export(institution: string): Promise<{ file: string; figures: Figures }> {
    const file = `${this.folder}/${institution}-${this.clock.at}.jsonl`
    const reader = sqliteSnapshot(`${this.dataDir}/collector.db`)
    try {
      const logKey = readLogKey(`${this.dataDir}/log-key.pem`)
      const whole = {
        reader,
        institution,
        window: null,
        now: this.clock.at,
        simulated: false,
        draft: null,
        file,
      }
      await exportEvidence({ ...whole, logKey, progress: () => {} })
    } finally {
      await reader.close()
    }
    const [header = ''] = textOf(file).split('\n')
    return { file, figures: (JSON.parse(header) as { figures: Figures }).figures }
  }
}
