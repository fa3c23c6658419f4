import { leafHash } from '../../protocol/merkle.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { Leaf, LeafKind, MessageRow } from '../store/logs.ts'
import type { EnvironmentKey, Liveness } from '../store/store.ts'

/** The log of what concerns no single institution. */
export const nationalLog = 'national'

/** Where witnesses are: agents of the ministry, in the national log and in no institution. */
export const witnessPlace = { institution: nationalLog, environment: 'witness' } as const

/** Whether something is a witness's. */
export function isWitness(place: EnvironmentKey): boolean {
  const { institution, environment } = witnessPlace
  return place.institution === institution && place.environment === environment
}

/**
 * An entry for a log: JSON with the keys in the order given, so that its hash is the same wherever
 * it is computed again.
 */
export function leafOf(
  log: string,
  content: Readonly<Record<string, unknown>> & { readonly kind: LeafKind },
): Leaf {
  const entry = JSON.stringify({ v: 1, ...content })
  return { log, kind: content.kind, entry, hash: leafHash(Buffer.from(entry)) }
}

/** The note that the collector runs at an instant. */
export function livenessAt(at: EpochMs): Liveness {
  return { at, leaf: leafOf(nationalLog, { kind: 'liveness', at }) }
}

/** The leaf of a message: all that admission decided about it, and the hash of its bytes. */
export function messageLeaf(institution: string, agent: string, message: MessageRow): Leaf {
  const { type: kind, epoch, seq, through, sha256, received, dating } = message
  return leafOf(institution, {
    ...{ kind, agent, epoch, seq, through, sha256, received },
    ...(dating && {
      timeClass: dating.timeClass,
      offset: dating.offsetMs,
      anchoredAt: dating.anchoredAt,
    }),
  })
}
