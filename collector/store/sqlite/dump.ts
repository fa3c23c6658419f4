import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import { openReader } from './open.ts'
import { spanStop } from './rows.ts'

/**
 * What follows from the logs, each as rows in the order of their keys; a check is named by its
 * place, because its number says only who came first.
 */
const projections = {
  agents: `SELECT agent, institution, environment, name, enrolled_at, status, kid, public_key
    FROM agent ORDER BY agent`,
  retiredKeys: `SELECT kid, agent, public_key, through_epoch, through_seq
    FROM retired_key ORDER BY kid`,
  cursors: `SELECT agent, epoch, seq, prev, definitions
    FROM cursor LEFT JOIN definition USING (agent) ORDER BY agent`,
  timelines: `SELECT institution, environment, name, agent, kind, label, interval_ms, declared,
    since, boot, through_boot, through, state, reason, state_since, span_from, up_ms, degraded_ms,
    down_ms FROM check_timeline ORDER BY institution, environment, name`,
  spans: `SELECT institution, environment, name, start, ${spanStop}, span.state,
    span.reason, span.up_ms, span.degraded_ms, span.down_ms
    FROM check_timeline JOIN span ON check_number = number
    ORDER BY institution, environment, name, start`,
  facts: `SELECT institution, environment, agent, indicator, at, value, method,
    missing, detail FROM fact ORDER BY institution, environment, agent, indicator`,
  factDays: `SELECT institution, environment, agent, day, indicator, at, value, method, missing,
    detail FROM fact_day ORDER BY institution, environment, agent, day, indicator`,
  valueDays: `SELECT institution, environment, agent, day, histograms
    FROM value_day ORDER BY institution, environment, agent, day`,
  boots: `SELECT institution, environment, agent, boot, started_at, previous_through, shutdown_at
    FROM boot ORDER BY institution, environment, agent, boot`,
  clockSpans: `SELECT institution, environment, agent, start, stop
    FROM clock_span ORDER BY institution, environment, agent, start`,
  pauses: `SELECT institution, environment, agent, start, stop, why
    FROM pause ORDER BY institution, environment, agent, start, why`,
  liveness: 'SELECT start, stop FROM liveness ORDER BY start',
  days: `SELECT institution, environment, day, sums, pieces
    FROM environment_day ORDER BY institution, environment, day`,
} as const
export type ProjectionName = keyof typeof projections
export const projectionNames = Object.keys(projections) as ProjectionName[]

/** SHA-256 over a projection's rows, one JSON array a line, in the order of their keys. */
export function canonicalDump(db: Database.Database, name: ProjectionName): string {
  const hash = createHash('sha256')
  for (const line of linesOf(db, name)) hash.update(line).update('\n')
  return hash.digest('hex')
}

/** How a projection compares in two databases. `row` is the first that differs, as in each. */
export type Comparison = {
  readonly name: ProjectionName
  readonly before: string
  readonly after: string
  readonly row: { readonly before: string | null; readonly after: string | null } | null
}

/** Compares all projections of two files that nobody writes meanwhile. */
export function compareDumps(beforeFile: string, afterFile: string): Comparison[] {
  const before = openReader(beforeFile)
  const after = openReader(afterFile)
  try {
    return projectionNames.map((name) => {
      const digests = { before: canonicalDump(before, name), after: canonicalDump(after, name) }
      const same = digests.before === digests.after
      return { name, ...digests, row: same ? null : firstDifference(before, after, name) }
    })
  } finally {
    before.close()
    after.close()
  }
}

function* linesOf(db: Database.Database, name: ProjectionName): Generator<string> {
  for (const row of db.prepare(projections[name]).raw().iterate()) yield JSON.stringify(row)
}

function firstDifference(
  before: Database.Database,
  after: Database.Database,
  name: ProjectionName,
): Comparison['row'] {
  const left = linesOf(before, name)
  const right = linesOf(after, name)
  try {
    for (;;) {
      const row = { before: left.next().value ?? null, after: right.next().value ?? null }
      if (row.before !== row.after || row.before === null) return row
    }
  } finally {
    left.return(undefined)
    right.return(undefined)
  }
}
