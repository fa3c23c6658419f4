import { type Static, Type } from 'typebox'
import { Milliseconds, PublicKey } from './schema.ts'

/**
 * The collector's log key changes: a JWS signed by the old key. The chain of them leads from the
 * key that an agent pinned to the one in use. `GET /v1/log-keys` answers `{keys: [jws, …]}`.
 */
export const LogKeyChange = Type.Object(
  { v: Type.Literal(1), publicKey: PublicKey, at: Milliseconds },
  { additionalProperties: false },
)
export type LogKeyChange = Static<typeof LogKeyChange>
