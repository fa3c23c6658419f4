import { asDown } from '../kpi/continuity.ts'
import { noTime, type Sums } from '../kpi/environment-day.ts'
import type { ByWindow } from '../kpi/snapshot.ts'
import { type CheckRow, windowNames } from '../kpi/snapshot.ts'
import type { EnvironmentKey, TimelineStore } from '../store/store.ts'
import type { AgentBook } from './agent-book.ts'
import type { Basis } from './basis.ts'
import {
  byWindow,
  type EvaluatedEnvironment,
  environmentStage,
  type Frame,
} from './build-snapshot.ts'
import { checkRow, neededChecks, type Observed, observed, shownState } from './current.ts'
import { HeldRows } from './held-rows.ts'
import { type EnvironmentSource, keyOf, type Ledgers, type Pass } from './ledgers.ts'
import { maintenanceRow } from './maintenance.ts'

/** What was read of an environment. */
type Read = {
  readonly source: EnvironmentSource
  readonly checks: HeldRows
  readonly observed: Observed
}

/** The same with what was made of it. */
type Held = Read & {
  readonly evaluated: EvaluatedEnvironment | null
  /** What its sums are of. */
  readonly windows: Frame['windows']
}

/** What one evaluation works with. */
export type Round = {
  readonly basis: Basis
  readonly frame: Frame
  readonly pass: Pass
  /** Environments of which there is more to read than their dirty days tell, by `keyOf`. */
  readonly touched: ReadonlySet<string>
}

/** Evaluates environments; reads and counts again only what may be other than the last time. */
export class EnvironmentBook {
  readonly #reader: Pick<TimelineStore, 'checks' | 'values'>
  readonly #ledgers: Ledgers
  readonly #agents: AgentBook
  readonly #held = new Map<string, Held>()

  constructor(
    reader: Pick<TimelineStore, 'checks' | 'values'>,
    ledgers: Ledgers,
    agents: AgentBook,
  ) {
    this.#reader = reader
    this.#ledgers = ledgers
    this.#agents = agents
  }

  /** Forgets what was read, so that the next evaluation reads all of it. */
  clear(): void {
    this.#held.clear()
  }

  /** The checks of an environment by its last evaluation. */
  checks(key: EnvironmentKey): CheckRow[] {
    return this.#held.get(keyOf(key))?.checks.rows() ?? []
  }

  /**
   * Brings the ledger of an environment up to date and evaluates it: the same object as before
   * where nothing changed, null where it is not of the cycle.
   */
  async evaluate(source: EnvironmentSource, round: Round): Promise<EvaluatedEnvironment | null> {
    const { frame, pass, touched } = round
    const key = keyOf(source)
    const before = this.#held.get(key)
    const isKnown =
      before?.source === source &&
      frame.computedAt <= before.observed.freshUntil &&
      !touched.has(key) &&
      !this.#ledgers.isBehind(source, pass)
    const read = isKnown ? before : await this.#read(source, round, before?.checks ?? null)
    const { windows } = frame
    const isCounted = isKnown && areSame(before.windows, windows)
    const last = before?.evaluated ?? null
    const sums = isCounted && last ? last.sums : this.#sums(source, round)
    const isOfCycle = source.versions.some(({ to }) => to > windows.cycle.from)
    const evaluated = isOfCycle ? this.#evaluated(read, sums, last, round) : null
    if (!isCounted || evaluated !== last) this.#held.set(key, { ...read, evaluated, windows })
    return evaluated
  }

  /** Brings the ledger up to date, and reads how the checks are now. */
  async #read(
    source: EnvironmentSource,
    { basis: { policy }, frame: { computedAt: now }, pass }: Round,
    before: HeldRows | null,
  ): Promise<Read> {
    // Read once for both.
    const records = await this.#reader.checks(source)
    await this.#ledgers.refresh(source, records, pass)
    const values = await this.#reader.values(source)
    const { needs, class: kind } = versionAt(source, now)
    const agents = this.#agents.rows(keyOf(source))
    const heard = new Set(agents.filter(({ silent }) => !silent).map(({ agent }) => agent))
    const needed = neededChecks(needs, records)
    const rows = records.map((record) => {
      const value = values.get(record.name) ?? null
      return checkRow(record, !heard.has(record.agent), needed.has(record.name), value, now)
    })
    const profile = policy.minimumProfile[kind]
    const said = observed({ needs, profile }, records, rows, now)
    return { source, checks: new HeldRows(rows, before), observed: said }
  }

  #sums(source: EnvironmentSource, { basis, frame: { windows } }: Round): ByWindow<Sums> {
    const ledger = this.#ledgers.get(source)
    const { degradedCountsAsUp } = basis.policy
    return byWindow((name) => {
      const sums = ledger?.sums(windows[name]) ?? noTime
      return degradedCountsAsUp ? sums : asDown(sums)
    })
  }

  #evaluated(
    { source, observed: said }: Read,
    sums: ByWindow<Sums>,
    last: EvaluatedEnvironment | null,
    { basis: { policy }, frame: { computedAt: now, asOf, cycle } }: Round,
  ): EvaluatedEnvironment {
    const environment = versionAt(source, now)
    const { state, since } = shownState(source, said, this.#ledgers.get(source), { now, asOf })
    const row = {
      id: environment.id,
      name: environment.name,
      class: environment.class,
      criticality: environment.criticality,
      site: environment.site,
      provider: environment.hosting?.provider ?? null,
      state,
      stage: environmentStage(said.evidenceFrom, policy.setUpDays, asOf),
      assessed: said.missing.length === 0,
      missing: said.missing,
      inScopeFrom: source.versions[0]!.from,
      maintenance: maintenanceRow(source.maintenance, cycle, policy),
      agents: this.#agents.rows(keyOf(source)),
    }
    if (!last) return { row, since, sums }
    const kept = isSameRow(last.row, row) ? last.row : row
    const isSame = kept === last.row && since === last.since && sums === last.sums
    return isSame ? last : { row: kept, since, sums }
  }
}

function versionAt({ versions }: EnvironmentSource, now: number) {
  return versions.findLast((each) => each.from <= now)!.value
}

function areSame(a: Frame['windows'], b: Frame['windows']): boolean {
  return windowNames.every((name) => a[name].from === b[name].from && a[name].to === b[name].to)
}

type Row = EvaluatedEnvironment['row']

function isSameRow({ maintenance: a, ...before }: Row, { maintenance: b, ...after }: Row): boolean {
  if (a.usedMs !== b.usedMs || a.quotaMs !== b.quotaMs || a.noticeMs !== b.noticeMs) return false
  // All else of a row is the same object where it did not change.
  return Object.entries(after).every(
    ([name, value]) => value === before[name as keyof typeof after],
  )
}
