import { isDeepStrictEqual } from 'node:util'
import type { EpochMs } from '../../protocol/time.ts'
import { asDown } from '../kpi/continuity.ts'
import { sumNames } from '../kpi/environment-day.ts'
import { sumsOf } from '../kpi/ledger.ts'
import { type CheckRow, type Lost, windowNames } from '../kpi/snapshot.ts'
import type { Policy } from '../register/policy.ts'
import type { EnvironmentKey, TimelineStore } from '../store/store.ts'
import type { AgentBook } from './agent-book.ts'
import type { Basis } from './basis.ts'
import { type EvaluatedEnvironment, environmentStage, type Frame } from './build-snapshot.ts'
import {
  checkRow,
  missingKinds,
  neededChecks,
  type Observed,
  observed,
  shownState,
} from './current.ts'
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
   * Whether an environment has the checks that its class needs by a policy, as it was last read;
   * null where it has to be read again.
   */
  isAssessed(source: EnvironmentSource, policy: Policy, now: EpochMs): boolean | null {
    const held = this.#held.get(keyOf(source))
    if (!held) return null
    const profile = policy.minimumProfile[versionAt(source, now).class]
    const checks = held.checks.rows().map(({ kind, through }) => ({ kind, since: through }))
    return missingKinds(profile, checks).length === 0
  }

  /**
   * What was found the last time, where nothing of an environment can be other than then, not even
   * because time went by, as in most of a nation; undefined where something may be.
   */
  unchanged(source: EnvironmentSource, round: Round): EvaluatedEnvironment | null | undefined {
    const key = keyOf(source)
    const before = this.#held.get(key)
    if (!before || !this.#isKnown(before, source, key, round)) return undefined
    const { evaluated, windows } = before
    if (!areSame(windows, round.frame.windows) || source.maintenance.length > 0) return undefined
    const isHeardSame = evaluated?.row.agents === this.#agents.rows(key)
    return isHeardSame || evaluated === null ? evaluated : undefined
  }

  /**
   * Brings the ledger of an environment up to date and evaluates it: the same object as before
   * where nothing changed, null where it is not of the cycle.
   */
  async evaluate(source: EnvironmentSource, round: Round): Promise<EvaluatedEnvironment | null> {
    const key = keyOf(source)
    const { windows } = round.frame
    const before = this.#held.get(key)
    const isKnown = before !== undefined && this.#isKnown(before, source, key, round)
    const read = isKnown ? before : await this.#read(source, round, before?.checks ?? null)
    const isCounted = isKnown && areSame(before.windows, windows)
    const last = isKnown ? before.evaluated : null
    const counted =
      isCounted && last
        ? { sums: last.sums, lost: last.row.lost }
        : { sums: this.#sums(source, round), lost: this.#lost(source, round, last) }
    const { at } = round.basis
    const isOfCycle = source.versions.some(({ from, to }) => to > windows.cycle.from && from <= at)
    const evaluated = isOfCycle ? this.#evaluated(read, counted, last, round) : null
    this.#held.set(key, { ...read, evaluated, windows })
    return evaluated
  }

  /** Whether what was read of an environment still says all. */
  #isKnown(
    before: Held,
    source: EnvironmentSource,
    key: string,
    { frame, pass, touched }: Round,
  ): boolean {
    return (
      before.source === source &&
      frame.computedAt <= before.observed.freshUntil &&
      !touched.has(key) &&
      !this.#ledgers.isBehind(key, pass)
    )
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

  #sums(source: EnvironmentSource, { basis, frame: { windows } }: Round): number[] {
    const ledger = this.#ledgers.get(source)
    // Filled with what is no whole number, V8 makes it a list of doubles: 8 bytes for each.
    const numbers = new Array<number>(windowNames.length * sumNames.length).fill(Number.NaN)
    windowNames.forEach((name, i) => {
      const place = i * sumNames.length
      ledger?.write(windows[name], numbers, place)
      if (!ledger) numbers.fill(0, place, place + sumNames.length)
      if (basis.policy.degradedCountsAsUp) return
      const sums = asDown(sumsOf(numbers, place))
      sumNames.forEach((each, k) => {
        numbers[place + k] = sums[each]
      })
    })
    return numbers
  }

  /** The same object as in `last` where it says the same. */
  #lost(source: EnvironmentSource, { frame }: Round, last: EvaluatedEnvironment | null): Lost {
    const lost = this.#ledgers.get(source)?.lost(frame.windows.cycle) ?? {}
    return last && isDeepStrictEqual(last.row.lost, lost) ? last.row.lost : lost
  }

  /** `last` is what was made of the same reading; null where it was read anew. */
  #evaluated(
    { source, observed: said }: Read,
    { sums, lost }: { readonly sums: readonly number[]; readonly lost: Lost },
    last: EvaluatedEnvironment | null,
    { basis: { at, policy }, frame: { computedAt: now, asOf, cycle } }: Round,
  ): EvaluatedEnvironment {
    const { state, since } = shownState(source, said, this.#ledgers.get(source), { now, asOf })
    const stage = environmentStage(said.evidenceFrom, policy.setUpDays, asOf)
    const maintenance = maintenanceRow(source.maintenance, cycle, policy)
    const agents = this.#agents.rows(keyOf(source))
    const environment = versionAt(source, at)
    const { name } = environment
    if (last && isStill(last.row, { name, state, stage, maintenance, lost, agents })) {
      return { row: last.row, since, sums }
    }
    const row = {
      id: environment.id,
      name,
      class: environment.class,
      criticality: environment.criticality,
      site: environment.site,
      provider: environment.hosting?.provider ?? null,
      state,
      stage,
      assessed: said.missing.length === 0,
      missing: said.missing,
      inScopeFrom: source.versions[0]!.from,
      maintenance,
      lost,
      agents,
    }
    return { row, since, sums }
  }
}

type Row = EvaluatedEnvironment['row']

/** Whether what can change in a row without anything having been read is as it was. */
function isStill(
  row: Row,
  now: Pick<Row, 'name' | 'state' | 'stage' | 'maintenance' | 'lost' | 'agents'>,
): boolean {
  const { usedMs, quotaMs, noticeMs } = row.maintenance
  return (
    row.name === now.name &&
    row.state === now.state &&
    row.stage === now.stage &&
    row.lost === now.lost &&
    row.agents === now.agents &&
    usedMs === now.maintenance.usedMs &&
    quotaMs === now.maintenance.quotaMs &&
    noticeMs === now.maintenance.noticeMs
  )
}

function versionAt({ versions }: EnvironmentSource, now: number) {
  return versions.findLast((each) => each.from <= now)!.value
}

function areSame(a: Frame['windows'], b: Frame['windows']): boolean {
  return windowNames.every((name) => a[name].from === b[name].from && a[name].to === b[name].to)
}
