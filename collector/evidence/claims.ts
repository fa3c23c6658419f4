import { CheckpointError, openCheckpoint } from '../../protocol/checkpoint.ts'
import { type Frontier, rootOf } from '../../protocol/merkle.ts'
import type { KeyHistory } from './key-history.ts'
import type { KeptCheckpoint } from './outside.ts'

/** What a check found to be wrong, as a sentence. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

/**
 * Checkpoints from outside, compared as the trees reach their sizes. Each is a promise about all
 * leaves before it: a log that was rewritten cannot keep it.
 */
export class Claims {
  readonly #logs: readonly string[]
  readonly #waiting = new Map<string, KeptCheckpoint[]>()
  readonly #met: { readonly claim: KeptCheckpoint; readonly isTrue: boolean }[] = []

  constructor(logs: readonly string[]) {
    this.#logs = logs
  }

  /** Expects a checkpoint; those of other logs say nothing here. The same note counts once. */
  expect(claim: KeptCheckpoint): void {
    if (!this.#logs.includes(claim.log)) return
    const key = `${claim.log}/${claim.size}`
    const known = this.#waiting.get(key) ?? []
    if (!known.some(({ note }) => note === claim.note)) this.#waiting.set(key, [...known, claim])
  }

  /** The tree of a log has grown to this. */
  reach(log: string, tree: Frontier): void {
    if (this.#waiting.size === 0) return
    const key = `${log}/${tree.size}`
    const claims = this.#waiting.get(key)
    if (!claims) return
    const root = rootOf(tree)
    for (const claim of claims) this.#met.push({ claim, isTrue: claim.root.equals(root) })
    this.#waiting.delete(key)
  }

  /** How many checkpoints were kept. Throws Broken for the smallest that was not. */
  settle(keys: KeyHistory): number {
    for (const { claim, isTrue } of this.#met) {
      requireSigned(claim, keys)
      if (isTrue) continue
      const { log, size, place } = claim
      throw new Broken(
        `${log}: the first ${size} leaves are not those of the checkpoint in ${place}`,
      )
    }
    for (const { log, size, place } of [...this.#waiting.values()].flat()) {
      throw new Broken(
        `${log}: the checkpoint in ${place} is of ${size} leaves; the file has fewer`,
      )
    }
    return this.#met.length
  }
}

/** Throws Broken unless a key in force at that size of the log signed the checkpoint. */
export function requireSigned({ note, log, size, place }: KeptCheckpoint, keys: KeyHistory): void {
  try {
    openCheckpoint(note, keys.at(log, size))
  } catch (cause) {
    if (!(cause instanceof CheckpointError)) throw cause
    const message = `${log}: no log key of that time signed the checkpoint in ${place}`
    throw new Broken(message, { cause })
  }
}
