import type { EpochMs, Span } from '../../protocol/time.ts'
import type { EnvironmentCheckSums, ShownSpan, ShownState } from '../http/views.ts'
import type { Piece } from '../kpi/environment-day.ts'
import { jumpsOf } from '../kpi/publish-guard.ts'
import type { Model } from '../kpi/readiness/model.ts'
import type { CheckRow, Jump, Snapshot } from '../kpi/snapshot.ts'
import type { StateSpan } from '../kpi/timeline.ts'
import type { Policy } from '../register/policy.ts'
import type { EnvironmentKey, EvaluationReader } from '../store/store.ts'
import { AgentBook } from './agent-book.ts'
import { BasisBook } from './basis.ts'
import {
  type Evaluated,
  type EvaluatedEnvironment,
  nationRow,
  type PooledInstitution,
  snapshotOf,
} from './build-snapshot.ts'
import { outagesOf } from './context.ts'
import { EnvironmentBook, type Round } from './environment-book.ts'
import { frameOf, usualEnd } from './frame.ts'
import { guardedOf } from './guarded.ts'
import { type HistoryBasis, historyBasis } from './history/basis.ts'
import { InstitutionBook } from './institution-book.ts'
import { Ledgers, type Refreshed } from './ledgers.ts'
import type { LostBasis } from './lost.ts'
import type { PageBasis } from './metrics-page.ts'
import { Migration } from './migration/migration.ts'
import { Readiness } from './readiness/readiness.ts'
import { checkStrip, environmentStrip } from './strips.ts'

export type EvaluatorOptions = {
  readonly reader: EvaluationReader
  /** Version of the arithmetic, printed with every figure. */
  readonly engine: string
  readonly simulated: boolean
  /** Computes readiness as a draft while no model is approved. */
  readonly defaultModel?: Model
}

/** A snapshot, and the days to save that were derived for it; `held`: why it is not shown. */
export type Evaluation = Refreshed & {
  readonly snapshot: Snapshot
  readonly held: readonly Jump[]
  /** What can be asked beside; null where readiness was not asked for. */
  readonly readiness: Readiness | null
  /** Null where it was not asked for: it is wherever readiness is. */
  readonly migration: Migration | null
}

/** The checks of an institution by environment, as evaluated at one time. */
export type EvaluatedChecks = {
  readonly computedAt: EpochMs
  readonly checks: ReadonlyMap<string, readonly CheckRow[]>
}

type EvaluateArguments = Required<Parameters<Evaluator['evaluate']>>

/** What was evaluated last and is shown. */
type Shown = Pick<LostBasis, 'snapshot' | 'degradedIsLost'> & Pick<PageBasis, 'evaluated' | 'basis'>

/**
 * Turns the store's evidence into snapshots and strips. Reads only; owns the ledgers. Reads again
 * what may be other than at the last evaluation, and works out again what rests on it.
 */
export class Evaluator {
  readonly #options: EvaluatorOptions
  readonly #ledgers: Ledgers
  readonly #basis: BasisBook
  readonly #agents: AgentBook
  readonly #environments: EnvironmentBook
  readonly #readiness: Readiness
  readonly #migration: Migration
  readonly #institutions = new InstitutionBook()
  #shown: Shown | null = null
  /** What checks were asked of environments at the last evaluation. */
  #minimumProfile: Policy['minimumProfile'] | null = null
  /** When the last evaluation was. */
  #newest: EpochMs = 0

  constructor(options: EvaluatorOptions) {
    this.#options = options
    this.#ledgers = new Ledgers(options.reader)
    this.#basis = new BasisBook(options.reader)
    this.#agents = new AgentBook(options.reader)
    this.#environments = new EnvironmentBook(options.reader, this.#ledgers, this.#agents)
    this.#readiness = this.#newReadiness()
    this.#migration = this.#newMigration()
  }

  /** All that is shown of the last evaluation; null before it. */
  get evaluated(): Evaluated | null {
    return this.#shown?.evaluated ?? null
  }

  /**
   * Derives what is new and computes the snapshot; null while no register has been applied. With
   * `window`, that takes the place of the cycle and all windows end where it does; what is shown
   * stays then, as it does when the new snapshot jumped from it and nobody accepts that.
   */
  async evaluate(
    now: EpochMs,
    window: Span | null = null,
    accept = false,
    withReadiness = window === null,
  ): Promise<Evaluation | null> {
    // What is fresh, and who is silent, was judged later than that.
    if (now < this.#newest) this.#clear()
    this.#newest = now
    try {
      return await this.#evaluate(now, window, accept, withReadiness)
    } catch (error) {
      // Of what was read, part may have been taken in: the next reads all of it.
      this.#clear()
      throw error
    }
  }

  async #evaluate(
    ...[now, window, accept, withReadiness]: EvaluateArguments
  ): Promise<Evaluation | null> {
    const { reader } = this.#options
    const newestAct = await reader.newestAct()
    const newest = await this.#basis.read(newestAct, now)
    if (!newest) return null
    const touched = await this.#agents.read(newestAct, now)
    const end = usualEnd(newest, now, this.#agents.firstEnrolledAt)
    const isOver = window !== null && window.to < end
    const basis = isOver ? this.#basis.before(window.to - 1) : newest
    const { minimumProfile } = basis.policy
    if (minimumProfile !== this.#minimumProfile) this.#environments.clear()
    this.#minimumProfile = minimumProfile
    const pass = await this.#ledgers.begin(now, outagesOf(await reader.liveness()), basis.sources)
    const frame = frameOf(basis, this.#options, now, window ?? end)
    const institutions = await this.#evaluateAll({ basis, frame, pass, touched })
    this.#readiness.note(pass.days)
    this.#migration.note(pass.days)
    // Of a window it is as of its end, by evidence alone: not by who is silent just now.
    const asked = withReadiness ? (window ? this.#newReadiness() : this.#readiness) : null
    const moves = asked && (window ? this.#newMigration() : this.#migration)
    const actsAt = isOver ? basis.at : now
    const migration = moves && (await moves.evaluate({ basis, frame }, actsAt))
    const found = { basis, frame, institutions, migration, isOver: window !== null }
    const readiness = asked && (await asked.evaluate(found, actsAt))
    const before = this.#shown?.evaluated
    const isSame =
      before?.frame.standard === frame.standard &&
      before.institutions.length === institutions.length &&
      institutions.every((each, i) => each === before.institutions[i])
    const nation = isSame ? before.nation : nationRow(institutions, frame)
    const evaluated: Evaluated = { frame, nation, institutions, readiness, migration }
    const snapshot = snapshotOf(evaluated)
    const shown = window || accept ? undefined : this.#shown?.evaluated
    const { publishGuard } = basis.policy
    const held = shown ? jumpsOf(guardedOf(shown), guardedOf(evaluated), publishGuard) : []
    const degradedIsLost = !basis.policy.degradedCountsAsUp
    if (!window && held.length === 0) this.#shown = { evaluated, basis, snapshot, degradedIsLost }
    const { days, cleared } = pass
    return { days, cleared, snapshot, held, readiness: asked, migration: moves }
  }

  /** Checks of the last evaluation: of an institution, or of one of its environments. */
  checks(institution: string, environment?: string): EvaluatedChecks | null {
    if (!this.#shown) return null
    const ids = this.#environmentsOf(institution, environment)
    const rowsOf = (id: string) => this.#environments.checks({ institution, environment: id })
    const { computedAt } = this.#shown.snapshot
    return { computedAt, checks: new Map(ids.map((id) => [id, rowsOf(id)])) }
  }

  /** Time of the checks of an institution, or of one of its environments, inside a window. */
  async checkSums(
    window: Span,
    institution: string,
    environment?: string,
  ): Promise<EnvironmentCheckSums[]> {
    const answer: EnvironmentCheckSums[] = []
    for (const id of this.#environmentsOf(institution, environment)) {
      const key = { institution, environment: id }
      const checks = await this.#options.reader.checkSums(key, window)
      answer.push({ environment: id, checks })
    }
    return answer
  }

  /** What the KPI part of `/metrics` is rendered from; null before the first evaluation. */
  get pageBasis(): PageBasis | null {
    if (!this.#shown) return null
    const checksOf = (key: EnvironmentKey) => this.#environments.checks(key)
    const curve = () => this.#migration.nationCurve()
    return { ...this.lostBasis!, ...this.#shown, checksOf, curve }
  }

  /** What time lost is told from; null before the first evaluation. */
  get lostBasis(): LostBasis | null {
    if (!this.#shown) return null
    const { snapshot, degradedIsLost } = this.#shown
    return { snapshot, degradedIsLost, ledgerOf: (key) => this.#ledgers.get(key) }
  }

  /** What history is told from; null before the first evaluation. */
  historyBasis(now: EpochMs): HistoryBasis | null {
    const books = { basis: this.#basis, agents: this.#agents, environments: this.#environments }
    return this.lostBasis && historyBasis(this.lostBasis, books, now)
  }

  /** What can be asked about readiness by the last evaluation. */
  get readiness(): Readiness {
    return this.#readiness
  }

  /** What can be asked about migration by the last evaluation. */
  get migration(): Migration {
    return this.#migration
  }

  /** What became of each stretch of an environment's time, as far as it was in scope. */
  pieces(key: EnvironmentKey, window: Span): Piece[] {
    return this.#ledgers.get(key)?.pieces(window) ?? []
  }

  /** States of an environment, without holes; out of scope where the ledger has nothing. */
  environmentStrip(key: EnvironmentKey, window: Span): ShownSpan[] {
    return environmentStrip(this.#ledgers.get(key), window)
  }

  /**
   * States of a check with their reasons, without holes: unknown where nothing was seen, out of
   * scope where its environment was. An unknown name was never seen.
   */
  async checkStrip(
    key: EnvironmentKey,
    name: string,
    window: Span,
  ): Promise<StateSpan<ShownState>[]> {
    const { reader } = this.#options
    const check = (await reader.checks(key)).find((each) => each.name === name)
    const seen = check ? await reader.timeline(check.number, window) : []
    return checkStrip(seen, this.#ledgers.get(key), window)
  }

  #clear(): void {
    this.#environments.clear()
    this.#readiness.clear()
    this.#migration.clear()
  }

  #newReadiness(): Readiness {
    const { reader, defaultModel = null } = this.#options
    return new Readiness(reader, this.#ledgers, this.#agents, defaultModel)
  }

  #newMigration(): Migration {
    return new Migration(this.#options.reader, this.#ledgers, this.#agents)
  }

  /** Environments that the last evaluation shows, by id. */
  #environmentsOf(institution: string, environment?: string): string[] {
    const shown = this.#shown?.evaluated.institutions.find(({ row }) => row.id === institution)
    const ids = (shown?.environments ?? []).map(({ row }) => row.id)
    return ids.filter((id) => environment === undefined || id === environment)
  }

  /** Brings all ledgers up to date, and evaluates what is in the register and of the cycle. */
  async #evaluateAll(round: Round): Promise<PooledInstitution[]> {
    const { basis, frame } = round
    const environments = new Map<string, EvaluatedEnvironment[]>()
    for (const { id } of basis.register.institutions) environments.set(id, [])
    for (const source of basis.sources) {
      let evaluated = this.#environments.unchanged(source, round)
      // Only here: to wait a thousand times for nothing takes as long as all else.
      if (evaluated === undefined) evaluated = await this.#environments.evaluate(source, round)
      if (evaluated) environments.get(source.institution)?.push(evaluated)
    }
    return this.#institutions.evaluate(basis.register, environments, frame)
  }
}
