import { checkKinds } from '../../protocol/check.ts'
import { dayMs, dayOf, type EpochMs, type Span } from '../../protocol/time.ts'
import { type CheckTimeline, type Definition, environmentDay } from '../kpi/environment-day.ts'
import { Ledger } from '../kpi/ledger.ts'
import { serviceSpans } from '../kpi/service-hours.ts'
import type { Version } from '../register/history.ts'
import type { Environment } from '../register/register.ts'
import type {
  CheckRecord,
  DayRow,
  DirtyDay,
  EnvironmentKey,
  EvaluationReader,
} from '../store/store.ts'

/** An environment with all that its days depend on beside the evidence. */
export type EnvironmentSource = EnvironmentKey & {
  /** Not empty. */
  readonly versions: readonly Version<Environment>[]
  /** The zone of service hours, for every instant. */
  readonly timezones: readonly Version<string>[]
  /** Approved maintenance, already cut to the quota; sorted and disjoint. */
  readonly maintenance: readonly Span[]
}

/** What a pass found to be new: the days that were derived, and the marks that are settled. */
export type Refreshed = { readonly days: DayRow[]; readonly cleared: DirtyDay[] }

/** One pass over all environments; its days become more with each that is refreshed. */
export type Pass = Refreshed & {
  readonly today: EpochMs
  readonly centre: readonly Span[]
  readonly dirty: ReadonlyMap<string, readonly DirtyDay[]>
}

/** The ledgers of all environments, kept in step with the store. */
export class Ledgers {
  readonly #reader: EvaluationReader
  readonly #held = new Map<string, Ledger>()
  #stored: Map<string, DayRow[]> | null = null

  constructor(reader: EvaluationReader) {
    this.#reader = reader
  }

  /** The ledger of an environment; null before it was first refreshed. */
  get(key: EnvironmentKey): Ledger | null {
    return this.#held.get(keyOf(key)) ?? null
  }

  /**
   * Learns which days are dirty; `refresh` derives them, up to the day of `now`. `centre` is when
   * the collector did not run.
   */
  async begin(now: EpochMs, centre: readonly Span[]): Promise<Pass> {
    this.#stored ??= Map.groupBy(await this.#reader.days(), keyOf)
    const today = dayOf(now)
    const cleared = (await this.#reader.dirtyDays()).filter(({ day }) => day <= today)
    return { today, centre, days: [], cleared, dirty: Map.groupBy(cleared, keyOf) }
  }

  /**
   * Derives every day of an environment that is dirty or new. Its checks must have been read since
   * the pass began.
   */
  async refresh(
    source: EnvironmentSource,
    checks: readonly CheckRecord[],
    { today, centre, days, dirty: marks }: Pass,
  ): Promise<void> {
    const dirty = new Set((marks.get(keyOf(source)) ?? []).map(({ day }) => day))
    const ledger = this.#ledgerOf(source)
    const first = dayOf(source.versions[0]!.from)
    const wanted = [...dirty].filter((day) => day >= first && day < ledger.next)
    for (let day = ledger.next; day <= today; day += dayMs) wanted.push(day)
    const { institution, environment } = source
    for (const at of wanted.sort((a, b) => a - b)) {
      const timelines = await this.#timelines(source, checks, at)
      const day = environmentDay(
        timelines,
        definitionsIn(source, { from: at, to: at + dayMs }),
        { maintenance: source.maintenance, centre },
        at,
      )
      ledger.set(day)
      days.push({ institution, environment, ...day })
    }
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

function keyOf({ institution, environment }: EnvironmentKey): string {
  return `${institution}/${environment}`
}
