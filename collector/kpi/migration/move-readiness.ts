import type { DataPoint } from './observation.ts'
import type { MoveReadiness } from './result.ts'

/**
 * How fit a workload is to be moved: an operating system without support forbids it, anything else
 * known to be bad is a condition, and less than two thirds known is no rating. METHODOLOGY 2.6.
 */
export function moveReadiness(points: readonly DataPoint[]): MoveReadiness {
  const known = points.filter(({ isGood }) => isGood !== null).length
  const bad = points.filter(({ isGood }) => isGood === false)
  const against = bad.map(({ id, host }) => ({ id, host }))
  return { rating: ratingOf(), known, all: points.length, against }

  function ratingOf(): MoveReadiness['rating'] {
    if (points.length === 0) return 'not_rated'
    if (bad.some(({ id }) => id === 'os_supported')) return 'not_ready'
    if (known * 3 < points.length * 2) return 'unknown'
    return bad.length > 0 ? 'conditional' : 'ready'
  }
}
