import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Turns } from '../ingest/turns.ts'
import { registerAt, registerHistory } from '../register/history.ts'
import type { Effect, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import { AccountBook, accountLog } from './account-book.ts'
import type { Account, AccountRecord } from './accounts.ts'
import { applyActs } from './acts.ts'

export type AccountActsOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & Pick<EvidenceReader, 'entries'>
  readonly now: () => EpochMs
}

/** One act about an account, before it has a time and a log. */
export type AccountAct = {
  /** What of the account, such as `password`; without it, the account itself. */
  readonly about?: string
  readonly before: unknown
  readonly after: unknown
  /** Others whose logs have it too. */
  readonly alsoOf?: readonly Place[]
}

type Place = Pick<AccountRecord, 'role' | 'institution'>

/** Writes acts about accounts, one after another, and knows what they came to. */
export class AccountActs {
  readonly book: AccountBook
  readonly #options: AccountActsOptions
  readonly #turns = new Turns()

  private constructor(options: AccountActsOptions, book: AccountBook) {
    this.#options = options
    this.book = book
  }

  /** Reads what the log says. */
  static async open(options: AccountActsOptions): Promise<AccountActs> {
    return new AccountActs(options, new AccountBook(await options.store.entries()))
  }

  /** Does something while no other act about an account is written. */
  take<T>(work: (at: EpochMs) => Promise<T>): Promise<T> {
    return this.#turns.take(() => work(this.#options.now()))
  }

  /** Stores acts about one account with all that they change, in one commit. Inside a turn. */
  async write(
    { id: actor, role }: Pick<Account, 'id' | 'role'>,
    account: Place & { readonly id: string },
    acts: readonly AccountAct[],
    { why, at, effects = [] }: { why: string; at: EpochMs; effects?: readonly Effect[] },
  ): Promise<void> {
    const rows = acts.flatMap(({ about, before, after, alsoOf = [] }) => {
      const what = `account/${account.id}${about === undefined ? '' : `/${about}`}`
      const entry = { actor, role, what, why, before, after, effectiveFrom: at }
      return [account, ...alsoOf].map((place) => ({ log: accountLog(place), entry }))
    })
    const [first, ...others] = rows
    if (first) await applyActs(this.#options.store, [{ ...first, effects }, ...others], at)
    for (const { entry } of rows) this.book.note(entry)
  }

  /** Throws AppError `invalid` for a role without what it needs, `not_found` for what is not. */
  async requirePlace(role: Account['role'], institution: string | undefined, at: EpochMs) {
    if ((role === 'institution') !== (institution !== undefined)) {
      const message = 'The role institution, and no other, needs an institution.'
      throw new AppError('invalid', message, { detail: { rule: 'role' } })
    }
    if (institution === undefined) return
    const { institutions } = registerAt(registerHistory(await this.#options.store.entries()), at)
    if (!institutions.some(({ id }) => id === institution)) {
      throw new AppError('not_found', 'There is no such institution.')
    }
  }
}
