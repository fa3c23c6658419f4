import { randomBytes } from 'node:crypto'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { Turns } from '../ingest/turns.ts'
import type { Baseline, Day } from '../kpi/migration/workload.ts'
import {
  type BaselineAct,
  type BaselineState,
  baselineState,
  decideBaseline,
  draftBaseline,
  proposeBaseline,
  withdrawBaseline,
} from '../register/baselines.ts'
import {
  type AskedExemption,
  decideExemption,
  type ExemptionAct,
  type ExemptionState,
  exemptionState,
  requestExemption,
  withdrawExemption,
} from '../register/exemptions.ts'
import {
  baselineRules,
  exemptionRules,
  type MigrationBook,
  type RoadmapKey,
  type RoadmapKind,
  roadmapSubject,
} from '../register/migration-log.ts'
import type { FieldProblem } from '../register/workload-fields.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import type { ActsOptions } from './environment-acts.ts'
import { MigrationRecord, type Recorded } from './migration-record.ts'
import { may, requireSight, sees } from './permissions.ts'
import {
  type BodyProposal,
  type Decision,
  decisionOf,
  isSecondPerson,
  mayDecideFor,
} from './two-person.ts'

export type RoadmapOptions = ActsOptions

/** An exemption with whose it is, as it is listed. */
export type ListedExemption = ExemptionAct & {
  readonly institution: string
  readonly state: ExemptionState
}

/** A baseline with whose it is, as it is listed. */
export type ListedBaseline = BaselineAct & {
  readonly institution: string
  readonly state: BaselineState
}

/** Which exemptions are asked for; all without a word. */
export type ExemptionFilter = { readonly institution?: string; readonly state?: ExemptionState }

/** What a baseline would promise if it were proposed now, and what stands against it. */
export type BaselineDraft = {
  readonly workloads: Baseline['workloads']
  readonly problems: readonly FieldProblem[]
}

/**
 * Exemptions and baselines: what one person asks for about the roadmap of an institution, and what
 * another body says to it. What stands in the log is read again when acts were added. Acts happen
 * one after another, and each is judged in its turn.
 */
export class Roadmap {
  readonly #options: RoadmapOptions
  readonly #turns = new Turns()
  readonly #record: MigrationRecord

  constructor(options: RoadmapOptions) {
    this.#options = options
    this.#record = new MigrationRecord(options.store)
  }

  /** The exemptions an account may see, in the order in which they were asked for. */
  async exemptions(account: Account, where: ExemptionFilter = {}): Promise<ListedExemption[]> {
    if (where.institution !== undefined) requireSight(account, where.institution)
    const { book } = await this.#record.read()
    const found: ListedExemption[] = []
    for (const [institution, all] of book.exemptions) {
      if (!sees(account, institution)) continue
      if ((where.institution ?? institution) !== institution) continue
      const at = this.#options.now()
      for (const each of all) {
        const state = exemptionState(each, at, all)
        if ((where.state ?? state) === state) found.push({ ...each, institution, state })
      }
    }
    // Of one instant they stay in the order of the log.
    return found.sort((a, b) => a.requestedAt - b.requestedAt)
  }

  /** The baselines an account may see, by institution and number. */
  async baselines(
    account: Account,
    where: { readonly institution?: string; readonly state?: BaselineState } = {},
  ): Promise<ListedBaseline[]> {
    if (where.institution !== undefined) requireSight(account, where.institution)
    const { book } = await this.#record.read()
    return [...book.baselines].flatMap(([institution, all]) => {
      if (!sees(account, institution)) return []
      if ((where.institution ?? institution) !== institution) return []
      return all
        .map((each) => ({ ...each, institution, state: baselineState(each) }))
        .filter(({ state }) => (where.state ?? state) === state)
    })
  }

  /** What a baseline that starts on a day would promise now. Throws AppError `not_found`. */
  async draft(account: Account, institution: string, startOn: Day): Promise<BaselineDraft> {
    const read = await this.#record.read()
    requireInstitution(account, institution, read)
    return draftBaseline(startOn, baselineRules(read.book, institution, this.#options.now()))
  }

  /** Asks for an exemption. Throws AppError; its detail names the rule that was broken. */
  askExemption(
    account: Account,
    institution: string,
    asked: AskedExemption,
  ): Promise<ListedExemption> {
    const id = `x-${randomBytes(6).toString('hex')}`
    return this.#exempt(account, { institution, id }, asked.reason, (_none, at, book) => {
      const rules = exemptionRules(book, institution)
      return requestExemption({ ...asked, id }, account, at, rules)
    })
  }

  /** Approves or refuses an exemption, as another body. */
  decideExemption(
    account: Account,
    key: RoadmapKey,
    is: Decision['is'],
    why: string,
  ): Promise<ListedExemption> {
    return this.#exempt(account, key, why, (known, at) => {
      const exemption = found(known, 'exemption')
      return decideExemption(exemption, decisionOf(account, exemption, { is, at, why }))
    })
  }

  /** Takes back an exemption that waits or holds. */
  withdrawExemption(account: Account, key: RoadmapKey, why: string): Promise<ListedExemption> {
    return this.#exempt(account, key, why, (known, at, { exemptions }) => {
      const all = exemptions.get(key.institution) ?? []
      return withdrawExemption(found(known, 'exemption'), account.role, at, all)
    })
  }

  /** Proposes the roadmap as it is planned now. Throws AppError with all that stands against it. */
  propose(
    account: Account,
    institution: string,
    startOn: Day,
    why: string,
  ): Promise<ListedBaseline> {
    return this.#baseline(account, { institution, id: null }, why, (_none, at, book) => {
      return proposeBaseline({ startOn }, account, at, baselineRules(book, institution, at))
    })
  }

  /** Approves or refuses a baseline, as another body; approved it never changes. */
  decideBaseline(
    account: Account,
    key: RoadmapKey,
    is: Decision['is'],
    why: string,
  ): Promise<ListedBaseline> {
    return this.#baseline(account, key, why, (known, at) => {
      const baseline = found(known, 'baseline')
      return decideBaseline(baseline, decisionOf(account, baseline, { is, at, why }))
    })
  }

  /** Takes back a baseline that waits. */
  withdrawBaseline(account: Account, key: RoadmapKey, why: string): Promise<ListedBaseline> {
    return this.#baseline(account, key, why, (known, at) => {
      return withdrawBaseline(found(known, 'baseline'), account.role, at)
    })
  }

  async #exempt(
    account: Account,
    { institution, id }: RoadmapKey,
    why: string,
    make: (known: ExemptionAct | null, at: EpochMs, book: MigrationBook) => ExemptionAct,
  ): Promise<ListedExemption> {
    return this.#turns.take(async () => {
      const { book } = await this.#settled(account, institution)
      const known = book.exemptions.get(institution)?.find((each) => each.id === id) ?? null
      const at = this.#options.now()
      const after = make(known, at, book)
      const now = await this.#act(account, 'exemption', institution, known, after, why, at)
      const all = now.exemptions.get(institution) ?? []
      const stored = stands(all, after)
      return { ...stored, institution, state: exemptionState(stored, at, all) }
    })
  }

  async #baseline(
    account: Account,
    { institution, id }: { readonly institution: string; readonly id: string | null },
    why: string,
    make: (known: BaselineAct | null, at: EpochMs, book: MigrationBook) => BaselineAct,
  ): Promise<ListedBaseline> {
    return this.#turns.take(async () => {
      const { book } = await this.#settled(account, institution)
      const all = book.baselines.get(institution) ?? []
      const at = this.#options.now()
      const after = make(all.find((each) => each.id === id) ?? null, at, book)
      // A proposal takes the place of one of its number that was refused or withdrawn.
      const known = all.find((each) => each.id === after.id) ?? null
      const now = await this.#act(account, 'baseline', institution, known, after, why, at)
      const stored = stands(now.baselines.get(institution) ?? [], after)
      return { ...stored, institution, state: baselineState(stored) }
    })
  }

  /** What stands now, for somebody who may see the institution. */
  async #settled(account: Account, institution: string): Promise<Recorded> {
    const read = await this.#record.read()
    requireInstitution(account, institution, read)
    return read
  }

  async #act(
    { id: actor, role }: Account,
    kind: RoadmapKind,
    institution: string,
    before: BodyProposal | null,
    after: BodyProposal & { readonly id: string },
    why: string,
    at: EpochMs,
  ): Promise<MigrationBook> {
    const what = roadmapSubject(kind, { institution, id: after.id })
    const entry = { actor, role, what, why, before, after, effectiveFrom: at }
    await applyActs(this.#options.store, [{ log: institution, entry }], at)
    this.#options.onChange()
    return (await this.#record.read()).book
  }
}

/** Whether an account asks for exemptions and baselines of an institution. */
export function asksRoadmap(account: Account, owner: string): boolean {
  return may(account, 'roadmap.ask', owner)
}

/** Whether an account decides what waits: as another body than the one that asked. */
export function decidesRoadmap(account: Account, proposal: BodyProposal): boolean {
  const { requestedBy, requestedRole } = proposal
  const isOther = mayDecideFor(account.role, requestedRole)
  return isOther && isSecondPerson(account, requestedBy)
}

function found<T>(known: T | null, kind: RoadmapKind): T {
  if (known !== null) return known
  throw new AppError('not_found', `There is no such ${kind}.`)
}

/**
 * What the log holds after the act. Workloads are registered meanwhile: what was judged by others
 * than stand in the log counts for nothing, and whoever asked is told so.
 */
function stands<T extends BodyProposal & { readonly id: string }>(all: readonly T[], after: T): T {
  const stored = all.find(({ id }) => id === after.id)
  const isSame =
    stored?.requestedAt === after.requestedAt &&
    stored.withdrawnAt === after.withdrawnAt &&
    stored.decision?.at === after.decision?.at
  if (stored && isSame) return stored
  const message = 'Workloads were changed at the same moment: ask again.'
  throw new AppError('conflict', message, { detail: { rule: 'changed' } })
}

function requireInstitution(account: Account, institution: string, read: Recorded): void {
  requireSight(account, institution)
  if (read.isInstitution(institution)) return
  throw new AppError('not_found', 'There is no such institution.')
}
