import type { FastifyBaseLogger } from 'fastify'
import { schedule as byCron } from 'node-cron'
import type { EpochMs } from '../../protocol/time.ts'
import type { EvaluationLoop } from '../evaluate/evaluation-loop.ts'
import type { LogKeeper } from '../evidence/checkpoints.ts'
import { livenessAt } from '../evidence/leaf.ts'
import type { AccessLog } from '../people/access-log.ts'
import { StoreFailure } from '../store/failure.ts'
import { livenessHoleMs } from '../store/logs.ts'
import type { Store } from '../store/store.ts'

/** Notes in the national log that the collector runs. */
export async function noteLiveness(store: Store, at: EpochMs): Promise<void> {
  await store.appendLiveness(livenessAt(at))
}

/** Notes it where it was not noted for so long that it would be an outage. */
export async function closeHole(store: Store, at: EpochMs): Promise<void> {
  const last = (await store.liveness()).at(-1)
  if (!last || at - last.to > livenessHoleMs) await noteLiveness(store, at)
}

/**
 * The same where the disk may be full: that ends nothing, and the minutes that could not be noted
 * are an outage of the collector.
 */
export async function tryLiveness(
  store: Store,
  at: EpochMs,
  logger: FastifyBaseLogger,
): Promise<void> {
  try {
    await noteLiveness(store, at)
  } catch (error) {
    // The store itself tells of what cannot pass.
    if (!(error instanceof StoreFailure)) throw error
    logger.error({ err: error }, 'could not note that the collector runs')
  }
}

/** What could not be signed now is signed a minute later: a full disk ends nothing. */
async function tryToKeep(keeper: LogKeeper, at: EpochMs, logger: FastifyBaseLogger): Promise<void> {
  try {
    await keeper.tick(at)
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error
    logger.error({ err: error }, 'could not sign checkpoints')
  }
}

/** A month that could not be closed now is closed a minute later. */
async function tryToCloseMonth(
  closeMonths: Jobs['closeMonths'],
  logger: FastifyBaseLogger,
): Promise<void> {
  try {
    await closeMonths()
  } catch (error) {
    // Figures that cannot be computed end nothing; the store itself tells of what cannot pass.
    logger.error({ err: error }, 'could not close the month')
  }
}

/** What could not be noted now is noted a minute later: a full disk ends nothing. */
export async function tryToNoteReads(
  access: AccessLog,
  all: boolean,
  logger: FastifyBaseLogger,
): Promise<void> {
  try {
    await access.writeReads(all)
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error
    logger.error({ err: error }, 'could not note what auditors read')
  }
}

/** Does an action whenever a cron expression with seconds is due, until destroyed. */
export type Schedule = (
  expression: string,
  action: () => unknown,
) => { destroy(): void | Promise<void> }

/** What is done by the clock, and with what. */
export type Jobs = {
  readonly store: Store
  readonly keeper: LogKeeper
  readonly access: AccessLog
  readonly loop: Pick<EvaluationLoop, 'request'>
  /** Closes the months that are over, of readiness and of migration. */
  readonly closeMonths: () => Promise<void>
  /** By the machine's clock unless given. */
  readonly schedule?: Schedule
  readonly now: () => EpochMs
  readonly logger: FastifyBaseLogger
  readonly onFatal: (error: unknown) => void
}

/** Does what is due every minute, and asks for figures four times as often; until destroyed. */
export function startJobs(jobs: Jobs) {
  const { store, keeper, access, loop, closeMonths } = jobs
  const { schedule = byCron, now, logger, onFatal } = jobs
  return [
    schedule('0 * * * * *', () => tryLiveness(store, now(), logger).catch(onFatal)),
    schedule('5 * * * * *', () => tryToKeep(keeper, now(), logger).catch(onFatal)),
    schedule('*/15 * * * * *', () => loop.request()),
    schedule('35 * * * * *', () => tryToNoteReads(access, false, logger).catch(onFatal)),
    schedule('25 * * * * *', () => tryToCloseMonth(closeMonths, logger)),
  ]
}
