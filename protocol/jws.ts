import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { parseJson } from './json.ts'

/** Media types of signed messages: the `typ` of the JWS header. */
export const messageTypes = {
  batch: 'istimrar-batch+jws',
  gap: 'istimrar-gap+jws',
  heartbeat: 'istimrar-heartbeat+jws',
  cursor: 'istimrar-cursor+jws',
  enrolment: 'istimrar-enrolment+jws',
  receipt: 'istimrar-receipt+jws',
  rotation: 'istimrar-rotation+jws',
  rejoin: 'istimrar-rejoin+jws',
  logKey: 'istimrar-log-key+jws',
  manifest: 'istimrar-manifest+jws',
} as const
export type MessageType = (typeof messageTypes)[keyof typeof messageTypes]

/** A message read but not yet believed: `payload` counts only after `verifyJws`. */
export type Jws = {
  readonly kid: string
  readonly typ: string
  readonly payload: Uint8Array
  readonly signingInput: Uint8Array
  readonly signature: Uint8Array
}

/** A text that is no compact JWS of this protocol; says nothing about who sent it. */
export class JwsError extends Error {
  override readonly name = 'JwsError'
}

/** Raw Ed25519 public key, base64url: the `x` of RFC 8037. */
export type PublicKeyText = string

/** A new Ed25519 key pair: private key as PKCS 8 PEM, public key as base64url. */
export function generateKey(): { privatePem: string; publicKey: PublicKeyText } {
  // As texts: on Node 20 a collection of garbage while a generated key object is exported hangs.
  const { privateKey: privatePem } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { privatePem, publicKey: publicKeyText(privateKey(privatePem)) }
}

/** Reads a private key from PKCS 8 PEM. Throws when it is none. */
export function privateKey(pem: string): KeyObject {
  return createPrivateKey(pem)
}

/** The public key of a private or public key object, base64url. */
export function publicKeyText(key: KeyObject): PublicKeyText {
  const { x } = key.export({ format: 'jwk' })
  if (x === undefined) throw new JwsError('The key is not an Ed25519 key.')
  return x
}

/** Makes a key object of a base64url public key. Throws JwsError when it is none. */
export function publicKey(text: PublicKeyText): KeyObject {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' })
  } catch (cause) {
    throw new JwsError('The text is not an Ed25519 public key.', { cause })
  }
}

/** RFC 7638 thumbprint of an Ed25519 public key, base64url: the `kid` of every message. */
export function thumbprint(key: PublicKeyText): string {
  const canonical = `{"crv":"Ed25519","kty":"OKP","x":"${key}"}`
  return createHash('sha256').update(canonical).digest('base64url')
}

/** SHA-256 as lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** `prev` of an epoch's first message. */
export const noPrevious = '0'.repeat(64)

/** Signs a payload: a compact JWS (RFC 7515) with `alg` Ed25519 (RFC 9864). */
export function signJws(typ: MessageType, payload: object, key: KeyObject, kid: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'Ed25519', kid, typ })).toString('base64url')
  const input = `${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
}

/** Reads a compact JWS without believing it. Throws JwsError, or JsonError for its header. */
export function parseJws(compact: string): Jws {
  const parts = compact.split('.')
  const [header, payload, signature] = parts
  if (parts.length !== 3 || !header || !payload || !signature) {
    throw new JwsError('A compact JWS has three parts.')
  }
  const { alg, kid, typ, ...rest } = parseJson(decode(header)) as Record<string, unknown>
  if (alg !== 'Ed25519') throw new JwsError('The algorithm is not Ed25519.')
  if (typeof kid !== 'string' || typeof typ !== 'string' || Object.keys(rest).length > 0) {
    throw new JwsError('The header holds exactly alg, kid and typ.')
  }
  return {
    kid,
    typ,
    payload: decode(payload),
    signingInput: Buffer.from(compact.slice(0, compact.lastIndexOf('.'))),
    signature: decode(signature),
  }
}

/** Whether the signature is the key's own over exactly these bytes. */
export function verifyJws(jws: Jws, key: KeyObject): boolean {
  return jws.signature.length === 64 && verify(null, jws.signingInput, key, jws.signature)
}

/** Base64url without padding, one spelling only: a second spelling would be a second hash. */
function decode(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw new JwsError('A part is not base64url.')
  return bytes
}
