import type Database from 'better-sqlite3'
import { dayMs, dayOf, type EpochMs } from '../../../protocol/time.ts'
import { mergeHistograms, type ValueHistogram } from '../../kpi/readiness/histogram.ts'
import {
  type AgentFact,
  checkOf,
  type FactReader,
  factPlace,
  firstDayKept,
  newestDay,
  sorted,
} from '../facts.ts'
import type { AgentRow, EnvironmentKey, FactRow } from '../store.ts'

type Place = [institution: string, environment: string, agent: string]

/** Writes what a message tells of its host, received at an instant. */
export function factWriter(
  db: Database.Database,
): (agent: AgentRow, facts: readonly FactRow[], received: EpochMs) => void {
  const newest = db.prepare(
    `INSERT OR REPLACE INTO fact (institution, environment, agent, indicator, at, value, method,
       missing, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const ofDay = db.prepare(
    `INSERT INTO fact_day (institution, environment, agent, day, indicator, at, value, method,
       missing, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = excluded.at, value = excluded.value,
       method = excluded.method, missing = excluded.missing, detail = excluded.detail
     WHERE excluded.at >= at`,
  )
  const mark = db.prepare(
    `INSERT INTO fact_mark (institution, environment, facts, vals) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET facts = facts + excluded.facts, vals = vals + excluded.vals`,
  )
  const keepDays = dayKeeper(db, 'fact_day')
  const writeValues = valueWriter(db)
  return ({ institution, environment, agent }, facts, received) => {
    if (facts.length === 0) return
    const place: Place = [institution, environment, agent]
    const { indicators, values } = sorted(facts)
    for (const { indicator, at, value, method, missing, detail } of facts) {
      newest.run(...place, indicator, at, JSON.stringify(value), method, missing, detail)
    }
    for (const { indicator, at, value, method, missing, detail } of keepDays(place, indicators)) {
      const told = [JSON.stringify(value), method, missing, detail]
      ofDay.run(...place, dayOf(at), indicator, at, ...told)
    }
    writeValues(place, values)
    // Those of a day that goes on are in no window yet.
    const isOver = values.some(({ at }) => dayOf(at) < dayOf(received))
    if (indicators.length === 0 && !isOver) return
    mark.run(institution, environment, indicators.length > 0 ? 1 : 0, isOver ? 1 : 0)
  }
}

function valueWriter(db: Database.Database): (place: Place, values: readonly FactRow[]) => void {
  const known = db
    .prepare(
      `SELECT histogram FROM value_day WHERE institution = ? AND environment = ? AND agent = ?
         AND day = ? AND indicator = ?`,
    )
    .pluck()
  const write = db.prepare(
    `INSERT OR REPLACE INTO value_day (institution, environment, agent, day, indicator, histogram)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const keepDays = dayKeeper(db, 'value_day')
  return (place, values) => {
    for (const { indicator, at, value } of keepDays(place, values)) {
      const key = [...place, dayOf(at), indicator]
      const before = known.get(...key) as string | undefined
      const told = value as ValueHistogram // as admission has it
      const all = before === undefined ? [told] : [JSON.parse(before) as ValueHistogram, told]
      write.run(...key, JSON.stringify(mergeHistograms(all)))
    }
  }
}

/**
 * Drops the days that the facts' own make too old, and answers the facts that are of a day that is
 * kept. Rows alone decide, so that it comes to the same however they are grouped.
 */
function dayKeeper(
  db: Database.Database,
  table: 'fact_day' | 'value_day',
): (place: Place, facts: readonly FactRow[]) => readonly FactRow[] {
  const own = `FROM ${table} WHERE institution = ? AND environment = ? AND agent = ?`
  const newest = db.prepare(`SELECT max(day) ${own}`).pluck()
  const forget = db.prepare(`DELETE ${own} AND day < ?`)
  return (place, facts) => {
    if (facts.length === 0) return facts
    const before = newest.get(...place) as EpochMs | null
    const told = newestDay(facts)
    const first = firstDayKept(Math.max(told, before ?? told))
    if (before !== null && told > before) forget.run(...place, first)
    return facts.filter(({ at }) => dayOf(at) >= first)
  }
}

/** SQLite's reader of facts. */
export function factReader(db: Database.Database): FactReader {
  const columns = 'agent, indicator, at, value, method, missing, detail'
  const facts = db.prepare(
    `SELECT ${columns} FROM fact WHERE institution = ? AND environment = ?
       AND indicator NOT LIKE 'check.%' ORDER BY agent, indicator`,
  )
  // The other columns are of the row with the largest day: https://sqlite.org/quirks.html#aggregate
  const factsAt = db.prepare(
    `SELECT ${columns}, max(day) FROM fact_day
     WHERE institution = ? AND environment = ? AND day <= ?
     GROUP BY agent, indicator ORDER BY agent, indicator`,
  )
  const values = db
    .prepare(
      `SELECT agent, indicator, histogram FROM value_day
       WHERE institution = ? AND environment = ? AND day >= ? AND day <= ?
       ORDER BY agent, indicator`,
    )
    .raw()
  const marks = db.prepare('SELECT institution, environment, facts, vals FROM fact_mark')
  const marksOf = (of: 'facts' | 'vals') =>
    new Map((marks.all() as MarkSql[]).map((row) => [factPlace(row), row[of]]))
  return {
    facts: async ({ institution, environment }) =>
      (facts.all(institution, environment) as FactSql[]).map(factOf),
    factsAt: async ({ institution, environment }, at) =>
      (factsAt.all(institution, environment, at - dayMs) as FactSql[]).map(factOf),
    valuesOver: async ({ institution, environment }, { from, to }) => {
      const rows = values.all(institution, environment, from, to - dayMs) as ValuesRow[]
      const all = Map.groupBy(rows, ([agent, indicator]) => `${agent} ${indicator}`)
      return [...all.values()].map((days) => {
        const [agent, indicator] = days[0]!
        const told = days.map(([, , histogram]) => JSON.parse(histogram) as ValueHistogram)
        return { agent, ...checkOf(indicator), histogram: mergeHistograms(told)! }
      })
    },
    factMarks: async () => marksOf('facts'),
    valueMarks: async () => marksOf('vals'),
  }
}

type FactSql = Omit<AgentFact, 'value'> & { value: string }
type ValuesRow = [agent: string, indicator: string, histogram: string]
type MarkSql = EnvironmentKey & { facts: number; vals: number }

function factOf({ agent, indicator, at, value, method, missing, detail }: FactSql): AgentFact {
  const told = JSON.parse(value) as FactRow['value']
  return { agent, indicator, at, value: told, method, missing, detail }
}
