import type Database from 'better-sqlite3'
import { packJws } from '../../evidence/pack.ts'
import type { CheckpointRow, Leaf } from '../logs.ts'
import {
  type Act,
  type Admitted,
  type ContestedRow,
  contestedMax,
  type EvidenceWriter,
  type Liveness,
} from '../store.ts'
import { walGuard } from './wal-guard.ts'
import { LeafWriter } from './write-leaves.ts'
import { ProjectionWriter } from './write-projections.ts'

/** Beyond this the write-ahead log must be taken over before anything is added. */
const walBytesMax = 192 * 1024 * 1024

/** SQLite's evidence writer. Must be the only connection that writes. */
export function evidenceWriter(db: Database.Database): EvidenceWriter {
  const write = {
    ...statements(db),
    leaves: new LeafWriter(db),
    projections: new ProjectionWriter(db),
  }
  const one = db.transaction((admitted: Admitted) => writeAdmitted(write, admitted))
  const logged = committer(db, write.leaves, walGuard(db, walBytesMax))
  return {
    appendGroup: async (all) =>
      logged(() =>
        all.map((admitted) => {
          const { institution, agent } = admitted.agent
          const undo = write.leaves.mark(institution, agent)
          try {
            // Inside a transaction this is a savepoint: one bad message takes no other along.
            return one(admitted)
          } catch (error) {
            if (!db.inTransaction || !isConstraint(error)) throw error
            undo()
            return error as Error
          }
        }),
      ),
    applyActs: async (acts: readonly Act[], liveness?: Liveness) =>
      logged(() => {
        for (const { leaf, effects } of acts) {
          write.leaves.append(leaf)
          for (const effect of effects) write.projections.identities.apply(effect)
        }
        if (liveness) writeLiveness(write, liveness)
      }),
    appendLiveness: async (liveness) => logged(() => writeLiveness(write, liveness)),
    appendLeaves: async (leaves: readonly Leaf[]) =>
      logged(() => {
        for (const leaf of leaves) write.leaves.append(leaf)
      }),
    saveCheckpoints: async (checkpoints: readonly CheckpointRow[]) =>
      logged(() => {
        for (const { log, size, at, note } of checkpoints) write.checkpoint.run(log, size, at, note)
      }),
    setAside: async (message) => logged(() => writeContested(write, message)),
    saveRejoin: async (rejoin) => logged(() => write.projections.identities.rejoin(rejoin)),
  }
}

/** Runs a change in one durable commit; the logs' trees follow the disk. */
function committer(
  db: Database.Database,
  leaves: LeafWriter,
  guard: () => void,
): <T>(change: () => T) => T {
  return (change) => {
    guard()
    try {
      const result = db
        .transaction(() => {
          const changed = change()
          leaves.writeHeads()
          return changed
        })
        .immediate()
      leaves.settle()
      return result
    } catch (error) {
      leaves.forget()
      throw error
    }
  }
}

function isConstraint(error: unknown): boolean {
  return error instanceof Error && String((error as { code?: string }).code).includes('CONSTRAINT')
}

function writeLiveness(write: Writing, { at, leaf }: Liveness): void {
  write.leaves.append(leaf)
  write.projections.liveness(at)
}

function writeContested(write: Writing, row: ContestedRow): void {
  const { agent, epoch, seq, sha256, received, why, jws } = row
  if ((write.countContested.get(agent) as number) >= contestedMax) return
  write.contested.run(agent, epoch, seq, sha256, received, why, packJws(jws))
}

type Writing = ReturnType<typeof statements> & {
  readonly leaves: LeafWriter
  readonly projections: ProjectionWriter
}

function statements(db: Database.Database) {
  return {
    contact: db.prepare(
      `INSERT OR REPLACE INTO contact (agent, last_report_at, last_batch_at, version,
         spooled_messages) VALUES (?, ?, ?, ?, ?)`,
    ),
    forgetAnchors: db.prepare('DELETE FROM anchor WHERE agent = ?'),
    // Most heartbeats teach nothing new of the clock, and then no page is written.
    anchor: db.prepare(
      `INSERT INTO anchor (agent, boot, bucket, offset_ms, wall_error_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (agent, boot, bucket) DO UPDATE
       SET offset_ms = excluded.offset_ms, wall_error_ms = excluded.wall_error_ms
       WHERE offset_ms <> excluded.offset_ms OR wall_error_ms <> excluded.wall_error_ms`,
    ),
    checkpoint: db.prepare(
      'INSERT OR IGNORE INTO checkpoint (log, size, at, note) VALUES (?, ?, ?, ?)',
    ),
    contested: db.prepare(
      `INSERT OR IGNORE INTO contested (agent, epoch, seq, sha256, received, why, jws)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    countContested: db.prepare('SELECT count(*) FROM contested WHERE agent = ?').pluck(),
  }
}

function writeAdmitted(
  write: Writing,
  { agent, contact, anchor, anchors, evidence }: Admitted,
): number | null {
  write.contact.run(
    agent.agent,
    contact.lastReportAt,
    contact.lastBatchAt,
    contact.version,
    contact.spooledMessages,
  )
  if (anchors) write.forgetAnchors.run(agent.agent)
  for (const { boot, bucket, offsetMs, wallErrorMs } of anchors ?? (anchor ? [anchor] : [])) {
    write.anchor.run(agent.agent, boot, bucket, offsetMs, wallErrorMs)
  }
  return evidence ? writeEvidence(write, agent, evidence) : null
}

function writeEvidence(
  write: Writing,
  agent: Admitted['agent'],
  evidence: NonNullable<Admitted['evidence']>,
): number {
  const { index } = write.leaves.appendMessage(evidence.leaf, agent.agent, evidence.message)
  write.projections.message(agent, evidence)
  return index
}
