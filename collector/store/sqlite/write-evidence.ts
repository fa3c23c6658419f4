import type Database from 'better-sqlite3'
import { daysOf } from '../../../protocol/time.ts'
import { AppError } from '../../error.ts'
import { packJws } from '../../evidence/pack.ts'
import type { Act, Admitted, Effect, EvidenceWriter, Leaf } from '../store.ts'

/** The collector notes every minute that it runs; a longer hole is an outage of the collector. */
const livenessHoleMs = 90_000

/** SQLite's evidence writer. Must be the only connection that writes. */
export function evidenceWriter(db: Database.Database): EvidenceWriter {
  const write = statements(db)
  const one = db.transaction((admitted: Admitted) => writeAdmitted(write, admitted))
  const group = db.transaction((all: readonly Admitted[]) =>
    all.map((admitted) => {
      try {
        // Inside a transaction this is a savepoint: one bad message does not take the others along.
        return one(admitted)
      } catch (error) {
        if (!db.inTransaction || !isConstraint(error)) throw error
        return error as Error
      }
    }),
  )
  const acts = db.transaction((all: readonly Act[]) => {
    for (const act of all) writeAct(write, act)
  })
  const liveness = db.transaction((at: number, leaf: Leaf) => {
    writeLeaf(write, leaf)
    const last = write.lastLiveness.get() as { start: number; stop: number } | undefined
    if (last && at - last.stop <= livenessHoleMs) write.extendLiveness.run(at, last.start)
    else {
      write.newLiveness.run(at, at)
      for (const day of last ? daysOf({ from: last.stop, to: at }) : []) write.dirtyAll.run(day)
    }
  })
  return {
    appendGroup: async (all) => group.immediate(all),
    applyActs: async (all) => acts.immediate(all),
    appendLiveness: async (at, leaf) => liveness.immediate(at, leaf),
  }
}

function isConstraint(error: unknown): boolean {
  return error instanceof Error && String((error as { code?: string }).code).includes('CONSTRAINT')
}

type Statements = ReturnType<typeof statements>

function statements(db: Database.Database) {
  return {
    leaf: db.prepare(
      `INSERT INTO leaf (log, idx, entry, hash)
       VALUES (@log, (SELECT coalesce(max(idx) + 1, 0) FROM leaf WHERE log = @log), @entry, @hash)
       RETURNING idx`,
    ),
    message: db.prepare(
      `INSERT INTO message (institution, agent, epoch, seq, through, type, sha256, received, log,
         leaf, jws) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    cursor: db.prepare(
      'INSERT OR REPLACE INTO cursor (agent, epoch, seq, prev, definitions) VALUES (?, ?, ?, ?, ?)',
    ),
    contact: db.prepare(
      `INSERT OR REPLACE INTO contact (agent, last_report_at, last_batch_at, version,
         spooled_messages) VALUES (?, ?, ?, ?, ?)`,
    ),
    anchor: db.prepare(
      `INSERT OR REPLACE INTO anchor (agent, boot, bucket, offset_ms, wall_error_ms)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    check: db.prepare(
      `INSERT OR REPLACE INTO check_timeline (number, institution, environment, name, agent, kind,
         label, interval_ms, declared, since, boot, through_boot, through, state, reason,
         state_since, span_from, up_ms, degraded_ms, down_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    span: db.prepare(
      `INSERT INTO span (check_number, start, stop, state, reason, up_ms, degraded_ms, down_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (check_number, start) DO UPDATE SET stop = excluded.stop`,
    ),
    fact: db.prepare(
      `INSERT OR REPLACE INTO fact (institution, environment, agent, indicator, at, value, detail)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
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
    entry: db.prepare(
      `INSERT INTO entry (log, leaf, at, actor, role, what, why, before, after, effective_from)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    token: db.prepare(
      `INSERT INTO token (hash, institution, environment, expires_at, uses_max, uses)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    useToken: db.prepare('UPDATE token SET uses = uses + 1 WHERE hash = ? AND uses < uses_max'),
    agent: db.prepare(
      `INSERT INTO agent (institution, environment, name, agent, enrolled_at, status, kid,
         public_key, token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    agentStatus: db.prepare('UPDATE agent SET status = ? WHERE agent = ?'),
    lastLiveness: db.prepare('SELECT start, stop FROM liveness ORDER BY start DESC LIMIT 1'),
    extendLiveness: db.prepare('UPDATE liveness SET stop = ? WHERE start = ?'),
    newLiveness: db.prepare('INSERT OR REPLACE INTO liveness (start, stop) VALUES (?, ?)'),
  }
}

/** Appends to a log and returns the index given. */
function writeLeaf(write: Statements, leaf: Leaf): number {
  return (write.leaf.get(leaf) as { idx: number }).idx
}

function writeAdmitted(
  write: Statements,
  { agent, contact, anchor, evidence }: Admitted,
): number | null {
  write.contact.run(
    agent.agent,
    contact.lastReportAt,
    contact.lastBatchAt,
    contact.version,
    contact.spooledMessages,
  )
  if (anchor) {
    const { boot, bucket, offsetMs, wallErrorMs } = anchor
    write.anchor.run(agent.agent, boot, bucket, offsetMs, wallErrorMs)
  }
  return evidence ? writeEvidence(write, agent, evidence) : null
}

function writeEvidence(
  write: Statements,
  { agent, institution, environment }: Admitted['agent'],
  { message, leaf, cursor, checks, spans, facts, dirtyDays }: NonNullable<Admitted['evidence']>,
): number {
  const index = writeLeaf(write, leaf)
  write.message.run(
    institution,
    agent,
    message.epoch,
    message.seq,
    message.through,
    message.type,
    Buffer.from(message.sha256, 'hex'),
    message.received,
    leaf.log,
    index,
    packJws(message.jws),
  )
  const definitions = JSON.stringify(cursor.definitions)
  write.cursor.run(agent, cursor.epoch, cursor.seq, cursor.prev, definitions)
  for (const check of checks) writeCheck(write, check)
  for (const { check, from, to, state, reason, upMs, degradedMs, downMs } of spans) {
    write.span.run(check, from, to, state, reason, upMs, degradedMs, downMs)
  }
  for (const { indicator, at, value, detail } of facts) {
    const text = JSON.stringify(value)
    write.fact.run(institution, environment, agent, indicator, at, text, detail)
  }
  for (const day of dirtyDays) write.dirty.run(institution, environment, day)
  return index
}

function writeCheck(
  write: Statements,
  check: NonNullable<Admitted['evidence']>['checks'][number],
): void {
  write.check.run(
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
    check.throughBoot,
    check.through,
    check.state,
    check.reason,
    check.stateSince,
    check.spanFrom,
    check.upMs,
    check.degradedMs,
    check.downMs,
  )
}

function writeAct(write: Statements, { at, entry, leaf, effects }: Act): void {
  const index = writeLeaf(write, leaf)
  write.entry.run(
    leaf.log,
    index,
    at,
    entry.actor,
    entry.role,
    entry.what,
    entry.why,
    JSON.stringify(entry.before),
    JSON.stringify(entry.after),
    entry.effectiveFrom,
  )
  for (const effect of effects) writeEffect(write, effect)
}

function writeEffect(write: Statements, effect: Effect): void {
  if (effect.kind === 'token') {
    const { hash, institution, environment, expiresAt, usesMax, uses } = effect.token
    write.token.run(hash, institution, environment, expiresAt, usesMax, uses)
  } else if (effect.kind === 'agent') {
    const { agent, token } = effect
    // Checked here and not before: of two hosts with one token at the same moment one loses.
    if (write.useToken.run(token).changes === 0) {
      throw new AppError('conflict', 'The token was used by another host.')
    }
    write.agent.run(
      agent.institution,
      agent.environment,
      agent.name,
      agent.agent,
      agent.enrolledAt,
      agent.status,
      agent.kid,
      agent.publicKey,
      token,
    )
  } else if (effect.kind === 'agent-status') {
    write.agentStatus.run(effect.status, effect.agent)
  } else {
    write.dirty.run(effect.institution, effect.environment, effect.day)
  }
}
