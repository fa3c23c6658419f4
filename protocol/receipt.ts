import { type Static, Type } from 'typebox'
import { Count, Id, Milliseconds, Sequence, Sha256 } from './schema.ts'

/** The collector's signed word that a message is on disk, in the log and in the KPI's source. */
export const Receipt = Type.Object(
  {
    v: Type.Literal(1),
    log: Id,
    agent: Id,
    epoch: Sequence,
    seq: Sequence,
    batch: Sha256,
    leaf: Count,
    leafHash: Sha256,
    received: Milliseconds,
    now: Milliseconds,
    checkpoint: Type.Optional(Type.String({ maxLength: 1_000 })),
  },
  { additionalProperties: false },
)
export type Receipt = Static<typeof Receipt>
