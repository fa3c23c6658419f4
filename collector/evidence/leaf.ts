import { leafHash } from '../../protocol/merkle.ts'
import type { Leaf } from '../store/store.ts'

/** The log of what concerns no single institution. */
export const nationalLog = 'national'

/**
 * An entry for a log: JSON with the keys in the order given, so that its hash is the same wherever
 * it is computed again.
 */
export function leafOf(log: string, content: Readonly<Record<string, unknown>>): Leaf {
  const entry = JSON.stringify({ v: 1, ...content })
  return { log, entry, hash: leafHash(Buffer.from(entry)) }
}
