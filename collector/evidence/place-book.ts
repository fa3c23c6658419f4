import { createHash } from 'node:crypto'
import type { StoredMessage } from '../store/logs.ts'

const hashBytes = 32
const nameBytes = 16
const rowBytes = hashBytes + nameBytes

/** What names a message: of what agent, where in its stream, which bytes. */
export type MessageName = {
  readonly agent: string
  readonly epoch: number
  readonly seq: number
  readonly sha256: string
}

/** What stands at each place of a log, 48 bytes a leaf, to look receipts up in. */
export class PlaceBook {
  #rows = Buffer.alloc(rowBytes * 1024)
  #count = 0

  add(hash: Buffer, message: StoredMessage | null): void {
    const start = this.#count++ * rowBytes
    if (start >= this.#rows.length) {
      this.#rows = Buffer.concat([this.#rows], this.#rows.length * 2)
    }
    hash.copy(this.#rows, start)
    if (message) digest(message).copy(this.#rows, start + hashBytes)
  }

  get size(): number {
    return this.#count
  }

  /** Whether this message, with this leaf hash, stands at this place. */
  holds(index: number, leafHash: string, name: MessageName): boolean {
    if (index >= this.#count) return false
    const row = this.#rows.subarray(index * rowBytes, (index + 1) * rowBytes)
    const isLeaf = row.subarray(0, hashBytes).toString('hex') === leafHash
    return isLeaf && row.subarray(hashBytes).equals(digest(name))
  }
}

function digest({ agent, epoch, seq, sha256 }: MessageName): Buffer {
  const text = `${agent} ${epoch} ${seq} ${sha256}`
  return createHash('sha256').update(text).digest().subarray(0, nameBytes)
}
