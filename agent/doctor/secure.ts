import { isIP, type Socket } from 'node:net'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { EpochMs } from '../../protocol/time.ts'
import { ready } from '../probes/connection.ts'
import { codeOf } from '../probes/network-error.ts'
import { endpointOf } from '../targets.ts'
import { strictTls } from '../transport.ts'
import { type Detail, Faulty } from './finding.ts'

/** What is wrong with a certificate, left for the clock to be judged first. */
export type Secured = { readonly socket: TLSSocket; readonly dates: DateFault | null }
type DateFault = {
  readonly fault: 'tls_expired' | 'tls_not_yet'
  readonly detail: Detail
  /** Whether it would count at another time. */
  readonly countsAt: (at: EpochMs) => boolean
}

/**
 * Speaks TLS over a connection and says what is wrong with the certificate. The handshake is let
 * through only so that the certificate can be described; nothing secret is sent. Throws Faulty.
 */
export async function secure(
  over: Socket,
  url: URL,
  { now, signal }: { now: EpochMs; signal: AbortSignal },
): Promise<Secured> {
  const { connect } = await import('node:tls')
  const { host: name } = endpointOf(url)
  const socket = connect({
    ...{ socket: over, servername: isIP(name) ? '' : name, minVersion: strictTls.minVersion },
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  try {
    await ready(socket, 'secureConnect', signal)
  } catch (error) {
    socket.destroy()
    throw handshakeFault(error, signal)
  }
  try {
    return { socket, dates: judge(socket, name, now) }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

function handshakeFault(error: unknown, signal: AbortSignal): Faulty {
  if (signal.aborted) return new Faulty('tls_silent')
  const { message } = error as Error // of OpenSSL or of the socket
  if (/unsupported protocol|protocol version|unsupported_protocol/i.test(message)) {
    return new Faulty('tls_old')
  }
  if (/wrong version number|packet length too long|record layer/i.test(message)) {
    return new Faulty('tls_none')
  }
  if (['ECONNRESET', 'EPIPE'].includes(codeOf(error))) return new Faulty('tls_cut')
  return new Faulty('tls_failed', { why: codeOf(error) || 'TLS' })
}

/** Codes of OpenSSL that only say when a certificate counts: that is judged below. */
const dateCodes: readonly unknown[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

function judge(socket: TLSSocket, name: string, now: EpochMs): DateFault | null {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) throw new Faulty('tls_none')
  const matches = isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)
  if (!matches) {
    const names = certificate.subjectAltName?.replace(/(DNS|IP Address):/g, '') ?? '-'
    throw new Faulty('tls_name', { name, names: names.slice(0, 200) })
  }
  const { validFromDate: from, validToDate: to } = certificate
  // Both dates are about the same chain: of an untrusted one they do not matter.
  const code: unknown = socket.authorizationError
  if (code && !dateCodes.includes(code)) {
    throw new Faulty('tls_untrusted', { issuer: issuerOf(socket), why: String(code) })
  }
  const countsAt = (at: EpochMs) => from.getTime() <= at && at < to.getTime()
  if (from.getTime() > now) {
    return { fault: 'tls_not_yet', detail: { from: from.toISOString() }, countsAt }
  }
  // Or that of an authority between.
  if (to.getTime() <= now || code) {
    return { fault: 'tls_expired', detail: { to: to.toISOString() }, countsAt }
  }
  return null
}

/** Who signed the last certificate shown: a proxy that looks into TLS names itself there. */
function issuerOf(socket: TLSSocket): string {
  let last: DetailedPeerCertificate = socket.getPeerCertificate(true)
  const seen = new Set<unknown>()
  while (last.issuerCertificate && !seen.has(last.fingerprint256)) {
    seen.add(last.fingerprint256)
    last = last.issuerCertificate
  }
  const { O: organisation, CN: name } = last.issuer ?? {}
  const parts = [organisation, name].flat().filter((part) => part !== undefined)
  return (
    parts
      .join(', ')
      .replace(/[^\P{C}]/gu, ' ')
      .slice(0, 200) || '-'
  )
}
