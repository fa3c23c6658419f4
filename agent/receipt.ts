import type { KeyObject } from 'node:crypto'
import { openCheckpoint } from '../protocol/checkpoint.ts'
import { parseJson } from '../protocol/json.ts'
import { messageTypes, parseJws, sha256, verifyJws } from '../protocol/jws.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { EpochMs } from '../protocol/time.ts'
import type { SeenCheckpoint } from './checkpoints.ts'
import type { SpooledMessage } from './spool-row.ts'

/** The log that was pinned at enrolment. */
export type PinnedLog = {
  readonly id: string
  readonly kid: string
  readonly key: KeyObject
  /** This key and those before it, base64url: a checkpoint may be older than the key. */
  readonly keys: readonly string[]
}

/** A receipt that counts. `received` is the collector's time. */
export type Accepted = {
  readonly jws: string
  readonly received: EpochMs
  readonly checkpoint: SeenCheckpoint | null
}

/** The log of what is no institution's own. */
const nationalLog = 'national'

/**
 * The pinned log's signed word for exactly this message; null for anything else that answers 200
 * (a proxy's page, another log): it has not stored the message.
 */
export function readReceipt(
  text: string,
  message: Pick<SpooledMessage, 'epoch' | 'seq' | 'jws'>,
  agent: string,
  log: PinnedLog,
): Accepted | null {
  try {
    const jws = parseJws(text)
    if (jws.kid !== log.kid || jws.typ !== messageTypes.receipt) return null
    if (!verifyJws(jws, log.key)) return null
    const { epoch, seq } = message
    const batch = sha256(message.jws)
    const said = { v: 1, log: log.id, agent, epoch, seq, batch } as const
    const payload = parseJson(jws.payload)
    if (!isReceipt(payload, said)) return null
    const { received, checkpoint } = payload
    return { jws: text, received, checkpoint: readCheckpoint(checkpoint, log) }
  } catch {
    return null
  }
}

/** Names the key of a text that may be a receipt, without believing it; null when it is none. */
export function signerOfReceipt(text: string): string | null {
  try {
    const { kid, typ } = parseJws(text)
    return typ === messageTypes.receipt ? kid : null
  } catch {
    return null
  }
}

/** Throws when the note is not the log's own word. */
function readCheckpoint(note: string | undefined, { id, keys }: PinnedLog): SeenCheckpoint | null {
  if (note === undefined) return null
  const { log, size, root } = openCheckpoint(note, keys)
  if (log !== id && log !== nationalLog) throw new Error('The checkpoint is of another log.')
  return { log, size, root: root.toString('hex'), note }
}

/** The schema of a receipt by hand: the resident agent does not load the schemas' library. */
function isReceipt(payload: unknown, said: Partial<Receipt>): payload is Receipt {
  const { leaf, leafHash, received, now, checkpoint = '', ...rest } = payload as Receipt
  return (
    JSON.stringify(Object.entries(rest).sort()) === JSON.stringify(Object.entries(said).sort()) &&
    [leaf, received, now].every((number) => Number.isSafeInteger(number) && number >= 0) &&
    /^[0-9a-f]{64}$/.test(leafHash) &&
    typeof checkpoint === 'string'
  )
}
