import { type Static, Type } from 'typebox'
import { Id, PublicKey, Sequence, Thumbprint } from './schema.ts'

const closed = { additionalProperties: false } as const

/** One-time secret that lets one host (or a capped number) join: 256 bits, base64url. */
export const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** Asks to join; signed with the key it carries, which proves possession of the private half. */
export const EnrolmentRequest = Type.Object(
  { v: Type.Literal(1), token: Token, name: Id, publicKey: PublicKey },
  closed,
)
export type EnrolmentRequest = Static<typeof EnrolmentRequest>

/** What an enrolled agent must keep. The same token and key again get the same answer. */
export const EnrolmentAnswer = Type.Object(
  {
    v: Type.Literal(1),
    agent: Id,
    institution: Id,
    environment: Id,
    epoch: Sequence,
    log: Type.Object({ id: Id, publicKey: PublicKey, kid: Thumbprint }, closed),
  },
  closed,
)
export type EnrolmentAnswer = Static<typeof EnrolmentAnswer>
