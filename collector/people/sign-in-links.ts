import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { Turns } from '../ingest/turns.ts'
import { registerAt, registerHistory } from '../register/history.ts'
import type { EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { codeLifeMs, type OneTimeSessions } from './sessions.ts'

export type SignInLinkOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'>
  readonly sessions: OneTimeSessions
  readonly now: () => EpochMs
}

/** A way in that works once. */
export type SignInLink = { readonly path: string; readonly expiresAt: EpochMs }

/** What acts when nobody does: no person signs in under these names. */
const builtIn = ['local-admin', 'collector', 'national']

/**
 * Lets named people in. Each link is an act: in the institution's log for an account of that
 * institution, else in the national one. An id is one account for ever: its role and institution
 * are those of its first link.
 */
export class SignInLinks {
  readonly #options: SignInLinkOptions
  readonly #turns = new Turns()

  constructor(options: SignInLinkOptions) {
    this.#options = options
  }

  /** Throws AppError `invalid` or `not_found`, `conflict` when the id is another account. */
  make(account: Account, actor: Account, why: string): Promise<SignInLink> {
    return this.#turns.take(async () => {
      const { store, sessions, now } = this.#options
      const { id, role, institution } = account
      if (builtIn.includes(id)) throw new AppError('conflict', 'This name is not for people.')
      if ((role === 'institution') !== (institution !== undefined)) {
        throw new AppError('invalid', 'The role institution, and no other, needs an institution.')
      }
      const at = now()
      const entries = await store.entries()
      const { institutions } = registerAt(registerHistory(entries), at)
      if (institution !== undefined && !institutions.some((each) => each.id === institution)) {
        throw new AppError('not_found', 'There is no such institution.')
      }
      const what = `account/${id}/sign-in-link`
      const before = (entries.find((entry) => entry.what === what)?.after ?? null) as Known | null
      const after: Known = { role, institution: institution ?? null }
      if (before && (before.role !== after.role || before.institution !== after.institution)) {
        const message = 'This name is an account with another role or institution. Choose another.'
        throw new AppError('conflict', message)
      }
      const log = institution ?? nationalLog
      const by = { actor: actor.id, role: actor.role }
      const entry = { ...by, what, why, before, after, effectiveFrom: at }
      await applyActs(store, [{ log, entry }], at)
      return { path: `/login#${sessions.issueCode(account)}`, expiresAt: at + codeLifeMs }
    })
  }
}

/** What the log says of an account. */
type Known = { readonly role: Account['role']; readonly institution: string | null }
