import { type Static, Type } from 'typebox'
import { BootId, Id, Sequence, Sha256, SpanSchema } from './schema.ts'

/**
 * A loss, declared and signed by who lost it: stands in the place of messages `seq` to `through`.
 * The next message's `prev` is `lastDropped`, or this message's own hash where that is null.
 */
export const Gap = Type.Object(
  {
    v: Type.Literal(1),
    agent: Id,
    epoch: Sequence,
    seq: Sequence,
    through: Sequence,
    prev: Sha256,
    lastDropped: Type.Union([Sha256, Type.Null()]),
    boot: BootId,
    window: SpanSchema,
    why: Type.Enum(['spool_full', 'spool_old', 'spool_lost', 'refused']),
  },
  { additionalProperties: false },
)
export type Gap = Static<typeof Gap>
