import { Type } from 'typebox'

/** The building blocks that all messages share. */

/** Ids of agents, checks, institutions, environments. */
export const idPattern = '^[a-z0-9][a-z0-9-]{0,62}$'
export const Id = Type.String({ pattern: idPattern })

/** SHA-256, lower-case hexadecimal. */
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** Names one run of the host's kernel. */
export const BootId = Type.String({ pattern: '^[0-9a-f-]{8,64}$' })

export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const Sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** Boot milliseconds and epoch milliseconds look alike on the wire; the field says which. */
export const Milliseconds = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

export const SpanSchema = Type.Object(
  { from: Milliseconds, to: Milliseconds },
  { additionalProperties: false },
)

/** The same moment on two clocks of the host. */
export const ClockReading = Type.Object(
  { wall: Milliseconds, boot: Milliseconds },
  { additionalProperties: false },
)

/** Raw Ed25519 public key, base64url. */
export const PublicKey = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** Ed25519 signature, base64url. */
export const Signature = Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' })

/** RFC 7638 thumbprint, base64url. */
export const Thumbprint = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** Text for people: no control, format, private-use or surrogate characters. */
export function displayText(charactersMax: number) {
  return Type.String({
    minLength: 1,
    maxLength: charactersMax,
    pattern: '^[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]+$',
  })
}
