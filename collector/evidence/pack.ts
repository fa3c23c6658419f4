import { deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * How a message is kept: one byte for the format, its signature, then raw DEFLATE of header,
 * newline and payload. Format 2 has the text of an earlier message of the same agent as dictionary:
 * what repeats from batch to batch costs nothing.
 */
const formats = { alone: 1, based: 2 } as const
const signatureBytes = 64
/** Messages are small: DEFLATE with less working memory packs them as well in half the time. */
const effort = { level: 6, windowBits: 14, memLevel: 6, chunkSize: 1024 }
/** Room for one piece of the answer: what Node gives unasked costs more than the inflating. */
const room = { chunkSize: 4096 }

/** A message may be longer than this and is then no good base; DEFLATE looks back 32 KiB. */
export const baseBytesMax = 8 * 1024

/** The part of a message that later ones are packed against: header, newline, payload. */
export function packedText(jws: string): Buffer {
  const [header, payload] = jws.split('.').map((part) => Buffer.from(part, 'base64url'))
  return Buffer.concat([header!, Buffer.from('\n'), payload!])
}

/** The same part of a message that was packed alone. */
export function textPackedAlone(packed: Buffer): Buffer {
  return inflateRawSync(packed.subarray(1 + signatureBytes), room)
}

/** Packs a compact JWS for storage, byte for byte recoverable. */
export function packJws(jws: string, base: Buffer | null = null): Buffer {
  const signature = Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url')
  const format = base ? formats.based : formats.alone
  const body = deflateRawSync(packedText(jws), base ? { ...effort, dictionary: base } : effort)
  return Buffer.concat([Buffer.of(format), signature, body])
}

/**
 * The compact JWS that was packed, with the base it was packed against. Throws when the format is
 * unknown or the base is not the right one.
 */
export function unpackJws(packed: Buffer, base: Buffer | null = null): string {
  const format = packed[0]
  const fits = format === (base ? formats.based : formats.alone)
  if (!fits) throw new Error(`A stored message of format ${format} does not fit its base.`)
  const signature = packed.subarray(1, 1 + signatureBytes)
  const deflated = packed.subarray(1 + signatureBytes)
  const body = inflateRawSync(deflated, base ? { ...room, dictionary: base } : room)
  const end = body.indexOf('\n')
  const parts = [body.subarray(0, end), body.subarray(end + 1), signature]
  return parts.map((part) => part.toString('base64url')).join('.')
}
