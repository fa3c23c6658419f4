import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import type { AccountActs } from './account-acts.ts'
import { type Account, builtInAccounts } from './accounts.ts'
import { codeLifeMs, type OneTimeSessions } from './sessions.ts'

export type SignInLinkOptions = { readonly acts: AccountActs; readonly sessions: OneTimeSessions }

/** A way in that works once. */
export type SignInLink = { readonly path: string; readonly expiresAt: EpochMs }

/**
 * Lets named people in. Each link is an act: in the institution's log for an account of that
 * institution, else in the national one. An id is one account for ever: the first link makes it.
 */
export class SignInLinks {
  readonly #options: SignInLinkOptions

  constructor(options: SignInLinkOptions) {
    this.#options = options
  }

  /** Throws AppError `invalid` or `not_found`, `conflict` when the id is another account. */
  make(account: Account, actor: Account, why: string): Promise<SignInLink> {
    const { acts, sessions } = this.#options
    return acts.take(async (at) => {
      const { id, role, institution = null } = account
      if (builtInAccounts.includes(id)) {
        throw new AppError('conflict', 'This name is not for people.')
      }
      await acts.requirePlace(role, account.institution, at)
      const known = acts.book.get(id)
      if (known && (known.role !== role || known.institution !== institution)) {
        const message = 'This name is an account with another role or institution. Choose another.'
        throw new AppError('conflict', message)
      }
      if (known && known.endedAt !== null) {
        throw new AppError('conflict', 'This account ended. Choose another name.')
      }
      const before = known && { role, institution }
      const act = { about: 'sign-in-link', before, after: { role, institution } }
      await acts.write(actor, { id, role, institution }, [act], { why, at })
      return { path: `/login#${sessions.issueCode(account)}`, expiresAt: at + codeLifeMs }
    })
  }
}
