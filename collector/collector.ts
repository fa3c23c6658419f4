import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { schedule } from 'node-cron'
import type { EpochMs } from '../protocol/time.ts'
import { buildApp, type SchemaCompilers } from './app.ts'
import type { Config } from './config.ts'
import { AppError } from './error.ts'
import { EvaluationLoop } from './evaluate/evaluation-loop.ts'
import { EvaluatorThread, type StartAnswerer, startThread } from './evaluate/thread.ts'
import { CheckpointBook, LogKeeper } from './evidence/checkpoints.ts'
import { isWitness } from './evidence/leaf.ts'
import { logKeyStatements, settleLogKey } from './evidence/log-key-change.ts'
import { agentRoutes } from './http/agents.ts'
import { addCycles } from './http/cycles.ts'
import { explainRoutes } from './http/explain.ts'
import { healthRoutes } from './http/health.ts'
import { identityRoutes } from './http/identities.ts'
import { kpiRoutes } from './http/kpis.ts'
import { logKeyRoutes } from './http/log-keys.ts'
import { metricsRoutes, timeRequests } from './http/metrics.ts'
import { addPeopleRoutes } from './http/people.ts'
import { readinessRoutes } from './http/readiness.ts'
import { signInLinkRoutes } from './http/sign-in-links.ts'
import { tokenRoutes } from './http/tokens.ts'
import { openOwnClock } from './ingest/clock-watch.ts'
import { enrol } from './ingest/enrol.ts'
import { Ingest } from './ingest/ingest.ts'
import { askToRejoin } from './ingest/rejoin.ts'
import { Roster } from './ingest/roster.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { loadDefaultModel } from './model/read-model.ts'
import { dataFiles } from './operations/data-files.ts'
import { noteLiveness, tryLiveness, tryToKeep } from './operations/every-minute.ts'
import { type Data, openData, startFailure } from './operations/open-data.ts'
import { localAdmin } from './people/accounts.ts'
import { Identities } from './people/identities.ts'
import { OneTimeSessions } from './people/sessions.ts'
import { SignInLinks } from './people/sign-in-links.ts'
import { makeToken } from './people/tokens.ts'
import type { Declared } from './register/difference.ts'
import { applyDeclared } from './register/files.ts'
import { registerAt, registerHistory } from './register/history.ts'
import type { StoreFailure } from './store/failure.ts'
import type { AgentRow, Store } from './store/store.ts'
import { version } from './version.ts'

export type CollectorOptions = {
  readonly config: Config
  /** What register.yaml and policy.yaml say; null leaves the register as it is. */
  readonly declared: Declared | null
  readonly logger: FastifyBaseLogger
  readonly now: () => EpochMs
  /** Uptime of this machine, which shows when `now` is set. Without it nobody looks. */
  readonly uptimeMs?: () => number
  /** The kernel's name for this machine's boot; null where it has none. */
  readonly boot?: string | null
  /** A clock that nobody can set, cheap to read: as of watchClock. */
  readonly timerMs?: () => number
  /** How late the event loop is; without it nobody is turned away because of it. */
  readonly loopDelayMs?: () => number
  /** In [0, 1); spreads when agents that were turned away come back. */
  readonly random?: () => number
  /** Fastify's own unless given. */
  readonly compilers?: SchemaCompilers
  /** Where figures are evaluated; a thread of their own unless given. */
  readonly startAnswerer?: StartAnswerer
  /** The disk failed, or the evaluating thread ended: the process must end and start again. */
  readonly onFatal: (error: unknown) => void
}

export type Collector = {
  readonly app: FastifyInstance
  /** A code that signs its bearer in once as the local administrator. */
  issueLoginCode(): string
  /** A session of the local administrator that lasts as long as this collector runs. */
  issueAdminToken(): string
  /** Brings the figures up to date now, not at the next quarter of a minute. */
  evaluate(): Promise<void>
  /** Notes in the national log that the collector runs; done every minute by itself. */
  noteLiveness(): Promise<void>
  /** Signs and commits to what the logs hold where that is due; done every minute by itself. */
  keepLogs(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the data directory and puts the collector together, without listening. Throws AppError with
 * one sentence when the directory cannot be used.
 */
export async function openCollector(options: CollectorOptions): Promise<Collector> {
  const { config, onFatal } = options
  let onFailure = (failure: StoreFailure) => {
    // Thrown below, whoever caught it meanwhile.
    failed = failure
  }
  let failed: StoreFailure | null = null
  const data = openData(config.dataDir, (failure) => onFailure(failure))
  try {
    const collector = await putTogether(options, data)
    if (failed) throw failed
    onFailure = onFatal
    return collector
  } catch (error) {
    data.unlock()
    throw startFailure(config.dataDir, error)
  }
}

async function addFigureRoutes(
  app: FastifyInstance,
  loop: EvaluationLoop,
  sessions: OneTimeSessions,
): Promise<void> {
  for (const routes of [kpiRoutes, explainRoutes, readinessRoutes]) {
    await app.register(routes(loop, sessions))
  }
}

async function putTogether(options: CollectorOptions, data: Data): Promise<Collector> {
  const { config, declared, logger, now, onFatal } = options
  const { file, store } = data
  const logKey = await settleLogKey(store, data.logKey, dataFiles(config.dataDir).logKey)
  const metrics = createMetrics({ version })
  const roster = new Roster(await store.agents())
  const watchedNow = await watched(options, { store, roster, metrics })
  await noteLiveness(store, now())
  if (declared) await applyRegister(store, declared, logger, now())
  const book = new CheckpointBook()
  const keeper = new LogKeeper(store, logKey, book)
  await keeper.open()
  await keeper.tick(now())
  const thread = openEvaluator(options, file)
  const loop = new EvaluationLoop({
    thread,
    store,
    now,
    timer,
    onEvaluated: metrics.observeEvaluation,
    onError: (error) => logger.error({ err: error }, 'evaluation failed'),
  })
  const sessions = new OneTimeSessions(store, now)
  const app = await buildApp({
    logger,
    version,
    ...(config.tls && { tls: config.tls }),
    trustedProxies: config.trustedProxies,
    onRefusal: metrics.countRefusal,
    ...(options.random && { random: options.random }),
    ...(options.compilers && { compilers: options.compilers }),
  })
  timeRequests(app, metrics)
  const onNews = () => loop.request()
  const wired = { ...data, logKey, book, sessions, metrics, roster, now: watchedNow, onNews }
  const ingest = await addAgentRoutes(app, options, wired)
  await app.register(logKeyRoutes(await logKeyStatements(store)))
  await addFigureRoutes(app, loop, sessions)
  await app.register(healthRoutes(loop))
  await app.register(metricsRoutes(metrics, () => loop.kpiPage(), config.metricsToken))
  const cycles = await addCycles(app, { store, now, loop, sessions, onChange: onNews })
  const people = { store, now, views: loop, onChange: onNews, cycles }
  await addPeopleRoutes(app, sessions, people)
  await app.register(signInLinkRoutes(new SignInLinks({ store, sessions, now }), sessions))
  await app.register(tokenRoutes({ sessions, store, now, makeToken: tokenMaker(store) }))
  const jobs = [
    schedule('0 * * * * *', () => tryLiveness(store, now(), logger).catch(onFatal)),
    schedule('5 * * * * *', () => tryToKeep(keeper, now(), logger).catch(onFatal)),
    schedule('*/15 * * * * *', () => loop.request()),
  ]
  await loop.evaluate()
  return {
    app,
    evaluate: () => loop.evaluate(),
    noteLiveness: () => noteLiveness(store, now()),
    keepLogs: () => keeper.tick(now()),
    issueLoginCode: () => sessions.issueCode(localAdmin),
    issueAdminToken: () => sessions.openForRun(localAdmin),
    close: async () => {
      for (const job of jobs) await job.destroy()
      await app.close()
      await ingest.drain()
      await loop.stop()
      await thread.close()
      await tryLiveness(store, now(), logger)
      await store.close()
      data.unlock()
    },
  }
}

function openEvaluator(options: CollectorOptions, file: string): EvaluatorThread {
  const { config, onFatal, startAnswerer = startThread } = options
  const { simulated } = config
  const settings = { file, engine: version, simulated, model: loadDefaultModel() }
  return new EvaluatorThread(startAnswerer(settings, onFatal))
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

type Wired = Data & {
  readonly book: CheckpointBook
  readonly sessions: OneTimeSessions
  readonly metrics: Metrics
  readonly roster: Roster
  /** The clock on which all that agents send is dated. */
  readonly now: () => EpochMs
  /** Told when there is something new to evaluate. */
  readonly onNews: () => void
}

/** What agents send, and what people decide about agents. */
async function addAgentRoutes(
  app: FastifyInstance,
  { logger, onFatal, loopDelayMs }: CollectorOptions,
  { store, logKey, book, sessions, metrics, roster, now, onNews }: Wired,
): Promise<Ingest> {
  const identities = new Identities({ store, roster, onChange: onNews })
  const quarantine = async ({ agent }: AgentRow, why: string) => {
    logger.error({ agent, why }, 'agent quarantined')
    await identities.quarantine(agent, why, now())
  }
  const ingest = new Ingest({
    store,
    roster,
    logKey,
    checkpointFor: (agent) => book.next(agent),
    now,
    quarantine,
    onCommit: (messages, durationMs, evidence) => {
      metrics.observeCommit(messages, durationMs)
      if (evidence) onNews()
    },
    onFatal,
  })
  const own = { store, roster, logKey }
  const joining = {
    enrol: (body: Buffer, at: EpochMs, ip: string) => enrol(own, body, at, ip),
    rejoin: (message: Parameters<typeof askToRejoin>[1], at: EpochMs) =>
      askToRejoin(own, message, at),
  }
  await app.register(agentRoutes({ ingest, keys: roster, ...joining, now, metrics, loopDelayMs }))
  await app.register(identityRoutes({ sessions, roster, identities, store, now }))
  return ingest
}

/** The clock of the options; watched where they tell how. */
async function watched(
  { logger, now, uptimeMs, timerMs, boot = null }: CollectorOptions,
  { store, roster, metrics }: Pick<Wired, 'store' | 'roster' | 'metrics'>,
): Promise<() => EpochMs> {
  if (!uptimeMs) return now
  return openOwnClock({
    ...{ store, roster, now, uptimeMs, timerMs, boot },
    onStep: (stepMs) => {
      logger.error({ stepMs }, 'the clock of the collector was set')
      metrics.countClockStep()
    },
    onUnsaved: (error) => logger.error({ err: error }, 'could not note how the clock was set'),
  })
}

/** Makes tokens for environments that the register names now, and for witnesses. */
function tokenMaker(store: Store): Parameters<typeof tokenRoutes>[0]['makeToken'] {
  return async (grant, actor, now) => {
    const { institutions } = registerAt(registerHistory(await store.entries('figures')), now)
    const isNamed = institutions
      .find(({ id }) => id === grant.institution)
      ?.environments.some(({ id }) => id === grant.environment)
    if (!isNamed && !isWitness(grant))
      throw new AppError('not_found', 'There is no such environment.')
    return makeToken(store, grant, actor, now)
  }
}

function timer(delayMs: number, action: () => void): () => void {
  const timeout = setTimeout(action, delayMs)
  return () => clearTimeout(timeout)
}
