import { randomBytes } from 'node:crypto'
import { AppError } from '../error.ts'
import type { Views } from '../http/views.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import type { ActKey } from '../register/act-log.ts'
import {
  type Dispute,
  type DisputedFigures,
  type DisputeState,
  decideDispute,
  disputeState,
  type FrozenThrough,
  type Granted,
  neverFrozen,
  requestDispute,
  withdrawDispute,
} from '../register/disputes.ts'
import {
  disputeRules,
  disputeSubject,
  disputeTouched,
  foldDisputes,
} from '../register/disputes-log.ts'
import { environmentVersions } from '../register/history.ts'
import type { Account } from './accounts.ts'
import { type ActsOptions, EnvironmentActs, type Place, requireAsker } from './environment-acts.ts'
import { may } from './permissions.ts'
import { decisionOf } from './two-person.ts'

export type DisputesOptions = ActsOptions & {
  /** The figures as everybody is shown them. */
  readonly views: Pick<Views, 'snapshot'>
  /** Which cycles are closed to disputes; none without it. */
  readonly frozenThrough?: FrozenThrough
}

/** What somebody contests, and what they claim. */
export type AskedDispute = Pick<Dispute, 'from' | 'to' | 'claim' | 'why' | 'evidenceSha256'>

/** A dispute with its place, and the figures of its cycle as they are now, as it is listed. */
export type ListedDispute = Dispute &
  Place & { readonly state: DisputeState; readonly now: DisputedFigures | null }

/** Which disputes are asked for; all without a word. */
export type DisputeFilter = Partial<Place> & { readonly state?: DisputeState }

/** Whether an account decides what institutions contest. */
export function decidesDisputes(account: Account): boolean {
  return may(account, 'disputes.decide')
}

/** Disputes: an institution contests what was measured of it, the evaluator decides. */
export class Disputes {
  readonly #options: DisputesOptions & { readonly frozenThrough: FrozenThrough }
  readonly #acts: EnvironmentActs<Dispute>

  private constructor(
    options: DisputesOptions & { readonly frozenThrough: FrozenThrough },
    acts: EnvironmentActs<Dispute>,
  ) {
    this.#options = options
    this.#acts = acts
  }

  /** Reads what the log says. */
  static async open(options: DisputesOptions): Promise<Disputes> {
    const frozenThrough = options.frozenThrough ?? neverFrozen
    const acts = await EnvironmentActs.open<Dispute>(options, {
      subject: disputeSubject,
      touched: disputeTouched,
      missing: 'There is no such dispute.',
      fold: (entries, history) => foldDisputes(new Map(), entries, history, frozenThrough),
    })
    return new Disputes({ ...options, frozenThrough }, acts)
  }

  /** The disputes that an account may see, those of the earliest time first. */
  list(account: Account, filter: DisputeFilter = {}): ListedDispute[] {
    const all = this.#acts.list(account, filter).map((dispute) => this.#listed(dispute))
    return all.filter(({ state }) => (filter.state ?? state) === state)
  }

  /** One dispute. Throws AppError `not_found`, for a foreign one too. */
  get(account: Account, key: ActKey): ListedDispute {
    return this.#listed(this.#acts.get(account, key))
  }

  /** Contests a time. Throws AppError; its detail names the rule that was broken. */
  async request(account: Account, place: Place, asked: AskedDispute): Promise<ListedDispute> {
    const made = await this.#acts.add(account, place, (history, at, others) => {
      if (environmentVersions(history, place.institution, place.environment).length === 0) {
        throw new AppError('not_found', 'There is no such environment.')
      }
      const id = `d-${randomBytes(6).toString('hex')}`
      const rules = disputeRules(history, place, at, this.#options.frozenThrough)
      return requestDispute({ ...asked, id }, account.id, at, { ...rules, others })
    })
    return this.#listed(made)
  }

  /** Grants a dispute whole, or the part that is given, as the evaluator. */
  grant(account: Account, key: ActKey, part: Granted | null, why: string): Promise<ListedDispute> {
    return this.#decide(account, key, 'approved', why, ({ from, to, claim }) => {
      return part ?? { from, to, ...claim }
    })
  }

  /** Refuses a dispute, as the evaluator. */
  refuse(account: Account, key: ActKey, why: string): Promise<ListedDispute> {
    return this.#decide(account, key, 'refused', why, () => null)
  }

  /** Gives a dispute up that nobody has decided. */
  async withdraw(account: Account, key: ActKey, why: string): Promise<ListedDispute> {
    const after = await this.#acts.change(account, key, why, (dispute, at) => {
      requireAsker(account, key.institution)
      return withdrawDispute(dispute, at)
    })
    return this.#listed(after)
  }

  async #decide(
    account: Account,
    key: ActKey,
    is: 'approved' | 'refused',
    why: string,
    grantedOf: (dispute: Dispute) => Granted | null,
  ): Promise<ListedDispute> {
    const { views, frozenThrough } = this.#options
    const after = await this.#acts.change(account, key, why, (dispute, at) => {
      const said = decisionOf(account, dispute, { is, at, why })
      const before = figuresOf(views.snapshot(), key, dispute)
      const decision = { ...said, granted: grantedOf(dispute), before }
      return decideDispute(dispute, decision, frozenThrough(at))
    })
    return this.#listed(after)
  }

  #listed(dispute: Dispute & Place): ListedDispute {
    const { views, now, frozenThrough } = this.#options
    const state = disputeState(dispute, frozenThrough(now()))
    return { ...dispute, state, now: figuresOf(views.snapshot(), dispute, dispute) }
  }
}

/** The figures that a dispute bears on, where its cycle is the one that is shown. */
function figuresOf(
  snapshot: Snapshot | null,
  { institution, environment }: Place,
  { from }: Dispute,
): DisputedFigures | null {
  if (!snapshot || from < snapshot.cycle.from || from >= snapshot.cycle.to) return null
  const owner = snapshot.institutions.find(({ id }) => id === institution)
  const row = owner?.environments.find(({ id }) => id === environment)
  if (!owner || !row) return null
  const { low, high } = row.continuity.cycle
  const { cycle: whole } = owner.continuity
  return {
    ...{ cycle: snapshot.cycle.id, asOf: snapshot.asOf },
    environment: { low, high },
    institution: { low: whole.low, high: whole.high },
  }
}
