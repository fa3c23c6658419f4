import { randomBytes } from 'node:crypto'
import { sha256 } from '../../protocol/jws.ts'
import { dayMs, type EpochMs, minuteMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { ApiTokenRow, PeopleStore } from '../store/people.ts'
import type { Effect, EvidenceWriter } from '../store/store.ts'
import type { AccountActs } from './account-acts.ts'
import { accountLog } from './account-book.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'

export const apiTokenLimits = {
  lifeMsMax: 365 * dayMs,
  /** Tokens of one account that are good at a time. */
  openMax: 20,
  labelCharactersMax: 60,
  /** How exactly it is noted when a token was used. */
  useNotedMs: minuteMs,
} as const

/** How every token begins: whoever finds one in a file knows what it is, and no session is one. */
export const apiTokenPrefix = 'istimrar_'

/** A token as its owner sees it. */
export type ApiToken = Omit<ApiTokenRow, 'hash' | 'account'>

/** What a token is to be. */
export type ApiTokenGrant = Pick<ApiTokenRow, 'label' | 'scope' | 'expiresAt'>

export type ApiTokensOptions = {
  readonly store: Pick<PeopleStore, 'apiToken' | 'apiTokensOf' | 'useApiToken'> &
    Pick<EvidenceWriter, 'applyActs'>
  readonly acts: Pick<AccountActs, 'book' | 'take'>
  readonly now: () => EpochMs
}

/**
 * Tokens by which programs act for an account: made by its bearer, shown once, kept as hashes, and
 * worthless when they or the account have ended. What one may do follows the account's role now.
 */
export class ApiTokens {
  readonly #options: ApiTokensOptions

  constructor(options: ApiTokensOptions) {
    this.#options = options
  }

  /** Newest first, those that ended too. */
  async list({ id }: Account): Promise<ApiToken[]> {
    return (await this.#options.store.apiTokensOf(id)).map(viewOf)
  }

  /**
   * Makes a token: its text, which nobody is told again. Throws AppError `forbidden` for programs
   * and for who has no account, `invalid` for a life that is too long or over, `conflict` when
   * there are too many.
   */
  make(account: Account, grant: ApiTokenGrant): Promise<string> {
    const { acts, store } = this.#options
    return acts.take(async (at) => {
      const owner = this.#requirePerson(account)
      const { label, scope, expiresAt } = grant
      if (expiresAt <= at || expiresAt > at + apiTokenLimits.lifeMsMax) {
        const message = 'A token is good for at most 365 days.'
        throw new AppError('invalid', message, { detail: { rule: 'expires' } })
      }
      const open = (await store.apiTokensOf(owner.id)).filter((each) => isGood(each, at))
      if (open.length >= apiTokenLimits.openMax) {
        const message = `An account has at most ${apiTokenLimits.openMax} tokens. End one first.`
        throw new AppError('conflict', message, { detail: { rule: 'too_many' } })
      }
      const text = apiTokenPrefix + randomBytes(32).toString('base64url')
      const hash = sha256(text)
      const token: ApiTokenRow = {
        ...{ hash, id: hash.slice(0, 12), account: owner.id, label, scope },
        ...{ createdAt: at, expiresAt, endedAt: null, lastUsedAt: null },
      }
      await this.#write(account, null, token, { kind: 'api-token', token }, at)
      return text
    })
  }

  /** Ends an own token; one that ended stays as it is. Throws AppError, `not_found` for others'. */
  end(account: Account, id: string): Promise<ApiToken> {
    const { acts, store } = this.#options
    return acts.take(async (at) => {
      this.#requirePerson(account)
      const before = (await store.apiTokensOf(account.id)).find((each) => each.id === id)
      if (!before) throw new AppError('not_found', 'There is no such token.')
      if (before.endedAt !== null) return viewOf(before)
      const after = { ...before, endedAt: at }
      await this.#write(account, before, after, { kind: 'api-token-ended', id, at }, at)
      return viewOf(after)
    })
  }

  /** For whom a program acts; null for what is no token, or one that is worthless. */
  async account(text: string): Promise<Account | null> {
    const { store, acts, now } = this.#options
    const hash = sha256(text)
    const token = await store.apiToken(hash)
    const at = now()
    if (!token || !isGood(token, at)) return null
    const account = acts.book.account(token.account)
    if (!account) return null
    if (at - (token.lastUsedAt ?? 0) >= apiTokenLimits.useNotedMs) await store.useApiToken(hash, at)
    return { ...account, via: 'token', scope: token.scope }
  }

  /** A program that could make tokens would outlive the one it has. */
  #requirePerson({ id, via }: Account) {
    const owner = this.#options.acts.book.account(id)
    if (owner && via !== 'token') return owner
    const message = 'Tokens belong to people with an account, who sign in to make and end them.'
    throw new AppError('forbidden', message, { detail: { rule: 'token' } })
  }

  async #write(
    account: Account,
    before: ApiTokenRow | null,
    after: ApiTokenRow,
    effect: Effect,
    at: EpochMs,
  ): Promise<void> {
    const { id: actor, role, institution = null } = account
    const log = accountLog({ role, institution })
    const entry = {
      ...{ actor, role, what: `api-token/${after.id}`, why: 'access for a program' },
      ...{ before: before && recordOf(before), after: recordOf(after), effectiveFrom: at },
    }
    await applyActs(this.#options.store, [{ log, entry, effects: [effect] }], at)
  }
}

function isGood({ endedAt, expiresAt }: ApiTokenRow, now: EpochMs): boolean {
  return endedAt === null && expiresAt > now
}

/** Nobody can act with what its owner sees. */
function viewOf({ hash: _, account: __, ...token }: ApiTokenRow): ApiToken {
  return token
}

/** What the log says of a token. */
function recordOf({ account, label, scope, expiresAt, endedAt }: ApiTokenRow) {
  return { account, label, scope, expiresAt, endedAt }
}
