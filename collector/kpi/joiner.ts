import type { EpochMs, Span } from '../../protocol/time.ts'
import type { Standard } from './continuity.ts'
import { continuity } from './continuity.ts'
import { institutionSums, type Part } from './population.ts'
import type { Joiner } from './snapshot.ts'

/**
 * The other reading of an institution that joined within a window: over the whole window, all its
 * environments unknown before the first of them was in scope. Undefined for one that did not join
 * in it. Time outside of service hours is counted too. Source: docs/methodology.md §4.
 */
export function joinerOf(
  parts: readonly Part[],
  inScopeFrom: readonly EpochMs[],
  window: Span,
  standard: Standard,
): Joiner | undefined {
  const joinedAt = Math.min(...inScopeFrom)
  if (parts.length === 0 || joinedAt <= window.from || joinedAt >= window.to) return undefined
  const before = joinedAt - window.from
  const whole = parts.map((part): Part => {
    const { unknown, grossUnknown } = part.sums
    const sums = { ...part.sums, unknown: unknown + before, grossUnknown: grossUnknown + before }
    return { ...part, sums }
  })
  const { low, high } = continuity(institutionSums(whole), standard)
  return { rule: 'in_scope', joinedAt, whole: { low, high } }
}
