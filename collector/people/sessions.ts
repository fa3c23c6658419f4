import { randomBytes, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { SessionStore } from '../store/store.ts'
import type { Account, Sessions } from './accounts.ts'

/** A session ends after this time, used or not. */
const sessionLifeMs = 12 * 3_600_000
/** A login code that nobody used is worthless after this time. */
export const codeLifeMs = 15 * 60_000
/** Wrong codes per minute after which every code is refused for the rest of it. */
const failuresPerMinuteMax = 10

type Code = { readonly hash: string; readonly account: Account; readonly expiresAt: EpochMs }

/** Logins by one-time code. Codes live in memory, sessions as hashes in the store. */
export class OneTimeSessions implements Sessions {
  readonly #store: SessionStore
  readonly #now: () => EpochMs
  #codes: Code[] = []
  #failures: EpochMs[] = []
  readonly #forRun = new Map<string, Account>()

  constructor(store: SessionStore, now: () => EpochMs) {
    this.#store = store
    this.#now = now
  }

  /** Makes a code that lets its bearer in once as the account. */
  issueCode(account: Account): string {
    const code = randomBytes(16).toString('base64url')
    const expiresAt = this.#now() + codeLifeMs
    this.#codes = [...this.#live(), { hash: sha256(code), account, expiresAt }]
    return code
  }

  /** A session for programs of this machine: ends with the process, and is nowhere on disk. */
  openForRun(account: Account): string {
    const secret = randomBytes(32).toString('base64url')
    this.#forRun.set(sha256(secret), account)
    return secret
  }

  async login(code: string): Promise<string | null> {
    const now = this.#now()
    this.#failures = this.#failures.filter((at) => now - at < 60_000)
    if (this.#failures.length >= failuresPerMinuteMax) return null
    const hash = Buffer.from(sha256(code))
    const found = this.#live().find((each) => timingSafeEqual(Buffer.from(each.hash), hash))
    if (!found) {
      this.#failures.push(now)
      return null
    }
    this.#codes = this.#codes.filter((each) => each !== found)
    const secret = randomBytes(32).toString('base64url')
    try {
      await this.#store.saveSession(sha256(secret), found.account, now + sessionLifeMs)
    } catch (error) {
      // Nobody was let in: on a full disk the bearer tries again once there is room.
      this.#codes = [...this.#codes, found]
      throw error
    }
    return secret
  }

  async account(secret: string): Promise<Account | null> {
    const hash = sha256(secret)
    return this.#forRun.get(hash) ?? this.#store.session(hash, this.#now())
  }

  logout(secret: string): Promise<void> {
    return this.#store.deleteSession(sha256(secret))
  }

  #live(): Code[] {
    const now = this.#now()
    return this.#codes.filter(({ expiresAt }) => expiresAt > now)
  }
}
