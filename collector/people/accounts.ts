import type { EpochMs } from '../../protocol/time.ts'

/** What a person may do. `institution` sees and changes its own rows only. */
export const roles = ['admin', 'ministry', 'evaluator', 'institution', 'auditor'] as const
export type Role = (typeof roles)[number]

/** The roles whose accounts sign in with a second factor beside the password. */
export const secondFactorRoles: readonly Role[] = ['admin', 'ministry', 'evaluator']

/** Who is acting. `institution` is set exactly for the role of that name. */
export type Account = {
  readonly id: string
  readonly role: Role
  readonly institution?: string
  /**
   * The accounts that made it or a way into it, theirs, and so on, and those it made the same way:
   * none of them is ever its second person. Nothing stands for nobody.
   */
  readonly related?: readonly string[]
  /** How it signed in. */
  readonly via?: 'link' | 'password' | 'oidc' | 'token'
  /** What an API token may do; a person who signed in may all that the role may. */
  readonly scope?: 'read' | 'write'
}

/** Who acts through commands on the collector's own machine. */
export const localAdmin = { id: 'local-admin', role: 'admin' } as const satisfies Account

/** What acts when nobody does: no person signs in under these names. */
export const builtInAccounts: readonly string[] = [localAdmin.id, 'collector', 'national']

/** Sessions of people on the board. All secrets are compared and kept as hashes. */
export type Sessions = {
  /** Uses up a one-time login code: the session's secret, or null when the code is not valid. */
  login(code: string): Promise<string | null>
  /**
   * The account behind a session's secret, as it is now; null when unknown, ended or expired. A
   * page that asks again by itself does not count as used.
   */
  account(secret: string, isUse?: boolean): Promise<Account | null>
  /** For whom a program acts by an API token; null when it is worthless. None without it. */
  tokenAccount?(text: string): Promise<Account | null>
  logout(secret: string): Promise<void>
}

/** An account as the log tells it. */
export type AccountRecord = {
  readonly id: string
  readonly role: Role
  readonly institution: string | null
  /** SHA-256 of what the identity provider calls it, hexadecimal; null: it signs in here. */
  readonly external: string | null
  readonly madeAt: EpochMs
  /** Null while it is open. One that ended stays so. */
  readonly endedAt: EpochMs | null
}

/** An account as admins see it. */
export type AccountView = Omit<AccountRecord, 'external'> & {
  readonly isExternal: boolean
  readonly hasPassword: boolean
  readonly hasSecondFactor: boolean
  /** Until when the last link made for it is good; null when none is. */
  readonly linkExpiresAt: EpochMs | null
  readonly lastUsedAt: EpochMs | null
}

/** A way in that works once: a path for the board's address, its code behind `#`. */
export type Link = { readonly path: string; readonly expiresAt: EpochMs }

/** How long what an identity provider calls somebody may be. Unit: characters. */
export const externalCharactersMax = 300

/** What an account is to be. */
export type AccountGrant = {
  readonly role: Role
  readonly institution?: string | undefined
  /** What the identity provider calls the person, in clear; kept as a hash. Null: nothing. */
  readonly external?: string | null | undefined
}

/** What comes after a step of signing in. */
export type SignInStep =
  /** Signed in: the secret goes into the cookie, in place of any that was there. */
  | { readonly is: 'signed-in'; readonly secret: string }
  /** Good for five minutes, and for the code of the second factor only. */
  | { readonly is: 'second-factor'; readonly ticket: string }
  /**
   * A second factor must be set up first, in a quarter of an hour: its secret in base 32, and as an
   * `otpauth:` address for a QR code.
   */
  | {
      readonly is: 'second-factor-set-up'
      readonly ticket: string
      readonly totpSecret: string
      readonly totpUri: string
    }

/** An open session as its owner sees it. */
export type SessionView = {
  readonly id: string
  readonly via: NonNullable<Account['via']> | null
  readonly openedAt: EpochMs
  readonly usedAt: EpochMs
  readonly expiresAt: EpochMs
  /** Whether it is the one that asks. */
  readonly isOwn: boolean
}

/**
 * Accounts of people: made and ended by admins, signed in to by their bearers. Every change is an
 * act; secrets are in no act. All methods throw AppError:
 * - `auth`: not let in. One and the same answer, after the same time, whatever is wrong.
 * - `too_many`: too many failed attempts at this account or from this address; the detail
 *   `retryAfterSeconds` says when to come back. The same for accounts that are not there.
 * - `forbidden` with the detail `rule`: `role` (not an admin), `own_account` (nobody changes, ends
 *   or makes links for the own account), `person` (an API token, or nobody's account),
 *   `second_factor` (this role must keep one), or `second_factor_lost` (its key is gone: a new link
 *   is needed).
 * - `invalid` with the detail `rule`: `length`, `name`, `common` or `same` (passwords), `code` (a
 *   wrong code at setting up), `role` or `external`.
 * - `not_found` (account, institution, session), `conflict` (a name or an external name taken,
 *   an account that ended).
 */
export type AccountService = {
  /** For admins: all accounts, by id, those that ended too. */
  list(actor: Account): Promise<AccountView[]>
  /** For admins: a new account, and a link for it unless it signs in at the identity provider. */
  make(
    actor: Account,
    id: string,
    grant: AccountGrant,
    why: string,
  ): Promise<{ readonly account: AccountView; readonly link: Link | null }>
  /**
   * For admins: another role or institution; its sessions and API tokens end. Without `external`
   * that is as it was; with another one, password and second factor end too.
   */
  change(actor: Account, id: string, grant: AccountGrant, why: string): Promise<AccountView>
  /** For admins: a new link, good for 72 hours; password, second factor and sessions end. */
  link(actor: Account, id: string, why: string): Promise<Link>
  /** For admins: nobody signs in to it any more; sessions and API tokens end. */
  end(actor: Account, id: string, why: string): Promise<AccountView>

  /** The account of a link that is good, which is not used up by looking. */
  findLink(code: string, from: string): Promise<Pick<AccountRecord, 'id' | 'role'>>
  /** Sets the password of a link's account and uses the link up. */
  acceptLink(code: string, password: string, from: string): Promise<SignInStep>
  /** Signs in. `from` is the address it is asked from. */
  signIn(id: string, password: string, from: string): Promise<SignInStep>
  /** The second step: the code of the second factor, or the first one of a new one. */
  confirm(ticket: string, code: string, from: string): Promise<SignInStep>
  /** Signs in whom the identity provider named; null where nobody here is called so. */
  signInExternal(external: string): Promise<string | null>

  /** The own account, as admins see it. */
  own(account: Pick<Account, 'id'>): Promise<AccountView>
  /**
   * The own password: the one before must be given. All sessions end, and the answer is the secret
   * of a new one.
   */
  setPassword(account: Account, current: string, next: string, from: string): Promise<string>
  /** Begins a new second factor, which `confirmSecondFactor` puts in force. */
  newSecondFactor(
    account: Account,
    password: string,
    from: string,
  ): Promise<Extract<SignInStep, { is: 'second-factor-set-up' }>>
  /** Puts it in force. All sessions end, and the answer is the secret of a new one. */
  confirmSecondFactor(account: Account, ticket: string, code: string): Promise<string>
  /** Ends the second factor, where the role may do without. */
  removeSecondFactor(account: Account, password: string, from: string): Promise<string>
  /** The own sessions; `secret` is the one that asks. */
  sessions(account: Account, secret: string | null): Promise<SessionView[]>
  endSession(account: Account, id: string): Promise<void>
  /** Signs out everywhere, here too. */
  endSessions(account: Account): Promise<void>
}
