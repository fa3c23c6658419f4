import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { type MessageType, publicKey, publicKeyText, signJws, thumbprint } from '../protocol/jws.ts'
import type { EpochMs } from '../protocol/time.ts'
import { errorTexts } from './cli/texts/errors.ts'
import { readIfThere, writeWhole } from './durable.ts'
import { AgentError } from './error.ts'
import { type Said, said } from './language.ts'
import type { PinnedLog } from './receipt.ts'

/** What the agent was told when it joined. Nothing in it is secret. */
export type Identity = {
  readonly agent: string
  readonly institution: string
  readonly environment: string
  readonly name: string
  readonly collector: string
  readonly enrolledAt: EpochMs
  /** The pinned log key: only receipts it signed count. */
  readonly log: {
    readonly id: string
    readonly publicKey: string
    readonly kid: string
    /** The keys before it, the first one first: checkpoints they signed still count. */
    readonly earlier?: readonly string[]
  }
}

/** Signs in the agent's name. */
export type Signer = { readonly kid: string; sign(typ: MessageType, payload: object): string }

const identityFile = 'identity.json'

/** The identity kept in a folder; null before enrolment. */
export function readIdentity(dir: string): Identity | null {
  const text = readIfThere(join(dir, identityFile))
  return text === null ? null : (JSON.parse(text) as Identity) // written by writeIdentity
}

/** Keeps the identity. Written last in an enrolment: whoever has it can run. */
export function writeIdentity(dir: string, identity: Identity): void {
  writeWhole(join(dir, identityFile), `${JSON.stringify(identity, null, 2)}\n`, 0o644)
}

/** Signs with a private key. */
export function signerOf(key: KeyObject): Signer {
  const kid = thumbprint(publicKeyText(key))
  return { kid, sign: (typ, payload) => signJws(typ, payload, key, kid) }
}

/** The log whose receipts count. */
export function pinnedLog({
  log: { id, kid, publicKey: text, earlier = [] },
}: Identity): PinnedLog {
  return { id, kid, key: publicKey(text), keys: [...earlier, text] }
}

/** The identity after the log's key changed, by a chain of keys from the pinned one to the new. */
export function withLogKey(identity: Identity, chain: readonly string[]): Identity {
  const { id, earlier = [], publicKey: before } = identity.log
  const keys = [...earlier, before, ...chain]
  const text = keys.at(-1) ?? before
  const log = { id, publicKey: text, kid: thumbprint(text), earlier: keys.slice(0, -1) }
  return { ...identity, log }
}

/** The sentence for whoever runs an agent that belongs to nobody yet. */
export function notEnrolled(dir: string): AgentError {
  return new AgentError('failed', said(errorTexts.notEnrolled, { dir }))
}

/** What agent.yaml says otherwise than was said at enrolment, a sentence each. */
export function differences(
  { name, collector }: Identity,
  config: { readonly name: string; readonly collector: string },
): Said[] {
  const found: Said[] = []
  if (config.name !== name) {
    found.push(said(errorTexts.otherName, { given: config.name, name }))
  }
  if (new URL(config.collector).href !== new URL(collector).href) {
    found.push(said(errorTexts.otherCollector, { given: config.collector, collector }))
  }
  return found
}
