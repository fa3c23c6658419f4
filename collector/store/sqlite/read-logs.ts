import type Database from 'better-sqlite3'
import { sha256 } from '../../../protocol/jws.ts'
import { emptyTree, type Frontier, grow, rootOf } from '../../../protocol/merkle.ts'
import { messageLeaf } from '../../evidence/leaf.ts'
import { packedText, unpackJws } from '../../evidence/pack.ts'
import type {
  CheckpointRow,
  DatingRow,
  LeafKind,
  LeafRow,
  LogReader,
  MessageKind,
  StoredMessage,
} from '../logs.ts'
import { rootsOf } from './rows.ts'

/** A row of the table `leaf`. */
export type LeafSql = {
  position: number
  log: string
  idx: number
  kind: string
  hash: Buffer
  entry: string | null
  agent: string | null
  epoch: number
  seq: number
  through: number
  received: number
  time_class: DatingRow['timeClass'] | null
  offset_ms: number
  anchored_at: number | null
  base: number | null
  jws: Buffer
}

/** SQLite's evidence logs. Also works on a reader. */
export function logReader(db: Database.Database): LogReader {
  const read = leafOfRow(db)
  const at = db.prepare('SELECT * FROM leaf WHERE log = ? AND idx = ?')
  const after = db.prepare('SELECT * FROM leaf WHERE position > ? ORDER BY position LIMIT ?')
  const of = db.prepare('SELECT * FROM leaf WHERE log = ? AND idx >= ? ORDER BY idx LIMIT ?')
  const hashes = db.prepare('SELECT hash FROM leaf WHERE log = ? AND idx >= ? ORDER BY idx LIMIT ?')
  // The kind is written out, so that the index of its leaves is used.
  const newestOf = (kind: string) =>
    db.prepare(`SELECT * FROM leaf WHERE kind = '${kind}' ORDER BY position DESC LIMIT ?`)
  const newest = { heads: newestOf('heads'), 'log-key': newestOf('log-key') }
  const newestClasses = db
    .prepare(
      `SELECT agent.agent, (
         SELECT time_class FROM leaf
         WHERE leaf.log = agent.institution AND leaf.agent = agent.agent AND time_class IS NOT NULL
         ORDER BY epoch DESC, seq DESC LIMIT 1
       ) FROM agent`,
    )
    .raw()
  const all = (rows: unknown[]) => (rows as LeafSql[]).map(read)
  return {
    leaf: async (log, index) => {
      const row = at.get(log, index) as LeafSql | undefined
      return row ? read(row) : null
    },
    leavesAfter: async (position, limit) => all(after.all(position, limit)),
    leavesOf: async (log, from, limit) => all(of.all(log, from, limit)),
    leafHashes: async (log, from, limit) =>
      hashes.pluck().all(log, from, limit) as unknown as Buffer[],
    newestLeaves: async (kind, limit) => all(newest[kind].all(limit)).reverse(),
    heads: async () => readHeads(db),
    newestCheckpoints: async () =>
      db
        .prepare('SELECT log, max(size) AS size, at, note FROM checkpoint GROUP BY log')
        .all() as CheckpointRow[],
    checkpoints: async (log) =>
      db
        .prepare('SELECT log, size, at, note FROM checkpoint WHERE log = ? ORDER BY size')
        .all(log) as CheckpointRow[],
    clockClasses: async () =>
      new Map(
        newestClasses.all().flatMap((row) => {
          const [agent, found] = row as [string, DatingRow['timeClass'] | null]
          return found ? [[agent, found]] : []
        }),
      ),
  }
}

/** One step of the index for each log: a log has many leaves. */
const everyLog = `WITH RECURSIVE each (log) AS (
    SELECT min(log) FROM leaf
    UNION ALL
    SELECT (SELECT min(log) FROM leaf WHERE log > each.log) FROM each WHERE log IS NOT NULL
  ) SELECT log FROM each WHERE log IS NOT NULL ORDER BY log`

function readHeads(db: Database.Database) {
  const logs = db.prepare(everyLog).pluck().all() as string[]
  const head = db.prepare('SELECT size, roots FROM log_head WHERE log = ?')
  return logs.map((log) => {
    const row = head.get(log) as { size: number; roots: Buffer } | undefined
    const tree = row ? { size: row.size, roots: rootsOf(row.roots) } : growAnew(db, log)
    return { log, size: tree.size, root: rootOf(tree) }
  })
}

/** The tree of a log from before trees were kept. */
export function growAnew(db: Database.Database, log: string): Frontier {
  const hashes = db.prepare('SELECT hash FROM leaf WHERE log = ? ORDER BY idx').pluck()
  let head = emptyTree
  for (const hash of hashes.iterate(log)) head = grow(head, hash as Buffer)
  return head
}

/** Messages that others are packed against, kept while reading: two thirds of the work saved. */
const basesMax = 256

/** Reads leaves, and the messages they stand for. */
export function leafOfRow(db: Database.Database): (row: LeafSql) => LeafRow {
  const find = db.prepare('SELECT jws FROM leaf WHERE position = ?').pluck()
  const bases = new Map<number, Buffer>()
  const baseAt = (position: number): Buffer => {
    const known = bases.get(position)
    if (known) return known
    const text = packedText(unpackJws(find.get(position) as Buffer))
    if (bases.size >= basesMax) bases.delete(bases.keys().next().value!)
    bases.set(position, text)
    return text
  }
  return (row) => {
    const message = row.agent === null ? null : messageOf(row, row.agent, baseAt)
    const entry = row.entry ?? messageLeaf(row.log, row.agent!, message!).entry
    const { position, log, idx: index, hash } = row
    return { position, log, index, kind: row.kind as LeafKind, entry, hash, message }
  }
}

function messageOf(
  row: LeafSql,
  agent: string,
  baseAt: (position: number) => Buffer,
): StoredMessage {
  const jws = unpackJws(row.jws, row.base === null ? null : baseAt(row.base))
  const { epoch, seq, through, received, time_class: timeClass } = row
  const dating = timeClass && {
    timeClass,
    offsetMs: row.offset_ms,
    anchoredAt: row.anchored_at,
  }
  const type = row.kind as MessageKind
  const place = { agent, epoch, seq, through, type, leaf: row.idx, leafHash: row.hash }
  return { ...place, sha256: sha256(jws), received, dating, jws }
}
