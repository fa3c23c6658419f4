import type { EpochMs } from '../protocol/time.ts'
import type { Moment } from './gap.ts'
import { ensureKey } from './key-files.ts'
import { isRotationDue, type Keyring } from './keyring.ts'
import type { Outbox } from './outbox.ts'

/**
 * Lets a new key take over from here on in the stream: first it is on disk, then the message that
 * says so is; its file takes the old one's place when the collector has confirmed it.
 */
export function rotateKey(dir: string, outbox: Outbox, now: Moment): void {
  outbox.rotate(ensureKey(dir, 'next'), now)
}

/** Rotates a key that is too old. Answers whether it did. */
export function rotateWhenDue(
  dir: string,
  { outbox, keys, enrolledAt }: { outbox: Outbox; keys: Keyring; enrolledAt: EpochMs },
  now: Moment,
): boolean {
  if (!outbox.cursor || outbox.quarantine) return false
  if (!isRotationDue(keys.state, enrolledAt, now.wall)) return false
  rotateKey(dir, outbox, now)
  return true
}
