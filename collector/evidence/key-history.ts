import { thumbprint } from '../../protocol/jws.ts'
import { newLogKey } from './log-key-change.ts'

type Sizes = ReadonlyMap<string, number>
type Reign = { readonly publicKey: string; readonly from: Sizes; until: Sizes | null }

/** Which log key signed when, told by the leaves that changed it. */
export class KeyHistory {
  readonly #reigns: Reign[]

  /** Begins with the first key there was, base64url. */
  constructor(first: string) {
    this.#reigns = [{ publicKey: first, from: new Map(), until: null }]
  }

  get current(): string {
    return this.#reigns.at(-1)!.publicKey
  }

  get keys(): readonly string[] {
    return this.#reigns.map(({ publicKey }) => publicKey)
  }

  /** Takes a change that the key in use signed, at these sizes of the logs; false for no such. */
  change(statement: unknown, from: unknown, sizes: Sizes): boolean {
    const next = from === this.current ? newLogKey(statement, this.current) : null
    if (!next) return false
    this.#reigns.at(-1)!.until = sizes
    this.#reigns.push({ publicKey: next.publicKey, from: sizes, until: null })
    return true
  }

  /** The keys that could sign a checkpoint of a log at this size. */
  at(log: string, size: number): string[] {
    return this.#reigns
      .filter(({ from, until }) => {
        const last = until === null ? Number.POSITIVE_INFINITY : (until.get(log) ?? 0)
        return (from.get(log) ?? 0) <= size && size <= last
      })
      .map(({ publicKey }) => publicKey)
  }

  /** The key of this thumbprint, if it could sign a receipt for this leaf. */
  forReceipt(kid: string, log: string, leaf: number): string | null {
    const reign = this.#reigns.find(({ publicKey }) => thumbprint(publicKey) === kid)
    const isLate = reign?.until != null && leaf >= (reign.until.get(log) ?? 0)
    return reign && !isLate ? reign.publicKey : null
  }
}
