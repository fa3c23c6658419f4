import type Database from 'better-sqlite3'
import { dayMs, dayOf, type EpochMs } from '../../../protocol/time.ts'
import { mergeHistograms, type ValueHistogram } from '../../kpi/readiness/histogram.ts'
import {
  type AgentFact,
  checkOf,
  type FactDay,
  type FactReader,
  factPlace,
  firstDayKept,
  newestDay,
  platformPrefix,
  sorted,
} from '../facts.ts'
import type { Admitted, AgentRow, EnvironmentKey, FactRow } from '../store.ts'

type Place = [institution: string, environment: string, agent: string]

/** Writes what a message tells of its host. */
export function factWriter(
  db: Database.Database,
): (agent: AgentRow, evidence: NonNullable<Admitted['evidence']>) => void {
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
  return ({ institution, environment, agent }, { message, cursor, facts }) => {
    if (facts.length === 0) return
    const place: Place = [institution, environment, agent]
    const { indicators, values } = sorted(facts, cursor.definitions)
    for (const { indicator, at, value, method, missing, detail } of facts) {
      newest.run(...place, indicator, at, JSON.stringify(value), method, missing, detail)
    }
    for (const { indicator, at, value, method, missing, detail } of keepDays(place, indicators)) {
      const told = [JSON.stringify(value), method, missing, detail]
      ofDay.run(...place, dayOf(at), indicator, at, ...told)
    }
    writeValues(place, values)
    // Those of a day that goes on are in no window yet.
    const isOver = values.some(({ at }) => dayOf(at) < dayOf(message.received))
    if (indicators.length === 0 && !isOver) return
    mark.run(institution, environment, indicators.length > 0 ? 1 : 0, isOver ? 1 : 0)
  }
}

/** All values of a day are in one row: they come together, and are read together. */
function valueWriter(db: Database.Database): (place: Place, values: readonly FactRow[]) => void {
  const known = db
    .prepare(
      `SELECT histograms FROM value_day
       WHERE institution = ? AND environment = ? AND agent = ? AND day = ?`,
    )
    .pluck()
  const write = db.prepare(
    `INSERT OR REPLACE INTO value_day (institution, environment, agent, day, histograms)
     VALUES (?, ?, ?, ?, ?)`,
  )
  const keepDays = dayKeeper(db, 'value_day')
  return (place, values) => {
    const days = Map.groupBy(values, ({ at }) => dayOf(at))
    for (const [day, facts] of days) {
      const text = known.get(...place, day) as string | undefined
      // A day that has a row is kept.
      if (text === undefined && keepDays(place, facts).length === 0) continue
      const histograms: Histograms = text === undefined ? {} : JSON.parse(text)
      for (const { indicator, value } of facts) {
        const told = value as ValueHistogram // as admission has it
        const before = histograms[indicator]
        histograms[indicator] = mergeHistograms(before ? [before, told] : [told])!
      }
      write.run(...place, day, JSON.stringify(histograms))
    }
  }
}

/** By indicator; none is called as a property that objects have anyway. */
type Histograms = Record<string, ValueHistogram>

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
  const isShort = table === 'fact_day' ? `indicator NOT GLOB '${platformPrefix}*'` : 'TRUE'
  const forget = db.prepare(`DELETE ${own} AND (day < ? OR day < ? AND ${isShort})`)
  return (place, facts) => {
    if (facts.length === 0) return facts
    const before = newest.get(...place) as EpochMs | null
    const told = newestDay(facts)
    const last = Math.max(told, before ?? told)
    if (before !== null && told > before) {
      forget.run(...place, firstDayKept(last, platformPrefix), firstDayKept(last))
    }
    return facts.filter(({ at, indicator }) => dayOf(at) >= firstDayKept(last, indicator))
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
  const days = db.prepare(daysOf).raw()
  const values = db
    .prepare(
      `SELECT agent, histograms FROM value_day
       WHERE institution = ? AND environment = ? AND day >= ? AND day <= ? ORDER BY agent, day`,
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
    factDays: async ({ institution, environment }, indicators, { from, to }) => {
      const span = { first: Math.ceil(from / dayMs) * dayMs, last: to - dayMs }
      const asked = JSON.stringify(indicators)
      const rows = days.all({ institution, environment, ...span, indicators: asked })
      return (rows as DaysRow[]).map(([agent, day, indicator, value, missing]) => {
        return { agent, day, indicator, value: JSON.parse(value) as FactDay['value'], missing }
      })
    },
    valuesOver: async ({ institution, environment }, { from, to }) => {
      const rows = values.all(institution, environment, from, to - dayMs) as ValuesRow[]
      const agents = Map.groupBy(rows, ([agent]) => agent)
      return [...agents].flatMap(([agent, days]) => {
        const told = days.flatMap(([, text]) => Object.entries(JSON.parse(text) as Histograms))
        const all = Map.groupBy(told, ([indicator]) => indicator)
        return [...all.keys()].sort().map((indicator) => {
          const histogram = mergeHistograms(all.get(indicator)!.map(([, each]) => each))!
          return { agent, ...checkOf(indicator), histogram }
        })
      })
    },
    factMarks: async () => marksOf('facts'),
    valueMarks: async () => marksOf('vals'),
  }
}

/**
 * The rows asked for alone are sought, one by one: a scan would pass over every other indicator of
 * all days. The agents are found by steps from one to the next.
 */
const daysOf = `
  WITH RECURSIVE
    own(agent) AS (
      SELECT min(agent) FROM fact_day
      WHERE institution = :institution AND environment = :environment
      UNION ALL
      SELECT (SELECT min(agent) FROM fact_day
        WHERE institution = :institution AND environment = :environment AND agent > own.agent)
      FROM own WHERE own.agent IS NOT NULL),
    days(day) AS (
      SELECT :first WHERE :first <= :last
      UNION ALL SELECT day + ${dayMs} FROM days WHERE day + ${dayMs} <= :last),
    asked(indicator) AS (SELECT value FROM json_each(:indicators) ORDER BY value)
  SELECT fact_day.agent, fact_day.day, fact_day.indicator, fact_day.value, fact_day.missing
  FROM own CROSS JOIN days CROSS JOIN asked CROSS JOIN fact_day
  WHERE institution = :institution AND environment = :environment
    AND fact_day.agent = own.agent AND fact_day.day = days.day
    AND fact_day.indicator = asked.indicator
  ORDER BY fact_day.agent, fact_day.day, fact_day.indicator`

type DaysRow = [
  agent: string,
  day: EpochMs,
  indicator: string,
  value: string,
  missing: FactDay['missing'],
]
type FactSql = Omit<AgentFact, 'value'> & { value: string }
type ValuesRow = [agent: string, histograms: string]
type MarkSql = EnvironmentKey & { facts: number; vals: number }

function factOf({ agent, indicator, at, value, method, missing, detail }: FactSql): AgentFact {
  const told = JSON.parse(value) as FactRow['value']
  return { agent, indicator, at, value: told, method, missing, detail }
}
