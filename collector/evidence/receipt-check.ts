import { publicKey, verifyJws } from '../../protocol/jws.ts'
import { Broken } from './claims.ts'
import type { LeafCheck } from './leaf-check.ts'
import type { KeptReceipt } from './outside.ts'

/** Compares receipts with the leaves that they are for. */
export class ReceiptCheck {
  readonly #log: string
  readonly #leaves: Pick<LeafCheck, 'keys' | 'places'>
  count = 0

  constructor(log: string, leaves: Pick<LeafCheck, 'keys' | 'places'>) {
    this.#log = log
    this.#leaves = leaves
  }

  /** Throws Broken. A receipt of another log, or from after the export, says nothing here. */
  check({ place, jws, content }: KeptReceipt, exportedAt: number): void {
    const { log, leaf, leafHash, batch: sha256, agent, epoch, seq, now } = content
    if (log !== this.#log) return
    const { keys, places } = this.#leaves
    const key = keys.forReceipt(jws.kid, log, leaf)
    const isNewer = now > exportedAt && leaf >= places.size
    if (isNewer) return
    if (key === null || !verifyJws(jws, publicKey(key))) {
      throw new Broken(`${place}: no log key of that time signed the receipt`)
    }
    if (!places.holds(leaf, leafHash, { agent, epoch, seq, sha256 })) {
      throw new Broken(`${log} #${leaf}: it is not what the receipt in ${place} is for`)
    }
    this.count++
  }
}
