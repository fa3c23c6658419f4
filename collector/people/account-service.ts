import { randomBytes } from 'node:crypto'
import { dataFiles } from '../operations/data-files.ts'
import type { PeopleStore } from '../store/people.ts'
import type { AccessLog } from './access-log.ts'
import { AccountActs, type AccountActsOptions } from './account-acts.ts'
import { AccountAdmin } from './account-admin.ts'
import type { AccountService } from './accounts.ts'
import { ApiTokens } from './api-tokens.ts'
import { Attempts } from './attempts.ts'
import { OwnAccount } from './own-account.ts'
import { type PasswordCost, Passwords } from './passwords.ts'
import { PeopleKey } from './people-key.ts'
import { OneTimeSessions } from './sessions.ts'
import { SignIn, type SignInParts } from './sign-in.ts'
import { Tickets } from './tickets.ts'
import { totpSecretBytes } from './totp.ts'

export type AccountServiceOptions = Pick<
  SignInParts,
  'acts' | 'sessions' | 'store' | 'now' | 'onRefused'
> & {
  /** The file of the key that encrypts second factors. */
  readonly keyFile: string
  /** What a password's hash costs; cheap ones are for tests. */
  readonly passwordCost?: PasswordCost
}

/** Accounts, and the ways into them. */
export function openAccounts(options: AccountServiceOptions): AccountService {
  const { now, keyFile, passwordCost, ...rest } = options
  const parts: SignInParts = {
    ...rest,
    now,
    passwords: new Passwords(passwordCost),
    key: new PeopleKey(keyFile),
    attempts: new Attempts(now),
    tickets: new Tickets(now),
    newTotpSecret: () => randomBytes(totpSecretBytes),
  }
  const signIn = new SignIn(parts)
  const admin = new AccountAdmin(parts)
  const own = new OwnAccount(parts, signIn)
  return {
    list: (actor) => admin.list(actor),
    make: (...asked) => admin.make(...asked),
    change: (...asked) => admin.change(...asked),
    link: (...asked) => admin.link(...asked),
    end: (...asked) => admin.end(...asked),
    own: (account) => admin.own(account),
    findLink: (...asked) => signIn.findLink(...asked),
    acceptLink: (...asked) => signIn.acceptLink(...asked),
    signIn: (...asked) => signIn.signIn(...asked),
    confirm: (...asked) => signIn.confirm(...asked),
    signInExternal: (external) => signIn.signInExternal(external),
    setPassword: (...asked) => own.setPassword(...asked),
    newSecondFactor: (...asked) => own.newSecondFactor(...asked),
    confirmSecondFactor: (...asked) => own.confirmSecondFactor(...asked),
    removeSecondFactor: (...asked) => own.removeSecondFactor(...asked),
    sessions: (...asked) => own.sessions(...asked),
    endSession: (...asked) => own.endSession(...asked),
    endSessions: (account) => own.endSessions(account),
  }
}

export type PeopleOptions = Pick<AccountServiceOptions, 'now' | 'passwordCost'> & {
  readonly dataDir: string
  readonly store: AccountActsOptions['store'] & PeopleStore
  /** Where security events go. */
  readonly logger: { warn(fields: object, message: string): void }
  /** Where it is noted that somebody came in. */
  readonly access: Pick<AccessLog, 'noteAccess'>
}

/** Reads the accounts from the log, and opens their sessions and the ways into them. */
export async function openPeople(options: PeopleOptions) {
  const { store, now, dataDir, passwordCost, logger, access } = options
  const acts = await AccountActs.open({ store, now })
  const apiTokens = new ApiTokens({ store, acts, now })
  const sessions = new OneTimeSessions(store, now, acts.book, access, apiTokens)
  const accounts = openAccounts({
    ...{ acts, sessions, store, now, keyFile: dataFiles(dataDir).peopleKey },
    onRefused: (refusal) => logger.warn(refusal, 'sign-in refused'),
    ...(passwordCost && { passwordCost }),
  })
  return { acts, apiTokens, sessions, accounts }
}
