import type { History } from './history.ts'

/** What never fills, at the pace of now, is told as ten years: a number that sorts and scores. */
export const daysToFullMax = 3_650
/** Days with a sample before a trend is told. */
export const samplesMin = 7

type Samples = History['volumes'][string]

/**
 * Days until a volume is full at the pace of its daily samples; null with less than a week of
 * them. One day's log burst or clean-up does not bend it: the slope is the median of all slopes
 * between two samples (Theil 1950, Sen 1968).
 */
export function daysToFull(samples: Samples, bytesFree: number): number | null {
  if (samples.length < samplesMin) return null
  const bytesPerDay = theilSen(samples)
  if (bytesPerDay <= 0) return daysToFullMax
  return Math.min(daysToFullMax, bytesFree / bytesPerDay)
}

/** The median slope. Of n samples there are n(n-1)/2: 435 with the thirty that are kept. */
export function theilSen(samples: Samples): number {
  const slopes: number[] = []
  for (const [index, [day, bytes]] of samples.entries()) {
    for (const [laterDay, laterBytes] of samples.slice(index + 1)) {
      if (laterDay !== day) slopes.push((laterBytes - bytes) / (laterDay - day))
    }
  }
  slopes.sort((a, b) => a - b)
  const middle = slopes.length / 2
  return ((slopes[Math.ceil(middle) - 1] ?? 0) + (slopes[Math.floor(middle)] ?? 0)) / 2
}

/** The smallest of the 101 steps that 95 of 100 looks do not exceed, as a ratio; null without. */
export function p95(days: readonly (readonly number[])[]): number | null {
  const counts = Array.from({ length: 101 }, (_, step) =>
    days.reduce((sum, day) => sum + (day[step] ?? 0), 0),
  )
  const total = counts.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [step, count] of counts.entries()) {
    seen += count
    if (count > 0 && seen >= 0.95 * total) return step / 100
  }
  return null
}
