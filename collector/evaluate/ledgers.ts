import { checkKinds } from '../../protocol/check.ts'
import { dayMs, dayOf, type EpochMs, type Span } from '../../protocol/time.ts'
import {
  type CheckTimeline,
  type Definition,
  type EnvironmentDay,
  environmentDay,
} from '../kpi/environment-day.ts'
import { Ledger } from '../kpi/ledger.ts'
import { serviceSpans } from '../kpi/service-hours.ts'
import type { Version } from '../register/history.ts'
import type { Environment } from '../register/register.ts'
import type {
  CheckRecord,
  DayRow,
  DirtyDay,
  EnvironmentKey,
  TimelineStore,
} from '../store/store.ts'

/** An environment with all that its days depend on beside the evidence. */
export type EnvironmentSource = EnvironmentKey & {
  /** Not empty. */
  readonly versions: readonly Version<Environment>[]
  readonly timezone: string
}

/** What a refresh found to be new. */
export type Refreshed = { readonly days: DayRow[]; readonly cleared: DirtyDay[] }

/** The ledgers of all environments, kept in step with the store. */
export class Ledgers {
  readonly #reader: TimelineStore
  readonly #held = new Map<string, Ledger>()
  #stored: Map<string, DayRow[]> | null = null

  constructor(reader: TimelineStore) {
    this.#reader = reader
  }

  /** The ledger of an environment; null before it was first refreshed. */
  get(key: EnvironmentKey): Ledger | null {
    return this.#held.get(keyOf(key)) ?? null
  }

  /** Derives every day that is dirty or new, up to the day of `now`. */
  async refresh(
    sources: readonly EnvironmentSource[],
    centre: readonly Span[],
    now: EpochMs,
  ): Promise<Refreshed> {
    this.#stored ??= Map.groupBy(await this.#reader.days(), keyOf)
    const today = dayOf(now)
    const marks = (await this.#reader.dirtyDays()).filter(({ day }) => day <= today)
    const dirty = Map.groupBy(marks, keyOf)
    const days: DayRow[] = []
    for (const source of sources) {
      const key = keyOf(source)
      const news = new Set((dirty.get(key) ?? []).map(({ day }) => day))
      for (const day of await this.#refreshOne(source, news, centre, today)) {
        const { institution, environment } = source
        days.push({ institution, environment, ...day })
      }
    }
    return { days, cleared: marks }
  }

  async #refreshOne(
    source: EnvironmentSource,
    dirty: ReadonlySet<EpochMs>,
    centre: readonly Span[],
    today: EpochMs,
  ): Promise<EnvironmentDay[]> {
    const ledger = this.#ledgerOf(source)
    const first = dayOf(source.versions[0]!.from)
    const wanted = [...dirty].filter((day) => day >= first && day < ledger.next)
    for (let day = ledger.next; day <= today; day += dayMs) wanted.push(day)
    if (wanted.length === 0) return []
    const checks = await this.#reader.checks(source)
    const derived: EnvironmentDay[] = []
    for (const at of wanted.sort((a, b) => a - b)) {
      const timelines = await this.#timelines(source, checks, at)
      const day = environmentDay(
        timelines,
        definitionsOn(source, at),
        { maintenance: [], centre },
        at,
      )
      ledger.set(day)
      derived.push(day)
    }
    return derived
  }

  /**
   * The ledger of an environment, begun with the days that are stored. A change of the register
   * holds from a day on that its entry marks as dirty, so stored days before it stay right.
   */
  #ledgerOf(source: EnvironmentSource): Ledger {
    const key = keyOf(source)
    const held = this.#held.get(key)
    if (held) return held
    const ledger = new Ledger(dayOf(source.versions[0]!.from))
    for (const row of this.#stored?.get(key) ?? []) {
      if (row.day === ledger.next) ledger.set(row)
    }
    this.#stored?.delete(key)
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

/** What holds for an environment on a day, cut by versions and service hours. */
function definitionsOn({ versions, timezone }: EnvironmentSource, day: EpochMs): Definition[] {
  return versions.flatMap(({ value, from, to }) => {
    const span = { from: Math.max(from, day), to: Math.min(to, day + dayMs) }
    if (span.from >= span.to) return []
    const { needs, serviceHours } = value
    return serviceSpans(serviceHours, timezone, span).map((part) => ({ ...part, needs }))
  })
}

function keyOf({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}
