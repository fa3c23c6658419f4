import type Database from 'better-sqlite3'
import type { Batch } from '../../../protocol/batch.ts'
import type { Span } from '../../../protocol/time.ts'
import { type MessageRef, type MessageSearch, messagesShownMax } from '../message-search.ts'
import { type LeafSql, leafOfRow } from './read-logs.ts'

/** Places that were looked at are kept: those of an environment's stretches lie close together. */
const looksHeldMax = 10_000

const ofAgent = 'FROM leaf WHERE log = ? AND agent = ?'

/** A batch that was looked at, and which time it is about on the collector's clock. */
type Look = { readonly seq: number; readonly window: Span }

/** A place in a stream; `end` lies behind every message. */
type Place = { readonly epoch: number; readonly seq: number }
const end: Place = { epoch: Number.MAX_SAFE_INTEGER, seq: 0 }
const start: Place = { epoch: 0, seq: 0 }

/** SQLite's search for messages by time. Also works on a reader. */
export function messageSearch(db: Database.Database): MessageSearch {
  const look = lookReader(db)
  const columns = 'kind, epoch, seq, through, idx AS leaf, received'
  const nextEpoch = db.prepare(`SELECT min(epoch) ${ofAgent} AND epoch > ?`).pluck()
  const last = db.prepare(`SELECT max(seq) ${ofAgent} AND epoch = ?`).pluck()
  const between = `${ofAgent} AND (epoch, seq) >= (?, ?) AND (epoch, seq) < (?, ?) AND kind = ?`
  const list = db.prepare(`SELECT ${columns} ${between} ORDER BY epoch, seq LIMIT ?`)
  const count = db.prepare(`SELECT count(*) ${between}`).pluck()
  const lastBefore = db.prepare(
    `SELECT ${columns} ${ofAgent} AND (epoch, seq) < (?, ?) AND kind = 'batch'
     ORDER BY epoch DESC, seq DESC LIMIT 1`,
  )

  /** The first batch for which this holds; it holds for every later one. */
  function first(log: string, agent: string, holds: (window: Span) => boolean): Place | null {
    let epoch = nextEpoch.get(log, agent, 0) as number | null
    for (; epoch !== null; epoch = nextEpoch.get(log, agent, epoch) as number | null) {
      const newest = look(log, agent, epoch, last.get(log, agent, epoch) as number)
      if (!newest || !holds(newest.window)) continue
      let low = 1
      let high = newest.seq
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const batch = look(log, agent, epoch, middle)
        if (batch && batch.seq >= low && holds(batch.window)) high = batch.seq
        else low = middle + 1
      }
      return { epoch, seq: high }
    }
    return null
  }

  return {
    messagesAbout: async (log, agent, { from, to }) => {
      const begin = first(log, agent, (window) => window.to > from) ?? end
      const stop = first(log, agent, (window) => window.from >= to) ?? end
      const covered = [log, agent, begin.epoch, begin.seq, stop.epoch, stop.seq, 'batch'] as const
      const covering = list.all(...covered, messagesShownMax) as MessageRef[]
      const isMore = covering.length === messagesShownMax
      const before = lastBefore.get(log, agent, begin.epoch, begin.seq) as MessageRef | undefined
      const after = list.get(log, agent, stop.epoch, stop.seq, end.epoch, end.seq, 'batch', 1)
      const { epoch, seq } = before ?? start
      // What an agent declared lost after it had told of the whole stretch is not about it.
      const told = first(log, agent, (window) => window.to >= to) ?? end
      const lost = [log, agent, epoch, seq, told.epoch, told.seq, 'gap'] as const
      return {
        covering,
        more: isMore ? (count.get(...covered) as number) - covering.length : 0,
        before: before ?? null,
        after: (after as MessageRef | undefined) ?? null,
        gaps: list.all(...lost, messagesShownMax) as MessageRef[],
      }
    },
  }
}

/** The last batch up to a place before the end of its stream: that is the same for ever. */
function lookReader(db: Database.Database) {
  const read = leafOfRow(db)
  const looks = new Map<string, Look | null>()
  const batchUpTo = db.prepare(
    `SELECT * ${ofAgent} AND epoch = ? AND seq <= ? AND kind = 'batch' ORDER BY seq DESC LIMIT 1`,
  )
  const lookAt = (row: LeafSql): Look => {
    const payload = read(row).message!.jws.split('.')[1]!
    // It was checked when it was admitted.
    const { window } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Batch
    const span = { from: row.offset_ms + window.from, to: row.offset_ms + window.to }
    return { seq: row.seq, window: span }
  }
  return (log: string, agent: string, epoch: number, seq: number): Look | null => {
    const key = `${log} ${agent} ${epoch} ${seq}`
    const known = looks.get(key)
    if (known !== undefined) return known
    const row = batchUpTo.get(log, agent, epoch, seq) as LeafSql | undefined
    const found = row ? lookAt(row) : null
    if (looks.size >= looksHeldMax) looks.delete(looks.keys().next().value!)
    looks.set(key, found)
    return found
  }
}
