import { thumbprint } from '../../protocol/jws.ts'
import { isPossessed } from '../../protocol/possession.ts'
import type { Rotation } from '../../protocol/rotation.ts'
import type { EpochMs } from '../../protocol/time.ts'
import { AppError } from '../error.ts'
import { messageLeaf } from '../evidence/leaf.ts'
import type { MessageRow } from '../store/logs.ts'
import type { Admitted, CursorRow } from '../store/store.ts'
import { anchorOf, type Dating, datingOf, withAnchor } from './clock.ts'
import type { Message } from './message.ts'
import { afterLoss, ownName, type Projection, project } from './project.ts'
import type { Member } from './roster.ts'
import { type Seen, sightOf } from './sight.ts'
import { placeOf } from './stream.ts'

/** What an accepted message becomes: rows to store, and the agent as it is afterwards. */
export type Admission = { readonly rows: Admitted; readonly after: Member }

/** A message of an agent's stream. */
export type EvidenceMessage = Extract<Message, { type: 'batch' | 'gap' | 'rotation' }>

/** Whether the message is the stream's next or was seen before. Throws as `placeOf`. */
export function placeInStream(member: Member, { type, content }: EvidenceMessage): 'next' | 'seen' {
  const { epoch, seq, prev } = content
  const restarts = type === 'gap' && content.why === 'spool_lost'
  return placeOf(member.cursor, { epoch, seq, prev, restarts })
}

/** A heartbeat: the agent is alive, and its clock has an anchor. */
export function admitHeartbeat(
  member: Member,
  message: Extract<Message, { type: 'heartbeat' }>,
  received: EpochMs,
): Admission {
  const { boot, at, version, spool } = message.content
  const anchor = anchorOf(member.anchors, boot, at, received)
  const anchors = withAnchor(member.anchors, anchor)
  const isKnown = member.anchors.some((each) => each.boot === boot && each.bucket === anchor.bucket)
  const lastBatchAt = member.contact?.lastBatchAt ?? null
  const contact = {
    lastReportAt: received,
    lastBatchAt,
    version,
    spooledMessages: spool.messages,
  }
  return {
    rows: { agent: member.agent, contact, anchor, evidence: null, ...(!isKnown && { anchors }) },
    after: { ...member, contact, anchors },
  }
}

/**
 * The next message of a stream. `recorded` is how it was dated, where that was decided before: when
 * the record is folded again. Throws AppError `schema` when it contradicts itself.
 */
export function admitEvidence(
  member: Member,
  message: EvidenceMessage,
  received: EpochMs,
  newCheckNumber: () => number,
  recorded: Dating | null = null,
): Admission {
  if (message.type === 'gap') return admitGap(member, message, received)
  if (message.type === 'rotation') return admitRotation(member, message, received)
  return admitBatch(member, message, received, newCheckNumber, recorded)
}

function admitBatch(
  member: Member,
  message: Extract<Message, { type: 'batch' }>,
  received: EpochMs,
  newCheckNumber: () => number,
  recorded: Dating | null,
): Admission {
  const { agent, checks, anchors, cursor, definitionsHash } = member
  const batch = message.content
  const dating = recorded ?? datingOf(anchors, batch.boot, batch.sealed, received)
  const stream = { agent, definitions: cursor.definitions, definitionsHash, checks }
  const projection = project(stream, batch, dating, newCheckNumber)
  const row = messageRow(message, batch.seq, received, dating)
  const next = { ...nextCursor(row, message.hash), definitions: projection.definitions }
  return admission(member, row, next, projection, sightOf(checks, batch, dating, received))
}

function admitGap(
  member: Member,
  message: Extract<Message, { type: 'gap' }>,
  received: EpochMs,
): Admission {
  const { through, lastDropped } = message.content
  const row = messageRow(message, through, received, null)
  const { definitions } = member.cursor
  const next = { ...nextCursor(row, lastDropped ?? message.hash), definitions }
  const checks = afterLoss(member.checks)
  const after = new Map(checks.map((check) => [ownName(check), check]))
  return admission(member, row, next, { ...nothingOf(member), checks, after })
}

/** A new key takes over after this message; the one before stays good for all up to it. */
function admitRotation(
  member: Member,
  message: Extract<Message, { type: 'rotation' }>,
  received: EpochMs,
): Admission {
  const { epoch, seq, publicKey } = message.content
  requirePossession(message.content)
  const { agent, kid, publicKey: before } = member.agent
  const retired = { kid, agent, publicKey: before, throughEpoch: epoch, throughSeq: seq }
  const renewed = { ...member.agent, kid: thumbprint(publicKey), publicKey }
  const row = messageRow(message, seq, received, null)
  const { definitions } = member.cursor
  const next = { ...nextCursor(row, message.hash), definitions }
  const { rows, after } = admission(member, row, next, nothingOf(member))
  const evidence = { ...rows.evidence!, rotation: { agent: renewed, retired } }
  return { rows: { ...rows, evidence }, after: { ...after, agent: renewed } }
}

function requirePossession({ agent, publicKey, possession }: Rotation): void {
  if (isProved('rotation', agent, publicKey, possession)) return
  throw new AppError('schema', 'The message does not prove that the agent has the new key.')
}

/** Whether the new key signed for this agent and act; what is no key did not. */
export function isProved(...proof: Parameters<typeof isPossessed>): boolean {
  try {
    return isPossessed(...proof)
  } catch {
    return false
  }
}

function messageRow(
  { type, content, hash, jws }: EvidenceMessage,
  through: number,
  received: EpochMs,
  dating: Dating | null,
): MessageRow {
  const { epoch, seq } = content
  return { type, epoch, seq, through, sha256: hash, received, dating, jws }
}

function nextCursor({ epoch, through }: MessageRow, prev: string): Omit<CursorRow, 'definitions'> {
  return { epoch, seq: through + 1, prev }
}

/** What a message that is no batch adds to the timelines. */
function nothingOf({ cursor, definitionsHash, checks: after }: Member): Projection {
  const { definitions } = cursor
  const none = { checks: [], grown: [], spans: [], facts: [], dirtyDays: [] }
  return { definitions, definitionsHash, after, ...none }
}

function admission(
  member: Member,
  message: MessageRow,
  cursor: CursorRow,
  { definitions, definitionsHash, after: checksAfter, ...news }: Projection,
  seen: Seen | null = null,
): Admission {
  const { agent } = member
  const { received } = message
  const leaf = messageLeaf(agent.institution, agent.agent, message)
  const contact = {
    version: null,
    spooledMessages: 0,
    ...member.contact,
    lastReportAt: received,
    lastBatchAt: received,
  }
  const { checks, grown, spans, facts } = news
  const dirtyDays = seen
    ? [...new Set([...news.dirtyDays, ...seen.dirtyDays])].sort((a, b) => a - b)
    : news.dirtyDays
  const isDefined = definitions !== member.cursor.definitions
  const evidence = {
    ...{ message, leaf, cursor, checks, grown, spans, facts, dirtyDays },
    ...(isDefined && { definitions }),
    ...(seen && { sight: seen.sight }),
  }
  return {
    rows: { agent, contact, anchor: null, evidence },
    after: { ...member, contact, cursor, definitionsHash, checks: checksAfter },
  }
}
