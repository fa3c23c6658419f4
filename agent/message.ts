import { secondMs } from '../protocol/time.ts'

/**
 * A signed message, or null to ask for what is there for all. A function is called for each
 * attempt: what tells the time is signed when it leaves.
 */
export type Message = string | null | (() => string)

/** A message as it goes out now. */
export function written(message: Message): string | null {
  return typeof message === 'function' ? message() : message
}

/**
 * How long a kept connection may be silent before a new one is tried: a firewall may have forgotten
 * it, or the host at the other end lost its power, and nobody says so. It is enough for two packets
 * lost in a row by way of a satellite, and for a line of 32 kbit/s to take the message.
 */
export function silenceMs(bytes: number): number {
  return 5 * secondMs + bytes / 4
}

/** What an AbortController says. */
export function aborted(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError')
}
