import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type LeafSql, leafOfRow } from '../../collector/store/sqlite/read-logs.ts'
import { spanStop } from '../../collector/store/sqlite/rows.ts'
import { messageTypes, parseJws, sha256 } from '../../protocol/jws.ts'
import { declares } from '../simulation/oracle.ts'
import type { Tally } from './row.ts'

/** What one agent did, as seen by whoever no fault touched. */
export type Account = {
  readonly agent: string
  /** Every message that was frozen, whether it was ever sent or not. */
  readonly issued: readonly {
    readonly epoch: number
    readonly seq: number
    readonly hash: string
  }[]
  /** Every message whose receipt arrived; with its place in the log where that is known. */
  readonly acked: readonly {
    readonly epoch: number
    readonly seq: number
    readonly hash: string
    readonly leaf?: number
    readonly leafHash?: string
  }[]
  /** Milliseconds of `down` it reported, where the driver knows. */
  readonly downMs?: number
}

export type Verdict = {
  readonly acked: number
  readonly lost: number
  readonly undeclared: number
  readonly duplicates: number
  readonly failures: readonly string[]
}

/** Dating by another anchor may shorten or stretch each outage by so much. */
const datingMsMax = 100
const examplesMax = 3

/**
 * The one oracle (RELIABILITY §3): (a) acked ⊆ stored, (b) stored ⊆ issued with equal bytes,
 * (c) each once, (d) issued − stored = what signed gaps name, (h) no DOWN that nobody reported; and
 * the file itself is whole, and each receipt's leaf is still in its place. Reads the data directory
 * of a collector that is stopped. (e) is `Fleet.fresh`.
 */
export function judge(dataDir: string, accounts: readonly Account[]): Verdict {
  using record = openRecord(dataDir)
  const failures = record.problems()
  const sums = { acked: 0, lost: 0, undeclared: 0, duplicates: 0 }
  for (const account of accounts) {
    const stored = record.messages(account.agent)
    const problems = judgeAgent(account, stored, sums)
    problems.push(...misplaced(account, record))
    const downMs = record.downMs(account.agent)
    if (account.downMs !== undefined && Math.abs(downMs - account.downMs) > datingMsMax) {
      problems.push(`${downMs} ms of DOWN are in the record, ${account.downMs} were reported`)
    }
    for (const problem of problems) failures.push(`${account.agent}: ${problem}`)
  }
  const known = new Set(accounts.map(({ agent }) => agent))
  const strangers = record.agents().filter((agent) => !known.has(agent))
  if (strangers.length > 0) failures.push(`Agents that nobody started: ${strangers.join(', ')}`)
  return { ...sums, failures: shortened(failures) }
}

/** The longest time between two stretches in which a check's state is known. Unit: ms. */
export function longestHoleMs(dataDir: string, agent: string, check: string): number {
  using record = openRecord(dataDir)
  const spans = record.spans(agent, check)
  return Math.max(0, ...spans.slice(1).map(({ start }, i) => start - spans[i]!.stop))
}

/** How an agent stands with a stopped collector. */
export function statusOf(dataDir: string, agent: string): string {
  using record = openRecord(dataDir)
  return record.status(agent)
}

/** Adds a verdict to a row's result. */
export function addVerdict(tally: Tally, { failures, ...sums }: Verdict): void {
  for (const name of ['acked', 'lost', 'undeclared', 'duplicates'] as const) {
    tally[name] += sums[name]
  }
  tally.failures.push(...failures)
}

/** A message as it is in the record. */
export type RecordedMessage = {
  readonly epoch: number
  readonly seq: number
  readonly through: number
  readonly type: string
  readonly hash: string
  readonly jws: string
  /** Of a gap. */
  readonly why: string | null
}

function judgeAgent(
  { issued, acked }: Account,
  stored: readonly RecordedMessage[],
  sums: { acked: number; lost: number; undeclared: number; duplicates: number },
): string[] {
  const problems: string[] = []
  const byPlace = new Map(stored.map((message) => [placeOf(message), message]))
  const duplicates = stored.length - byPlace.size
  const lost = acked.filter((message) => byPlace.get(placeOf(message))?.hash !== message.hash)
  const known = new Set(issued.map(({ hash }) => hash))
  const strange = stored.filter(({ hash }) => !known.has(hash))
  const changed = stored.filter(({ hash, jws }) => sha256(jws) !== hash)
  const isStored = new Set(stored.map(({ hash }) => hash))
  const gaps = stored.filter(({ type }) => type === 'gap')
  const undeclared = issued.filter(
    ({ hash, epoch, seq }) => !isStored.has(hash) && !gaps.some((gap) => declares(gap, epoch, seq)),
  )
  sums.acked += acked.length
  sums.duplicates += duplicates
  sums.lost += lost.length
  sums.undeclared += undeclared.length
  if (lost.length > 0) problems.push(`acknowledged and lost: ${examples(lost)}`)
  if (strange.length > 0) problems.push(`stored, never issued: ${examples(strange)}`)
  if (changed.length > 0) problems.push(`stored with other bytes: ${examples(changed)}`)
  if (duplicates > 0) problems.push(`stored twice: ${duplicates}`)
  if (undeclared.length > 0) problems.push(`lost without a gap: ${examples(undeclared)}`)
  problems.push(...holes(stored))
  return problems
}

/** Numbers that are missing in the record: the protocol has no way past a hole but a gap. */
function holes(stored: readonly RecordedMessage[]): string[] {
  let expected = { epoch: 1, seq: 1 }
  for (const { epoch, seq, through, type } of stored) {
    const opens = epoch === expected.epoch + 1 && seq === 1 && type === 'gap'
    if (!opens && (epoch !== expected.epoch || seq !== expected.seq)) {
      return [`a hole before ${epoch}/${seq}, expected ${expected.epoch}/${expected.seq}`]
    }
    expected = { epoch, seq: through + 1 }
  }
  return []
}

function misplaced({ acked }: Account, record: StoredRecord): string[] {
  const wrong = acked.filter(
    ({ epoch, seq, leaf, leafHash }) =>
      leaf !== undefined && !record.hasLeaf(epoch, seq, leaf, leafHash ?? ''),
  )
  return wrong.length > 0 ? [`a receipt's leaf is not in its place: ${examples(wrong)}`] : []
}

type StoredRecord = Disposable & {
  messages(agent: string): RecordedMessage[]
  agents(): string[]
  status(agent: string): string
  downMs(agent: string): number
  spans(agent: string, check: string): { start: number; stop: number }[]
  hasLeaf(epoch: number, seq: number, leaf: number, hash: string): boolean
  problems(): string[]
}

/** The record of a collector, stopped or not. The oracle alone knows the tables, and only here. */
function openRecord(dataDir: string): StoredRecord {
  const db = new Database(join(dataDir, 'collector.db'))
  const read = leafOfRow(db)
  const select = db.prepare('SELECT * FROM leaf WHERE agent = ? ORDER BY epoch, seq')
  const down = db.prepare(
    `SELECT coalesce(sum(${spanStop} - start), 0) AS ms
     FROM span JOIN check_timeline ON check_number = number WHERE agent = ? AND span.state = 'down'`,
  )
  const spans = db.prepare(
    `SELECT start, ${spanStop} AS stop FROM span JOIN check_timeline ON check_number = number
     WHERE agent = ? AND name LIKE ? ORDER BY start`,
  )
  let rows: LeafSql[] = []
  return {
    messages: (agent) => {
      rows = select.all(agent) as LeafSql[] // the columns are the type's fields
      return rows.map((row): RecordedMessage => {
        const { message } = read(row)
        if (!message) throw new Error(`Leaf ${row.position} of an agent is no message.`)
        const { epoch, seq, through, type, sha256: hash, jws } = message
        const why = type === 'gap' ? whyOf(jws) : null
        return { epoch, seq, through, type, hash, jws, why }
      })
    },
    agents: () =>
      (db.prepare('SELECT agent FROM agent').all() as { agent: string }[]).map(
        ({ agent }) => agent,
      ),
    downMs: (agent) => (down.get(agent) as { ms: number }).ms,
    status: (agent) =>
      (db.prepare('SELECT status FROM agent WHERE agent = ?').get(agent) as { status: string })
        .status,
    spans: (agent, check) => spans.all(agent, `%/${check}`) as { start: number; stop: number }[],
    hasLeaf: (epoch, seq, leaf, hash) => {
      const row = rows.find((each) => each.epoch === epoch && each.seq === seq)
      return row?.idx === leaf && row.hash.toString('hex') === hash
    },
    problems: () => {
      const found = db.pragma('integrity_check', { simple: true }) as string
      const broken = found === 'ok' ? [] : [`integrity_check: ${found}`]
      const foreign = db.pragma('foreign_key_check') as unknown[]
      if (foreign.length > 0) broken.push(`foreign_key_check: ${foreign.length} rows`)
      return broken
    },
    [Symbol.dispose]: () => db.close(),
  }
}

function whyOf(jws: string): string {
  const { payload, typ } = parseJws(jws)
  if (typ !== messageTypes.gap) throw new Error('A stored gap is no gap.')
  return (JSON.parse(Buffer.from(payload).toString()) as { why: string }).why
}

function placeOf({ epoch, seq }: { epoch: number; seq: number }): string {
  return `${epoch}/${seq}`
}

function examples(messages: readonly { epoch: number; seq: number }[]): string {
  const named = messages.slice(0, examplesMax).map(placeOf).join(', ')
  return messages.length > examplesMax
    ? `${named} and ${messages.length - examplesMax} more`
    : named
}

/** One fault often shows in hundreds of agents: the first tell enough. */
function shortened(failures: readonly string[]): string[] {
  const shown = failures.slice(0, 10)
  const rest = failures.length - shown.length
  return rest > 0 ? [...shown, `and ${rest} more`] : shown
}
