import type { EpochMs, Span } from '../../protocol/time.ts'
import type { MessageKind } from './logs.ts'

/** A stored message by its places: in its agent's stream, and as a leaf of its log. */
export type MessageRef = {
  readonly kind: MessageKind
  readonly epoch: number
  readonly seq: number
  /** The last number that it stands for; other than `seq` for a declared gap only. */
  readonly through: number
  readonly leaf: number
  readonly received: EpochMs
}

/** What one agent's stream holds about a stretch of time. */
export type MessagesAbout = {
  /** Batches whose window overlaps it, oldest first, at most `messagesShownMax`; then how many. */
  readonly covering: readonly MessageRef[]
  readonly more: number
  /** The last batch that ends no later than it begins, and the first that begins after it. */
  readonly before: MessageRef | null
  readonly after: MessageRef | null
  /**
   * Losses that the agent declared between `before` and the batch that tells of the end of the
   * stretch, at most `messagesShownMax`.
   */
  readonly gaps: readonly MessageRef[]
}

export const messagesShownMax = 20

/** Finds the messages behind a stretch of time. */
export type MessageSearch = {
  /**
   * The messages of an agent in a log about a stretch of time. Windows follow each other in an
   * agent's stream, so the place is found by halving, with no index on time. Where an agent's clock
   * was not reliable the windows are as that clock said, and so is what is found.
   */
  messagesAbout(log: string, agent: string, span: Span): Promise<MessagesAbout>
}
