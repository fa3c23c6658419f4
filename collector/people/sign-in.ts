import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { AccountSecret, PeopleStore } from '../store/people.ts'
import type { AccountActs } from './account-acts.ts'
import {
  type Account,
  type AccountRecord,
  type AccountService,
  type SignInStep,
  secondFactorRoles,
} from './accounts.ts'
import type { Attempts } from './attempts.ts'
import { type Passwords, requirePassword } from './passwords.ts'
import type { PeopleKey } from './people-key.ts'
import type { OneTimeSessions } from './sessions.ts'
import type { Ticket, Tickets } from './tickets.ts'
import { base32, matchingStep, totpUri } from './totp.ts'

/** A security event: what was refused to whom; the account only where there is one. */
export type SignInRefusal = {
  readonly event: 'sign-in-refused'
  readonly step: 'password' | 'second-factor' | 'link' | 'external'
  readonly account: string | null
  readonly from: string | null
}

/** What accounts and signing in are made of. */
export type SignInParts = {
  readonly acts: AccountActs
  readonly sessions: OneTimeSessions
  readonly store: PeopleStore
  readonly passwords: Passwords
  readonly key: PeopleKey
  readonly attempts: Attempts
  readonly tickets: Tickets
  readonly newTotpSecret: () => Buffer
  readonly now: () => EpochMs
  readonly onRefused: (refusal: SignInRefusal) => void
}

/** Longer names are nobody's. */
const nameMax = 63

/** What a new account signs in with: nothing. */
export function nothingSet(account: string, changedAt: EpochMs): AccountSecret {
  const nothing = { password: null, totp: null, totpStep: 0, link: null, linkExpiresAt: null }
  return { account, ...nothing, changedAt }
}

/** When it is changed: later than the last time, so that what began before can be told. */
export function changed(
  { changedAt }: AccountSecret,
  at: EpochMs,
): { readonly changedAt: EpochMs } {
  return { changedAt: Math.max(at, changedAt + 1) }
}

/** Lets people in by password, second factor, link, or the name an identity provider gives. */
export class SignIn
  implements
    Pick<AccountService, 'findLink' | 'acceptLink' | 'signIn' | 'confirm' | 'signInExternal'>
{
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  async signIn(id: string, password: string, from: string): Promise<SignInStep> {
    return this.#afterPassword(await this.requireOwner(id, password, from))
  }

  /** The secret of an account whose password it is. Throws AppError `auth`, `too_many`. */
  async requireOwner(id: string, password: string, from: string): Promise<AccountSecret> {
    const { acts, store, passwords, attempts } = this.#parts
    const giveBack = attempts.take(id.slice(0, nameMax + 1), from)
    const record = acts.book.get(id)
    const secret = await store.accountSecret(id)
    const isOpen = record !== null && record.endedAt === null && record.external === null
    const stored = isOpen ? (secret?.password ?? null) : null
    const isRight = await passwords.matches(password, stored).catch((error: unknown) => {
      // It was not looked at: no guess was made.
      giveBack()
      throw error
    })
    if (!isRight || !secret) throw this.#refuse('password', record, from)
    giveBack()
    return secret
  }

  async findLink(code: string, from: string): Promise<Pick<AccountRecord, 'id' | 'role'>> {
    const { id, role } = (await this.#requireLink(code, from)).record
    return { id, role }
  }

  async acceptLink(code: string, password: string, from: string): Promise<SignInStep> {
    const { acts, passwords } = this.#parts
    const { record } = await this.#requireLink(code, from)
    requirePassword(password, record.id)
    const hash = await passwords.hash(password)
    const next = await acts.take(async (at) => {
      // Once more, where nothing can come between: of two bearers one is too late.
      const { record, secret } = await this.#requireLink(code, from)
      const next = {
        ...secret,
        password: hash,
        link: null,
        linkExpiresAt: null,
        ...changed(secret, at),
      }
      const act = { about: 'password', before: null, after: { at } }
      const why = 'password set with a link'
      const effects = [{ kind: 'account-secret', secret: next } as const, ended(record.id)]
      await acts.write(record, record, [act], { why, at, effects })
      return next
    })
    return this.#afterPassword(next)
  }

  async confirm(text: string, code: string, from: string): Promise<SignInStep> {
    const { tickets, attempts, acts, store, key, now } = this.#parts
    const ticket = tickets.take(text)
    const record = ticket && acts.book.get(ticket.account)
    const giveBack = attempts.take(ticket?.account ?? null, from)
    if (!ticket || !record) throw this.#refuse('second-factor', null, from)
    if (ticket.setUp) {
      const secret = await this.putInForce(text, ticket, code)
      giveBack()
      return { is: 'signed-in', secret }
    }
    const { totp } = (await store.accountSecret(record.id)) ?? { totp: null }
    const secret = totp && key.open(record.id, totp)
    const step = secret && matchingStep(secret, code, now())
    if (step === null || !(await store.acceptTotpStep(record.id, step))) {
      throw this.#refuse('second-factor', record, from)
    }
    giveBack()
    tickets.end(text)
    return { is: 'signed-in', secret: await this.#open(record.id, ticket.changedAt) }
  }

  async signInExternal(external: string): Promise<string | null> {
    const { acts, sessions, onRefused } = this.#parts
    const record = acts.book.byExternal(sha256(external))
    const account = record && acts.book.account(record.id)
    if (account) return sessions.open(account, 'oidc')
    onRefused({ event: 'sign-in-refused', step: 'external', account: null, from: null })
    return null
  }

  /** Begins a new second factor. */
  setUp({ account, changedAt }: AccountSecret): Extract<SignInStep, { totpUri: string }> {
    const setUp = this.#parts.newTotpSecret()
    const ticket = this.#parts.tickets.issue({ account, setUp, changedAt })
    const shown = { totpSecret: base32(setUp), totpUri: totpUri(account, setUp) }
    return { is: 'second-factor-set-up', ticket, ...shown }
  }

  /**
   * Puts a second factor in force whose first code is right; the secret of a new session, the only
   * one of the account. Throws AppError `invalid` for a wrong code, `auth` for what is too late.
   */
  async putInForce(text: string, { account, setUp, changedAt }: Ticket, code: string) {
    const { tickets, acts, key, now, sessions } = this.#parts
    const step = setUp && matchingStep(setUp, code, now())
    if (!setUp || step === null) {
      throw new AppError('invalid', 'The code is not right.', { detail: { rule: 'code' } })
    }
    return acts.take(async (at) => {
      const { record, secret } = await this.#requireUnchanged(account, changedAt)
      const totp = key.seal(account, setUp)
      const next = { ...secret, totp, totpStep: step, ...changed(secret, at) }
      const act = { about: 'second-factor', before: null, after: { at } }
      const why = 'second factor set up'
      const effects = [{ kind: 'account-secret', secret: next } as const, ended(account)]
      await acts.write(record, record, [act], { why, at, effects })
      tickets.end(text)
      return sessions.open(requireOpen(acts, account), 'password')
    })
  }

  async #afterPassword(secret: AccountSecret): Promise<SignInStep> {
    const { acts, key, tickets } = this.#parts
    const { account, totp, changedAt } = secret
    if (totp && !key.open(account, totp)) {
      const message = 'The second factor cannot be read any more. Ask an admin for a new link.'
      throw new AppError('forbidden', message, { detail: { rule: 'second_factor_lost' } })
    }
    if (totp) {
      return { is: 'second-factor', ticket: tickets.issue({ account, setUp: null, changedAt }) }
    }
    const { role } = requireOpen(acts, account)
    if (secondFactorRoles.includes(role)) return this.setUp(secret)
    return { is: 'signed-in', secret: await this.#open(account, changedAt) }
  }

  /** A session, unless what the account signs in with was changed meanwhile. */
  #open(account: string, changedAt: EpochMs): Promise<string> {
    const { acts, sessions } = this.#parts
    return acts.take(async () => {
      await this.#requireUnchanged(account, changedAt)
      return sessions.open(requireOpen(acts, account), 'password')
    })
  }

  async #requireUnchanged(id: string, changedAt: EpochMs) {
    const { acts, store } = this.#parts
    const secret = await store.accountSecret(id)
    const record = acts.book.get(id)
    requireOpen(acts, id)
    if (!record || secret?.changedAt !== changedAt) throw notLetIn()
    return { record, secret }
  }

  async #requireLink(code: string, from: string) {
    const { acts, store, attempts, now } = this.#parts
    const giveBack = attempts.take(null, from)
    const secret = await store.secretByLink(sha256(code))
    const record = secret && acts.book.get(secret.account)
    const isGood = record?.endedAt === null && (secret?.linkExpiresAt ?? 0) > now()
    if (!isGood || !secret) throw this.#refuse('link', record, from)
    giveBack()
    return { record, secret }
  }

  #refuse(step: SignInRefusal['step'], record: AccountRecord | null, from: string): AppError {
    this.#parts.onRefused({ event: 'sign-in-refused', step, account: record?.id ?? null, from })
    return notLetIn()
  }
}

/** The one answer, whatever was wrong. */
export function notLetIn(): AppError {
  return new AppError('auth', 'This is not right, or not good any more.')
}

/** The end of all sessions of an account. */
export function ended(account: string) {
  return { kind: 'sessions-ended', account, except: null } as const
}

function requireOpen(acts: AccountActs, id: string): Account {
  const account = acts.book.account(id)
  if (!account) throw notLetIn()
  return account
}
