import { createHash } from 'node:crypto'

/** The Merkle tree of RFC 6962 §2.1 over SHA-256, grown leaf by leaf. */

/**
 * What is needed of a tree to go on: the roots of its complete subtrees, the largest first. A tree
 * of n leaves has as many as n has ones in binary.
 */
export type Frontier = { readonly size: number; readonly roots: readonly Buffer[] }

/** A tree without leaves. */
export const emptyTree: Frontier = { size: 0, roots: [] }

/** Hash of a leaf: SHA-256 over 0x00 and the entry's bytes. */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(leafPrefix).update(entry).digest()
}

/** Hash of an inner node: SHA-256 over 0x01 and both children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest()
}

/** The tree with one more leaf, given by its hash. */
export function grow({ size, roots }: Frontier, leaf: Buffer): Frontier {
  const next = [...roots]
  let root = leaf
  // Each one at the end of `size` in binary is a complete subtree as large as the one just made.
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    root = nodeHash(next.pop()!, root)
  }
  return { size: size + 1, roots: [...next, root] }
}

/** The root of the whole tree. Without leaves: SHA-256 of nothing. */
export function rootOf({ roots }: Frontier): Buffer {
  if (roots.length === 0) return createHash('sha256').digest()
  return roots.reduceRight((right, left) => nodeHash(left, right))
}

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)
