import type { EpochMs, Span } from '../../protocol/time.ts'
import { instantAt, wallAt } from './zone.ts'

/** A calendar month of a zone, such as `2027-01`. */
export type Month = Span & { readonly id: string }

/** The month that holds an instant. */
export function monthAt(at: EpochMs, timezone: string): Month {
  const wall = new Date(wallAt(at, timezone))
  const [year, month] = [wall.getUTCFullYear(), wall.getUTCMonth()]
  const start = (n: number) => instantAt(Date.UTC(year, n, 1), timezone)
  const id = `${year}-${String(month + 1).padStart(2, '0')}`
  return { id, from: start(month), to: start(month + 1) }
}

/** The newest month that is over at an instant. */
export function monthBefore(at: EpochMs, timezone: string): Month {
  return monthAt(monthAt(at, timezone).from - 1, timezone)
}
