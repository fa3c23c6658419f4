import { limits } from '../../protocol/limits.ts'
import { type EpochMs, type Span, subtract, union } from '../../protocol/time.ts'
import type { ShownState } from '../http/views.ts'
import { asDown } from '../kpi/continuity.ts'
import { asOfAt, cycleAt, windowsAt } from '../kpi/cycle.ts'
import { noTime, type Piece } from '../kpi/environment-day.ts'
import type { Part } from '../kpi/population.ts'
import { type ByWindow, type CheckRow, type Snapshot, windowNames } from '../kpi/snapshot.ts'
import { clip, type StateSpan } from '../kpi/timeline.ts'
import { kpiPage } from '../metrics/kpi-page.ts'
import {
  environmentHistories,
  policyAt,
  type RegisterHistory,
  registerAt,
  registerHistory,
} from '../register/history.ts'
import type { Policy } from '../register/policy.ts'
import type { CheckRecord, EnvironmentKey, EvaluationReader } from '../store/store.ts'
import {
  buildSnapshot,
  type EvaluatedEnvironment,
  type EvaluatedInstitution,
  environmentStage,
  standardOf,
} from './build-snapshot.ts'
import {
  agentRow,
  type ContactedAgent,
  checkRow,
  missingKinds,
  neededChecks,
  shownState,
} from './current.ts'
import { HeldRows } from './held-rows.ts'
import { type EnvironmentSource, Ledgers, type Pass, type Refreshed } from './ledgers.ts'
import { Exclusions, maintenanceRow } from './maintenance.ts'

export type EvaluatorOptions = {
  readonly reader: EvaluationReader
  /** Version of the arithmetic, printed with every figure. */
  readonly engine: string
  readonly simulated: boolean
}

/** A snapshot with the days that were derived for it, to be saved by the writer. */
export type Evaluation = Refreshed & { readonly snapshot: Snapshot }

/** The checks of an institution by environment, as evaluated at one time. */
export type EvaluatedChecks = {
  readonly computedAt: EpochMs
  readonly checks: ReadonlyMap<string, readonly CheckRow[]>
}

/** Everything one evaluation read at its start. */
type Reading = {
  readonly now: EpochMs
  readonly asOf: EpochMs
  readonly history: RegisterHistory
  readonly policy: Policy
  readonly agents: Map<string, ContactedAgent[]>
  readonly cycle: Span
  readonly windows: ByWindow<Span>
  /** By environment; filled as they are evaluated. */
  readonly checks: Map<string, HeldRows>
  /** Those of the last evaluation: what is still the same is held once. */
  readonly before: ReadonlyMap<string, HeldRows>
}

/** What is kept of an evaluation until the next. */
type Kept = Pick<Reading, 'checks'> & { readonly snapshot: Snapshot }

/** Turns the store's evidence into snapshots and strips. Reads only; owns the ledgers. */
export class Evaluator {
  readonly #options: EvaluatorOptions
  readonly #ledgers: Ledgers
  readonly #exclusions = new Exclusions()
  #kept: Kept | null = null

  constructor(options: EvaluatorOptions) {
    this.#options = options
    this.#ledgers = new Ledgers(options.reader)
  }

  /**
   * Derives what is new and computes the snapshot; null while no register has been applied. With
   * `window`, that takes the place of the cycle and all windows end where it does.
   */
  async evaluate(now: EpochMs, window: Span | null = null): Promise<Evaluation | null> {
    const { reader, engine, simulated } = this.#options
    const entries = await reader.entries('figures')
    const history = registerHistory(entries)
    if (history.size === 0) return null
    const contacts = await reader.contacts()
    const policy = policyAt(history, now)
    const { timezone } = policy
    const completed = this.#exclusions.read(entries, history, policy)
    const sources = environmentHistories(history)
      .filter(({ versions }) => versions.some((version) => version.from <= now))
      .map(completed)
    const centre = outages(await reader.liveness())
    const pass = await this.#ledgers.begin(now, centre)
    const asOf = window?.to ?? asOfAt(now, rhythmOf(policy, contacts))
    const cycle = cycleAt(asOf, timezone, policy.cycleMonths)
    const windows = { ...windowsAt(asOf, cycle), ...(window && { cycle: window }) }
    const reading: Reading = {
      now,
      asOf,
      history,
      policy,
      cycle,
      windows,
      checks: new Map(),
      before: this.#kept?.checks ?? new Map(),
      agents: Map.groupBy(contacts, keyOf),
    }
    const frame = {
      engine,
      computedAt: now,
      asOf,
      simulated,
      timezone,
      standard: standardOf(policy),
      cycle,
      windows,
      headline: policy.nationalAggregation,
    }
    const institutions = await this.#institutions(reading, sources, pass)
    const snapshot = buildSnapshot(frame, institutions)
    this.#kept = { snapshot, checks: reading.checks }
    return { days: pass.days, cleared: pass.cleared, snapshot }
  }

  /** Checks of the last evaluation: of an institution, or of one of its environments. */
  checks(institution: string, environment?: string): EvaluatedChecks | null {
    if (!this.#kept) return null
    const { snapshot, checks } = this.#kept
    const row = snapshot.institutions.find(({ id }) => id === institution)
    const ids = (row?.environments ?? []).map(({ id }) => id)
    const asked = ids.filter((id) => environment === undefined || id === environment)
    const rowsOf = (id: string) => checks.get(keyOf({ institution, environment: id }))?.rows() ?? []
    const { computedAt } = snapshot
    return { computedAt, checks: new Map(asked.map((id) => [id, rowsOf(id)])) }
  }

  /** The KPI part of `/metrics` by the last evaluation, in pieces of UTF-8; none before it. */
  kpiPage(): Uint8Array<ArrayBuffer>[] {
    if (!this.#kept) return []
    const { snapshot, checks } = this.#kept
    const encoder = new TextEncoder()
    const pieces: Uint8Array<ArrayBuffer>[] = []
    const rowsOf = (key: EnvironmentKey) => checks.get(keyOf(key))?.rows() ?? []
    for (const text of kpiPage(snapshot, rowsOf)) pieces.push(encoder.encode(text))
    return pieces
  }

  /** What became of each stretch of an environment's time, as far as it was in scope. */
  pieces(key: EnvironmentKey, window: Span): Piece[] {
    return this.#ledgers.get(key)?.pieces(window) ?? []
  }

  /** States of an environment, without holes; out of scope where the ledger has nothing. */
  environmentStrip(key: EnvironmentKey, window: Span): StateSpan<ShownState>[] {
    const pieces = this.#ledgers.get(key)?.pieces(window) ?? []
    const shown = pieces.map(({ from, to, state, excluded }): StateSpan<ShownState> => {
      return { from, to, state: excluded === 'maintenance' ? 'maintenance' : state }
    })
    return withRest(shown, window, 'not_in_scope')
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
    const checks = await reader.checks(key)
    const check = checks.find((each) => each.name === name)
    const seen = check ? await reader.timeline(check.number, window) : []
    const inScope = this.#ledgers.get(key)?.pieces(window) ?? []
    const known = clip<ShownState>(seen, window)
    const unknown = union(inScope)
      .flatMap((span) => subtract(span, known))
      .map((span) => ({ ...span, state: 'unknown' as const }))
    return withRest([...known, ...unknown], window, 'not_in_scope')
  }

  /** Brings all ledgers up to date, and evaluates what is in the register and of the cycle. */
  async #institutions(
    reading: Reading,
    sources: readonly EnvironmentSource[],
    pass: Pass,
  ): Promise<EvaluatedInstitution[]> {
    const register = registerAt(reading.history, reading.now)
    const evaluated = new Map<string, EvaluatedEnvironment[]>()
    for (const { id } of register.institutions) evaluated.set(id, [])
    for (const source of sources) {
      // Read once for both: in a large nation this is most of an evaluation.
      const records = await this.#options.reader.checks(source)
      await this.#ledgers.refresh(source, records, pass)
      const inCycle = source.versions.some(({ to }) => to > reading.windows.cycle.from)
      const environments = evaluated.get(source.institution)
      if (!inCycle || !environments) continue
      environments.push(await this.#environment(source, records, reading))
    }
    const targets = new Set(register.populations.continuity)
    return register.institutions.map((record) => {
      return { record, target: targets.has(record.id), environments: evaluated.get(record.id)! }
    })
  }

  async #environment(
    key: EnvironmentSource,
    records: readonly CheckRecord[],
    { now, asOf, policy, checks, before, agents, cycle, windows }: Reading,
  ): Promise<EvaluatedEnvironment> {
    const { value: environment } = key.versions.findLast((each) => each.from <= now)!
    const { reader } = this.#options
    const agentRows = (agents.get(keyOf(key)) ?? []).map((agent) => agentRow(agent, now))
    const heard = new Set(agentRows.filter((agent) => !agent.silent).map(({ agent }) => agent))
    const needed = neededChecks(environment.needs, records)
    const values = await reader.values(key)
    const checkRows = records.map((record) => {
      const value = values.get(record.name) ?? null
      const silent = !heard.has(record.agent)
      return checkRow(record, silent, needed.has(record.name), value, now)
    })
    checks.set(keyOf(key), new HeldRows(checkRows, before.get(keyOf(key)) ?? null))
    const ledger = this.#ledgers.get(key)
    const { state, since } = shownState(key, checkRows, ledger, { now, asOf })
    const missing = missingKinds(policy.minimumProfile[environment.class], records)
    const assessed = missing.length === 0
    const evidence = records.flatMap(({ since }) => (since === null ? [] : [since]))
    const evidenceFrom = evidence.length === 0 ? null : Math.min(...evidence)
    const part = (window: Span): Part => {
      const sums = ledger?.sums(window) ?? noTime
      return {
        id: environment.id,
        critical: environment.criticality === 'critical',
        weight: policy.criticalityWeights[environment.criticality],
        assessed,
        sums: policy.degradedCountsAsUp ? sums : asDown(sums),
      }
    }
    const entries = windowNames.map((name) => [name, part(windows[name])])
    return {
      row: {
        id: environment.id,
        name: environment.name,
        class: environment.class,
        criticality: environment.criticality,
        site: environment.site,
        provider: environment.hosting?.provider ?? null,
        state,
        since,
        stage: environmentStage(evidenceFrom, policy.setUpDays, asOf),
        assessed,
        missing,
        inScopeFrom: key.versions[0]!.from,
        maintenance: maintenanceRow(key.maintenance, cycle, policy),
        agents: agentRows,
      },
      // The keys are exactly the names of the windows.
      part: Object.fromEntries(entries) as ByWindow<Part>,
    }
  }
}

/** Fills what is left of a window with one state. */
function withRest(
  spans: readonly StateSpan<ShownState>[],
  window: Span,
  state: ShownState,
): StateSpan<ShownState>[] {
  const rest = subtract(window, spans).map((span) => ({ ...span, state }))
  return [...spans, ...rest].sort((a, b) => a.from - b.from)
}

/** When the collector did not run: the holes between stretches of liveness. */
function outages(liveness: readonly Span[]): Span[] {
  return liveness.slice(1).map((span, i) => ({ from: liveness[i]!.to, to: span.from }))
}

function rhythmOf({ sealMinutes }: Policy, agents: readonly ContactedAgent[]) {
  const { youngMs, sealYoungMs } = limits
  const enrolments = agents.map((agent) => agent.enrolledAt)
  const firstEnrolledAt = enrolments.length === 0 ? null : Math.min(...enrolments)
  return { sealMs: sealMinutes * 60_000, youngMs, sealYoungMs, firstEnrolledAt }
}

function keyOf({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}
