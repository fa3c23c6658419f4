import { followLogKeys } from './log-keys.ts'
import type { Post } from './post.ts'
import { type Accepted, type PinnedLog, readReceipt, signerOfReceipt } from './receipt.ts'
import type { SpooledMessage } from './spool-row.ts'

/** What is believed of the collector's word: receipts of the pinned log, and of keys it signed. */
export class Trust {
  readonly #pin: (chain: readonly string[]) => PinnedLog
  #log: PinnedLog

  /** `pin` keeps a chain of keys that begins behind the pinned one, for good when it returns. */
  constructor(log: PinnedLog, pin: (chain: readonly string[]) => PinnedLog) {
    this.#log = log
    this.#pin = pin
  }

  /** The receipt in a text, if it counts for the message. */
  receipt(
    text: string,
    message: Pick<SpooledMessage, 'epoch' | 'seq' | 'jws'>,
    agent: string,
  ): Accepted | null {
    return readReceipt(text, message, agent, this.#log)
  }

  /**
   * Asks the collector whether the key of a receipt follows the pinned one, and if so pins it. Null
   * when it does not, else the new key's id.
   */
  async learn(text: string, post: Post, signal: AbortSignal): Promise<string | null> {
    const kid = signerOfReceipt(text)
    const { kid: pinned, keys } = this.#log
    if (kid === null || kid === pinned) return null
    // Without an answer the receipt does not count, which is what its caller then reports.
    const answer = await post('/v1/log-keys', null, signal).catch(() => null)
    if (answer?.status !== 200) return null
    const chain = followLogKeys(answer.body, keys.at(-1) ?? '', kid)
    if (!chain) return null
    this.#log = this.#pin(chain)
    return kid
  }
}
