import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { type Frozen, frozenBytesOf } from '../evaluate/freeze.ts'
import { nationalLog } from '../evidence/leaf.ts'
import type { Views } from '../http/views.ts'
import { Turns } from '../ingest/turns.ts'
import type { FrozenFigures } from '../kpi/cycle-figures.ts'
import type { Cycle } from '../kpi/snapshot.ts'
import {
  type CycleAct,
  type CycleRules,
  type CycleState,
  cycleState,
  decideCycle,
  type FrozenResult,
  freezableFrom,
  measuredCycles,
  newestFrozen,
  openProposal,
  proposeCycle,
} from '../register/cycles.ts'
import {
  type CycleBook,
  cycleRules,
  cycleSubject,
  foldCycles,
  frozenEndAt,
} from '../register/cycles-log.ts'
import { registerHistory } from '../register/history.ts'
import type { CycleReader, FigureChangeRow } from '../store/cycles.ts'
import type { Effect, EvidenceReader, EvidenceWriter } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { applyActs } from './acts.ts'
import { HeldHistory, type LogSource } from './held-log.ts'
import { may, requireMay } from './permissions.ts'
import { type Decision, decide, decisionOf } from './two-person.ts'

export type CyclesOptions = {
  readonly store: Pick<EvidenceWriter, 'applyActs'> &
    Pick<EvidenceReader, 'entries'> &
    CycleReader &
    LogSource
  /** What is held of the register for all who judge acts; one of its own without it. */
  readonly history?: HeldHistory
  readonly now: () => EpochMs
  /** What freezing a cycle at an instant would store. */
  readonly freeze: (now: EpochMs, cycle: Cycle, revision: number) => Promise<Frozen>
  /** How things are shown now, and how what is held back is published. */
  readonly views: Pick<Views, 'snapshot'>
  readonly confirm: () => Promise<void>
  /** Told after each approval. */
  readonly onChange: () => void
}

/** A cycle as it is listed. */
export type ListedCycle = Cycle & {
  readonly state: CycleState
  /** From when on it may be frozen. */
  readonly freezableFrom: EpochMs
  /** Waits for a second person; null when nothing does. */
  readonly proposal: CycleAct | null
  /** What was frozen, the first first. */
  readonly revisions: (CycleAct & { readonly frozen: FrozenResult })[]
}

/** Whether an account proposes freezes and revisions, and confirms figures that are held back. */
export function proposesCycles(account: Account): boolean {
  return may(account, 'cycles.propose')
}

/**
 * Cycles: open until two persons freeze them, then changed only by numbered revisions of two
 * persons. Acts happen one after another, and each is judged in its turn.
 */
export class Cycles {
  readonly #options: CyclesOptions
  readonly #turns = new Turns()
  readonly #history: HeldHistory
  readonly #book: CycleBook

  private constructor(options: CyclesOptions, book: CycleBook) {
    this.#options = options
    this.#history = options.history ?? new HeldHistory(options.store)
    this.#book = book
  }

  /** Reads what the log says. */
  static async open(options: CyclesOptions): Promise<Cycles> {
    const entries = await options.store.entries('figures')
    return new Cycles(options, foldCycles(new Map(), entries, registerHistory(entries)))
  }

  /** All cycles that were measured, the newest first. */
  async list(): Promise<ListedCycle[]> {
    const { now } = this.#options
    const at = now()
    const rules = await this.#rules(at)
    if (rules.measuredFrom > at) return []
    return measuredCycles(at, rules).map((cycle) => this.#listed(cycle, rules, at))
  }

  /** One cycle. Throws AppError `not_found`. */
  async get(id: string): Promise<ListedCycle> {
    const found = (await this.list()).find((each) => each.id === id)
    if (!found) throw new AppError('not_found', 'There is no such cycle.')
    return found
  }

  /** The end of the newest cycle that was frozen before an instant; -Infinity where none was. */
  frozenThrough(at: EpochMs): EpochMs {
    return frozenEndAt(this.#book, at)
  }

  /** The newest frozen figures of a cycle; null while it is open. Throws AppError. */
  async frozen(id: string): Promise<FrozenFigures | null> {
    const newest = newestFrozen(this.#book.get(id) ?? [])
    if (!newest) return null
    return this.revision(id, newest.revision)
  }

  /** The bytes of a revision, as they were frozen. Throws AppError. */
  async bytes(id: string, revision: number): Promise<Buffer> {
    const act = this.#book.get(id)?.[revision]
    const { frozen } = act ?? {}
    if (!act || !frozen) throw new AppError('not_found', 'There is no such revision.')
    return frozenBytesOf(this.#options.store, { id, revision, frozen })
  }

  /** The figures of a revision. Throws AppError. */
  async revision(id: string, revision: number): Promise<FrozenFigures> {
    const bytes = await this.bytes(id, revision)
    return JSON.parse(bytes.toString()) as FrozenFigures // its hash was compared
  }

  /** The published figures of an open cycle that changed, the newest first. */
  async changes(account: Account, id: string): Promise<FigureChangeRow[]> {
    const { id: cycle } = await this.get(id)
    const all = await this.#options.store.figureChanges(cycle)
    if (may(account, 'read.all')) return all
    const own = ['nation', `institution/${account.institution}`]
    return all.filter(({ figure }) => own.includes(figure))
  }

  /** Proposes a freeze, or the next revision. Throws AppError; its detail names the rule. */
  propose(account: Account, id: string, revision: number, why: string): Promise<ListedCycle> {
    return this.#turns.take(async () => {
      const { id: by, role } = account
      const cycle = await this.get(id)
      const at = this.#options.now()
      const rules = await this.#rules(at)
      const act = proposeCycle(cycle, { revision, why }, { by, role }, at, rules)
      return this.#act(account, act, why, at, [])
    })
  }

  /** Approves or refuses what another account proposed. Approving stores the figures. */
  decide(
    account: Account,
    id: string,
    revision: number,
    is: Decision['is'],
    why: string,
  ): Promise<ListedCycle> {
    return this.#turns.take(async () => {
      const { proposal: known } = await this.get(id)
      if (known?.revision !== revision) {
        const message = 'No such proposal waits for approval.'
        throw new AppError('conflict', message, { detail: { rule: 'no_proposal' } })
      }
      const at = this.#options.now()
      const decision = decisionOf(account, known, { is, at, why })
      // Judged before figures are made, which takes a while.
      decide(known, decision, 'cycles.decide')
      if (is === 'refused') {
        return this.#act(account, decideCycle(known, decision, null), why, at, [])
      }
      const { id: cycle, name, from, to } = known
      const { bytes, frozen } = await this.#options.freeze(
        at,
        { id: cycle, name, from, to },
        revision,
      )
      const { length: _length, ...row } = frozen
      const effect: Effect = {
        kind: 'frozen-cycle',
        row: { cycle, revision, ...row },
        bytes: Buffer.from(bytes),
      }
      return this.#act(account, decideCycle(known, decision, frozen), why, at, [effect])
    })
  }

  /** Publishes figures that are held back. Throws AppError. */
  confirmPublish(account: Account, why: string): Promise<void> {
    return this.#turns.take(async () => {
      const { store, now, views, confirm } = this.#options
      requireMay(account, 'figures.confirm')
      const held = views.snapshot()?.held
      if (!held) {
        const message = 'No figures are held back.'
        throw new AppError('conflict', message, { detail: { rule: 'not_held' } })
      }
      const at = now()
      const { id: actor, role } = account
      const what = 'publish/confirm'
      const entry = { actor, role, what, why, before: null, after: held, effectiveFrom: at }
      await applyActs(store, [{ log: nationalLog, entry }], at)
      await confirm()
    })
  }

  async #act(
    { id: actor, role }: Account,
    after: CycleAct,
    why: string,
    at: EpochMs,
    effects: readonly Effect[],
  ): Promise<ListedCycle> {
    const { id: cycle, revision } = after
    const record = this.#book.get(cycle) ?? []
    const before = record[revision] ?? null
    const what = cycleSubject({ cycle, revision })
    const entry = { actor, role, what, why, before, after, effectiveFrom: at }
    await applyActs(this.#options.store, [{ log: nationalLog, entry, effects }], at)
    this.#book.set(cycle, [...record.slice(0, revision), after])
    if (effects.length > 0) this.#options.onChange()
    return this.get(cycle)
  }

  async #rules(at: EpochMs): Promise<CycleRules> {
    return cycleRules(await this.#history.read(), this.#book, at)
  }

  #listed(at: Cycle, rules: CycleRules, now: EpochMs): ListedCycle {
    const record = rules.recordOf(at.id)
    // What was frozen keeps its edges.
    const { id, name, from, to } = newestFrozen(record) ?? at
    const cycle = { id, name, from, to }
    const revisions = record.flatMap((act) => {
      return act.frozen ? [{ ...act, frozen: act.frozen }] : []
    })
    return {
      ...cycle,
      state: cycleState(cycle, record, now),
      freezableFrom: freezableFrom(cycle, rules.freezeDays),
      proposal: openProposal(record),
      revisions,
    }
  }
}
