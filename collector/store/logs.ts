import type { EpochMs } from '../../protocol/time.ts'

/** The evidence logs, as rows. */

/** What a leaf is about: messages of agents, acts of people, what the collector itself notes. */
export const messageKinds = ['batch', 'gap', 'rotation'] as const
export type MessageKind = (typeof messageKinds)[number]

/** Whether leaves of this kind stand for a message. */
export function isMessageKind(kind: string): kind is MessageKind {
  return messageKinds.some((each) => each === kind)
}
export type LeafKind = MessageKind | 'act' | 'liveness' | 'heads' | 'log-key'

/** An entry for an evidence log, and its RFC 6962 leaf hash. The store gives it its index. */
export type Leaf = {
  readonly log: string
  readonly kind: LeafKind
  readonly entry: string
  readonly hash: Buffer
}

/**
 * A stored entry. `index` counts from 0 without holes, per log; `position` over all logs, in the
 * order of writing. `message` is what the leaf stands for where that is a message.
 */
export type LeafRow = Leaf & {
  readonly position: number
  readonly index: number
  readonly message: StoredMessage | null
}

/** How far a log's tree has grown. */
export type LogHead = { readonly log: string; readonly size: number; readonly root: Buffer }

/** A signed note of a log's size and root, as C2SP tlog-checkpoint. */
export type CheckpointRow = {
  readonly log: string
  readonly size: number
  readonly at: EpochMs
  readonly note: string
}

/**
 * The newest that the log key left in the record: the entry of its last change, and the last note
 * on the national log, which has the newest of all. Null where there is none.
 */
export type LogKeyTraces = { readonly change: string | null; readonly note: string | null }

/** How a batch's boot times became instants; decided once, at admission. */
export type DatingRow = {
  readonly timeClass: 'A' | 'B' | 'C'
  readonly offsetMs: number
  /** Start of the ten minutes whose heartbeat placed this boot; null where none did. */
  readonly anchoredAt: EpochMs | null
}

/** A message as it is kept for ever. `dating` is null for all but batches. */
export type MessageRow = {
  readonly epoch: number
  readonly seq: number
  readonly through: number
  readonly type: MessageKind
  readonly sha256: string
  readonly received: EpochMs
  readonly dating: DatingRow | null
  readonly jws: string
}

/** The collector notes every minute that it runs; a longer hole is an outage of the collector. */
export const livenessHoleMs = 90_000

/** A stored message, whose it is, and its leaf in its institution's log. */
export type StoredMessage = MessageRow & {
  readonly agent: string
  readonly leaf: number
  readonly leafHash: Buffer
}

/** Leaves read at once. */
export const leavesPerReadMax = 1_000

/** Reading the logs themselves: for checkpoints, rebuild, export and verification. */
export type LogReader = {
  leaf(log: string, index: number): Promise<LeafRow | null>
  /** Leaves of all logs with a position after this one, in order; at most `limit`. */
  leavesAfter(position: number, limit: number): Promise<LeafRow[]>
  /** Leaves of one log from an index on, in order; at most `limit`. */
  leavesOf(log: string, from: number, limit: number): Promise<LeafRow[]>
  /** Leaf hashes of one log, in order; at most `limit`. */
  leafHashes(log: string, from: number, limit: number): Promise<Buffer[]>
  /** The newest leaves of a rare kind, over all logs, in order; at most `limit`. */
  newestLeaves(kind: 'heads' | 'log-key', limit: number): Promise<LeafRow[]>
  /** How far each log has grown, by id. */
  heads(): Promise<LogHead[]>
  /** The newest checkpoint of each log, by id. */
  newestCheckpoints(): Promise<CheckpointRow[]>
  /** All checkpoints of a log, the smallest first. */
  checkpoints(log: string): Promise<CheckpointRow[]>
  /** How the newest batch of each agent was dated, by agent; no row before the first. */
  clockClasses(): Promise<Map<string, DatingRow['timeClass']>>
}
