import { type Static, Type } from 'typebox'
import { BootId, ClockReading, Count, Id, Sequence } from './schema.ts'

const closed = { additionalProperties: false } as const

/** Alive, and what time the host has: an anchor for its clock, never evidence of up. */
export const Heartbeat = Type.Object(
  {
    v: Type.Literal(1),
    agent: Id,
    epoch: Sequence,
    boot: BootId,
    at: ClockReading,
    spool: Type.Object({ messages: Count, bytes: Count }, closed),
    version: Type.String({ pattern: '^[0-9A-Za-z.+-]{1,40}$' }),
  },
  closed,
)
export type Heartbeat = Static<typeof Heartbeat>

/** Asks where the collector stands, after the agent lost its own record of it. */
export const CursorQuestion = Type.Object(
  { v: Type.Literal(1), agent: Id, at: ClockReading, boot: BootId },
  closed,
)
export type CursorQuestion = Static<typeof CursorQuestion>

/** Where the collector stands: `seq` is the next it expects, `prev` what that must follow. */
export type CursorAnswer = { epoch: number; seq: number; prev: string }
