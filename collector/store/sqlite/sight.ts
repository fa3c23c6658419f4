import type Database from 'better-sqlite3'
import type { ObservedState, Reason } from '../../../protocol/check.ts'
import type { Span } from '../../../protocol/time.ts'
import { witnessPlace } from '../../evidence/leaf.ts'
import type { StateSpan } from '../../kpi/timeline.ts'
import type { BootRow, ClockSpanRow, PauseRow, Sight, SightReader } from '../sight.ts'
import type { AgentRow } from '../store.ts'
import { spanStop } from './rows.ts'

/** Writes what a message tells of its host; the same again changes nothing. */
export function sightWriter(db: Database.Database): (agent: AgentRow, sight: Sight) => void {
  const boot = db.prepare(
    `INSERT INTO boot (institution, environment, agent, boot, started_at, previous_through,
       shutdown_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET shutdown_at = coalesce(shutdown_at, excluded.shutdown_at)`,
  )
  const clockSpan = db.prepare(
    `INSERT INTO clock_span (institution, environment, agent, start, stop) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET stop = max(stop, excluded.stop)`,
  )
  const pause = db.prepare(
    `INSERT INTO pause (institution, environment, agent, start, stop, why)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET stop = max(stop, excluded.stop)`,
  )
  return ({ institution, environment, agent }, { boots, clockSpans, pauses }) => {
    const place = [institution, environment, agent]
    for (const { boot: id, startedAt, previousThrough, shutdownAt } of boots) {
      boot.run(...place, id, startedAt, previousThrough, shutdownAt)
    }
    for (const { from, to } of clockSpans) clockSpan.run(...place, from, to)
    for (const { from, to, why } of pauses) pause.run(...place, from, to, why)
  }
}

/** SQLite's reader of what tells why nothing was seen. */
export function sightReader(db: Database.Database): SightReader {
  const boots = db.prepare(
    `SELECT name AS agent, boot, started_at AS startedAt, previous_through AS previousThrough,
       shutdown_at AS shutdownAt
     FROM boot JOIN agent USING (institution, environment, agent)
     WHERE institution = ? AND environment = ? AND started_at > ?
       AND coalesce(shutdown_at, previous_through, started_at) < ? ORDER BY name, started_at`,
  )
  const clockSpans = db.prepare(
    `SELECT agent, start AS "from", stop AS "to" FROM clock_span
     WHERE institution = ? AND environment = ? AND stop > ? AND start < ? ORDER BY agent, start`,
  )
  const pauses = db.prepare(
    `SELECT agent, start AS "from", stop AS "to", why FROM pause
     WHERE institution = ? AND environment = ? AND stop > ? AND start < ?
     ORDER BY agent, start, why`,
  )
  return {
    boots: async ({ institution, environment }, { from, to }) =>
      boots.all(institution, environment, from, to) as BootRow[],
    clockSpans: async ({ institution, environment }, { from, to }) =>
      clockSpans.all(institution, environment, from, to) as ClockSpanRow[],
    pauses: async ({ institution, environment }, { from, to }) =>
      pauses.all(institution, environment, from, to) as PauseRow[],
    witnessTimelines: witnessReader(db),
  }
}

function witnessReader(db: Database.Database): SightReader['witnessTimelines'] {
  const known = db
    .prepare(
      `SELECT name FROM check_timeline WHERE institution = ? AND environment = ?
         AND name IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
  const spans = db.prepare(
    `SELECT name, start AS "from", ${spanStop} AS "to", span.state, span.reason
     FROM check_timeline JOIN span ON check_number = number
     WHERE institution = ? AND environment = ? AND name IN (SELECT value FROM json_each(?))
       AND start < ? AND start >= coalesce((SELECT max(start) FROM span AS earlier
         WHERE earlier.check_number = number AND start <= ?), 0)
     ORDER BY name, start`,
  )
  const { institution, environment } = witnessPlace
  return async (checks: readonly string[], { from, to }: Span) => {
    const asked = JSON.stringify(checks)
    const names = known.all(institution, environment, asked) as string[]
    const found = new Map(names.map((name): [string, Seen[]] => [name, []]))
    const rows = spans.all(institution, environment, asked, to, from) as SpanSql[]
    for (const { name, reason, ...span } of rows) {
      if (span.to > from) found.get(name)!.push(reason ? { ...span, reason } : span)
    }
    return found
  }
}

type Seen = StateSpan<ObservedState>
type SpanSql = Omit<Seen, 'reason'> & { name: string; reason: Reason | null }
