import { sha256 } from '../../protocol/jws.ts'
import { AppError } from '../error.ts'
import type { SessionRow } from '../store/people.ts'
import {
  type Account,
  type AccountRecord,
  type AccountService,
  type SessionView,
  secondFactorRoles,
} from './accounts.ts'
import { requirePassword } from './passwords.ts'
import { changed, ended, notLetIn, type SignIn, type SignInParts } from './sign-in.ts'

type Own = Pick<
  AccountService,
  | 'setPassword'
  | 'newSecondFactor'
  | 'confirmSecondFactor'
  | 'removeSecondFactor'
  | 'sessions'
  | 'endSession'
  | 'endSessions'
>

/** Characters of a session's name: enough to tell them apart, too few to find one by. */
const sessionIdLength = 12

/** What people do with their own account. Programs with an API token do none of it. */
export class OwnAccount implements Own {
  readonly #parts: SignInParts
  readonly #signIn: SignIn

  constructor(parts: SignInParts, signIn: SignIn) {
    this.#parts = parts
    this.#signIn = signIn
  }

  async setPassword(account: Account, current: string, next: string, from: string) {
    const { acts, passwords, sessions } = this.#parts
    const { id, record } = this.#requirePerson(account)
    const before = await this.#signIn.requireOwner(id, current, from)
    requirePassword(next, id)
    if (next === current) {
      const message = 'The new password is the one before.'
      throw new AppError('invalid', message, { detail: { rule: 'same' } })
    }
    const hash = await passwords.hash(next)
    return acts.take(async (at) => {
      const secret = { ...(await this.#unchanged(before)), password: hash, ...changed(before, at) }
      const act = { about: 'password', before: { at: before.changedAt }, after: { at } }
      const effects = [{ kind: 'account-secret', secret } as const, ended(id)]
      await acts.write(record, record, [act], { why: 'own password changed', at, effects })
      return sessions.open(this.#now(id), 'password')
    })
  }

  async newSecondFactor(account: Account, password: string, from: string) {
    const { id } = this.#requirePerson(account)
    return this.#signIn.setUp(await this.#signIn.requireOwner(id, password, from))
  }

  async confirmSecondFactor(account: Account, text: string, code: string): Promise<string> {
    const { id } = this.#requirePerson(account)
    const ticket = this.#parts.tickets.take(text)
    if (ticket?.account !== id) throw notLetIn()
    return this.#signIn.putInForce(text, ticket, code)
  }

  async removeSecondFactor(account: Account, password: string, from: string): Promise<string> {
    const { acts, sessions } = this.#parts
    const { id, record } = this.#requirePerson(account)
    if (secondFactorRoles.includes(record.role)) {
      const message = 'This role signs in with a second factor.'
      throw new AppError('forbidden', message, { detail: { rule: 'second_factor' } })
    }
    const before = await this.#signIn.requireOwner(id, password, from)
    return acts.take(async (at) => {
      const secret = { ...(await this.#unchanged(before)), totp: null, ...changed(before, at) }
      const act = { about: 'second-factor', before: { at: before.changedAt }, after: null }
      const effects = [{ kind: 'account-secret', secret } as const, ended(id)]
      await acts.write(record, record, [act], { why: 'second factor removed', at, effects })
      return sessions.open(this.#now(id), 'password')
    })
  }

  async sessions({ id }: Account, secret: string | null): Promise<SessionView[]> {
    const own = secret === null ? null : sha256(secret)
    const rows = await this.#parts.sessions.list(id)
    return rows.map(({ hash, account, openedAt, usedAt, expiresAt }) => {
      const times = { openedAt, usedAt, expiresAt }
      return { id: sessionId(hash), via: account.via ?? null, ...times, isOwn: hash === own }
    })
  }

  async endSession(account: Account, id: string): Promise<void> {
    const rows = await this.#parts.sessions.list(account.id)
    const row = rows.find(({ hash }: SessionRow) => sessionId(hash) === id)
    if (!row) throw new AppError('not_found', 'There is no such session.')
    await this.#parts.sessions.end(row)
  }

  async endSessions({ id }: Account): Promise<void> {
    for (const row of await this.#parts.sessions.list(id)) await this.#parts.sessions.end(row)
  }

  /** People only, whose account is in the book. */
  #requirePerson({ id, via }: Account): { id: string; record: AccountRecord } {
    const record = this.#parts.acts.book.get(id)
    if (via === 'token' || !record) {
      const message = 'Only a person who signed in may do this.'
      throw new AppError('forbidden', message, { detail: { rule: 'person' } })
    }
    return { id, record }
  }

  /** What the account signs in with, as it still is. */
  async #unchanged({ account, changedAt }: { account: string; changedAt: number }) {
    const secret = await this.#parts.store.accountSecret(account)
    if (secret?.changedAt !== changedAt) throw notLetIn()
    return secret
  }

  #now(id: string): Account {
    const account = this.#parts.acts.book.account(id)
    if (!account) throw notLetIn()
    return account
  }
}

function sessionId(hash: string): string {
  return hash.slice(0, sessionIdLength)
}
