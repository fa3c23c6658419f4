import type { EpochMs } from '../../protocol/time.ts'
import { leafOf } from '../evidence/leaf.ts'
import type { Admitted, CursorRow, MessageRow } from '../store/store.ts'
import { anchorOf, type Dating, datingOf, withAnchor } from './clock.ts'
import type { Message } from './message.ts'
import { afterLoss, type Projection, project } from './project.ts'
import type { Member } from './roster.ts'
import { placeOf } from './stream.ts'

/** What an accepted message becomes: rows to store, and the agent as it is afterwards. */
export type Admission = { readonly rows: Admitted; readonly after: Member }

/** A message that carries evidence. */
export type EvidenceMessage = Extract<Message, { type: 'batch' | 'gap' }>

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
  const lastBatchAt = member.contact?.lastBatchAt ?? null
  const contact = {
    lastReportAt: received,
    lastBatchAt,
    version,
    spooledMessages: spool.messages,
  }
  return {
    rows: { agent: member.agent, contact, anchor, evidence: null },
    after: { ...member, contact, anchors: withAnchor(member.anchors, anchor) },
  }
}

/** The next batch of a stream. Throws AppError `schema` when it contradicts itself. */
export function admitEvidence(
  member: Member,
  message: EvidenceMessage,
  received: EpochMs,
  newCheckNumber: () => number,
): Admission {
  return message.type === 'batch'
    ? admitBatch(member, message, received, newCheckNumber)
    : admitGap(member, message, received)
}

function admitBatch(
  member: Member,
  message: Extract<Message, { type: 'batch' }>,
  received: EpochMs,
  newCheckNumber: () => number,
): Admission {
  const { agent, checks, anchors, cursor } = member
  const batch = message.content
  const dating = datingOf(anchors, batch.boot, batch.sealed, received)
  const stream = { agent, definitions: cursor.definitions, checks }
  const projection = project(stream, batch, dating, newCheckNumber)
  const row = messageRow(message, batch.seq, received)
  const next = { ...nextCursor(row, message.hash), definitions: projection.definitions }
  return admission(member, row, next, dating, projection)
}

function admitGap(
  member: Member,
  message: Extract<Message, { type: 'gap' }>,
  received: EpochMs,
): Admission {
  const { through, lastDropped } = message.content
  const row = messageRow(message, through, received)
  const { definitions } = member.cursor
  const next = { ...nextCursor(row, lastDropped ?? message.hash), definitions }
  const checks = afterLoss(member.checks)
  const nothing = { definitions, checks, spans: [], facts: [], dirtyDays: [] }
  return admission(member, row, next, null, nothing)
}

function messageRow(
  { type, content, hash, jws }: EvidenceMessage,
  through: number,
  received: EpochMs,
): MessageRow {
  const { epoch, seq } = content
  return { type, epoch, seq, through, sha256: hash, received, jws }
}

function nextCursor({ epoch, through }: MessageRow, prev: string): Omit<CursorRow, 'definitions'> {
  return { epoch, seq: through + 1, prev }
}

function admission(
  member: Member,
  message: MessageRow,
  cursor: CursorRow,
  dating: Dating | null,
  { checks, spans, facts, dirtyDays }: Projection,
): Admission {
  const { agent } = member
  const { type, epoch, seq, through, sha256, received } = message
  const leaf = leafOf(agent.institution, {
    kind: type,
    agent: agent.agent,
    epoch,
    seq,
    through,
    sha256,
    received,
    ...(dating && { timeClass: dating.timeClass, offset: dating.offsetMs }),
  })
  const contact = {
    version: null,
    spooledMessages: 0,
    ...member.contact,
    lastReportAt: received,
    lastBatchAt: received,
  }
  const evidence = { message, leaf, cursor, checks, spans, facts, dirtyDays }
  const names = checks.map((check) => [check.name.slice(agent.name.length + 1), check] as const)
  return {
    rows: { agent, contact, anchor: null, evidence },
    after: { ...member, contact, cursor, checks: new Map([...member.checks, ...names]) },
  }
}
