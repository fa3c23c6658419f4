import { dayMs, type EpochMs, minuteMs } from '../../../protocol/time.ts'

/** A year of one look a minute at each of some checks: the same for us and for every peer. */

export const yearDays = 365
export const yearMinutes = yearDays * 1_440
/** Two looks in a thousand find another state than the one before. */
const flipsPerMinute = 0.002

/** A stretch of a year in which a check was down, in minutes since its start. */
export type Outage = { readonly from: number; readonly to: number }

/** When a check was down: any fixed pattern, another for each. */
export function outagesOf(check: number): Outage[] {
  const outages: Outage[] = []
  let state = (check + 1) * 2_654_435_761
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return state / 2 ** 32
  }
  const meanGap = 2 / flipsPerMinute
  let at = 1 + Math.floor(random() * meanGap)
  while (at < yearMinutes - 1) {
    const to = Math.min(yearMinutes - 1, at + 1 + Math.floor(random() * 10))
    outages.push({ from: at, to })
    at = to + 1 + Math.floor(random() * 2 * (meanGap - 6))
  }
  return outages
}

/** When the look that stands for a minute was made. */
export function lookAt(start: EpochMs, minute: number): EpochMs {
  return start + (minute + 1) * minuteMs - 1
}

/** The year up to an instant. */
export function yearBefore(end: EpochMs): EpochMs {
  return end - yearDays * dayMs
}
