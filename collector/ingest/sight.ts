import type { Batch } from '../../protocol/batch.ts'
import { dayMs, daysOf, type EpochMs, intersect, type Span } from '../../protocol/time.ts'
import { collectorLimits } from '../limits.ts'
import type { Sight } from '../store/sight.ts'
import type { Dating } from './clock.ts'
import type { Checks } from './held-checks.ts'
import { driftMsMax } from './project.ts'

/** The fact in which a host tells when its system recorded that it shut down, before this boot. */
export const shutdownIndicator = 'host.shutdown'

/** A message that no anchor dates lies at most this far back: the agent keeps it 7 days. */
const undatedMsMax = 8 * dayMs

/** What tells why nothing was seen, and the days whose causes it may change. */
export type Seen = { readonly sight: Sight; readonly dirtyDays: readonly EpochMs[] }

/**
 * What a batch tells of its host beside what it saw; null where that is nothing new, as mostly.
 * `checks` are those of the stream before the batch.
 */
export function sightOf(
  checks: Checks,
  batch: Batch,
  dating: Dating,
  received: EpochMs,
): Seen | null {
  if (dating.timeClass === 'C') {
    const span = undated(checks, batch, dating, received)
    return span && { sight: { ...nothing, clockSpans: [span] }, dirtyDays: daysOf(span) }
  }
  const startedAt = dating.offsetMs
  const shutdownAt = shutdownOf(batch, startedAt)
  const isNew = shutdownAt !== null || !goesOn(checks, batch, dating)
  if (!isNew && batch.pauses.length === 0) return null
  const previousThrough = decidedThrough(checks)
  const boot = { boot: batch.boot, startedAt, previousThrough, shutdownAt }
  const pauses = pausesOf(batch, startedAt)
  const off = shutdownAt === null ? [] : [{ from: shutdownAt, to: startedAt }]
  const dirtyDays = [...new Set([...off, ...pauses].flatMap(daysOf))]
  return { sight: { ...nothing, boots: isNew ? [boot] : [], pauses }, dirtyDays }
}

const nothing: Sight = { boots: [], clockSpans: [], pauses: [] }

/**
 * Whether the stream had this boot before, dated as now. After a loss it does not know; naming a
 * boot twice changes nothing.
 */
function goesOn(checks: Checks, { boot }: Batch, { offsetMs }: Dating): boolean {
  for (const check of checks.values()) {
    if (check.boot !== boot) continue
    if (Math.abs(offsetMs + check.throughBoot - check.through) <= driftMsMax) return true
  }
  return false
}

/** The last instant of which the stream told something; null where it told nothing. */
function decidedThrough(checks: Checks): EpochMs | null {
  let last: EpochMs | null = null
  for (const { since, through } of checks.values()) {
    if (since !== null && (last === null || through > last)) last = through
  }
  return last
}

/** A record of a shutdown that cannot have been before this boot counts for nothing. */
function shutdownOf({ facts }: Batch, startedAt: EpochMs): EpochMs | null {
  const value = facts.find(({ indicator }) => indicator === shutdownIndicator)?.value
  const isInstant = typeof value === 'number' && Number.isSafeInteger(value)
  if (!isInstant || value > startedAt) return null
  return value >= startedAt - collectorLimits.explainedMsMax ? value : null
}

/** What lies after the seal, or is no stretch, counts for nothing. */
function pausesOf({ pauses, sealed }: Batch, startedAt: EpochMs): Sight['pauses'] {
  return pauses.flatMap(({ why, ...pause }) => {
    const from = Math.max(0, sealed.boot - collectorLimits.explainedMsMax)
    const span = intersect(pause, { from, to: sealed.boot })
    return span ? [{ from: startedAt + span.from, to: startedAt + span.to, why }] : []
  })
}

/**
 * Where a batch that cannot be dated must lie: after all that the stream decided, before it came.
 * Its own window narrows that where the host's clock can be right; a dead battery's cannot.
 */
function undated(
  checks: Checks,
  { window }: Batch,
  { offsetMs, anchoredAt }: Dating,
  received: EpochMs,
): Span | null {
  const decided = decidedThrough(checks) ?? 0
  const claimed = { from: offsetMs + window.from, to: offsetMs + window.to }
  const reach = anchoredAt === null ? undatedMsMax : collectorLimits.explainedMsMax
  const possible = { from: Math.max(decided, received - reach), to: received }
  const narrowed = intersect(claimed, possible)
  if (narrowed || anchoredAt !== null) return narrowed
  return possible.from < possible.to ? possible : null
}
