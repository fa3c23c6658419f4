import type { Observation, Reason } from '../../protocol/check.ts'

/**
 * The network's refusals in the words of the protocol: codes of libuv, getaddrinfo, c-ares (the
 * name server's answers) and OpenSSL. A code that is missing here means that this host could not
 * look (no file handles, no memory), which says nothing about the target.
 */
const reasonsByCode: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  ['ETIMEDOUT', 'timeout'],
  ['ETIMEOUT', 'timeout'],
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['ENOTFOUND', 'name_not_found'],
  ['ENODATA', 'name_not_found'],
  ['EAI_NODATA', 'name_not_found'],
  ['EAI_AGAIN', 'name_server_failed'],
  ['EAI_FAIL', 'name_server_failed'],
  ['ESERVFAIL', 'name_server_failed'],
  ['EREFUSED', 'name_server_failed'],
  ['ENOTIMP', 'name_server_failed'],
  ['EFORMERR', 'unexpected_answer'],
  ['EBADRESP', 'unexpected_answer'],
  ['EPROTO', 'tls_handshake_failed'],
  // Where a certificate is not only judged but must be good.
  ['CERT_HAS_EXPIRED', 'certificate_expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate_name_mismatch'],
  ...[
    'CERT_CHAIN_TOO_LONG',
    'CERT_NOT_YET_VALID',
    'CERT_REJECTED',
    'CERT_REVOKED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_UNTRUSTED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ].map((code): [string, Reason] => [code, 'certificate_untrusted']),
])

/** The reason that a network error stands for; null when the error is about this host or a bug. */
export function networkReason(error: unknown): Reason | null {
  const code = codeOf(error)
  if (code.startsWith('HPE_')) return 'http_protocol_error'
  if (/^ERR_(SSL|OSSL)_/.test(code)) return 'tls_handshake_failed'
  return reasonsByCode.get(code) ?? null
}

/**
 * Turns what ended a look into an observation: the signal's end is a timeout, a refusal of the
 * network its reason. Anything else is thrown on: nothing was observed.
 */
export function down(error: unknown, signal: AbortSignal): Observation {
  if (signal.aborted) return { state: 'down', reason: 'timeout' }
  const reason = networkReason(error)
  if (reason === null) throw error
  return { state: 'down', reason }
}

/** The code Node gives an error, or an empty text. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
