import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Format of a stored message: 1 = raw DEFLATE of header, newline, payload; then the signature. */
const format = 1
const signatureBytes = 64

/** Packs a compact JWS for storage: base64url undone and compressed, byte for byte recoverable. */
export function packJws(jws: string): Buffer {
  const [header, payload, signature] = jws.split('.').map((part) => Buffer.from(part, 'base64url'))
  const body = Buffer.concat([header!, Buffer.from('\n'), payload!])
  return Buffer.concat([Buffer.of(format), signature!, deflateRawSync(body, { level: 9 })])
}

/** The compact JWS that was packed. Throws when the format is unknown. */
export function unpackJws(packed: Buffer): string {
  if (packed[0] !== format) throw new Error(`Unknown format ${packed[0]} of a stored message.`)
  const signature = packed.subarray(1, 1 + signatureBytes)
  const body = inflateRawSync(packed.subarray(1 + signatureBytes))
  const end = body.indexOf('\n')
  const parts = [body.subarray(0, end), body.subarray(end + 1), signature]
  return parts.map((part) => part.toString('base64url')).join('.')
}
