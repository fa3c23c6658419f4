import { type Static, Type } from 'typebox'
import { Id, PublicKey, Signature } from './schema.ts'

/**
 * A quarantined agent asks to go on with a new key; signed with the key it has, `possession` with
 * the new one. An admin compares `rejoinCode` with what the agent's host shows.
 */
export const RejoinRequest = Type.Object(
  { v: Type.Literal(1), agent: Id, publicKey: PublicKey, possession: Signature },
  { additionalProperties: false },
)
export type RejoinRequest = Static<typeof RejoinRequest>
