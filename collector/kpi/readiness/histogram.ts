/**
 * Values of a check on a log scale: `buckets` holds pairs [index, count]; index i covers
 * [2^(i/4), 2^((i+1)/4)). Zero and below are in the lowest bucket. Unit: that of the values.
 * Source: protocol/batch.ts; those that agents send are of this shape as well.
 */
export type ValueHistogram = {
  /** How many values there were. */
  readonly n: number
  readonly min: number
  readonly max: number
  readonly buckets: readonly (readonly number[])[]
}

/** Agents put what is 2^-50 or less into this bucket. */
const lowestBucket = -200
/** What is 2^60 or more is in one bucket, so that a merged histogram has at most 441. */
const highestBucket = 240

/**
 * The histogram of all values of some histograms; null of none. Their order and grouping does not
 * matter. A bucket without a count, which only a faulty agent sends, is left out.
 */
export function mergeHistograms(histograms: readonly ValueHistogram[]): ValueHistogram | null {
  if (histograms.length === 0) return null
  const counts = new Map<number, number>()
  let [n, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const each of histograms) {
    n = sum(n, each.n)
    min = Math.min(min, each.min)
    max = Math.max(max, each.max)
    for (const [index, count] of each.buckets) {
      if (index === undefined || count === undefined || count <= 0) continue
      const bucket = Math.min(highestBucket, Math.max(lowestBucket, index))
      counts.set(bucket, sum(counts.get(bucket) ?? 0, count))
    }
  }
  return { n, min, max, buckets: [...counts].sort(([a], [b]) => a - b) }
}

/**
 * The value that a share of all values does not exceed: the upper edge of the bucket that it falls
 * into, within the smallest and the largest value seen. Unit: that of the values; null without
 * values. `share`: ratio, 0 to 1.
 */
export function percentileOf(histogram: ValueHistogram, share: number): number | null {
  const { buckets, min, max } = mergeHistograms([histogram])!
  const total = buckets.reduce((all, [, count]) => all + count!, 0)
  // A share such as 0.07 is not exact: 7 of 100 values must not become the eighth.
  const wanted = Math.ceil(share * total - 1e-9)
  let seen = 0
  for (const [index, count] of buckets) {
    seen += count!
    if (seen >= wanted) return Math.max(min, Math.min(max, 2 ** ((index! + 1) / 4)))
  }
  return null
}

/** Counts stay whole numbers, whatever agents claim. */
function sum(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER)
}
