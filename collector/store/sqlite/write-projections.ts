import type Database from 'better-sqlite3'
import { daysOf, type EpochMs } from '../../../protocol/time.ts'
import { livenessHoleMs } from '../logs.ts'
import type { Admitted, AgentRow, CheckRecord } from '../store.ts'
import { factWriter } from './facts.ts'
import { sightWriter } from './sight.ts'
import { IdentityWriter } from './write-identities.ts'

type Evidence = NonNullable<Admitted['evidence']>

/**
 * Writes what follows from leaves, the same way when they are new and when they are read again.
 * Inside somebody's transaction.
 */
export class ProjectionWriter {
  readonly identities: IdentityWriter
  readonly #db: Database.Database
  readonly #endWriters = new Map<number, Database.Statement>()
  readonly #write: ReturnType<typeof statements>
  readonly #facts: ReturnType<typeof factWriter>
  readonly #sight: ReturnType<typeof sightWriter>

  constructor(db: Database.Database) {
    this.#db = db
    this.identities = new IdentityWriter(db)
    this.#write = statements(db)
    this.#facts = factWriter(db)
    this.#sight = sightWriter(db)
  }

  /** What a message changes: cursor, timelines, values, days to derive again, keys. */
  message(row: AgentRow, evidence: Evidence): void {
    const { agent, institution, environment } = row
    const write = this.#write
    const { cursor, definitions, checks, grown, spans } = evidence
    const { dirtyDays, sight, rotation } = evidence
    write.cursor.run(agent, cursor.epoch, cursor.seq, cursor.prev)
    if (definitions) write.definitions.run(agent, JSON.stringify(definitions))
    for (const check of checks) this.#check(check)
    this.#ends(checks)
    this.#ends(grown)
    for (const { check, from, to, state, reason, upMs, degradedMs, downMs } of spans) {
      write.span.run(check, from, to, state, reason, upMs, degradedMs, downMs)
    }
    this.#facts(row, evidence)
    for (const day of dirtyDays) write.dirty.run(institution, environment, day)
    if (sight) this.#sight(row, sight)
    if (rotation) this.identities.changeKey(rotation.agent, rotation.retired)
  }

  /** The collector ran at this instant. */
  liveness(at: EpochMs): void {
    const write = this.#write
    const last = write.lastLiveness.get() as { start: number; stop: number } | undefined
    if (last && at - last.stop <= livenessHoleMs) {
      write.extendLiveness.run(at, last.start)
      return
    }
    write.newLiveness.run(at, at)
    for (const day of last ? daysOf({ from: last.stop, to: at }) : []) write.dirtyAll.run(day)
  }

  /** Where timelines end: many rows in one call, since a batch without news writes little else. */
  #ends(checks: readonly CheckRecord[]): void {
    for (let i = 0; i < checks.length; i += endsMax) {
      const rows = checks.slice(i, i + endsMax)
      const write = this.#writeEnds(rows.length)
      write.run(rows.flatMap(({ number, throughBoot, through }) => [number, throughBoot, through]))
    }
  }

  #writeEnds(count: number): Database.Statement {
    const known = this.#endWriters.get(count)
    if (known) return known
    const rows = Array(count).fill('(?, ?, ?)').join(', ')
    const writer = this.#db.prepare(
      `INSERT OR REPLACE INTO check_end (number, through_boot, through) VALUES ${rows}`,
    )
    this.#endWriters.set(count, writer)
    return writer
  }

  #check(check: CheckRecord): void {
    this.#write.check.run(
      check.number,
      check.institution,
      check.environment,
      check.name,
      check.agent,
      check.kind,
      check.label,
      check.intervalMs,
      check.declared ? 1 : 0,
      check.since,
      check.boot,
      check.state,
      check.reason,
      check.stateSince,
      check.spanFrom,
      check.upMs,
      check.degradedMs,
      check.downMs,
    )
  }
}

/** Rows in one call. */
const endsMax = 25

function statements(db: Database.Database) {
  return {
    cursor: db.prepare(
      'INSERT OR REPLACE INTO cursor (agent, epoch, seq, prev) VALUES (?, ?, ?, ?)',
    ),
    definitions: db.prepare('INSERT OR REPLACE INTO definition (agent, definitions) VALUES (?, ?)'),
    check: db.prepare(
      `INSERT OR REPLACE INTO check_state (number, institution, environment, name, agent, kind,
         label, interval_ms, declared, since, boot, state, reason, state_since, span_from, up_ms,
         degraded_ms, down_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    span: db.prepare(
      `INSERT INTO span (check_number, start, stop, state, reason, up_ms, degraded_ms, down_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (check_number, start) DO UPDATE SET stop = excluded.stop`,
    ),
    dirty: db.prepare(
      `INSERT INTO dirty_day (institution, environment, day, mark) VALUES (?, ?, ?, 1)
       ON CONFLICT (institution, environment, day) DO UPDATE SET mark = mark + 1`,
    ),
    dirtyAll: db.prepare(
      `INSERT INTO dirty_day (institution, environment, day, mark)
       SELECT DISTINCT institution, environment, ?, 1 FROM environment_day WHERE true
       ON CONFLICT (institution, environment, day) DO UPDATE SET mark = mark + 1`,
    ),
    lastLiveness: db.prepare('SELECT start, stop FROM liveness ORDER BY start DESC LIMIT 1'),
    extendLiveness: db.prepare('UPDATE liveness SET stop = max(stop, ?) WHERE start = ?'),
    newLiveness: db.prepare('INSERT OR REPLACE INTO liveness (start, stop) VALUES (?, ?)'),
  }
}
