import type Database from 'better-sqlite3'
import type { Frontier } from '../../../protocol/merkle.ts'
import type { FoldTarget, Refolded } from '../refolded.ts'
import type { Sight } from '../sight.ts'
import type { Admitted, AgentRow } from '../store.ts'
import { cycleReader } from './cycles.ts'
import { openDatabase } from './open.ts'
import { evidenceReader } from './read-evidence.ts'
import { logReader } from './read-logs.ts'
import { rootsOf } from './rows.ts'
import type { Reader } from './sqlite.ts'
import { timelineStore } from './timelines.ts'
import { ProjectionWriter } from './write-projections.ts'

/** A fresh database that leaves are folded into, and what it shows by then. */
export type Refold = FoldTarget &
  Reader & {
    /** The last leaf it has; null when it has none. */
    last(): { readonly position: number; readonly hash: Buffer } | null
    /** Copies what does not follow from leaves. */
    copyRest(): void
  }

/**
 * Opens or goes on with a fresh database. It gets the leaves of `source`, a database that nobody
 * writes meanwhile, as they are.
 */
export function openRefold(file: string, source: string): Refold {
  const db = openDatabase(file)
  db.prepare('ATTACH ? AS source').run(source)
  const projections = new ProjectionWriter(db)
  const keep = copyLeaves(db)
  const writeHead = db.prepare(
    'INSERT OR REPLACE INTO log_head (log, size, roots) VALUES (?, ?, ?)',
  )
  const apply = db.transaction(
    (rows: readonly Refolded[], trees: ReadonlyMap<string, Frontier>) => {
      keep(rows)
      // Acts that change who may send come after all messages of a commit: the next one is not
      // read before they are kept.
      for (const { agent, evidence } of merged(rows)) projections.message(agent, evidence)
      for (const { effects, livenessAt } of rows) {
        for (const effect of effects) projections.identities.apply(effect)
        if (livenessAt !== null) projections.liveness(livenessAt)
      }
      for (const [log, { size, roots }] of trees) writeHead.run(log, size, Buffer.concat(roots))
    },
  )
  return {
    ...timelineStore(db),
    ...evidenceReader(db),
    ...logReader(db),
    ...cycleReader(db),
    frontiers: () => readFrontiers(db),
    apply: (rows, trees) => void apply.immediate(rows, trees),
    last: () =>
      (db.prepare('SELECT position, hash FROM leaf ORDER BY position DESC LIMIT 1').get() as
        | { position: number; hash: Buffer }
        | undefined) ?? null,
    copyRest: () => db.transaction(() => db.exec(restOfSource)).immediate(),
    close: async () => void db.close(),
  }
}

type Evidence = NonNullable<Admitted['evidence']>

/** What many messages of an agent come to, so that each row is written once. */
function merged(rows: readonly Refolded[]): { agent: AgentRow; evidence: Evidence }[] {
  const all = rows.flatMap(({ admitted }) =>
    admitted?.evidence ? [{ agent: admitted.agent, evidence: admitted.evidence }] : [],
  )
  return [...Map.groupBy(all, ({ agent }) => agent.agent).values()].map((own) => {
    const newest = <T>(of: (evidence: Evidence) => readonly T[], key: (row: T) => string): T[] => [
      ...new Map(
        own.flatMap(({ evidence }) => of(evidence).map((row) => [key(row), row])),
      ).values(),
    ]
    const { agent, evidence } = own.at(-1)!
    const { definitions } = own.findLast((each) => each.evidence.definitions)?.evidence ?? {}
    return {
      agent,
      evidence: {
        ...evidence,
        ...(definitions && { definitions }),
        checks: newest(
          (each) => [...each.checks, ...each.grown],
          ({ number }) => `${number}`,
        ),
        grown: [],
        spans: newest(
          (each) => each.spans,
          ({ check, from }) => `${check} ${from}`,
        ),
        facts: own.flatMap((each) => each.evidence.facts),
        dirtyDays: newest((each) => each.dirtyDays, String),
        ...sightOf(own.flatMap(({ evidence: { sight } }) => sight ?? [])),
      },
    }
  })
}

/** All that messages tell of their host, in their order: what is written first stays. */
function sightOf(all: readonly Sight[]): Pick<Evidence, 'sight'> {
  if (all.length === 0) return {}
  return {
    sight: {
      boots: all.flatMap(({ boots }) => boots),
      clockSpans: all.flatMap(({ clockSpans }) => clockSpans),
      pauses: all.flatMap(({ pauses }) => pauses),
    },
  }
}

/** Puts everything into the one file and closes it. Throws when something else has it open. */
export function sealDatabase(db: Database.Database): void {
  const mode = db.pragma('journal_mode = DELETE', { simple: true })
  db.close()
  if (mode !== 'delete') throw new Error('The database is in use.')
}

/** The leaves of one commit follow each other in the source. */
function copyLeaves(db: Database.Database): (rows: readonly Refolded[]) => void {
  const copy = db.prepare(
    `INSERT INTO main.leaf
     SELECT * FROM source.leaf WHERE position BETWEEN ? AND ? ORDER BY position`,
  )
  return (rows) => void copy.run(rows[0]!.leaf.position, rows.at(-1)!.leaf.position)
}

function readFrontiers(db: Database.Database): Map<string, Frontier> {
  const rows = db.prepare('SELECT log, size, roots FROM log_head').all() as {
    log: string
    size: number
    roots: Buffer
  }[]
  return new Map(rows.map(({ log, size, roots }) => [log, { size, roots: rootsOf(roots) }]))
}

/**
 * Secrets, contact, anchors, outside copies and what was published of cycles: none of it follows
 * from the logs. They hold the hashes of frozen bytes, not the bytes.
 */
const restOfSource = `
  DELETE FROM main.session;
  INSERT INTO main.session SELECT * FROM source.session;
  DELETE FROM main.account_secret;
  INSERT INTO main.account_secret SELECT * FROM source.account_secret;
  DELETE FROM main.api_token;
  INSERT INTO main.api_token SELECT * FROM source.api_token;
  DELETE FROM main.token;
  INSERT INTO main.token SELECT * FROM source.token;
  UPDATE main.agent SET token = coalesce(
    (SELECT token FROM source.agent AS old WHERE old.agent = main.agent.agent), token);
  DELETE FROM main.contact;
  INSERT INTO main.contact SELECT * FROM source.contact;
  DELETE FROM main.anchor;
  INSERT INTO main.anchor SELECT * FROM source.anchor;
  DELETE FROM main.own_clock;
  INSERT INTO main.own_clock SELECT * FROM source.own_clock;
  DELETE FROM main.rejoin;
  INSERT INTO main.rejoin SELECT * FROM source.rejoin;
  INSERT OR IGNORE INTO main.frozen_cycle SELECT * FROM source.frozen_cycle;
  INSERT OR IGNORE INTO main.figure_change SELECT * FROM source.figure_change;
  INSERT OR IGNORE INTO main.contested SELECT * FROM source.contested;
  INSERT OR IGNORE INTO main.checkpoint SELECT * FROM source.checkpoint;
`
