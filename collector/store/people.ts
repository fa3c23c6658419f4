import type { EpochMs } from '../../protocol/time.ts'
import type { Account } from '../people/accounts.ts'

/** Somebody who is signed in; the secret itself is kept nowhere. */
export type SessionRow = {
  readonly hash: string
  /** As it was when it signed in: what it may now, the accounts book says. */
  readonly account: Account
  readonly openedAt: EpochMs
  readonly usedAt: EpochMs
  readonly expiresAt: EpochMs
}

/** What an account signs in with. */
export type AccountSecret = {
  readonly account: string
  /** Salted hash with its cost; null while none is set. */
  readonly password: string | null
  /** Secret of the second factor, encrypted; null while none is set up. */
  readonly totp: Buffer | null
  /** The last time step whose code was accepted; 0 before the first. */
  readonly totpStep: number
  /** Hash of the one-time link that sets the password, and when it is worthless. */
  readonly link: string | null
  readonly linkExpiresAt: EpochMs | null
  readonly changedAt: EpochMs
}

export const tokenScopes = ['read', 'write'] as const

/** A token with which a program acts for an account; only its hash is kept. */
export type ApiTokenRow = {
  readonly hash: string
  /** What it is called in lists and in the log. */
  readonly id: string
  readonly account: string
  readonly label: string
  readonly scope: (typeof tokenScopes)[number]
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
  /** When somebody ended it before its time; null while nobody did. */
  readonly endedAt: EpochMs | null
  readonly lastUsedAt: EpochMs | null
}

/** What acts about accounts change beside their entry, in the same commit. */
export type PeopleEffect =
  /** Takes the place of what the account signed in with before. */
  | { readonly kind: 'account-secret'; readonly secret: AccountSecret }
  /** Ends the sessions of an account, but for the one with the hash `except`. */
  | { readonly kind: 'sessions-ended'; readonly account: string; readonly except: string | null }
  /** A new API token. */
  | { readonly kind: 'api-token'; readonly token: ApiTokenRow }
  /** Ends one API token, by its id. */
  | { readonly kind: 'api-token-ended'; readonly id: string; readonly at: EpochMs }
  /** Ends all API tokens of an account. */
  | { readonly kind: 'api-tokens-ended'; readonly account: string; readonly at: EpochMs }

/** Sessions. */
export type SessionStore = {
  /** Keeps a session, and forgets those that had expired when it was opened. */
  saveSession(session: SessionRow): Promise<void>
  session(hash: string): Promise<SessionRow | null>
  /** Newest first. */
  sessionsOf(account: string): Promise<SessionRow[]>
  useSession(hash: string, at: EpochMs): Promise<void>
  deleteSession(hash: string): Promise<void>
}

/** What people and their programs sign in with. It is written as effects of acts. */
export type PeopleStore = SessionStore & {
  accountSecret(account: string): Promise<AccountSecret | null>
  accountSecrets(): Promise<AccountSecret[]>
  /** The account that a link is for, by its hash. */
  secretByLink(link: string): Promise<AccountSecret | null>
  /** Whether a step is later than the last one accepted; it is the last one from then on. */
  acceptTotpStep(account: string, step: number): Promise<boolean>
  apiToken(hash: string): Promise<ApiTokenRow | null>
  /** Newest first, those that ended too. */
  apiTokensOf(account: string): Promise<ApiTokenRow[]>
  useApiToken(hash: string, at: EpochMs): Promise<void>
}
