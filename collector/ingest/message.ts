import type { KeyObject } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { Batch } from '../../protocol/batch.ts'
import { Gap } from '../../protocol/gap.ts'
import { CursorQuestion, Heartbeat } from '../../protocol/heartbeat.ts'
import { JsonError, parseJson } from '../../protocol/json.ts'
import {
  type Jws,
  type MessageType,
  messageTypes,
  parseJws,
  sha256,
  verifyJws,
} from '../../protocol/jws.ts'
import { RejoinRequest } from '../../protocol/rejoin.ts'
import { Rotation } from '../../protocol/rotation.ts'
import { AppError } from '../error.ts'
import type { AgentRow, RetiredKey } from '../store/store.ts'

/** Of every message: the key that signed it, its bytes, and their SHA-256. */
type Signed = { readonly kid: string; readonly jws: string; readonly hash: string }

/** A message whose sender is proved and whose content fits its schema. */
export type Message = Signed &
  (
    | { readonly type: 'batch'; readonly content: Batch }
    | { readonly type: 'gap'; readonly content: Gap }
    | { readonly type: 'rotation'; readonly content: Rotation }
    | { readonly type: 'heartbeat'; readonly content: Heartbeat }
    | { readonly type: 'cursor'; readonly content: CursorQuestion }
    | { readonly type: 'rejoin'; readonly content: RejoinRequest }
  )

/** A key as it stands: `retired` tells how far it was good where it is not in use any more. */
export type KnownKey = {
  readonly agent: AgentRow
  readonly key: KeyObject
  readonly retired?: RetiredKey | null
}

/** Whose key a message names, if it is one of ours. */
export type KeyRing = {
  find(kid: string): KnownKey | null
  /** A key to check strangers' signatures with, so that they wait as long as agents do. */
  readonly decoy: KeyObject
}

const schemas = {
  [messageTypes.batch]: Compile(Batch),
  [messageTypes.gap]: Compile(Gap),
  [messageTypes.rotation]: Compile(Rotation),
  [messageTypes.heartbeat]: Compile(Heartbeat),
  [messageTypes.cursor]: Compile(CursorQuestion),
  [messageTypes.rejoin]: Compile(RejoinRequest),
}

const streamSchemas = [messageTypes.batch, messageTypes.gap, messageTypes.rotation].map(
  (typ) => [typ, schemas[typ]] as const,
)

/** The one answer to everybody who cannot prove who they are. */
export function unauthenticated(cause?: unknown): AppError {
  return new AppError('auth', 'The message is not signed by an enrolled agent.', { cause })
}

/**
 * Reads a message: identity, signature, schema, in this order. Throws AppError: `auth` for anyone
 * who is not an agent of ours in good standing, `pending` for one that nobody approved yet, then
 * `encoding`, `syntax`, `duplicate_key`, `depth` or `schema`.
 */
export function readMessage(
  body: Buffer,
  allowed: readonly MessageType[],
  keys: KeyRing,
): { agent: AgentRow; message: Message } {
  const compact = body.toString('latin1')
  const jws = readJws(compact)
  const sender = keys.find(jws.kid)
  const signed = verifyJws(jws, sender?.key ?? keys.decoy)
  if (!sender || sender.agent.status === 'revoked' || !signed) throw unauthenticated()
  if (sender.retired && !wasInTime(jws, sender.retired)) throw unauthenticated()
  requireApproved(sender.agent)
  const typ = allowed.find((each) => each === jws.typ)
  if (!typ || !(typ in schemas)) {
    throw new AppError('schema', `This address takes: ${allowed.join(', ')}.`)
  }
  const content = parse(jws.payload)
  requireSchema(content, schemas[typ as keyof typeof schemas])
  if ((content as Heartbeat).agent !== sender.agent.agent) throw unauthenticated()
  const type = (Object.keys(messageTypes) as (keyof typeof messageTypes)[]).find(
    (name) => messageTypes[name] === typ,
  )
  const message = { type, content, kid: jws.kid, jws: compact, hash: sha256(body) } as Message
  return { agent: sender.agent, message }
}

/** Throws AppError `pending` for an agent that an admin has not approved yet. */
export function requireApproved({ status }: AgentRow): void {
  if (status === 'pending') throw new AppError('pending', approvalWaits)
}

/** What an agent hears until an admin approves it. */
export const approvalWaits = 'An admin must approve this agent first.'

/** Whether a key that was retired could sign this: a message of the stream from its time. */
function wasInTime({ typ, payload }: Jws, { throughEpoch, throughSeq }: RetiredKey): boolean {
  const schema = streamSchemas.find(([name]) => name === typ)?.[1]
  if (!schema) return false
  try {
    const content = parseJson(payload)
    if (!schema.Check(content)) return false
    const { epoch, seq } = content as Batch | Gap | Rotation
    return epoch < throughEpoch || (epoch === throughEpoch && seq <= throughSeq)
  } catch {
    return false
  }
}

/** Reads a compact JWS; whatever is wrong with it, the sender is simply not known. */
export function readJws(compact: string): Jws {
  try {
    return parseJws(compact)
  } catch (cause) {
    throw unauthenticated(cause)
  }
}

/** Parses signed bytes strictly. Throws AppError with the code of the JsonError. */
export function parse(payload: Uint8Array): unknown {
  try {
    return parseJson(payload)
  } catch (cause) {
    if (cause instanceof JsonError) throw new AppError(cause.code, cause.message, { cause })
    throw cause
  }
}

type AnyValidator = {
  Check(value: unknown): boolean
  Errors(value: unknown): readonly { readonly instancePath: string }[]
}

/** Throws AppError `schema` that names the first place where a value does not fit. */
export function requireSchema(value: unknown, validator: AnyValidator): void {
  if (validator.Check(value)) return
  const where = validator.Errors(value)[0]?.instancePath ?? ''
  // Only our own field names and positions may come back: what was sent is never repeated.
  const safe = /^(\/([a-zA-Z]{1,20}|\d{1,4})){0,6}$/.test(where) ? where : ''
  throw new AppError('schema', `The message does not fit its schema at ${safe || '/'}.`)
}
