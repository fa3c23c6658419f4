import { isIP } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { Reason } from '../../protocol/check.ts'
import type { EpochMs } from '../../protocol/time.ts'

/** What a certificate is held against. */
export type Expectation = {
  /** The name or address it must be made out to. */
  readonly name: string
  /** `any`: its issuer does not matter, as where an institution issues its own. */
  readonly trust: 'system' | 'any'
  readonly now: EpochMs
}

/**
 * Options of a handshake that is to be judged and not refused: whoever issued the certificate and
 * however old the protocol, the handshake goes on, because a finding is no outage.
 */
export const judgedHandshake = {
  rejectUnauthorized: false,
  // The name is held against the certificate below, so that `authorized` speaks of the issuer only.
  checkServerIdentity: () => undefined,
  minVersion: 'TLSv1',
  // TLS 1.0 and 1.1 need what OpenSSL switches off at its own default level.
  ciphers: 'DEFAULT@SECLEVEL=0',
} as const

/**
 * The context of such a handshake, one for all looks of a check: making it takes a quarter of the
 * whole handshake's time, and its memory comes back only with a full collection of garbage.
 */
export function judgedContext(kept: Map<string, unknown>): SecureContext {
  const name = 'judged handshake'
  const { minVersion, ciphers } = judgedHandshake
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  const context = kept.get(name) ?? createSecureContext({ minVersion, ciphers })
  kept.set(name, context)
  return context as SecureContext // nobody else uses the name
}

/** The name to ask for (SNI): none for an address, which RFC 6066 forbids. */
export function askedName(name: string): string {
  return isIP(name) ? '' : name
}

/** Seconds until the server's own certificate ends; negative when it has ended. */
export function secondsLeft(socket: TLSSocket, now: EpochMs): number {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) throw new Error('The server showed no certificate.')
  return (certificate.validToDate.getTime() - now) / 1_000
}

/** Why a browser would refuse this certificate, or null. */
export function certificateFault(socket: TLSSocket, expected: Expectation): Reason | null {
  const { name, trust, now } = expected
  if (secondsLeft(socket, now) <= 0) return 'certificate_expired'
  if (trust === 'system' && !socket.authorized) return 'certificate_untrusted'
  const certificate = socket.getPeerX509Certificate()
  const matches = isIP(name) ? certificate?.checkIP(name) : certificate?.checkHost(name)
  return matches ? null : 'certificate_name_mismatch'
}
