import type { FastifyInstance } from 'fastify'
import type { EpochMs } from '../protocol/time.ts'
import type { CollectorOptions } from './collector.ts'
import type { CheckpointBook } from './evidence/checkpoints.ts'
import { agentRoutes } from './http/agents.ts'
import { identityRoutes } from './http/identities.ts'
import { tokenRoutes } from './http/tokens.ts'
import { openOwnClock } from './ingest/clock-watch.ts'
import { enrol } from './ingest/enrol.ts'
import { Ingest } from './ingest/ingest.ts'
import { askToRejoin } from './ingest/rejoin.ts'
import type { Roster } from './ingest/roster.ts'
import type { Metrics } from './metrics.ts'
import type { Data } from './operations/open-data.ts'
import type { HeldHistory } from './people/held-log.ts'
import { Hosts } from './people/hosts.ts'
import { Identities } from './people/identities.ts'
import type { OneTimeSessions } from './people/sessions.ts'
import { tokenMaker } from './people/token-maker.ts'
import { foldReleases } from './register/releases.ts'
import type { AgentRow } from './store/store.ts'

/** What the agents' side of a collector is put together from. */
export type Wired = Data & {
  readonly book: CheckpointBook
  readonly sessions: OneTimeSessions
  readonly metrics: Metrics
  readonly roster: Roster
  /** The clock on which all that agents send is dated. */
  readonly now: () => EpochMs
  /** Told when there is something new to evaluate. */
  readonly onNews: () => void
  /** What is held of the register for all who judge acts. */
  readonly history: HeldHistory
}

/** What agents send, and what people decide about agents. */
export async function addAgentRoutes(
  app: FastifyInstance,
  { logger, onFatal, loopDelayMs }: CollectorOptions,
  { store, logKey, book, sessions, metrics, roster, now, onNews, history }: Wired,
): Promise<{ readonly ingest: Ingest; readonly hosts: Hosts; identities: Identities }> {
  const releases = foldReleases(await store.entries())
  const identities = new Identities({ store, roster, releases, onChange: onNews })
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
  const makeToken = tokenMaker(store, history)
  await app.register(tokenRoutes({ sessions, store, now, makeToken }))
  const hosts = new Hosts({ store, roster, identities, makeToken, now })
  return { ingest, hosts, identities }
}

/** The clock of the options; watched where they tell how. */
export async function watched(
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
