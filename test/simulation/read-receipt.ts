import type { EnrolmentAnswer } from '../../protocol/enrolment.ts'
import { messageTypes, parseJws, publicKey, verifyJws } from '../../protocol/jws.ts'
import type { Receipt } from '../../protocol/receipt.ts'

/** What a receipt must be for. */
type Message = {
  readonly agent: string
  readonly epoch: number
  readonly seq: number
  readonly hash: string
}

/** The receipt in an answer, if it is the pinned log's word for exactly this message. */
export function readReceipt(
  text: string,
  log: EnrolmentAnswer['log'],
  { agent, epoch, seq, hash }: Message,
): Receipt | null {
  try {
    const jws = parseJws(text)
    const isOurs = jws.kid === log.kid && jws.typ === messageTypes.receipt
    if (!isOurs || !verifyJws(jws, publicKey(log.publicKey))) return null
    const receipt = JSON.parse(Buffer.from(jws.payload).toString()) as Receipt
    const isFor = receipt.agent === agent && receipt.epoch === epoch && receipt.seq === seq
    return isFor && receipt.batch === hash ? receipt : null
  } catch {
    return null
  }
}
