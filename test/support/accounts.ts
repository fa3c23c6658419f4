import { AccessLog } from '../../collector/people/access-log.ts'
import type { AccountActs } from '../../collector/people/account-acts.ts'
import { openPeople } from '../../collector/people/account-service.ts'
import { type Account, type AccountService, localAdmin } from '../../collector/people/accounts.ts'
import type { OneTimeSessions } from '../../collector/people/sessions.ts'
import type { SignInRefusal } from '../../collector/people/sign-in.ts'
import { totpCode, totpStep } from '../../collector/people/totp.ts'
import { sqliteStore } from '../../collector/store/sqlite/sqlite.ts'
import type { Store } from '../../collector/store/store.ts'
import { TestClock } from './collector.ts'
import { temporaryFolder } from './folder.ts'

/** Hashes that cost next to nothing. */
export const cheapPasswords = { memory: 4, passes: 1 }

/** A password that holds to the rules. */
export const goodPassword = 'correct horse battery'

/** Where people sign in from in tests. */
export const home = '192.0.2.7'

/** Accounts on a real store. */
export type Desk = {
  readonly accounts: AccountService
  readonly sessions: OneTimeSessions
  readonly acts: AccountActs
  readonly store: Store
  readonly clock: TestClock
  readonly refused: SignInRefusal[]
  readonly keyFile: string
  /** Another account service on the same data, as after a restart. */
  reopen(): Promise<Pick<Desk, 'accounts' | 'sessions' | 'acts'>>
  /** A new account that signed in once: with a second factor where it needs one. */
  signedUp(id: string, role: Account['role'], maker?: Account): Promise<SignedUp>
}

/** A person, and what they know. */
export type SignedUp = {
  readonly account: Account
  readonly secret: string
  /** The code of the second factor at this moment. */
  readonly code: () => string
}

/** The code of an authenticator app at an instant. */
export function appCode(totpSecret: string, at: number): string {
  const bits = [...totpSecret].map((each) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g) ?? []
  const secret = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))
  return totpCode(secret, totpStep(at))
}

/** The code of a link. */
export function codeOf(link: { readonly path: string } | null): string {
  return link!.path.split('#')[1]!
}

/** Does something at a desk of its own. */
export async function atDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  using folder = temporaryFolder()
  const store = sqliteStore(folder.file('collector.db'))
  const clock = new TestClock(Date.parse('2026-11-22T08:00:00Z'))
  const refused: SignInRefusal[] = []
  const keyFile = folder.file('people.key')
  const reopen = () => {
    const logger = { warn: (refusal: object) => void refused.push(refusal as SignInRefusal) }
    const access = new AccessLog(store, clock.now)
    const shared = { store, now: clock.now, dataDir: folder.path, logger, access }
    return openPeople({ ...shared, passwordCost: cheapPasswords })
  }
  const opened = await reopen()
  const { accounts, sessions } = opened
  const signedUp = async (id: string, role: Account['role'], maker: Account = localAdmin) => {
    const { link } = await accounts.make(maker, id, { role }, 'joins the ministry')
    const step = await accounts.acceptLink(codeOf(link), goodPassword, home)
    let code = () => ''
    let secret = step.is === 'signed-in' ? step.secret : ''
    if (step.is === 'second-factor-set-up') {
      code = () => appCode(step.totpSecret, clock.at)
      const next = await accounts.confirm(step.ticket, code(), home)
      if (next.is === 'signed-in') secret = next.secret
    }
    return { account: (await sessions.account(secret))!, secret, code }
  }
  await body({ ...opened, store, clock, refused, keyFile, reopen, signedUp })
  await store.close()
}
