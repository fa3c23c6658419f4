import type { KeyObject } from 'node:crypto'
import { parseJson } from '../protocol/json.ts'
import { messageTypes, parseJws, sha256, verifyJws } from '../protocol/jws.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { SpooledMessage } from './spool.ts'

/**
 * Whether a text is the pinned log's signed word for exactly this message. Anything else that
 * answers 200 (a proxy's page, another log) has not stored it.
 */
export function isReceiptFor(
  text: string,
  message: SpooledMessage,
  agent: string,
  log: { readonly kid: string; readonly key: KeyObject },
): boolean {
  try {
    const jws = parseJws(text)
    if (jws.kid !== log.kid || jws.typ !== messageTypes.receipt) return false
    if (!verifyJws(jws, log.key)) return false
    // Signed by the log, so of its making; the fields that matter are compared one by one.
    const receipt = parseJson(jws.payload) as Partial<Receipt>
    return (
      receipt.agent === agent &&
      receipt.epoch === message.epoch &&
      receipt.seq === message.seq &&
      receipt.batch === sha256(message.jws)
    )
  } catch {
    return false
  }
}
