import type { Gap } from '../../protocol/gap.ts'
import { noPrevious, parseJws } from '../../protocol/jws.ts'
import { AppError } from '../error.ts'
import type { MessageRow } from '../store/logs.ts'
import type { CursorRow } from '../store/store.ts'

/** What a message says of its place in its agent's stream. */
export type Place = {
  readonly epoch: number
  readonly seq: number
  readonly prev: string
  /** Opens a new epoch: a gap message after the agent lost its spool. */
  readonly restarts: boolean
}

/**
 * Decides whether a message is the next one (`next`) or from before (`seen`: compare bytes).
 * Throws AppError `gap` with where the stream must go on when the message is ahead, `conflict`
 * when it contradicts what is stored: the sign of a cloned host or of forgery. Source:
 * docs/protocol.md.
 */
export function placeOf(cursor: CursorRow, place: Place): 'next' | 'seen' {
  const { epoch, seq, prev } = place
  if (place.restarts && epoch === cursor.epoch + 1) {
    if (seq === 1 && prev === noPrevious) return 'next'
    throw conflict('A new epoch begins with message 1.')
  }
  if (epoch > cursor.epoch || (epoch === cursor.epoch && seq > cursor.seq)) throw ahead(cursor)
  if (epoch < cursor.epoch || seq < cursor.seq) return 'seen'
  if (prev !== cursor.prev) throw conflict('The message does not follow the one before.')
  return 'next'
}

function ahead({ epoch, seq, prev }: CursorRow): AppError {
  const detail = { expected: { epoch, seq, prev } }
  return new AppError('gap', 'Messages before this one are missing.', { detail })
}

/** A contradiction in an agent's stream. */
export function conflict(message: string): AppError {
  return new AppError('conflict', message)
}

/** Whether a stored message is a gap that declares just these bytes lost: then they came late. */
export function declaresLost({ type, jws }: MessageRow, hash: string): boolean {
  if (type !== 'gap') return false
  const { lastDropped } = JSON.parse(Buffer.from(parseJws(jws).payload).toString()) as Gap
  return lastDropped === hash // a gap was checked against its schema before it was stored
}
