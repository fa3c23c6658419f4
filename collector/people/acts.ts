import type { EpochMs } from '../../protocol/time.ts'
import { leafOf } from '../evidence/leaf.ts'
import type { Entry } from '../register/difference.ts'
import type { Act, Effect, EvidenceWriter, Liveness } from '../store/store.ts'

/** An act before it has a time and a leaf. */
export type NewAct = {
  /** The log it goes to: an institution's, or `nationalLog`. */
  readonly log: string
  readonly entry: Entry
  readonly effects?: readonly Effect[]
}

/**
 * Stores acts of people and of the collector itself: each is an entry, a leaf, and its effects; in
 * the same commit, where given, a note behind them that the collector runs.
 */
export async function applyActs(
  store: Pick<EvidenceWriter, 'applyActs'>,
  acts: readonly NewAct[],
  at: EpochMs,
  liveness?: Liveness,
): Promise<void> {
  const rows = acts.map(({ log, entry, effects }): Act => {
    const leaf = leafOf(log, { kind: 'act', at, ...entry })
    return { at, entry, leaf, effects: effects ?? [] }
  })
  await store.applyActs(rows, liveness)
}
