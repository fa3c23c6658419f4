import { type MessageType, noPrevious, parseJws, sha256 } from '../protocol/jws.ts'
import type { Signer } from './identity.ts'
import type { SpooledMessage } from './spool-row.ts'

/**
 * A message that never went out, signed by another key and following `prev`. What it says stays as
 * it is.
 */
export function signedAnew(message: SpooledMessage, prev: string, signer: Signer): SpooledMessage {
  const { typ, payload } = parseJws(message.jws)
  const said = JSON.parse(Buffer.from(payload).toString()) as { lastDropped?: string | null }
  const follows = message.seq === 1 ? noPrevious : prev
  const jws = signer.sign(typ as MessageType, { ...said, prev: follows }) // signed here before
  return { ...message, prev: follows, after: said.lastDropped ?? sha256(jws), jws }
}
