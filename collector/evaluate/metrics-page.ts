import { intersect, lengthMs, type Span, subtract } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { type BudgetWindow, budgetRows, budgetWindows, errorBudget } from '../kpi/budget.ts'
import { type FrozenCycle, type FrozenFigures, frozenCycle } from '../kpi/cycle-figures.ts'
import { explain, type OutageFigures, outageFigures } from '../kpi/explain.ts'
import { decimal } from '../kpi/fraction.ts'
import type { Snapshot } from '../kpi/snapshot.ts'
import type { Beside } from '../metrics/family.ts'
import { kpiPage } from '../metrics/kpi-page.ts'
import { newestFrozen } from '../register/cycles.ts'
import { foldCycles } from '../register/cycles-log.ts'
import type { CycleReader } from '../store/cycles.ts'
import type { LogReader } from '../store/logs.ts'
import type { EvidenceReader } from '../store/store.ts'
import type { Basis } from './basis.ts'
import type { Evaluated, EvaluatedEnvironment } from './build-snapshot.ts'
import { frozenBytesOf } from './freeze.ts'
import { definitionsIn, type EnvironmentSource, keyOf } from './ledgers.ts'
import type { LostBasis } from './lost.ts'

/** What the page is rendered from: the last evaluation and its ledgers. */
export type PageBasis = LostBasis & {
  readonly evaluated: Evaluated
  readonly basis: Basis
} & Pick<Beside, 'checksOf' | 'curve'>

type PageReader = Pick<CycleReader, 'frozenBytes'> &
  Pick<LogReader, 'clockClasses'> &
  Pick<EvidenceReader, 'contestedCounts'>

/** Shares of the cycle's error budgets, by environment. */
export type CycleUse = ReadonlyMap<string, number>

type Outages = Readonly<Record<BudgetWindow, OutageFigures>>

/** Frozen cycles on the page: the newest, six years of them. */
const frozenShownMax = 12

/** Renders the KPI part of `/metrics`; works out again only what is of another evaluation. */
export class MetricsPage {
  readonly #reader: PageReader
  #frozen: readonly FrozenCycle[] = []
  #frozenOf: Basis['entries'] | null = null
  readonly #outages = new WeakMap<EvaluatedEnvironment, Outages>()
  readonly #scopes = new WeakMap<EnvironmentSource, { of: Span; spans: readonly Span[] }>()

  constructor(reader: PageReader) {
    this.#reader = reader
  }

  /** In pieces of UTF-8; none before the first evaluation. */
  async render(page: PageBasis | null): Promise<Uint8Array<ArrayBuffer>[]> {
    if (!page) return []
    const beside = await this.#beside(page)
    const encoder = new TextEncoder()
    return Array.from(kpiPage(page.snapshot, beside), (text) => encoder.encode(text))
  }

  /**
   * How much of its error budget of the cycle each environment has used, all unknown time counted;
   * above 1 where more was lost than was allowed. By `institution/environment`.
   */
  cycleUse(page: PageBasis | null): CycleUse {
    const used = new Map<string, number>()
    if (!page) return used
    const { snapshot, basis } = page
    const target = decimal(snapshot.target.ratio)
    const sources = new Map(basis.sources.map((source) => [keyOf(source), source]))
    for (const { id: institution, environments } of snapshot.institutions) {
      for (const { id: environment, continuity } of environments) {
        const key = keyOf({ institution, environment })
        const { sums } = continuity.cycle
        const source = sources.get(key)
        if (!sums || !source) continue
        const aheadMs = this.#aheadMs(source, snapshot)
        const left = errorBudget({ sums, aheadMs, weight: 1 }, target)?.leftRatio
        if (left) used.set(key, 1 - left.low)
      }
    }
    return used
  }

  async #beside(page: PageBasis): Promise<Beside> {
    const { snapshot, evaluated, basis, checksOf, curve } = page
    const environments = new Map(
      evaluated.institutions.flatMap(({ row: { id: institution }, environments }) =>
        environments.map((each) => [keyOf({ institution, environment: each.row.id }), each]),
      ),
    )
    const sources = new Map(basis.sources.map((source) => [keyOf(source), source]))
    return {
      checksOf,
      curve,
      budgets: budgetRows(snapshot, {
        weights: evaluated.frame.weights,
        aheadMs: (institution, environment) => {
          const source = sources.get(keyOf({ institution, environment }))
          return source ? this.#aheadMs(source, snapshot) : 0
        },
      }),
      outagesOf: (key, window) => {
        const environment = environments.get(keyOf(key))
        return environment ? this.#outagesOf(environment, key, page)[window] : noOutages
      },
      frozen: await this.#frozenCycles(basis),
      clockClasses: await this.#reader.clockClasses(),
      contested: await this.#reader.contestedCounts(),
    }
  }

  /** Time in scope from the end of the figures to that of the cycle, approved maintenance out. */
  #aheadMs(source: EnvironmentSource, { cycle: { from, to }, asOf }: Snapshot): number {
    let held = this.#scopes.get(source)
    if (held?.of.from !== from || held.of.to !== to) {
      const inScope = definitionsIn(source, { from, to })
      const spans = inScope.flatMap((part) => subtract(part, source.maintenance))
      held = { of: { from, to }, spans }
      this.#scopes.set(source, held)
    }
    const ahead = { from: Math.min(asOf, to), to }
    return held.spans.reduce((sum, span) => {
      const part = intersect(span, ahead)
      return part ? sum + lengthMs(part) : sum
    }, 0)
  }

  /** An evaluated environment stays the same object while windows and ledger are as they were. */
  #outagesOf(
    environment: EvaluatedEnvironment,
    key: { readonly institution: string; readonly environment: string },
    { snapshot: { asOf, windows }, degradedIsLost, ledgerOf }: PageBasis,
  ): Outages {
    const known = this.#outages.get(environment)
    if (known) return known
    const { provider } = environment.row
    const figures = (name: BudgetWindow) => {
      const window = windows[name]
      const ledger = ledgerOf(key)
      if (!ledger || ledger.sums(window).down === 0) return noOutages
      const options = { window, asOf, provider, degradedIsLost }
      return outageFigures(explain(ledger.pieces(window), options).outages)
    }
    // The keys are exactly the windows.
    const outages = Object.fromEntries(
      budgetWindows.map((name) => [name, figures(name)]),
    ) as Outages
    this.#outages.set(environment, outages)
    return outages
  }

  async #frozenCycles({ entries, history }: Basis): Promise<readonly FrozenCycle[]> {
    if (entries === this.#frozenOf) return this.#frozen
    const book = [...foldCycles(new Map(), entries, history)].sort(([a], [b]) => (a < b ? -1 : 1))
    const acts = book.flatMap(([, record]) => newestFrozen(record) ?? []).slice(-frozenShownMax)
    const found: FrozenCycle[] = []
    for (const act of acts) {
      const isHeld = ({ cycle, revision }: FrozenCycle) =>
        cycle.id === act.id && revision === act.revision
      const cycle = this.#frozen.find(isHeld) ?? (await this.#read(act))
      if (cycle) found.push(cycle)
    }
    this.#frozen = found
    this.#frozenOf = entries
    return found
  }

  /** Null where the bytes are damaged: a start and `check-data` name that. */
  async #read(act: NonNullable<ReturnType<typeof newestFrozen>>): Promise<FrozenCycle | null> {
    try {
      const bytes = await frozenBytesOf(this.#reader, act)
      return frozenCycle(JSON.parse(bytes.toString()) as FrozenFigures) // its hash was compared
    } catch (error) {
      if (error instanceof AppError && error.detail.rule === 'frozen_damaged') return null
      throw error
    }
  }
}

const noOutages: OutageFigures = { count: 0, longestMs: null, p90Ms: null }
