import { hourMs, minuteMs, secondMs } from '../../protocol/time.ts'

/** Which provider says who somebody is, and who we are to it. */
export type OidcSettings = {
  /** As the provider names itself, e.g. `https://id.example.om/realms/gov`. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The claim by which accounts are known, e.g. `sub`. */
  readonly claim: string
  /** PEM of the authorities that may sign the provider's certificate; null for the usual ones. */
  readonly ca: string | null
}

/** Limits of signing in by a provider. */
export const oidcLimits = {
  /** From the board to the provider and back: whoever takes longer begins anew. */
  flowLifeMs: 10 * minuteMs,
  /** People on their way: in all, and from one address. The oldest gives way. */
  flowsMax: 10_000,
  flowsPerAddressMax: 200,
  /** What the provider says of itself is asked for again after this time. */
  discoveryLifeMs: hourMs,
  /** One answer of the provider. */
  timeoutMs: 10 * secondMs,
  answerBytesMax: 256 * 1024,
  /** Longer claims are refused. Unit: characters. */
  claimCharactersMax: 255,
  /** Longer addresses the provider sent somebody back with are refused. Unit: characters. */
  callbackCharactersMax: 8_192,
} as const

/** Why somebody was not let in. */
export const oidcReasons = [
  /** The provider cannot be reached, or says that it is out of order. */
  'unavailable',
  /** Nobody began here with this browser, it was used already, or it took too long. */
  'expired',
  /** The provider did not let the person through, or the person changed their mind. */
  'refused',
  /** What came back is not what the provider should say. */
  'invalid',
  /** The provider does not say the claim, or has not checked it. */
  'unproven',
  /** No account of the board is this person's. */
  'unknown',
] as const
export type OidcReason = (typeof oidcReasons)[number]

/** An expected failure of signing in. `hint` is for the log: a code, never what anybody sent. */
export class OidcFailure extends Error {
  override readonly name = 'OidcFailure'
  readonly reason: OidcReason
  readonly hint: string
  constructor(reason: OidcReason, hint: string, options?: ErrorOptions) {
    super(`Not signed in: ${reason} (${hint}).`, options)
    this.reason = reason
    this.hint = hint
  }
}
