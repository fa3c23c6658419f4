import type Database from 'better-sqlite3'
import type { CheckDefinition } from '../../../protocol/batch.ts'
import { unpackJws } from '../../evidence/pack.ts'
import type { Entry } from '../../register/difference.ts'
import {
  type AnchorRow,
  type CheckRecord,
  type CursorRow,
  type EvidenceReader,
  firstCursor,
  type LeafRow,
  type StoredAgent,
  type StoredMessage,
  type TokenRow,
} from '../store.ts'
import { type AgentSql, agentOf, type CheckSql, checkOf } from './rows.ts'

/** SQLite's evidence reader. */
export function evidenceReader(db: Database.Database): EvidenceReader {
  const messageOf = db.prepare(
    `SELECT epoch, seq, through, type, sha256, received, leaf, jws FROM message
     WHERE institution = ? AND agent = ? AND epoch = ? AND seq = ?`,
  )
  const tokenOf = db.prepare('SELECT * FROM token WHERE hash = ?')
  const leafOf = db.prepare(
    'SELECT log, idx AS "index", entry, hash FROM leaf WHERE log = ? AND idx = ?',
  )
  return {
    agents: async () => readAgents(db),
    entries: async () => readEntries(db),
    message: async ({ institution, agent }, epoch, seq) => {
      const row = messageOf.get(institution, agent, epoch, seq)
      return row ? readMessage(row as MessageSql) : null
    },
    token: async (hash) => {
      const row = tokenOf.get(hash) as TokenSql | undefined
      return row ? readToken(row) : null
    },
    leaf: async (log, index) => (leafOf.get(log, index) as LeafRow | undefined) ?? null,
  }
}

type TokenSql = {
  hash: string
  institution: string
  environment: string
  expires_at: number
  uses_max: number
  uses: number
}

function readToken({ hash, institution, environment, ...row }: TokenSql): TokenRow {
  const { expires_at: expiresAt, uses_max: usesMax, uses } = row
  return { hash, institution, environment, expiresAt, usesMax, uses }
}

type MessageSql = Omit<StoredMessage, 'sha256' | 'jws'> & { sha256: Buffer; jws: Buffer }

function readMessage(row: MessageSql): StoredMessage {
  return { ...row, sha256: row.sha256.toString('hex'), jws: unpackJws(row.jws) }
}

type EntrySql = Omit<Entry, 'before' | 'after' | 'effectiveFrom'> & {
  before: string
  after: string
  effective_from: number
}

function readEntries(db: Database.Database): Entry[] {
  const rows = db
    .prepare('SELECT actor, role, what, why, before, after, effective_from FROM entry ORDER BY id')
    .all() as EntrySql[]
  return rows.map(({ effective_from: effectiveFrom, before, after, ...row }) => ({
    ...row,
    before: JSON.parse(before),
    after: JSON.parse(after),
    effectiveFrom,
  }))
}

type ContactSql = {
  last_report_at: number | null
  last_batch_at: number | null
  version: string | null
  spooled_messages: number
}

/** Agents with their last contact, in key order. */
export function readContacts(db: Database.Database) {
  const rows = db
    .prepare(
      'SELECT * FROM agent LEFT JOIN contact USING (agent) ORDER BY institution, environment',
    )
    .all() as (AgentSql & ContactSql)[]
  return rows.map((row) => ({
    ...agentOf(row),
    contact:
      row.last_report_at === null
        ? null
        : {
            lastReportAt: row.last_report_at,
            lastBatchAt: row.last_batch_at,
            version: row.version,
            spooledMessages: row.spooled_messages,
          },
  }))
}

function readAgents(db: Database.Database): StoredAgent[] {
  const cursors = new Map(
    (db.prepare('SELECT * FROM cursor').all() as CursorSql[]).map((row) => [row.agent, row]),
  )
  const anchors = Map.groupBy(
    db.prepare('SELECT * FROM anchor ORDER BY bucket').all() as AnchorSql[],
    (row) => row.agent,
  )
  const checks = Map.groupBy(readChecks(db), (check) => check.agent)
  return readContacts(db).map(({ contact, ...agent }) => ({
    agent,
    contact,
    cursor: cursorOf(cursors.get(agent.agent)),
    anchors: (anchors.get(agent.agent) ?? []).map(anchorOf),
    checks: checks.get(agent.agent) ?? [],
  }))
}

type CursorSql = { agent: string; epoch: number; seq: number; prev: string; definitions: string }

function cursorOf(row: CursorSql | undefined): CursorRow {
  if (!row) return firstCursor
  const { epoch, seq, prev, definitions } = row
  return { epoch, seq, prev, definitions: JSON.parse(definitions) as CheckDefinition[] }
}

type AnchorSql = {
  agent: string
  boot: string
  bucket: number
  offset_ms: number
  wall_error_ms: number
}

function anchorOf(row: AnchorSql): AnchorRow {
  const { boot, bucket, offset_ms: offsetMs, wall_error_ms: wallErrorMs } = row
  return { boot, bucket, offsetMs, wallErrorMs }
}

/** All checks, in key order. */
export function readChecks(db: Database.Database): CheckRecord[] {
  const rows = db
    .prepare('SELECT * FROM check_timeline ORDER BY institution, environment, name')
    .all() as CheckSql[]
  return rows.map(checkOf)
}
