import { checkKinds } from '../../protocol/check.ts'
import { dayMs, dayOf, type EpochMs, type Span } from '../../protocol/time.ts'
import type { DecidedSpan } from '../kpi/disputes.ts'
import {
  type CheckTimeline,
  type Definition,
  type EnvironmentDay,
  environmentDay,
  sumNames,
} from '../kpi/environment-day.ts'
import { Ledger } from '../kpi/ledger.ts'
import { serviceSpans } from '../kpi/service-hours.ts'
import type { Version } from '../register/history.ts'
import { agentNameOf } from '../register/names.ts'
import type { Environment } from '../register/register.ts'
import type {
  CheckRecord,
  DayRow,
  DirtyDay,
  EnvironmentKey,
  EvaluationReader,
} from '../store/store.ts'
import { aliveIn, contextOf, Sites, type Surroundings } from './context.ts'
import { spreadDirty } from './dirty-days.ts'
import { outsideOn, silenceOn } from './sight.ts'

/** An environment with all that its days depend on beside the evidence. */
export type EnvironmentSource = EnvironmentKey & {
  /** Not empty. */
  readonly versions: readonly Version<Environment>[]
  /** The zone of service hours, for every instant. */
  readonly timezones: readonly Version<string>[]
  /** Whether a public environment must be seen from outside, for every instant. */
  readonly needsWitnesses: readonly Version<boolean>[]
  /** Approved maintenance, already cut to the quota; sorted and disjoint. */
  readonly maintenance: readonly Span[]
  /** What the evaluator decided about disputes; sorted and disjoint. */
  readonly disputes: readonly DecidedSpan[]
}

/** What a pass found to be new: the days that were derived, and the marks that are settled. */
export type Refreshed = { readonly days: DayRow[]; readonly cleared: DirtyDay[] }

/** One pass over all environments; its days become more with each that is refreshed. */
export type Pass = Refreshed & {
  readonly today: EpochMs
  readonly centre: readonly Span[]
  /** By `keyOf`. */
  readonly dirty: ReadonlyMap<string, readonly DirtyDay[]>
  readonly sites: Sites
}

/** The ledgers of all environments, kept in step with the store. */
export class Ledgers {
  readonly #reader: EvaluationReader
  readonly #held = new Map<string, Ledger>()

  constructor(reader: EvaluationReader) {
    this.#reader = reader
  }

  /** The ledger of an environment; null before it was first refreshed. */
  get(key: EnvironmentKey): Ledger | null {
    return this.#held.get(keyOf(key)) ?? null
  }

  /**
   * Learns which days of these environments are dirty; `refresh` derives them, up to the day of
   * `now`. `centre` is when the collector did not run.
   */
  async begin(
    now: EpochMs,
    centre: readonly Span[],
    sources: readonly EnvironmentSource[],
  ): Promise<Pass> {
    const today = dayOf(now)
    const cleared = (await this.#reader.dirtyDays()).filter(({ day }) => day <= today)
    const dirty = Map.groupBy(spreadDirty(cleared, sources, today), keyOf)
    return { today, centre, days: [], cleared, dirty, sites: new Sites(this.#reader, sources) }
  }

  /** Whether an environment, by `keyOf`, has a day that is dirty or new. */
  isBehind(key: string, { today, dirty }: Pass): boolean {
    const ledger = this.#held.get(key)
    return !ledger || ledger.next <= today || dirty.has(key)
  }

  /**
   * Derives every day of an environment that is dirty or new. Its checks must have been read since
   * the pass began.
   */
  async refresh(
    source: EnvironmentSource,
    checks: readonly CheckRecord[],
    pass: Pass,
  ): Promise<void> {
    const { today, days, dirty: marks } = pass
    const dirty = new Set((marks.get(keyOf(source)) ?? []).map(({ day }) => day))
    const ledger = await this.#ledgerOf(source)
    const first = dayOf(source.versions[0]!.from)
    const wanted = [...dirty].filter((day) => day >= first && day < ledger.next)
    for (let day = ledger.next; day <= today; day += dayMs) wanted.push(day)
    const { institution, environment } = source
    for (const at of wanted.sort((a, b) => a - b)) {
      const day = await this.#derived(source, checks, at, pass)
      ledger.set(day)
      days.push({ institution, environment, ...day })
    }
  }

  /** One day; who else is at the site, and what hosts tell, is asked only where time was lost. */
  async #derived(
    source: EnvironmentSource,
    checks: readonly CheckRecord[],
    at: EpochMs,
    { centre, sites }: Pass,
  ): Promise<EnvironmentDay> {
    const timelines = await this.#timelines(source, checks, at)
    const alive = aliveIn(timelines.map(({ timeline }) => timeline))
    sites.note(source, at, alive)
    const definitions = definitionsIn(source, { from: at, to: at + dayMs })
    const outside = await outsideOn(this.#reader, source.versions, at)
    const needsWitnesses = source.needsWitnesses.findLast(({ from }) => from <= at)?.value ?? false
    const derive = (more: Partial<Surroundings>) => {
      const attribution = contextOf(source, at, { alive, outside, needsWitnesses, ...more })
      const { maintenance, disputes } = source
      const overlays = { maintenance, disputes, centre, attribution }
      return environmentDay(timelines, definitions, overlays, at)
    }
    const day = derive({})
    if (day.sums.grossDown + day.sums.grossUnknown === 0) return day
    const agents = checks.flatMap(({ name, since }) => {
      // Who came later says nothing of this day, or it would change without any news of it.
      return since === null || since >= at + dayMs ? [] : [agentNameOf(name)]
    })
    const silence = await silenceOn(this.#reader, source, new Set(agents), at)
    return derive({ ...silence, siteAlive: await sites.aliveBeside(source, at) })
  }

  /**
   * The ledger of an environment, begun with the days that are stored. A change of the register
   * holds from a day on that its entry marks as dirty, so stored days before it stay right.
   */
  async #ledgerOf(source: EnvironmentSource): Promise<Ledger> {
    const key = keyOf(source)
    const held = this.#held.get(key)
    if (held) return held
    const ledger = new Ledger(dayOf(source.versions[0]!.from))
    for (const day of await this.#reader.ledgerDays(source)) {
      const { numbers } = day
      // What was stored before its sums had all their names is derived anew, and what follows.
      if (numbers && numbers.length !== sumNames.length) break
      if (day.day === ledger.next) ledger.set(day, numbers)
    }
    this.#held.set(key, ledger)
    return ledger
  }

  async #timelines(
    key: EnvironmentKey,
    checks: readonly CheckRecord[],
    day: EpochMs,
  ): Promise<CheckTimeline[]> {
    const known = await this.#reader.timelines(key, { from: day, to: day + dayMs })
    const timelines: CheckTimeline[] = []
    for (const { number, name, kind, since } of checks) {
      if (since === null) continue
      const timeline = known.get(number) ?? []
      const canBeDown = checkKinds[kind] === 'down'
      timelines.push({ check: name, kind, canBeDown, since, timeline })
    }
    return timelines
  }
}

/** What holds for an environment inside a window, cut by versions, zones and service hours. */
export function definitionsIn(
  { versions, timezones }: Pick<EnvironmentSource, 'versions' | 'timezones'>,
  window: Span,
): Definition[] {
  return versions.flatMap(({ value: { needs, serviceHours }, ...version }) =>
    timezones.flatMap(({ value: timezone, ...zone }) => {
      const from = Math.max(version.from, zone.from, window.from)
      const to = Math.min(version.to, zone.to, window.to)
      if (from >= to) return []
      return serviceSpans(serviceHours, timezone, { from, to }).map((part) => ({ ...part, needs }))
    }),
  )
}

/** A key as text. */
export function keyOf({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}
