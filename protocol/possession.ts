import { type KeyObject, sign, verify } from 'node:crypto'
import { type PublicKeyText, publicKey, sha256 } from './jws.ts'

/** What a new key signs to prove that the agent has it: of no use for another agent or act. */
function possessionText(act: 'rotation' | 'rejoin', agent: string, newKey: PublicKeyText): string {
  return `istimrar ${act} ${agent} ${newKey}`
}

/** The new key's signature over what it is for, base64url. */
export function provePossession(
  act: 'rotation' | 'rejoin',
  agent: string,
  newKey: PublicKeyText,
  key: KeyObject,
): string {
  return sign(null, Buffer.from(possessionText(act, agent, newKey)), key).toString('base64url')
}

/** Whether the new key signed for this agent and act. Throws JwsError when it is no key. */
export function isPossessed(
  act: 'rotation' | 'rejoin',
  agent: string,
  newKey: PublicKeyText,
  possession: string,
): boolean {
  const text = Buffer.from(possessionText(act, agent, newKey))
  return verify(null, text, publicKey(newKey), Buffer.from(possession, 'base64url'))
}

/**
 * What two people read to each other before a quarantined agent is let in again: the first 48 bits
 * of the new key's SHA-256, as `1f3a-09bc-77d2`.
 */
export function rejoinCode(newKey: PublicKeyText): string {
  return sha256(newKey)
    .slice(0, 12)
    .replace(/(.{4})(?=.)/g, '$1-')
}
