import type { EpochMs } from '../../protocol/time.ts'

/** What an NTP server said: its two times, that it has none, or that it will not be asked. */
export type NtpAnswer =
  | { readonly kind: 'time'; readonly receivedAt: EpochMs; readonly sentAt: EpochMs }
  | { readonly kind: 'without time' }
  | { readonly kind: 'go away' }

const packetBytes = 48
const clientMode = 3
const serverMode = 4
const version = 4
/** Leap indicator of a server whose clock is not set, and the first stratum that means the same. */
const alarm = 3
const unsetStratum = 16
/** Kiss-of-death codes after which a client must stop or slow down (RFC 5905 §7.4). */
const goAwayCodes = ['DENY', 'RSTR', 'RATE']
/** NTP counts from 1900; its 32 bits of seconds begin anew every 136 years, next in 2036. */
const ntpEpochMs = -2_208_988_800_000
const eraMs = 2 ** 32 * 1_000

/**
 * A question. Of our own clock it tells nothing: the time of sending, which the server repeats, is
 * a random number, so that nobody who cannot read along can answer.
 */
export function askBytes(nonce: Uint8Array): Buffer {
  const bytes = Buffer.alloc(packetBytes)
  bytes[0] = (version << 3) | clientMode
  bytes.set(nonce, 40)
  return bytes
}

/** Null for what is no answer to the question with this number. */
export function readAnswer(bytes: Buffer, nonce: Uint8Array, now: EpochMs): NtpAnswer | null {
  if (bytes.length < packetBytes || !bytes.subarray(24, 32).equals(nonce)) return null
  const first = bytes.readUInt8(0)
  if ((first & 7) !== serverMode) return null
  const stratum = bytes.readUInt8(1)
  if (stratum === 0 && goAwayCodes.includes(bytes.toString('latin1', 12, 16))) {
    return { kind: 'go away' }
  }
  if (stratum === 0 || stratum >= unsetStratum || first >> 6 === alarm) {
    return { kind: 'without time' }
  }
  const receivedAt = timeAt(bytes, 32, now)
  const sentAt = timeAt(bytes, 40, now)
  if (receivedAt === null || sentAt === null || sentAt < receivedAt) return null
  return { kind: 'time', receivedAt, sentAt }
}

/** A time in whichever era is nearest to now; null where none was set. */
function timeAt(bytes: Buffer, at: number, now: EpochMs): EpochMs | null {
  const seconds = bytes.readUInt32BE(at)
  const fraction = bytes.readUInt32BE(at + 4)
  if (seconds === 0 && fraction === 0) return null
  const time = ntpEpochMs + seconds * 1_000 + (fraction / 2 ** 32) * 1_000
  return time + Math.round((now - time) / eraMs) * eraMs
}
