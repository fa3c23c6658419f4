import type { KeyObject } from 'node:crypto'
import type { PinnedLog } from '../../agent/receipt.ts'
import type { EnrolmentAnswer } from '../../protocol/enrolment.ts'
import { messageTypes, publicKey, publicKeyText, signJws, thumbprint } from '../../protocol/jws.ts'
import type { Central } from './central.ts'
import type { AgentAddress } from './nation.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Lets a host of the world join through the collector's own door. Throws when it may not. */
export async function enrol(
  central: Central,
  time: VirtualTime,
  { institution, environment, agent: name }: AgentAddress,
  key: KeyObject,
): Promise<{ readonly agent: string; readonly log: PinnedLog }> {
  const text = publicKeyText(key)
  const token = await central.token(institution, environment)
  const request = { v: 1, token, name, publicKey: text }
  const jws = signJws(messageTypes.enrolment, request, key, thumbprint(text))
  const answer = await time.finish(central.deliver('/v1/enrolments', jws))
  if (answer?.status !== 200) throw new Error(`Cannot enrol: ${answer?.body}`)
  const { agent, log } = JSON.parse(answer.body) as EnrolmentAnswer
  const { id, kid } = log
  return { agent, log: { id, kid, key: publicKey(log.publicKey), keys: [log.publicKey] } }
}
