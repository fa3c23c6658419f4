import { minuteMs, secondMs } from '../protocol/time.ts'

const baseMs = 5 * secondMs
const capMs = 15 * minuteMs
/** Wrong keys mend no sooner than a person acts. */
const deniedBaseMs = minuteMs
/** Many agents lose a collector at the same moment; this spreads their first return. */
const firstLossMsMax = 2 * minuteMs
/** `Retry-After` is obeyed up to here: no answer may silence an agent for days. */
const retryAfterMsMax = 60 * minuteMs
const localTriesMax = 3

/** What is known about a series of failures. */
export type Failure = {
  /** Failures in a row, this one included. */
  readonly count: number
  /** The collector refused who we are (401, 403). */
  readonly denied: boolean
  /** The least time the collector asked for, or 0. */
  readonly floorMs: number
  /** The collector runs on this host, so there is no crowd to spread. */
  readonly local: boolean
}

/**
 * How long to wait after a failure: full jitter over a doubling, capped delay. The jitter comes
 * after the cap, else all agents would meet again at the cap. A collector on the same host is
 * tried again within a second, three times.
 */
export function delayMs({ count, denied, floorMs, local }: Failure, random: () => number): number {
  if (local && count <= localTriesMax && floorMs === 0 && !denied) return random() * secondMs
  const base = denied ? deniedBaseMs : baseMs
  const spreadMs = random() * Math.min(capMs, base * 2 ** (count - 1))
  const firstMs = count === 1 && !local ? random() * firstLossMsMax : 0
  return floorMs + spreadMs + firstMs
}

/** Reads `Retry-After`: seconds or a date. Unit: milliseconds; 0 when it says nothing. */
export function retryAfterMs(header: string | null, wallMs: number): number {
  if (header === null) return 0
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * secondMs : Date.parse(header) - wallMs
  return ms > 0 ? Math.min(ms, retryAfterMsMax) : 0
}

/**
 * A Retry-After header as seconds, where it is a date: that is read against the sender's own clock
 * where it says its time, as ours may be wrong. What cannot be read stays as it is.
 */
export function retryAfterOf(after: string | null, date: string | null): string | null {
  if (after === null || /^\d+$/.test(after)) return after
  const delayMs = Date.parse(after) - Date.parse(date ?? '')
  return Number.isNaN(delayMs) ? after : String(Math.max(0, Math.ceil(delayMs / secondMs)))
}
