import { isDeepStrictEqual } from 'node:util'
import { sha256 } from '../../protocol/jws.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { canonicalJson } from '../kpi/cycle-figures.ts'
import { notFor, roleMay } from '../people/permissions.ts'
import { type Decision, decide, type Proposal } from '../people/two-person.ts'
import { isDecision, isInstant, isRecord, judged } from './act-log.ts'
import type { Entry } from './difference.ts'

/** One setting as it is, and as it shall be. */
export type SettingChange = Pick<Entry, 'before' | 'after'> & { readonly name: string }

/** Settings of the policy that shall change together, as one person asked for it. */
export type PolicyChange = Proposal & {
  readonly id: string
  /** What shall be, by the name of the setting. */
  readonly changes: readonly SettingChange[]
  /** SHA-256 of names and values that shall be: the same content has the same. */
  readonly hash: string
  /** From when it shall hold; never before it was approved. */
  readonly effectiveFrom: EpochMs
  readonly why: string
  readonly withdrawnAt: EpochMs | null
}

/** All that was ever proposed, by id, in the order of proposing. */
export type PolicyBook = ReadonlyMap<string, PolicyChange>

/** Proposals that wait at most. */
export const policyProposalsMax = 10

/** The `what` of an entry about it. */
export function policyChangeSubject(id: string): string {
  return `policy-change/${id}`
}

/** The proposal that an entry is about; null where it is about something else. */
export function parsePolicyChangeSubject(what: string): string | null {
  const [family, id = '', ...rest] = what.split('/', 3)
  return family === 'policy-change' && id !== '' && rest.length === 0 ? id : null
}

/** What names the content of a change. */
export function policyHash(changes: readonly SettingChange[]): string {
  const content = changes.map(({ name, after }) => [name, after] as const)
  return sha256(canonicalJson(content.toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

/** Whether somebody still has to decide about it. */
export function isOpenChange({ decision, withdrawnAt }: PolicyChange): boolean {
  return decision === null && withdrawnAt === null
}

/** Proposes a change. Throws AppError; its detail names the rule. */
export function proposePolicy(
  asked: Pick<PolicyChange, 'id' | 'changes' | 'effectiveFrom' | 'why'>,
  who: { readonly by: string; readonly role: string },
  at: EpochMs,
  book: PolicyBook,
): PolicyChange {
  if (!roleMay(who.role, 'policy.propose')) throw notFor('policy.propose')
  const { id, changes, effectiveFrom, why } = asked
  if (changes.length === 0) {
    throw refusal('same', 'The policy in force is the same: there is nothing to approve.')
  }
  if (effectiveFrom < at) {
    throw refusal('past', 'The policy cannot change what has passed: set a later time.')
  }
  const hash = policyHash(changes)
  const open = [...book.values()].filter(isOpenChange)
  if (open.some((each) => each.hash === hash)) {
    throw refusal('proposed', 'The same change already waits for approval.')
  }
  if (open.length >= policyProposalsMax) {
    const message = `At most ${policyProposalsMax} changes wait for approval; decide one first.`
    throw refusal('proposals', message)
  }
  return {
    ...{ id, changes, hash, effectiveFrom, why, requestedBy: who.by, requestedAt: at },
    ...{ decision: null, withdrawnAt: null },
  }
}

/** The proposal as a second person decided it. Throws AppError. */
export function decidePolicy(change: PolicyChange, decision: Decision): PolicyChange {
  requireKept(change)
  return decide(change, decision, 'policy.decide')
}

/** The proposal as whoever made it took it back. Throws AppError. */
export function withdrawPolicy(change: PolicyChange, by: string, at: EpochMs): PolicyChange {
  if (change.requestedBy !== by) {
    const message = 'Only whoever proposed it takes it back; others refuse it.'
    throw new AppError('forbidden', message, { detail: { rule: 'proposer' } })
  }
  requireKept(change)
  const { decision } = change
  if (decision) throw refusal('decided', `This was decided before: it is ${decision.is}.`)
  return { ...change, withdrawnAt: at }
}

function requireKept({ withdrawnAt }: PolicyChange): void {
  if (withdrawnAt !== null) throw refusal('withdrawn', 'It was withdrawn.')
}

/**
 * Folds entries of the national log, oldest first, on top of what the book holds. Every act is
 * judged again by the rules that it was let in by, and one that breaks them counts for nothing.
 */
export function foldPolicyChanges(book: PolicyBook, entries: readonly Entry[]): PolicyBook {
  let held = book
  for (const entry of entries) {
    const id = parsePolicyChangeSubject(entry.what)
    if (id === null) continue
    const found = held.get(id)
    const { actor: by, role, why, effectiveFrom: at } = entry
    const after = judged(entry, id, found ? [found] : [], {
      read: policyChangeOf,
      again: (known, value) => {
        if (!known) return proposePolicy(value, { by, role }, at, held)
        if (value.withdrawnAt !== null) return withdrawPolicy(known, by, at)
        return decidePolicy(known, { is: value.decision?.is ?? 'refused', by, role, at, why })
      },
    })
    if (after) held = new Map([...held, [id, after]])
  }
  return held
}

/** A proposal that an entry holds; null where it holds something else. */
export function policyChangeOf(value: unknown): PolicyChange | null {
  if (!isRecord(value)) return null
  const { id, changes, hash, effectiveFrom, why, requestedBy, requestedAt } = value
  const { decision, withdrawnAt } = value
  const texts = [id, hash, why, requestedBy].every((each) => typeof each === 'string')
  const instants = [effectiveFrom, requestedAt, withdrawnAt ?? 0].every(isInstant)
  const isDecided = decision === null || isDecision(decision)
  const isList = Array.isArray(changes) && changes.every(isChange)
  // Every field was looked at.
  return texts && instants && isDecided && isList ? (value as unknown as PolicyChange) : null
}

function isChange(value: unknown): boolean {
  return isRecord(value) && typeof value.name === 'string' && 'before' in value && 'after' in value
}

/** Whether two changes start from the same settings and lead to the same. */
export function isSameChange(a: readonly SettingChange[], b: readonly SettingChange[]): boolean {
  const sorted = (all: readonly SettingChange[]) =>
    all.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return isDeepStrictEqual(sorted(a), sorted(b))
}

function refusal(rule: string, message: string): AppError {
  return new AppError('conflict', message, { detail: { rule } })
}
