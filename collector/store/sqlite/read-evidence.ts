import type Database from 'better-sqlite3'
import type { CheckDefinition } from '../../../protocol/batch.ts'
import { unpackJws } from '../../evidence/pack.ts'
import type { Entry } from '../../register/difference.ts'
import type { AnchorRow } from '../clocks.ts'
import {
  type CheckRecord,
  type ContestedRow,
  type CursorRow,
  type EnvironmentKey,
  type EvidenceReader,
  firstCursor,
  type RejoinRow,
  type StoredAgent,
} from '../store.ts'
import { type LeafSql, leafOfRow } from './read-logs.ts'
import {
  type AgentSql,
  agentOf,
  type CheckRow,
  checkColumns,
  checkOf,
  type RetiredKeySql,
  retiredKeyOf,
  type TokenSql,
  tokenOf,
} from './rows.ts'

/** SQLite's evidence reader. */
export function evidenceReader(db: Database.Database): EvidenceReader {
  const read = leafOfRow(db)
  const place = db.prepare(
    'SELECT * FROM leaf WHERE log = ? AND agent = ? AND epoch = ? AND seq = ?',
  )
  const token = db.prepare('SELECT * FROM token WHERE hash = ?')
  const newestAct = db
    .prepare("SELECT coalesce(max(position), 0) FROM leaf WHERE kind = 'act'")
    .pluck()
  return {
    agents: async () => readAgents(db),
    entries: async (needed) => readEntries(db, needed),
    newestAct: async () => newestAct.get() as number,
    message: async ({ institution, agent }, epoch, seq) => {
      const row = place.get(institution, agent, epoch, seq)
      return row ? read(row as LeafSql).message : null
    },
    token: async (hash) => {
      const row = token.get(hash) as TokenSql | undefined
      return row ? tokenOf(row) : null
    },
    tokens: async () =>
      (db.prepare('SELECT * FROM token ORDER BY expires_at, hash').all() as TokenSql[]).map(
        tokenOf,
      ),
    contested: async (agent) =>
      (
        db
          .prepare(
            `SELECT agent, epoch, seq, sha256, received, why, jws FROM contested
             WHERE agent = ? ORDER BY id`,
          )
          .all(agent) as ContestedSql[]
      ).map((row) => ({ ...row, jws: unpackJws(row.jws) })),
    contestedCounts: async () =>
      new Map(
        db.prepare('SELECT agent, count(*) FROM contested GROUP BY agent').raw().all() as [
          string,
          number,
        ][],
      ),
    rejoins: async () =>
      db
        .prepare(
          `SELECT agent, public_key AS publicKey, asked_at AS askedAt FROM rejoin
           ORDER BY asked_at, agent, public_key`,
        )
        .all() as RejoinRow[],
  }
}

type ContestedSql = Omit<ContestedRow, 'jws'> & { jws: Buffer }

/**
 * Most acts of a nation are about agents, tokens and who looked at what, the longest are closed
 * months: figures rest on none of them, nor on what others published.
 */
const aboutFigures = [
  ...['agent', 'token', 'readiness-month', 'official', 'programme'],
  ...['access', 'account', 'api-token', 'policy-change'],
]
  .map((family) => `AND entry ->> '$.what' NOT GLOB '${family}/*'`)
  .join(' ')

const aboutMonths = `AND (entry ->> '$.what' GLOB 'readiness-month/*'
  OR entry ->> '$.what' GLOB '*migration-month/*')`

/** People's acts, read from their leaves. */
function readEntries(db: Database.Database, needed?: 'figures' | 'months'): Entry[] {
  const where = needed ? { figures: aboutFigures, months: aboutMonths }[needed] : ''
  const text = `SELECT entry FROM leaf WHERE kind = 'act' ${where} ORDER BY position`
  const acts = db.prepare(text).pluck()
  return (acts.all() as string[]).map((text) => {
    const { v: _v, kind: _kind, at: _at, ...entry } = JSON.parse(text) as Entry & Envelope
    return entry
  })
}

type Envelope = { v: number; kind: string; at: number }

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
    (
      db.prepare('SELECT * FROM cursor LEFT JOIN definition USING (agent)').all() as CursorSql[]
    ).map((row) => [row.agent, row]),
  )
  const anchors = Map.groupBy(
    db.prepare('SELECT * FROM anchor ORDER BY bucket').all() as AnchorSql[],
    (row) => row.agent,
  )
  const checks = Map.groupBy(checkReader(db)(), (check) => check.agent)
  const retired = Map.groupBy(
    (db.prepare('SELECT * FROM retired_key ORDER BY kid').all() as RetiredKeySql[]).map(
      retiredKeyOf,
    ),
    (key) => key.agent,
  )
  return readContacts(db).map(({ contact, ...agent }) => ({
    agent,
    contact,
    cursor: cursorOf(cursors.get(agent.agent)),
    anchors: (anchors.get(agent.agent) ?? []).map(anchorOf),
    checks: checks.get(agent.agent) ?? [],
    retiredKeys: retired.get(agent.agent) ?? [],
  }))
}

type CursorSql = {
  agent: string
  epoch: number
  seq: number
  prev: string
  definitions: string | null
}

function cursorOf(row: CursorSql | undefined): CursorRow {
  if (!row) return firstCursor
  const { epoch, seq, prev, definitions } = row
  return { epoch, seq, prev, definitions: JSON.parse(definitions ?? '[]') as CheckDefinition[] }
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

/** All checks, or those of one environment, in key order. A text that many share is held once. */
export function checkReader(db: Database.Database): (key?: EnvironmentKey) => CheckRecord[] {
  const select = (where: string) =>
    db
      .prepare(
        `SELECT ${checkColumns} FROM check_timeline ${where}
         ORDER BY institution, environment, name`,
      )
      .raw()
  const all = select('')
  const own = select('WHERE institution = ? AND environment = ?')
  return (key) => {
    const rows = key ? own.iterate(key.institution, key.environment) : all.iterate()
    return checksOf(rows as IterableIterator<CheckRow>)
  }
}

function checksOf(rows: Iterable<CheckRow>): CheckRecord[] {
  const held = new Map<unknown, unknown>()
  const once = <T>(text: T): T => {
    const known = held.get(text)
    // What is held under a text is that text.
    if (known !== undefined) return known as T
    held.set(text, text)
    return text
  }
  const checks: CheckRecord[] = []
  for (const row of rows) checks.push(checkOf(row, once))
  return checks
}
