import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { EpochMs } from '../protocol/time.ts'
import { addAgentRoutes, watched } from './agents-side.ts'
import { buildApp, type SchemaCompilers } from './app.ts'
import type { Config } from './config.ts'
import { AppError } from './error.ts'
import { EvaluationLoop, type LoopOptions } from './evaluate/evaluation-loop.ts'
import { EvaluatorThread, type StartAnswerer, startThread } from './evaluate/thread.ts'
import { CheckpointBook, LogKeeper } from './evidence/checkpoints.ts'
import { logKeyStatements, settleLogKey } from './evidence/log-key-change.ts'
import type { StartExport } from './exports/start-export.ts'
import type { HookSettings } from './hooks/hooks-file.ts'
import { startHooks } from './hooks/start.ts'
import { explainRoutes } from './http/explain.ts'
import { healthRoutes } from './http/health.ts'
import { hookRoutes } from './http/hooks.ts'
import { kpiRoutes } from './http/kpis.ts'
import { logKeyRoutes } from './http/log-keys.ts'
import { metricsRoutes, timeRequests } from './http/metrics.ts'
import { migrationRoutes } from './http/migration.ts'
import { watchReads } from './http/read-watch.ts'
import { readinessRoutes } from './http/readiness.ts'
import { remoteReadRoutes } from './http/remote-read.ts'
import { Roster } from './ingest/roster.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { loadDefaultModel } from './model/read-model.ts'
import { dataFiles } from './operations/data-files.ts'
import {
  noteLiveness,
  type Schedule,
  startJobs,
  tryLiveness,
  tryToNoteReads,
} from './operations/every-minute.ts'
import { type Data, openData, startFailure } from './operations/open-data.ts'
import { storeFigures } from './operations/store-figures.ts'
import { type AccountService, localAdmin } from './people/accounts.ts'
import { HeldHistory } from './people/held-log.ts'
import type { PasswordCost } from './people/passwords.ts'
import { PolicyChanges } from './people/policy.ts'
import type { OneTimeSessions } from './people/sessions.ts'
import { addPeopleSide, openWaysIn } from './people-side.ts'
import type { Declared, Entry } from './register/difference.ts'
import { applyDeclared } from './register/files.ts'
import type { StoreFailure } from './store/failure.ts'
import type { Store } from './store/store.ts'
import { version } from './version.ts'

export type CollectorOptions = {
  readonly config: Config
  /** What register.yaml and policy.yaml say; null leaves the register as it is. */
  readonly declared: Declared | null
  /** What hooks.yaml says; without it nobody is told of anything. */
  readonly hooks?: HookSettings | null
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
  /** What a password's hash costs; cheap ones are for tests. */
  readonly passwordCost?: PasswordCost
  /** Fastify's own unless given. */
  readonly compilers?: SchemaCompilers
  /** Runs an action later; the function it returns cancels that. `setTimeout` unless given. */
  readonly timer?: LoopOptions['timer']
  /** Does what is due every minute; by the machine's clock unless given. */
  readonly schedule?: Schedule
  /** Where exports are made; a thread of their own unless given. */
  readonly startExport?: StartExport
  /** Where figures are evaluated; a thread of their own unless given. */
  readonly startAnswerer?: StartAnswerer
  /** The disk failed, or the evaluating thread ended: the process must end and start again. */
  readonly onFatal: (error: unknown) => void
}

export type Collector = {
  readonly app: FastifyInstance
  readonly accounts: AccountService
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
  /** Notes what auditors read where a quarter of an hour is over; done every minute by itself. */
  noteReads(all?: boolean): Promise<void>
  /** Closes the month that is over where that is due; done every minute by itself. */
  closeMonth(): Promise<void>
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
  for (const routes of [kpiRoutes, explainRoutes, readinessRoutes, migrationRoutes]) {
    await app.register(routes(loop, sessions))
  }
}

async function addMetricsRoutes(
  app: FastifyInstance,
  {
    now,
    metrics,
    loop,
    thread,
  }: Pick<CollectorOptions, 'now'> & {
    metrics: Metrics
    loop: EvaluationLoop
    thread: EvaluatorThread
  },
): Promise<void> {
  await app.register(healthRoutes(loop))
  await app.register(metricsRoutes(metrics, () => loop.kpiPage()))
  await app.register(remoteReadRoutes((body) => thread.history(now(), body)))
}

async function putTogether(options: CollectorOptions, data: Data): Promise<Collector> {
  const { config, declared, logger, now, timer = timeout } = options
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
  const hooks = await startHooks({ ...options, timer, cycleUse: () => thread.cycleUse() })
  const loop = openLoop({ ...options, timer }, store, thread, (...told) => {
    metrics.observeEvaluation(...told)
    void hooks?.look(() => loop.snapshot())
  })
  const ways = await openWaysIn(options, store)
  const { accounts, sessions, access } = ways
  const app = await openApp(options, metrics, sessions)
  watchReads(app, access)
  const onNews = () => loop.request()
  const history = new HeldHistory(store)
  const shared = { ...data, logKey, book, sessions, metrics, roster, onNews, history }
  const wired = { ...shared, now: watchedNow }
  const { ingest, ...agents } = await addAgentRoutes(app, options, wired)
  metrics.watchStore(() => storeFigures({ ...data, book, ingest }))
  if (hooks) metrics.watchHooks(() => hooks.figures())
  await app.register(logKeyRoutes(await logKeyStatements(store)))
  await addFigureRoutes(app, loop, sessions)
  await addMetricsRoutes(app, { ...options, metrics, loop, thread })
  await app.register(hookRoutes(hooks))
  const people = { ...wired, ways, loop, ...agents, timer }
  const { exports, closeMonths } = await addPeopleSide(app, options, people)
  const jobs = startJobs({ ...options, store, keeper, access, loop, closeMonths })
  await loop.evaluate()
  return {
    app,
    accounts,
    evaluate: () => loop.evaluate(),
    noteLiveness: () => noteLiveness(store, now()),
    keepLogs: () => keeper.tick(now()),
    closeMonth: closeMonths,
    noteReads: (all) => access.writeReads(all),
    issueLoginCode: () => sessions.issueCode(localAdmin),
    issueAdminToken: () => sessions.openForRun(localAdmin),
    close: async () => {
      for (const job of jobs) await job.destroy()
      await app.close()
      await exports.close()
      await ingest.drain()
      await loop.stop()
      await thread.close()
      await hooks?.close()
      await tryToNoteReads(access, true, logger)
      await tryLiveness(store, now(), logger)
      await store.close()
      data.unlock()
    },
  }
}

async function openApp(
  options: CollectorOptions,
  metrics: Metrics,
  sessions: OneTimeSessions,
): Promise<FastifyInstance> {
  const { config, logger, random, compilers } = options
  const app = await buildApp({
    logger,
    version,
    guard: { sessions, metricsToken: config.metricsToken },
    ...(config.tls && { tls: config.tls }),
    trustedProxies: config.trustedProxies,
    onRefusal: metrics.countRefusal,
    ...(random && { random }),
    ...(compilers && { compilers }),
  })
  timeRequests(app, metrics)
  return app
}

function openLoop(
  { now, logger, timer }: CollectorOptions & Pick<LoopOptions, 'timer'>,
  store: Store,
  thread: EvaluatorThread,
  onEvaluated: ConstructorParameters<typeof EvaluationLoop>[0]['onEvaluated'],
): EvaluationLoop {
  const onError = (error: unknown) => logger.error({ err: error }, 'evaluation failed')
  return new EvaluationLoop({ thread, store, now, timer, onEvaluated, onError })
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
  const { entries, withheld } = await applyDeclared(store, declared, applying, at)
  for (const { what, before } of entries) {
    logger.info({ what, change: before === null ? 'added' : 'changed' }, 'register entry')
  }
  await proposeFile(store, withheld, logger, at)
}

/** A policy in force is changed by two: the file proposes, and somebody approves. */
async function proposeFile(
  store: Store,
  withheld: readonly Entry[],
  logger: FastifyBaseLogger,
  at: EpochMs,
): Promise<void> {
  if (withheld.length === 0) return
  const settings = withheld.map(({ what }) => what)
  const by = { actor: 'collector', role: 'admin', why: 'policy file at start' }
  const changes = new PolicyChanges({ store, now: () => at, onChange: () => {} })
  try {
    const made = await changes.proposeDeclared(withheld, by)
    if (made) logger.info({ proposal: made.id, settings }, 'policy change waits for approval')
    else logger.warn({ settings }, 'policy file and policy in force differ: proposed before')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    logger.warn({ settings, why: error.message }, 'policy file and policy in force differ')
  }
}

const timeout: LoopOptions['timer'] = (delayMs, action) => {
  const started = setTimeout(action, delayMs)
  return () => clearTimeout(started)
}
