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
 * How long a kept connection may be silent before a new one is tried, of the time that an answer
 * has in all: a firewall may have forgotten it, or the host at the other end lost its power, and
 * nobody says so. A third, 5 s, is enough for two packets lost in a row by way of a satellite; on
 * top comes what a line of 32 kbit/s takes for the message.
 */
export function silenceMs(bytes: number, limitMs: number): number {
  return Math.min(limitMs / 3 + bytes / 4, limitMs)
}

/**
 * Exchanges over one connection, about a day's. Where a name leads and whether a certificate is
 * still good is asked of new ones only.
 */
export const exchangesMax = 1_000

/** What an AbortController says. */
export function aborted(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError')
}
