import { dayMs, dayOf, type EpochMs } from '../../protocol/time.ts'
import { mergeHistograms, type ValueHistogram } from '../kpi/readiness/histogram.ts'
import {
  type AgentFact,
  type CheckValues,
  checkOf,
  type FactDay,
  type FactReader,
  factPlace,
  firstDayKept,
  newestDay,
  sorted,
} from './facts.ts'
import type { AgentRow, CursorRow, EnvironmentKey, FactRow } from './store.ts'

/** Rows by UTC day, then by indicator. */
type Days<T> = Map<EpochMs, Map<string, T>>
type Told = {
  readonly newest: Map<string, FactRow>
  readonly days: Days<FactRow>
  readonly values: Days<ValueHistogram>
}

const noneTold: ReadonlyMap<string, Told> = new Map()

/** What agents tell of their hosts, in memory. */
export class MemoryFacts {
  /** By environment, then by agent. */
  readonly #told = new Map<string, Map<string, Told>>()
  readonly #marks = new Map<string, number>()

  /** The rules are those of `FactReader`. */
  readonly reader: FactReader = {
    facts: async (key) => this.#rows(key, ({ newest }) => [...newest.values()]),
    factsAt: async (key, at) =>
      this.#rows(key, ({ days }) => [
        ...new Map(
          inOrder(days).flatMap(([day, rows]) => (day + dayMs <= at ? [...rows] : [])),
        ).values(),
      ]),
    factDays: async (key, indicators, { from, to }) =>
      inOrder(this.#told.get(factPlace(key)) ?? noneTold).flatMap(([agent, { days }]) =>
        inOrder(days).flatMap(([day, rows]): FactDay[] => {
          if (day < from || day + dayMs > to) return []
          const asked = inOrder(rows).filter(([indicator]) => indicators.includes(indicator))
          return asked.map(([indicator, { value, missing }]) => {
            return { agent, day, indicator, value, missing }
          })
        }),
      ),
    valuesOver: async (key, { from, to }) =>
      inOrder(this.#told.get(factPlace(key)) ?? noneTold).flatMap(([agent, { values }]) => {
        const days = [...values].filter(([day]) => day >= from && day + dayMs <= to)
        const all = Map.groupBy(
          days.flatMap(([, rows]) => [...rows]),
          ([indicator]) => indicator,
        )
        return inOrder(all).map(([indicator, rows]): CheckValues => {
          const histogram = mergeHistograms(rows.map(([, each]) => each))!
          return { agent, ...checkOf(indicator), histogram }
        })
      }),
    factMarks: async () => new Map(this.#marks),
    valueMarks: async () => new Map(this.#marks),
  }

  add(agent: AgentRow, facts: readonly FactRow[], definitions: CursorRow['definitions']): void {
    if (facts.length === 0) return
    const told = this.#of(agent)
    const { indicators, values } = sorted(facts, definitions)
    for (const fact of indicators) told.newest.set(fact.indicator, fact)
    for (const [fact, rows] of dayRows(told.days, indicators)) {
      const known = rows.get(fact.indicator)
      if (!known || fact.at >= known.at) rows.set(fact.indicator, fact)
    }
    for (const [{ indicator, value }, rows] of dayRows(told.values, values)) {
      const known = rows.get(indicator)
      const told = value as ValueHistogram // as admission has it
      rows.set(indicator, mergeHistograms(known ? [known, told] : [told])!)
    }
    this.#mark(agent)
  }

  /** What a revoked agent told passes to the one that follows it. */
  pass(key: EnvironmentKey, from: string, to: string): void {
    const agents = this.#told.get(factPlace(key))
    const told = agents?.get(from)
    if (!agents || !told) return
    agents.delete(from)
    agents.set(to, told)
    this.#mark(key)
  }

  #of({ agent, ...key }: AgentRow): Told {
    const place = factPlace(key)
    const agents = this.#told.get(place) ?? new Map<string, Told>()
    const told = agents.get(agent) ?? { newest: new Map(), days: new Map(), values: new Map() }
    this.#told.set(place, agents.set(agent, told))
    return told
  }

  #mark(key: EnvironmentKey): void {
    const place = factPlace(key)
    this.#marks.set(place, (this.#marks.get(place) ?? 0) + 1)
  }

  #rows(key: EnvironmentKey, of: (told: Told) => FactRow[]): AgentFact[] {
    return inOrder(this.#told.get(factPlace(key)) ?? noneTold).flatMap(([agent, told]) =>
      of(told)
        .sort((a, b) => compare(a.indicator, b.indicator))
        .map((fact) => ({ agent, ...fact })),
    )
  }
}

/** Each fact of a day that is kept, with the rows of that day; what is too old by them goes. */
function dayRows<T>(
  days: Days<T>,
  facts: readonly FactRow[],
): [fact: FactRow, rows: Map<string, T>][] {
  const newest = Math.max(newestDay(facts), ...days.keys())
  for (const [day, rows] of days) {
    if (day >= firstDayKept(newest)) continue
    for (const indicator of rows.keys()) {
      if (day < firstDayKept(newest, indicator)) rows.delete(indicator)
    }
    if (rows.size === 0) days.delete(day)
  }
  return facts.flatMap((fact) => {
    const day = dayOf(fact.at)
    if (day < firstDayKept(newest, fact.indicator)) return []
    const rows = days.get(day) ?? new Map<string, T>()
    days.set(day, rows)
    return [[fact, rows]]
  })
}

function inOrder<K extends string | number, T>(rows: ReadonlyMap<K, T>): [K, T][] {
  return [...rows].sort(([a], [b]) => compare(a, b))
}

function compare<K extends string | number>(a: K, b: K): number {
  return a < b ? -1 : a > b ? 1 : 0
}
