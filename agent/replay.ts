import type { CursorAnswer } from '../protocol/heartbeat.ts'
import { noPrevious } from '../protocol/jws.ts'
import { againMax } from './sent.ts'
import type { Place, Row } from './spool-row.ts'

/** Messages that are gone, to be declared: what stands before and behind them is known. */
export type Hole = {
  readonly epoch: number
  readonly seq: number
  readonly through: number
  readonly prev: string
  /** The message behind them; null when they are the last of their epoch that are known of. */
  readonly next: Row | null
}

/** What a collector gets that lacks messages: sent ones again, and holes for what is gone. */
export type Replay = { readonly again: readonly Row[]; readonly holes: readonly Hole[] }

/** A collector further behind than this is another one, or lies. */
const epochsMax = 100

/**
 * How a restored collector, which expects `expected`, gets to the message `head`. Sent messages go
 * out again as they were, whatever they follow: whether they fit is the collector's to judge. Null
 * when nothing is missing between the two.
 */
export function replayOf(
  sentFrom: (from: Place) => readonly Row[],
  expected: CursorAnswer,
  head: Row,
): Replay | null {
  const isBehind =
    expected.epoch < head.epoch || (expected.epoch === head.epoch && expected.seq < head.seq)
  if (!isBehind || head.epoch - expected.epoch > epochsMax) return null
  const again: Row[] = []
  const holes: Hole[] = []
  for (let from = expected; from.epoch <= head.epoch; from = opening(from.epoch + 1)) {
    const sent = sentFrom(from)
    const end = from.epoch === head.epoch ? [head] : []
    const isAll = sent.length < againMax
    const part = walk(from, isAll ? [...sent, ...end] : sent)
    again.push(...part.again.filter((row) => row !== head))
    holes.push(...part.holes)
    if (!isAll) break
    // An epoch of which nothing is left is opened all the same: the next one must follow it.
    const isEmpty = from !== expected && sent.length + end.length === 0
    if (isEmpty) holes.push({ ...from, through: from.seq, next: null })
  }
  return again.length + holes.length > 0 ? { again, holes } : null
}

/** One epoch. What an earlier declaration made superfluous is passed over. */
function walk(from: CursorAnswer, rows: readonly Row[]): Replay {
  const again: Row[] = []
  const holes: Hole[] = []
  let { seq, prev } = from
  for (const row of rows) {
    if (row.seq < seq) continue
    if (row.seq > seq) {
      holes.push({ epoch: from.epoch, seq, through: row.seq - 1, prev, next: row })
    }
    again.push(row)
    seq = row.through + 1
    prev = row.after
  }
  return { again, holes }
}

function opening(epoch: number): CursorAnswer {
  return { epoch, seq: 1, prev: noPrevious }
}
