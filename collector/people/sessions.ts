import { randomBytes, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import type { SessionRow, SessionStore } from '../store/people.ts'
import type { AccessLog } from './access-log.ts'
import { AccountBook } from './account-book.ts'
import { type Account, localAdmin, type Sessions } from './accounts.ts'
import type { ApiTokens } from './api-tokens.ts'

/** A session ends after this time, used or not. */
export const sessionLifeMs = 12 * 3_600_000
/** A session that nobody used for so long has ended. */
export const sessionIdleMs = 3_600_000
/** How exactly it is noted when a session was used. */
const useNotedMs = 60_000
/** A login code that nobody used is worthless after this time. */
export const codeLifeMs = 15 * 60_000
/** Wrong codes per minute after which every code is refused for the rest of it. */
const failuresPerMinuteMax = 10

type Code = { readonly hash: string; readonly account: Account; readonly expiresAt: EpochMs }

/**
 * Logins by one-time code, and the sessions of all who signed in. Codes live in memory, sessions as
 * hashes in the store. What an account may do is looked up at each request.
 */
export class OneTimeSessions implements Sessions {
  readonly #store: SessionStore
  readonly #now: () => EpochMs
  readonly #book: Pick<AccountBook, 'account' | 'get'>
  readonly #tokens: Pick<ApiTokens, 'account'> | null
  readonly #access: Pick<AccessLog, 'noteAccess'> | null
  #codes: Code[] = []
  #failures: EpochMs[] = []
  readonly #forRun = new Map<string, Account>()

  constructor(
    store: SessionStore,
    now: () => EpochMs,
    book: Pick<AccountBook, 'account' | 'get'> = new AccountBook(),
    access: Pick<AccessLog, 'noteAccess'> | null = null,
    tokens: Pick<ApiTokens, 'account'> | null = null,
  ) {
    this.#store = store
    this.#now = now
    this.#book = book
    this.#tokens = tokens
    this.#access = access
  }

  /** Makes a code that lets its bearer in once as the account. */
  issueCode(account: Account): string {
    const code = randomBytes(16).toString('base64url')
    const expiresAt = this.#now() + codeLifeMs
    this.#codes = [...this.#live(), { hash: sha256(code), account, expiresAt }]
    return code
  }

  /** Makes the codes of an account worthless that nobody used yet. */
  forgetCodes(account: string): void {
    this.#codes = this.#codes.filter((each) => each.account.id !== account)
  }

  /** A session for programs of this machine: ends with the process, and is nowhere on disk. */
  openForRun(account: Account): string {
    const secret = newSecret()
    this.#forRun.set(sha256(secret), account)
    return secret
  }

  /** Opens a session for an account that proved who it is; its secret. */
  async open({ id, role, institution }: Account, via: Account['via']): Promise<string> {
    const owner = institution === undefined ? {} : { institution }
    // Nobody comes in of whom it could not be noted.
    await this.#access?.noteAccess({ id, role, ...owner }, 'log-in', { via: via ?? 'link' })
    const secret = newSecret()
    const openedAt = this.#now()
    const account = { id, role, ...owner, ...of({ via }) }
    const times = { openedAt, usedAt: openedAt, expiresAt: openedAt + sessionLifeMs }
    await this.#store.saveSession({ hash: sha256(secret), account, ...times })
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
    try {
      return await this.open(found.account, 'link')
    } catch (error) {
      // Nobody was let in: on a full disk the bearer tries again once there is room.
      this.#codes = [...this.#codes, found]
      throw error
    }
  }

  async account(secret: string, isUse = true): Promise<Account | null> {
    const hash = sha256(secret)
    const forRun = this.#forRun.get(hash)
    if (forRun) return forRun
    const session = await this.#store.session(hash)
    const now = this.#now()
    if (!session || !isOpen(session, now)) return null
    const account = this.#asItIs(session.account)
    if (account && isUse && now - session.usedAt >= useNotedMs) {
      await this.#store.useSession(hash, now)
    }
    return account
  }

  async tokenAccount(text: string): Promise<Account | null> {
    return (await this.#tokens?.account(text)) ?? null
  }

  logout(secret: string): Promise<void> {
    return this.#store.deleteSession(sha256(secret))
  }

  /** The sessions of an account that are open, newest first. */
  async list(account: string): Promise<SessionRow[]> {
    const now = this.#now()
    return (await this.#store.sessionsOf(account)).filter((session) => isOpen(session, now))
  }

  /** Ends a session that `list` told of. */
  end({ hash }: SessionRow): Promise<void> {
    return this.#store.deleteSession(hash)
  }

  /**
   * What a session may is what its account may now. A role that changed ended it; should it still
   * be there, such as after a restore, it is nobody's.
   */
  #asItIs({ via, ...signedInAs }: Account): Account | null {
    const known = this.#book.account(signedInAs.id)
    if (!known) {
      const isNobodys = this.#book.get(signedInAs.id) !== null
      const isLocal = signedInAs.id === localAdmin.id
      // Sessions of before there were accounts say themselves what they may.
      return isLocal || (!isNobodys && via === undefined) ? { ...signedInAs, ...of({ via }) } : null
    }
    const { role, institution } = signedInAs
    if (known.role !== role || known.institution !== institution) return null
    return { ...known, ...of({ via }) }
  }

  #live(): Code[] {
    const now = this.#now()
    return this.#codes.filter(({ expiresAt }) => expiresAt > now)
  }
}

function isOpen({ usedAt, expiresAt }: SessionRow, now: EpochMs): boolean {
  return now < expiresAt && now - usedAt < sessionIdleMs
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Only where it is known. */
function of({ via }: { readonly via: Account['via'] }): {
  readonly via?: NonNullable<Account['via']>
} {
  return via === undefined ? {} : { via }
}
