import type { Frontier } from '../../protocol/merkle.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { LeafRow } from './logs.ts'
import type { Admitted, Effect, StoredAgent } from './store.ts'

/** What one leaf changes when it is read again. */
export type Refolded = {
  readonly leaf: LeafRow
  readonly admitted: Admitted | null
  readonly effects: readonly Effect[]
  /** An instant at which the collector ran. */
  readonly livenessAt: EpochMs | null
}

/** Where leaves go that are read again: a fresh database, in commits of many leaves. */
export type FoldTarget = {
  agents(): Promise<StoredAgent[]>
  /** The trees of the leaves it has, by log. */
  frontiers(): Map<string, Frontier>
  /** Keeps what these leaves change, and the trees after them, in one commit. */
  apply(rows: readonly Refolded[], trees: ReadonlyMap<string, Frontier>): void
}
