import { createHmac, timingSafeEqual } from 'node:crypto'
import type { EpochMs } from '../../protocol/time.ts'

/** One-time passwords by time, RFC 6238 with SHA-1: what every authenticator app knows. */

/** A code holds so long, and one before and after is taken too: clocks differ. Unit: seconds. */
const stepSeconds = 30
const digits = 6

/** Length of a secret: that of SHA-1, RFC 4226 §4. Unit: bytes. */
export const totpSecretBytes = 20

/** The step of an instant. */
export function totpStep(at: EpochMs): number {
  return Math.floor(at / 1000 / stepSeconds)
}

/** The code of a step, RFC 4226 §5.3. */
export function totpCode(secret: Buffer, step: number, digitsWanted = digits): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const number = hash.readUInt32BE(hash.at(-1)! & 0xf) & 0x7fff_ffff
  return String(number % 10 ** digitsWanted).padStart(digitsWanted, '0')
}

/** The step whose code it is, of those that are taken at an instant; null for a wrong code. */
export function matchingStep(secret: Buffer, code: string, at: EpochMs): number | null {
  const given = Buffer.from(code)
  let found: number | null = null
  // All of them are looked at, so that the time tells nothing.
  for (const step of [-1, 0, 1].map((offset) => totpStep(at) + offset)) {
    const right = Buffer.from(totpCode(secret, Math.max(0, step)))
    if (given.length === right.length && timingSafeEqual(given, right)) found = step
  }
  return found
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 §6 without padding, as authenticator apps take it. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

/** What a QR code holds, so that an app takes a secret: `otpauth://totp/Istimrar:amal?...`. */
export function totpUri(account: string, secret: Buffer): string {
  const query = `secret=${base32(secret)}&issuer=Istimrar&algorithm=SHA1&digits=6&period=30`
  return `otpauth://totp/Istimrar:${encodeURIComponent(account)}?${query}`
}
