import { limits } from '../protocol/limits.ts'
import { dayMs } from '../protocol/time.ts'

/** Every limit of the collector that is not one of the wire. Those are in protocol/limits.ts. */
export const collectorLimits = {
  /** A client that is slower than this is cut off. */
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  /** How often slow clients are looked for: what a timeout may be late. */
  timeoutCheckMs: 1_000,
  /** Longer than the agents' heartbeat, so that they keep one connection. */
  keepAliveTimeoutMs: limits.heartbeatMs + 30_000,
  /** Open connections: in all, and of one address. Proxies and this machine may have more. */
  socketsMax: 20_000,
  socketsPerSourceMax: 200,
  headersBytesMax: 16 * 1024,
  /** A form of the board; a reason of 300 characters takes up to 3,600 in a form. */
  formBytesMax: 4_096,
  /** A commit waits this long for company, and holds at most this many messages. */
  commitWaitMs: 5,
  commitMessagesMax: 64,
  /**
   * Beyond so many messages that wait for a commit, or when the event loop was so late on average
   * in the last second, batches are asked to come back. What shows that a host lives (heartbeats,
   * enrolments, the cursor) is taken longer.
   */
  batchesWaitingMax: 2_000,
  batchesLoopDelayMs: 200,
  signsOfLifeWaitingMax: 6_000,
  signsOfLifeLoopDelayMs: 1_000,
  loopDelayWindowMs: 1_000,
  /** Whoever is asked to come back does so between these, each at another moment. */
  retryAfterSecondsMin: 5,
  retryAfterSecondsMax: 35,
  /** Messages of one agent: so many a second for ever, and so many at once after a rest. */
  messagesPerSecond: 5,
  messagesBurst: 300,
  /** Lines about refusals: of one source in a minute, and sources told apart in it. */
  refusalsPerMinute: 10,
  refusalSourcesMax: 1_000,
  /** Anchors of one agent's clocks in memory: an hour of this boot, and some that went before. */
  anchorsMax: 24,
  /** Of silence that is explained (a shutdown, a stopped agent) at most this much counts. */
  explainedMsMax: 400 * dayMs,
  /** The collector's own clock was set when it moved by more than this beside the one of timers. */
  clockStepMs: 1_000,
} as const
