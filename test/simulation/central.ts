import { createPrivateKey } from 'node:crypto'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { Answer } from '../../agent/post.ts'
import { buildApp } from '../../collector/app.ts'
import { Evaluator } from '../../collector/evaluate/evaluator.ts'
import { livenessAt } from '../../collector/evidence/leaf.ts'
import { openLogKey } from '../../collector/evidence/log-key.ts'
import { agentRoutes } from '../../collector/http/agents.ts'
import { enrol } from '../../collector/ingest/enrol.ts'
import { Ingest } from '../../collector/ingest/ingest.ts'
import { Roster } from '../../collector/ingest/roster.ts'
import { applyActs } from '../../collector/people/acts.ts'
import { makeToken } from '../../collector/people/tokens.ts'
import { applyDeclared, readDeclared } from '../../collector/register/files.ts'
import { sqliteReader, sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import type { AgentRow, Store } from '../../collector/store/store.ts'
import { minuteMs } from '../../protocol/time.ts'
import { noSessions } from '../support/sample-sessions.ts'
import type { Nation } from './nation.ts'
import { policyYaml, registerYaml } from './nation-yaml.ts'
import { bytesOf, randomOf } from './random.ts'
import type { Owner, VirtualTime } from './virtual-time.ts'

/** The collector's process while it lives. */
type Process = Owner & {
  readonly dir: string
  readonly store: Store
  readonly app: FastifyInstance
}

/** What the world is told of the collector. */
export type CentralEvents = {
  /** It would have ended itself. */
  readonly onFatal: (error: unknown) => void
  readonly onQuarantine: (agent: string, why: string) => void
}

const never = new Promise<never>(() => {})

/**
 * The collector of the world: the real ingestion, store and routes without a port and without the
 * evaluating thread. It can be lost at any await: then its disk is taken as it was at that moment.
 */
export class Central {
  readonly #time: VirtualTime
  readonly #folder: string
  readonly #events: CentralEvents
  #process: Process | null = null
  #starts = 0
  #dir: string
  /** Moments of danger still to be survived; null while no crash is planned. */
  #pointsLeft: number | null = null
  #onCrash: () => void = () => {}

  constructor(time: VirtualTime, folder: string, nation: Nation, events: CentralEvents) {
    this.#time = time
    this.#folder = folder
    this.#events = events
    this.#dir = join(folder, 'central-0')
    mkdirSync(this.#dir, { recursive: true })
    writeFileSync(join(this.#dir, 'log-key.pem'), seededKey(nation.seed, 'log').pem)
    writeFileSync(join(folder, 'register.yaml'), registerYaml(nation))
    writeFileSync(join(folder, 'policy.yaml'), policyYaml(nation))
  }

  /** Whose timers are made now; null while it does not run. */
  get owner(): Owner | null {
    return this.#process
  }

  get isUp(): boolean {
    return this.#process !== null
  }

  async start(): Promise<void> {
    const name = `collector ${++this.#starts}`
    const dir = this.#dir
    const { now } = this.#time
    const file = join(dir, 'collector.db')
    const disk = sqliteStore(file)
    const store: Store = {
      ...disk,
      appendGroup: async (group) => {
        await this.#danger(name)
        const outcome = await disk.appendGroup(group)
        await this.#danger(name)
        return outcome
      },
    }
    const declared = readDeclared(
      join(this.#folder, 'register.yaml'),
      join(this.#folder, 'policy.yaml'),
      now,
    )
    const why = 'the nation of the simulation'
    const applying = { actor: 'simulation', role: 'admin', why, effectiveFrom: now }
    await applyDeclared(store, declared, applying, now)
    const app = await buildApp({
      logger: pino({ level: 'silent' }),
      version: '0.1.0',
      guard: { sessions: noSessions, metricsToken: null },
      random: randomOf(now, 'answers').next,
    })
    await this.#addRoutes(app, store, dir, name)
    this.#process = { name, dir, store, app }
    await this.#noteLiveness()
  }

  /** Posts to the collector as a socket would; null when it ended before it could answer. */
  async deliver(path: string, jws: string): Promise<Answer | null> {
    const process = this.#process
    if (!process) return null
    await this.#danger(process.name)
    const response = await process.app.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/jose' },
      payload: jws,
    })
    await this.#danger(process.name)
    const retryAfter = response.headers['retry-after']
    const { statusCode: status, body } = response
    return { status, body, retryAfter: retryAfter === undefined ? null : String(retryAfter) }
  }

  /** A token for one host of an environment. */
  async token(institution: string, environment: string): Promise<string> {
    const grant = { institution, environment, usesMax: 1, lifeMs: 60 * minuteMs }
    const admin = { id: 'simulation', role: 'admin' }
    const { text } = await makeToken(this.#process!.store, grant, admin, this.#time.now)
    return text
  }

  /** Plans the loss of the process, some moments of danger from now; at once if none are left. */
  planCrash(points: number, onCrash: () => void): void {
    this.#pointsLeft = points
    this.#onCrash = onCrash
  }

  /** Loses the process. Its disk stays as it is now; what it still does is not seen any more. */
  crash(): void {
    const lost = this.#process
    this.#pointsLeft = null
    if (!lost) return
    this.#process = null
    this.#time.forget(lost)
    this.#dir = join(this.#folder, `central-${this.#starts}`)
    cpSync(lost.dir, this.#dir, { recursive: true })
    void lost.store.close()
    this.#onCrash()
  }

  /** Ends the process in order and answers where its data lies. */
  async stop(): Promise<string> {
    const { store, app, dir } = this.#process!
    this.#process = null
    await app.close()
    await store.close()
    return dir
  }

  /** What the board would show now. */
  async evaluated(): Promise<Evaluator> {
    const reader = sqliteReader(join(this.#process!.dir, 'collector.db'))
    const evaluator = new Evaluator({ reader, engine: 'simulation', simulated: true })
    const evaluation = await evaluator.evaluate(this.#time.now)
    await reader.close()
    if (!evaluation) throw new Error('The collector has no register.')
    return evaluator
  }

  async #addRoutes(app: FastifyInstance, store: Store, dir: string, name: string): Promise<void> {
    const now = () => this.#time.now
    const roster = new Roster(await store.agents())
    const logKey = openLogKey(join(dir, 'log-key.pem'))
    const ingest = new Ingest({
      ...{ store, roster, logKey, now },
      quarantine: async (agent, why) => {
        if (agent.status === 'active') await quarantine(store, agent, why, now())
        roster.setStatus(agent.agent, 'quarantined')
        this.#events.onQuarantine(agent.agent, why)
      },
      onCommit: () => {},
      onFatal: (error) => {
        if (this.#process?.name === name) this.#events.onFatal(error)
      },
    })
    const enrolWith = (body: Buffer, at: number) => enrol({ store, roster, logKey }, body, at)
    const metrics = { countMessage: () => {} }
    await app.register(agentRoutes({ ingest, keys: roster, enrol: enrolWith, now, metrics }))
  }

  /** As the collector's own clockwork: once a minute. */
  async #noteLiveness(): Promise<void> {
    const process = this.#process
    if (!process) return
    const at = this.#time.now
    await process.store.appendLiveness(livenessAt(at))
    this.#time.after(minuteMs - (at % minuteMs), process, () => this.#noteLiveness())
  }

  /** A moment at which the process may be lost. Never answers in a process that is gone. */
  async #danger(name: string): Promise<void> {
    const isAlive = () => this.#process?.name === name
    if (isAlive() && this.#pointsLeft !== null && this.#pointsLeft-- <= 0) this.crash()
    if (!isAlive()) await never
  }
}

async function quarantine(store: Store, agent: AgentRow, why: string, at: number): Promise<void> {
  const entry = {
    ...{ actor: 'collector', role: 'collector', what: `agent/${agent.agent}/status`, why },
    ...{ before: agent.status, after: 'quarantined', effectiveFrom: at },
  }
  const effect = { kind: 'agent-status', agent: agent.agent, status: 'quarantined' } as const
  await applyActs(store, [{ log: agent.institution, entry, effects: [effect] }], at)
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS 8. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A key that follows from the seed. For nothing but simulations. */
export function seededKey(seed: number, label: string) {
  const der = Buffer.concat([pkcs8Head, bytesOf(seed, `key of ${label}`, 32)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { key, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
}
