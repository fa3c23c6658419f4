import { randomBytes } from 'node:crypto'
import { sha256 } from '../../protocol/jws.ts'
import { idPattern } from '../../protocol/schema.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { AccountSecret } from '../store/people.ts'
import type { Effect } from '../store/store.ts'
import type { AccountAct } from './account-acts.ts'
import {
  type Account,
  type AccountGrant,
  type AccountRecord,
  type AccountService,
  type AccountView,
  builtInAccounts,
  type Link,
} from './accounts.ts'
import { requireMay } from './permissions.ts'
import { changed, ended, nothingSet, type SignInParts } from './sign-in.ts'

/** A link that nobody used is worthless after this time. */
export const linkLifeMs = 72 * 3_600_000

/** Accounts, those that ended too: an id is never used again. */
export const accountsMax = 5_000

type Admin = Pick<AccountService, 'list' | 'make' | 'change' | 'link' | 'end' | 'own'>

/** What admins do with accounts, on the board and by commands. */
export class AccountAdmin implements Admin {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  async list(actor: Account): Promise<AccountView[]> {
    requireAdmin(actor)
    const { acts, store } = this.#parts
    const secrets = new Map((await store.accountSecrets()).map((each) => [each.account, each]))
    return Promise.all(acts.book.all().map((record) => this.#view(record, secrets.get(record.id))))
  }

  async own({ id }: Pick<Account, 'id'>): Promise<AccountView> {
    const { acts, store } = this.#parts
    const record = acts.book.get(id)
    if (!record) throw missing()
    return this.#view(record, await store.accountSecret(id))
  }

  make(actor: Account, id: string, grant: AccountGrant, why: string) {
    requireAdmin(actor)
    return this.#parts.acts.take(async (at) => {
      const { acts } = this.#parts
      if (!new RegExp(idPattern).test(id)) {
        const message = 'A name has small letters, digits and hyphens, 63 at most.'
        throw new AppError('invalid', message)
      }
      if (builtInAccounts.includes(id)) {
        throw new AppError('conflict', 'This name is not for people.')
      }
      if (acts.book.get(id)) {
        throw new AppError('conflict', 'There is an account of this name. Choose another.')
      }
      if (acts.book.all().length >= accountsMax) {
        throw new AppError('conflict', `There are ${accountsMax} accounts: no more can be made.`)
      }
      await acts.requirePlace(grant.role, grant.institution, at)
      const external = this.#externalOf(id, grant.external ?? null)
      const state = { ...placeOf(grant), external, endedAt: null }
      const made: AccountAct[] = [{ before: null, after: state }]
      const effects: Effect[] = []
      const link = external === null ? newLink(at) : null
      if (link) {
        made.push({ about: 'sign-in-link', before: null, after: placeOf(grant) })
        effects.push(secretEffect({ ...nothingSet(id, at), ...link.secret }))
      }
      await acts.write(actor, { id, ...placeOf(grant) }, made, { why, at, effects })
      return { account: await this.own({ id }), link: link?.link ?? null }
    })
  }

  change(actor: Account, id: string, grant: AccountGrant, why: string): Promise<AccountView> {
    return this.#changing(actor, id, async (record, at) => {
      const { acts, store } = this.#parts
      await acts.requirePlace(grant.role, grant.institution, at)
      const { external: given } = grant
      const external = given === undefined ? record.external : this.#externalOf(id, given)
      const after = { ...placeOf(grant), external, endedAt: null }
      const effects: Effect[] = [ended(id), { kind: 'api-tokens-ended', account: id, at }]
      const secret = await store.accountSecret(id)
      if (secret && external !== record.external) {
        effects.push(secretEffect({ ...nothingSet(id, at), ...changed(secret, at) }))
      }
      this.#parts.sessions.forgetCodes(id)
      await this.#write(actor, record, after, { why, at, effects })
    })
  }

  end(actor: Account, id: string, why: string): Promise<AccountView> {
    return this.#changing(actor, id, async (record, at) => {
      const { role, institution, external } = record
      const secret = await this.#parts.store.accountSecret(id)
      const effects: Effect[] = [ended(id), { kind: 'api-tokens-ended', account: id, at }]
      if (secret) effects.push(secretEffect({ ...nothingSet(id, at), ...changed(secret, at) }))
      this.#parts.sessions.forgetCodes(id)
      const after = { role, institution, external, endedAt: at }
      await this.#write(actor, record, after, { why, at, effects })
    })
  }

  async link(actor: Account, id: string, why: string): Promise<Link> {
    const { acts, store, sessions } = this.#parts
    let made: Link | null = null
    await this.#changing(actor, id, async (record, at) => {
      if (record.external !== null) {
        const message = 'This account signs in at the identity provider and needs no link.'
        throw new AppError('invalid', message, { detail: { rule: 'external' } })
      }
      const before = (await store.accountSecret(id)) ?? nothingSet(id, at)
      const { secret, link } = newLink(at)
      const { role, institution } = record
      const place = { role, institution }
      const all: AccountAct[] = [{ about: 'sign-in-link', before: place, after: place }]
      const was = { at: before.changedAt }
      if (before.password) all.push({ about: 'password', before: was, after: null })
      if (before.totp) all.push({ about: 'second-factor', before: was, after: null })
      const next = { ...nothingSet(id, at), ...secret, ...changed(before, at) }
      sessions.forgetCodes(id)
      await acts.write(actor, record, all, { why, at, effects: [secretEffect(next), ended(id)] })
      made = link
    })
    if (!made) throw missing()
    return made
  }

  /** Changes an open account of somebody else, in a turn. */
  #changing(
    actor: Account,
    id: string,
    change: (record: AccountRecord, at: EpochMs) => Promise<void>,
  ): Promise<AccountView> {
    requireAdmin(actor)
    if (actor.id === id) {
      const message = 'Nobody does this to the own account: another admin must.'
      throw new AppError('forbidden', message, { detail: { rule: 'own_account' } })
    }
    return this.#parts.acts.take(async (at) => {
      const record = this.#parts.acts.book.get(id)
      if (!record) throw missing()
      if (record.endedAt !== null) throw new AppError('conflict', 'This account ended.')
      await change(record, at)
      return this.own(record)
    })
  }

  /** What became of an account; where it left an institution, in the log of that too. */
  async #write(
    actor: Account,
    record: AccountRecord,
    after: Omit<AccountRecord, 'id' | 'madeAt'>,
    more: { why: string; at: EpochMs; effects: readonly Effect[] },
  ): Promise<void> {
    const { id, role, institution, external, endedAt } = record
    const before = { role, institution, external, endedAt }
    const to = { id, role: after.role, institution: after.institution }
    const left = institution !== null && institution !== after.institution ? [record] : []
    await this.#parts.acts.write(actor, to, [{ before, after, alsoOf: left }], more)
  }

  #externalOf(id: string, external: string | null): string | null {
    if (external === null) return null
    const hash = sha256(external)
    const taken = this.#parts.acts.book.byExternal(hash)
    if (taken && taken.id !== id) {
      throw new AppError('conflict', 'Another account is called so by the identity provider.')
    }
    return hash
  }

  async #view(record: AccountRecord, secret: AccountSecret | null = null): Promise<AccountView> {
    const { external, ...rest } = record
    const { now, sessions } = this.#parts
    const linkExpiresAt = secret?.linkExpiresAt ?? null
    const used = (await sessions.list(record.id)).map(({ usedAt }) => usedAt)
    return {
      ...rest,
      isExternal: external !== null,
      hasPassword: Boolean(secret?.password),
      hasSecondFactor: Boolean(secret?.totp),
      linkExpiresAt: linkExpiresAt !== null && linkExpiresAt > now() ? linkExpiresAt : null,
      lastUsedAt: used.length === 0 ? null : Math.max(...used),
    }
  }
}

function requireAdmin(actor: Account): void {
  requireMay(actor, 'accounts.manage')
  if (actor.via !== 'token') return
  const message = 'A token does nothing to accounts: a person who signed in must.'
  throw new AppError('forbidden', message, { detail: { rule: 'token' } })
}

function missing(): AppError {
  return new AppError('not_found', 'There is no such account.')
}

function placeOf({ role, institution = null }: AccountGrant | AccountRecord) {
  return { role, institution }
}

function secretEffect(secret: AccountSecret): Effect {
  return { kind: 'account-secret', secret }
}

/** A code that only its bearer gets, behind `#`, which no server is sent; kept as a hash. */
function newLink(at: EpochMs) {
  const code = randomBytes(24).toString('base64url')
  const expiresAt = at + linkLifeMs
  const link: Link = { path: `/invite#${code}`, expiresAt }
  return { secret: { link: sha256(code), linkExpiresAt: expiresAt }, link }
}
