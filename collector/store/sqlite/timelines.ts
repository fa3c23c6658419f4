import type Database from 'better-sqlite3'
import type { Histogram } from '../../../protocol/batch.ts'
import type { ObservedState, Reason } from '../../../protocol/check.ts'
import { noTime, type Piece, type Sums, sumNames } from '../../kpi/environment-day.ts'
import type { StateSpan } from '../../kpi/timeline.ts'
import type { LastContact } from '../answers.ts'
import {
  type DayRow,
  type DirtyDay,
  daysPerSaveMax,
  type EnvironmentKey,
  type LedgerDay,
  type TimelineStore,
} from '../store.ts'
import { checkSummer } from './check-sums.ts'
import { factReader } from './facts.ts'
import { sqliteFailure } from './failures.ts'
import { packedPieces, unpackedPieces } from './pieces.ts'
import { checkReader, readContacts } from './read-evidence.ts'
import { spanStop } from './rows.ts'
import { sightReader } from './sight.ts'

/** SQLite's timelines. `saveDays` needs the writing connection; all else also works on a reader. */
export function timelineStore(db: Database.Database): TimelineStore {
  const timeline = db.prepare(
    `SELECT start AS "from", ${spanStop} AS "to", span.state, span.reason
     FROM span JOIN check_timeline ON number = check_number
     WHERE check_number = ? AND start < ?
       AND start >= coalesce((SELECT max(start) FROM span WHERE check_number = ? AND start <= ?), 0)
     ORDER BY start`,
  )
  // One question for all checks of an environment: asked for each, it costs ten times as much.
  const timelines = db
    .prepare(
      `SELECT number, start, ${spanStop}, span.state, span.reason
       FROM check_timeline JOIN span ON check_number = number
       WHERE institution = ? AND environment = ? AND start < ?
         AND start >= coalesce((SELECT max(start) FROM span AS earlier
           WHERE earlier.check_number = number AND start <= ?), 0)
       ORDER BY number, start`,
    )
    .raw()
  const checks = checkReader(db)
  return {
    checks: async (key) => checks(key),
    contacts: async () => readContacts(db),
    lastContacts: contactReader(db),
    values: lastValueReader(db),
    timeline: async (check, { from, to }) => {
      const rows = timeline.all(check, to, check, from) as SpanSql[]
      return rows
        .filter((row) => row.to > from)
        .map(({ reason, ...span }) => (reason ? { ...span, reason } : span))
    },
    timelines: async ({ institution, environment }, { from, to }) => {
      const found = new Map<number, StateSpan<ObservedState>[]>()
      const rows = timelines.all(institution, environment, to, from) as TimelineRow[]
      for (const [check, start, stop, state, reason] of rows) {
        if (stop <= from) continue
        const span = { from: start, to: stop, state, ...(reason && { reason }) }
        const spans = found.get(check)
        if (spans) spans.push(span)
        else found.set(check, [span])
      }
      return found
    },
    liveness: async () =>
      db.prepare('SELECT start AS "from", stop AS "to" FROM liveness ORDER BY start').all() as {
        from: number
        to: number
      }[],
    days: async (institution) =>
      (
        db
          .prepare(
            'SELECT * FROM environment_day WHERE institution = ifnull(?, institution) ORDER BY day',
          )
          .all(institution ?? null) as DaySql[]
      ).flatMap(dayOf),
    ledgerDays: ledgerDayReader(db),
    checkSums: checkSummer(db),
    dirtyDays: async () => db.prepare('SELECT * FROM dirty_day ORDER BY day').all() as DirtyDay[],
    saveDays: daySaver(db),
    ...sightReader(db),
    ...factReader(db),
  }
}

type TimelineRow = [
  ...[check: number, start: number, stop: number],
  ...[state: ObservedState, reason: Reason | null],
]
type SpanSql = { from: number; to: number; state: ObservedState; reason: Reason | null }

function lastValueReader(db: Database.Database): TimelineStore['values'] {
  const values = db.prepare(
    `SELECT agent.name || '/' || substr(indicator, 7) AS name, value
     FROM fact JOIN agent USING (agent)
     WHERE fact.institution = ? AND fact.environment = ? AND indicator LIKE 'check.%'`,
  )
  return async ({ institution, environment }) => {
    const rows = values.all(institution, environment) as { name: string; value: string }[]
    return new Map(rows.map((row) => [row.name, (JSON.parse(row.value) as Histogram).last]))
  }
}

function contactReader(db: Database.Database): TimelineStore['lastContacts'] {
  const all = db
    .prepare('SELECT agent, last_report_at, last_batch_at, version, spooled_messages FROM contact')
    .raw()
  return async () => all.all() as LastContact[]
}

function ledgerDayReader(db: Database.Database): TimelineStore['ledgerDays'] {
  const all = db
    .prepare(
      `SELECT day, sums FROM environment_day WHERE institution = ? AND environment = ?
       ORDER BY day`,
    )
    .raw()
  const one = db
    .prepare(
      'SELECT pieces FROM environment_day WHERE institution = ? AND environment = ? AND day = ?',
    )
    .pluck()
  return async ({ institution, environment }) => {
    const rows = all.all(institution, environment) as [number, string][]
    // Asked outside of every method of the reader: nobody else tells what its failure means.
    const pieces = (day: number) => {
      try {
        return one.get(institution, environment, day) as string
      } catch (error) {
        throw sqliteFailure(error) ?? error
      }
    }
    return rows.map(([day, sums]) => new StoredDay(day, sums, pieces))
  }
}

function daySaver(db: Database.Database): TimelineStore['saveDays'] {
  // A reader's connection cannot write; its statements are made only when asked for.
  return async (days: readonly DayRow[], cleared: readonly DirtyDay[]) => {
    if (days.length > daysPerSaveMax) {
      throw new RangeError(`At most ${daysPerSaveMax} days are saved at once.`)
    }
    const save = db.prepare(
      `INSERT OR REPLACE INTO environment_day (institution, environment, day, sums, pieces)
       VALUES (?, ?, ?, ?, ?)`,
    )
    const clear = db.prepare(
      'DELETE FROM dirty_day WHERE institution = ? AND environment = ? AND day = ? AND mark <= ?',
    )
    db.transaction(() => {
      for (const { institution, environment, day, sums, pieces } of days) {
        const numbers = JSON.stringify(sumNames.map((name) => sums[name]))
        save.run(institution, environment, day, numbers, packedPieces(pieces))
      }
      for (const { institution, environment, day, mark } of cleared) {
        clear.run(institution, environment, day, mark)
      }
    }).immediate()
  }
}

type DaySql = EnvironmentKey & { day: number; sums: string; pieces: string }

/** A day that was stored before its sums had all their names is not there: it is derived anew. */
function dayOf({ institution, environment, day, ...row }: DaySql): DayRow[] {
  const numbers = JSON.parse(row.sums) as number[]
  if (numbers.length !== sumNames.length) return []
  const pieces = unpackedPieces(row.pieces)
  return [{ institution, environment, day, sums: sumsOf(numbers), pieces }]
}

function sumsOf(numbers: readonly number[]): Sums {
  const sums: Record<keyof Sums, number> = { ...noTime }
  for (let i = 0; i < sumNames.length; i++) sums[sumNames[i]!] = numbers[i]!
  return sums
}

/** A day whose pieces are read when somebody asks: of most days only the sums ever are, once. */
class StoredDay implements LedgerDay {
  readonly day: number
  readonly #sums: string
  readonly #read: (day: number) => string
  #pieces: readonly Piece[] | null = null

  constructor(day: number, sums: string, read: (day: number) => string) {
    this.day = day
    this.#sums = sums
    this.#read = read
  }

  get numbers(): readonly number[] {
    return JSON.parse(this.#sums) as number[]
  }

  get sums(): Sums {
    return sumsOf(this.numbers)
  }

  get pieces(): readonly Piece[] {
    this.#pieces ??= unpackedPieces(this.#read(this.day))
    return this.#pieces
  }
}
