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
  return {
    n: histogram.n + 1,
    min: Math.min(histogram.min, value),
    max: Math.max(histogram.max, value),
    last: value,
    buckets: counted(histogram.buckets, bucket),
  }
}

type Buckets = [bucket: number, count: number][]

function counted(before: Histogram['buckets'], bucket: number): Buckets {
  const buckets = before as Buckets // as the schema has it
  const index = buckets.findIndex(([other]) => other >= bucket)
  const [found, count = 0] = buckets[index] ?? []
  if (found === bucket) return buckets.with(index, [bucket, count + 1])
  const place = index < 0 ? buckets.length : index
  return narrow(buckets.toSpliced(place, 0, [bucket, 1]))
}

/** Keeps the number of buckets within the limit by joining the two lowest. */
function narrow(buckets: Buckets): Buckets {
  const [first, second] = buckets
  if (buckets.length <= limits.bucketsMax || !first || !second) return buckets
  return [[second[0], first[1] + second[1]], ...buckets.slice(2)]
}
