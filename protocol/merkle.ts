import { createHash } from 'node:crypto'

/** RFC 6962 hash of a leaf: SHA-256 over 0x00 and the entry's bytes. */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(leafPrefix).update(entry).digest()
}

const leafPrefix = Uint8Array.of(0)
