import type { Histogram } from '../protocol/batch.ts'
import { limits } from '../protocol/limits.ts'

/** Index of the bucket that holds a value: bucket i covers [2^(i/4), 2^((i+1)/4)). */
export function bucketOf(value: number): number {
  const lowest = -200
  return value > 0 ? Math.max(lowest, Math.floor(4 * Math.log2(value))) : lowest
}

/** The histogram with one more value in it. Six digits are kept: no probe measures finer. */
export function addValue(histogram: Histogram | null, exact: number): Histogram {
  const value = Number(exact.toPrecision(6))
  const bucket = bucketOf(value)
  if (!histogram) return { n: 1, min: value, max: value, last: value, buckets: [[bucket, 1]] }
  const counts = new Map(histogram.buckets as [number, number][])
  counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  return {
    n: histogram.n + 1,
    min: Math.min(histogram.min, value),
    max: Math.max(histogram.max, value),
    last: value,
    buckets: narrow([...counts].sort(([a], [b]) => a - b)),
  }
}

/** Keeps the number of buckets within the limit by joining the two lowest. */
function narrow(buckets: [number, number][]): [number, number][] {
  const [first, second] = buckets
  if (buckets.length <= limits.bucketsMax || !first || !second) return buckets
  return [[second[0], first[1] + second[1]], ...buckets.slice(2)]
}
