import { type Static, Type } from 'typebox'
import { BootId, ClockReading, Id, PublicKey, Sequence, Sha256, Signature } from './schema.ts'

/**
 * A new key takes over, in the stream: this message and all before it verify with the old key, all
 * after it with the new one. `possession` is the new key's own signature over `possessionText`.
 */
export const Rotation = Type.Object(
  {
    v: Type.Literal(1),
    agent: Id,
    epoch: Sequence,
    seq: Sequence,
    prev: Sha256,
    boot: BootId,
    sealed: ClockReading,
    publicKey: PublicKey,
    possession: Signature,
  },
  { additionalProperties: false },
)
export type Rotation = Static<typeof Rotation>
