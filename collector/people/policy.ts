import { randomBytes } from 'node:crypto'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { nationalLog } from '../evidence/leaf.ts'
import { Turns } from '../ingest/turns.ts'
import type { Entry } from '../register/difference.ts'
import { settingDifference } from '../register/difference.ts'
import { entryActs } from '../register/files.ts'
import { grownHistory, type RegisterHistory } from '../register/history.ts'
import { readPolicy } from '../register/policy.ts'
import {
  decidePolicy,
  foldPolicyChanges,
  isOpenChange,
  isSameChange,
  type PolicyBook,
  type PolicyChange,
  policyChangeSubject,
  policyHash,
  proposePolicy,
  type SettingChange,
  withdrawPolicy,
} from '../register/policy-changes.ts'
import type { EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs, type NewAct } from './acts.ts'
import { HeldFold, type LogSource } from './held-log.ts'
import { requireMay } from './permissions.ts'
import { readSent } from './sent-document.ts'
import { type Decision, decisionOf } from './two-person.ts'

export type PolicyOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> & LogSource
  readonly now: () => EpochMs
  /** Told after each approval. */
  readonly onChange: () => void
}

/** `outdated`: a setting became another one since; it must be proposed anew. */
export const policyStates = ['open', 'approved', 'refused', 'withdrawn', 'outdated'] as const

/** A proposal as it is listed. */
export type ListedPolicyChange = PolicyChange & { readonly state: (typeof policyStates)[number] }

type Held = { readonly book: PolicyBook; readonly history: RegisterHistory }

/**
 * Changes of the policy in force: proposed by one person or by the file that the collector starts
 * with, approved by another one, and entries of the log only then. Acts happen one after another,
 * and each is judged in its turn.
 */
export class PolicyChanges {
  readonly #options: PolicyOptions
  readonly #turns = new Turns()
  readonly #held: HeldFold<Held>

  constructor(options: PolicyOptions) {
    this.#options = options
    const empty: Held = { book: new Map(), history: new Map() }
    this.#held = new HeldFold<Held>(options.store, empty, ({ book, history }, entries) => ({
      book: foldPolicyChanges(book, entries),
      history: grownHistory(history, entries),
    }))
  }

  /** Every proposal, the newest first. */
  async list(): Promise<ListedPolicyChange[]> {
    const { book, history } = await this.#held.read()
    const at = this.#options.now()
    return [...book.values()].reverse().map((change) => listed(change, history, at))
  }

  /** How a file differs from the policy from now on. Throws AppError with every problem. */
  async difference(text: string): Promise<SettingChange[]> {
    const at = this.#options.now()
    const { history } = await this.#held.read()
    return settingDifference(
      history,
      readSent(() => readPolicy(text, 'policy', at)),
      at,
    )
  }

  /** Proposes what a file says, from an instant on; at once without. Throws AppError. */
  propose(
    account: Account,
    text: string,
    why: string,
    effectiveFrom: EpochMs | null = null,
  ): Promise<ListedPolicyChange> {
    requireMay(account, 'policy.propose')
    return this.#turns.take(async () => {
      const at = this.#options.now()
      const from = effectiveFrom ?? at
      const settings = readSent(() => readPolicy(text, 'policy', Math.max(from, at)))
      const { book, history } = await this.#held.read()
      const changes = settingDifference(history, settings, from)
      const asked = { id: newId(), changes, effectiveFrom: from, why }
      const change = proposePolicy(asked, { by: account.id, role: account.role }, at, book)
      await this.#save(account, null, change, why, at)
      return listed(change, history, at)
    })
  }

  /**
   * Proposes what the file in the settings would change, in the name of the collector. The same
   * content is proposed once, whatever became of it. Resolves to null where it was before.
   */
  proposeDeclared(
    entries: readonly Entry[],
    applying: Pick<Entry, 'actor' | 'role' | 'why'>,
  ): Promise<PolicyChange | null> {
    return this.#turns.take(async () => {
      const at = this.#options.now()
      const changes = entries.map(({ what, before, after }) => {
        return { name: what.slice(what.indexOf('/') + 1), before, after }
      })
      const { book } = await this.#held.read()
      const hash = policyHash(changes)
      if ([...book.values()].some((each) => each.hash === hash)) return null
      const { actor, role, why } = applying
      const asked = { id: newId(), changes, effectiveFrom: at, why }
      const change = proposePolicy(asked, { by: actor, role }, at, book)
      await this.#save({ id: actor, role }, null, change, why, at)
      return change
    })
  }

  /**
   * Approves or refuses what somebody else proposed. An approval writes the settings in the same
   * transaction; they hold from then on or later. Throws AppError; `conflict` with the rule
   * `outdated` where a setting is not what it was when this was proposed.
   */
  decide(
    account: Account,
    id: string,
    is: Decision['is'],
    why: string,
  ): Promise<ListedPolicyChange> {
    return this.#turns.take(async () => {
      const at = this.#options.now()
      const { book, history } = await this.#held.read()
      const asked = found(book, id)
      const after = decidePolicy(asked, decisionOf(account, asked, { is, at, why }))
      if (is === 'refused') await this.#save(account, asked, after, why, at)
      else {
        if (isOutdated(asked, history, at)) {
          const message = 'A setting has changed since this was proposed: propose it anew.'
          throw new AppError('conflict', message, { detail: { rule: 'outdated' } })
        }
        const effectiveFrom = Math.max(asked.effectiveFrom, at)
        const entries = asked.changes.map(({ name, before, after: value }): Entry => {
          const { id: actor, role } = account
          return { actor, role, what: `policy/${name}`, why, before, after: value, effectiveFrom }
        })
        await this.#save(account, asked, after, why, at, entryActs(history, entries))
        this.#options.onChange()
      }
      return listed(after, history, at)
    })
  }

  /** Takes an own proposal back that nobody decided. Throws AppError. */
  withdraw(account: Account, id: string, why: string): Promise<ListedPolicyChange> {
    return this.#turns.take(async () => {
      const at = this.#options.now()
      const { book, history } = await this.#held.read()
      const before = found(book, id)
      const after = withdrawPolicy(before, account.id, at)
      await this.#save(account, before, after, why, at)
      return listed(after, history, at)
    })
  }

  async #save(
    { id: actor, role }: { readonly id: string; readonly role: string },
    before: PolicyChange | null,
    after: PolicyChange,
    why: string,
    at: EpochMs,
    more: readonly NewAct[] = [],
  ): Promise<void> {
    const what = policyChangeSubject(after.id)
    const entry = { actor, role, what, why, before, after, effectiveFrom: at }
    await applyActs(this.#options.store, [{ log: nationalLog, entry }, ...more], at)
  }
}

function found(book: PolicyBook, id: string): PolicyChange {
  const change = book.get(id)
  if (!change) throw new AppError('not_found', 'There is no such proposal.')
  return change
}

function listed(change: PolicyChange, history: RegisterHistory, at: EpochMs): ListedPolicyChange {
  const { decision, withdrawnAt } = change
  if (decision) return { ...change, state: decision.is }
  if (withdrawnAt !== null) return { ...change, state: 'withdrawn' }
  const isOpen = isOpenChange(change) && !isOutdated(change, history, at)
  return { ...change, state: isOpen ? 'open' : 'outdated' }
}

/** Whether the same proposal would say something else now. */
function isOutdated(change: PolicyChange, history: RegisterHistory, at: EpochMs): boolean {
  const { changes, effectiveFrom } = change
  const wanted = Object.fromEntries(changes.map(({ name, after }) => [name, after]))
  const from = Math.max(effectiveFrom, at)
  const again = settingDifference(history, wanted, from, Object.keys(wanted))
  return !isSameChange(changes, again)
}

function newId(): string {
  return `p-${randomBytes(6).toString('hex')}`
}
