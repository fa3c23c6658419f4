import { limits } from '../protocol/limits.ts'
import { dayMs, hourMs } from '../protocol/time.ts'

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
  /** A form with all that is known of a workload, and one that carries a file of workloads. */
  workloadFormBytesMax: 32 * 1024,
  importBytesMax: 512 * 1024,
  /** A form with a whole policy.yaml, of which each Arabic letter takes six bytes. */
  policyFormBytesMax: 256 * 1024,
  /** A form with the file of a readiness model: more than its reader takes, which then says so. */
  modelFormBytesMax: 256 * 1024,
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
  /** Exports that wait or are being made: in all, and of one account; one is made at a time. */
  exportsOpenMax: 20,
  exportsOpenPerAccountMax: 3,
  /** Exports that are kept, and their room; what is over goes when its time is up, not before. */
  exportsMax: 200,
  exportBytesMax: 4 * 1024 ** 3,
  /** An export leaves so much room on the disk to the evidence that comes in. */
  exportFreeBytesMin: 1024 ** 3,
  /** Making one takes no longer; once made it can be downloaded for so long. */
  exportMsMax: hourMs,
  exportAgeMsMax: dayMs,
  /** Memory of the thread that makes them. Unit: MiB. */
  exportHeapMibMax: 1_024,
  /** Downloads at a time: in all, and of one account. One that takes no byte for so long is cut. */
  downloadsMax: 8,
  downloadsPerAccountMax: 2,
  downloadIdleMs: 60_000,
} as const
