import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { schedule } from 'node-cron'
import type { EpochMs } from '../protocol/time.ts'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { AppError } from './error.ts'
import { EvaluationLoop } from './evaluate/evaluation-loop.ts'
import { EvaluatorThread } from './evaluate/thread.ts'
import { leafOf, nationalLog } from './evidence/leaf.ts'
import { openLogKey } from './evidence/log-key.ts'
import { agentRoutes } from './http/agents.ts'
import { boardRoutes } from './http/board.ts'
import { healthRoutes } from './http/health.ts'
import { kpiRoutes } from './http/kpis.ts'
import { metricsRoutes, timeRequests } from './http/metrics.ts'
import { tokenRoutes } from './http/tokens.ts'
import { enrol, makeToken } from './ingest/enrol.ts'
import { Ingest } from './ingest/ingest.ts'
import { Roster } from './ingest/roster.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { applyActs } from './people/acts.ts'
import { OneTimeSessions } from './people/sessions.ts'
import type { Declared } from './register/difference.ts'
import { applyDeclared } from './register/files.ts'
import { registerAt, registerHistory } from './register/history.ts'
import { lockDirectory } from './store/sqlite/lock.ts'
import { sqliteStore } from './store/sqlite/sqlite.ts'
import type { AgentRow, Store } from './store/store.ts'
import { version } from './version.ts'

export type CollectorOptions = {
  readonly config: Config
  /** What register.yaml and policy.yaml say; null leaves the register as it is. */
  readonly declared: Declared | null
  readonly logger: FastifyBaseLogger
  readonly now: () => EpochMs
  /** The disk failed, or the evaluating thread ended: the process must end and start again. */
  readonly onFatal: (error: unknown) => void
}

export type Collector = {
  readonly app: FastifyInstance
  /** A code that signs its bearer in once as the local administrator. */
  issueLoginCode(): string
  /** Brings the figures up to date now, not at the next quarter of a minute. */
  evaluate(): Promise<void>
  /** Notes in the national log that the collector runs; done every minute by itself. */
  noteLiveness(): Promise<void>
  close(): Promise<void>
}

/** Evidence that comes in a burst is evaluated together after this time. */
const evaluationDelayMs = 300

/** Opens the data directory and puts the collector together, without listening. */
export async function openCollector(options: CollectorOptions): Promise<Collector> {
  const { config, declared, logger, now, onFatal } = options
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockDirectory(join(config.dataDir, 'lock.db'))
  const file = join(config.dataDir, 'collector.db')
  const store = sqliteStore(file)
  await noteLiveness(store, now())
  if (declared) await applyRegister(store, declared, logger, now())
  const metrics = createMetrics({ version })
  const { simulated } = config
  const thread = new EvaluatorThread({ file, engine: version, simulated }, onFatal)
  const loop = new EvaluationLoop({
    thread,
    store,
    now,
    publish: (snapshot, durationMs) => {
      metrics.publish(snapshot)
      metrics.observeEvaluation(durationMs)
    },
    onError: (error) => logger.error({ err: error }, 'evaluation failed'),
  })
  const sessions = new OneTimeSessions(store, now)
  const app = await buildApp({
    logger,
    version,
    ...(config.tls && { tls: config.tls }),
    trustedProxies: config.trustedProxies,
  })
  timeRequests(app, metrics)
  const later = debounce(() => void loop.request(), evaluationDelayMs)
  const ingest = await addAgentRoutes(app, options, store, metrics, later.call)
  await app.register(kpiRoutes(loop, sessions))
  await app.register(healthRoutes(loop))
  await app.register(metricsRoutes(metrics, config.metricsToken))
  await app.register(boardRoutes(loop, sessions, now))
  await app.register(tokenRoutes({ sessions, now, makeToken: tokenMaker(store) }))
  const jobs = [
    schedule('0 * * * * *', () => noteLiveness(store, now()).catch(onFatal)),
    schedule('*/15 * * * * *', () => loop.request(), { noOverlap: true }),
  ]
  await loop.request()
  return {
    app,
    evaluate: () => loop.request(),
    noteLiveness: () => noteLiveness(store, now()),
    issueLoginCode: () => sessions.issueCode({ id: 'local-admin', role: 'admin' }),
    close: async () => {
      for (const job of jobs) await job.destroy()
      later.cancel()
      await app.close()
      await ingest.drain()
      await loop.settled()
      await thread.close()
      await noteLiveness(store, now())
      await store.close()
      unlock()
    },
  }
}

async function noteLiveness(store: Store, at: EpochMs): Promise<void> {
  await store.appendLiveness(at, leafOf(nationalLog, { kind: 'liveness', at }))
}

async function applyRegister(
  store: Store,
  declared: Declared,
  logger: FastifyBaseLogger,
  at: EpochMs,
): Promise<void> {
  const applying = {
    actor: 'collector',
    role: 'admin',
    why: 'register and policy files applied at start',
    effectiveFrom: at,
  }
  const entries = await applyDeclared(store, declared, applying, at)
  for (const { what, before } of entries) {
    logger.info({ what, change: before === null ? 'added' : 'changed' }, 'register entry')
  }
}

async function addAgentRoutes(
  app: FastifyInstance,
  { config, logger, now, onFatal }: CollectorOptions,
  store: Store,
  metrics: Metrics,
  onEvidence: () => void,
): Promise<Ingest> {
  const roster = new Roster(await store.agents())
  const logKey = openLogKey(join(config.dataDir, 'log-key.pem'))
  const quarantine = async (agent: AgentRow, why: string) => {
    logger.error({ agent: agent.agent, why }, 'agent quarantined')
    if (agent.status === 'active') await quarantineAgent(store, agent, why, now())
    roster.setStatus(agent.agent, 'quarantined')
  }
  const ingest = new Ingest({
    store,
    roster,
    logKey,
    now,
    quarantine,
    onCommit: (messages, durationMs, evidence) => {
      metrics.observeCommit(messages, durationMs)
      if (evidence) onEvidence()
    },
    onFatal,
  })
  const enrolWith = (body: Buffer, at: EpochMs) => enrol({ store, roster, logKey }, body, at)
  await app.register(agentRoutes({ ingest, keys: roster, enrol: enrolWith, now, metrics }))
  return ingest
}

async function quarantineAgent(
  store: Store,
  agent: AgentRow,
  why: string,
  at: EpochMs,
): Promise<void> {
  const entry = {
    actor: 'collector',
    role: 'collector',
    what: `agent/${agent.agent}/status`,
    why,
    before: agent.status,
    after: 'quarantined',
    effectiveFrom: at,
  }
  const effect = { kind: 'agent-status', agent: agent.agent, status: 'quarantined' } as const
  await applyActs(store, [{ log: agent.institution, entry, effects: [effect] }], at)
}

/** Makes tokens for environments that the register names now. */
function tokenMaker(store: Store): Parameters<typeof tokenRoutes>[0]['makeToken'] {
  return async (grant, actor, now) => {
    const { institutions } = registerAt(registerHistory(await store.entries()), now)
    const known = institutions
      .find(({ id }) => id === grant.institution)
      ?.environments.some(({ id }) => id === grant.environment)
    if (!known) throw new AppError('not_found', 'There is no such environment.')
    return makeToken(store, grant, actor, now)
  }
}

/** Calls once, a while after the first of several requests. */
function debounce(action: () => void, delayMs: number): { call: () => void; cancel: () => void } {
  let timer: NodeJS.Timeout | null = null
  return {
    call: () => {
      timer ??= setTimeout(() => {
        timer = null
        action()
      }, delayMs)
    },
    cancel: () => {
      if (timer) clearTimeout(timer)
    },
  }
}
