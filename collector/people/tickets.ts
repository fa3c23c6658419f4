import { randomBytes } from 'node:crypto'
import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'

/** Time for a code, and for setting an app up first. */
const lifeMs = 5 * 60_000
const setUpLifeMs = 15 * 60_000
/** Codes that may be tried with one ticket. */
const triesMax = 5
/** Open tickets; the oldest go first. Each one was paid with a right password. */
const ticketsMax = 1_000

/** Somebody whose password was right, and whose second factor is still to come. */
export type Ticket = {
  readonly account: string
  /** The secret of a second factor that is being set up; null: the one in force is asked for. */
  readonly setUp: Buffer | null
  /** What the account signed in with when the ticket was made. */
  readonly changedAt: EpochMs
}

type Open = Ticket & { readonly expiresAt: EpochMs; tries: number }

/** Tickets between the two steps of signing in; in memory only. */
export class Tickets {
  readonly #now: () => EpochMs
  readonly #open = new Map<string, Open>()

  constructor(now: () => EpochMs) {
    this.#now = now
  }

  issue(ticket: Ticket): string {
    const text = randomBytes(32).toString('base64url')
    const now = this.#now()
    for (const [hash, { expiresAt }] of this.#open) {
      if (expiresAt <= now || this.#open.size >= ticketsMax) this.#open.delete(hash)
    }
    const expiresAt = now + (ticket.setUp ? setUpLifeMs : lifeMs)
    this.#open.set(sha256(text), { ...ticket, expiresAt, tries: 0 })
    return text
  }

  /** One try with a ticket; null where it is unknown, expired or was tried too often. */
  take(text: string): Ticket | null {
    const hash = sha256(text)
    const ticket = this.#open.get(hash)
    if (!ticket) return null
    if (ticket.expiresAt <= this.#now() || ++ticket.tries > triesMax) {
      this.#open.delete(hash)
      return null
    }
    return ticket
  }

  end(text: string): void {
    this.#open.delete(sha256(text))
  }
}
