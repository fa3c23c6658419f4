import type { KeyObject } from 'node:crypto'
import { parseJson } from '../protocol/json.ts'
import { messageTypes, parseJws, sha256, verifyJws } from '../protocol/jws.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { SpooledMessage } from './spool.ts'

/** The log that was pinned at enrolment. */
export type PinnedLog = { readonly id: string; readonly kid: string; readonly key: KeyObject }

/**
 * Whether a text is the pinned log's signed word for exactly this message. Anything else that
 * answers 200 (a proxy's page, another log) has not stored it.
 */
export function isReceiptFor(
  text: string,
  message: Pick<SpooledMessage, 'epoch' | 'seq' | 'jws'>,
  agent: string,
  log: PinnedLog,
): boolean {
  try {
    const jws = parseJws(text)
    if (jws.kid !== log.kid || jws.typ !== messageTypes.receipt) return false
    if (!verifyJws(jws, log.key)) return false
    const { epoch, seq } = message
    const batch = sha256(message.jws)
    const said = { v: 1, log: log.id, agent, epoch, seq, batch } as const
    return isReceipt(parseJson(jws.payload), said)
  } catch {
    return false
  }
}

/** The schema of a receipt by hand: the resident agent does not load the schemas' library. */
function isReceipt(payload: unknown, said: Partial<Receipt>): boolean {
  const { leaf, leafHash, received, now, checkpoint = '', ...rest } = payload as Receipt
  return (
    JSON.stringify(Object.entries(rest).sort()) === JSON.stringify(Object.entries(said).sort()) &&
    [leaf, received, now].every((number) => Number.isSafeInteger(number) && number >= 0) &&
    /^[0-9a-f]{64}$/.test(leafHash) &&
    typeof checkpoint === 'string'
  )
}
