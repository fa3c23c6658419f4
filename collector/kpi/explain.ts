import type { State } from '../../protocol/check.ts'
import { type EpochMs, lengthMs, type Span } from '../../protocol/time.ts'
import { isSettled } from './attribution.ts'
import { type Cause, causes } from './causes.ts'
import type { Piece } from './environment-day.ts'

/** Who must act. `provider` hosts the environment for its institution. */
export const owners = ['institution', 'provider', 'carrier', 'centre'] as const
export type Owner = (typeof owners)[number]

/** Why time that was lost is not counted as lost, or not counted at all. */
export const reliefs = ['maintenance', 'centre', 'dispute'] as const
export type Relief = (typeof reliefs)[number]

/**
 * A stretch of time that was not up. `relief` is null where it counts as lost; else it left the
 * denominator, or a decided dispute turned it into up, and it is listed apart.
 */
export type LostStretch = Span & {
  readonly state: State
  /** Null only where nobody asked for a cause: degraded time that the policy counts as lost. */
  readonly cause: Cause | null
  readonly owner: Owner
  readonly relief: Relief | null
  /** Settled 7 days after its end: its cause changes no more by itself. */
  readonly standing: 'provisional' | 'settled'
  /** Whose word it rests on; null where nobody saw anything. */
  readonly attested: 'self' | 'witnessed' | 'both' | null
  /** A dispute decided what it counts as; `was` is what had been observed. */
  readonly disputed: { readonly id: string; readonly was: State } | null
}

/**
 * Stretches of down that follow each other without a hole, whatever their causes. Maintenance
 * inside is part of it, since the environment did not come back, but `downMs` leaves it out.
 */
export type Outage = Span & {
  readonly downMs: number
  /** It touches the start or the end of the window: it may be longer than is seen here. */
  readonly atStart: boolean
  readonly atEnd: boolean
}

/** What one cause took, with who must act on it. Unit: milliseconds, net. */
export type CauseTotal = {
  readonly cause: Cause | null
  readonly owner: Owner
  /** All of it: down, unknown, and degraded where that is lost. */
  readonly lostMs: number
  readonly downMs: number
  readonly unknownMs: number
  readonly degradedMs: number
}

/** Of several outages. Unit: milliseconds; null where there was none. */
export type OutageFigures = {
  readonly count: number
  readonly longestMs: number | null
  /** Nearest rank: of the outages by length, the one at place ceil(0.9 n). */
  readonly p90Ms: number | null
}

/** Where the time of an environment went. */
export type Explanation = {
  /** In order; disjoint. */
  readonly stretches: readonly LostStretch[]
  readonly outages: readonly Outage[]
  /** By what was lost, the most first; nothing without loss. */
  readonly byCause: readonly CauseTotal[]
}

export type ExplainOptions = {
  readonly window: Span
  readonly asOf: EpochMs
  /** Id of the hosting provider; null or `own` where the institution hosts itself. */
  readonly provider: string | null
  /** Whether degraded time is lost too: the policy says that it is no available time. */
  readonly degradedIsLost: boolean
}

/**
 * Every stretch of a window that was not up, with why and who must act; what left the denominator
 * is listed apart. Net, in milliseconds; unknown time is lost time, never up and never an outage.
 * Source: docs/methodology.md §5; METHODOLOGY §2.2 (outage count, longest, p90).
 */
export function explain(pieces: readonly Piece[], options: ExplainOptions): Explanation {
  const stretches = stretchesOf(pieces, options)
  return {
    stretches,
    outages: outagesOf(stretches, options.window),
    byCause: totalsOf(stretches.filter(({ relief }) => relief === null)),
  }
}

/** Who must act on time lost for this cause. Source: docs/methodology.md §5. */
export function ownerOf(cause: Cause | null, provider: string | null): Owner {
  if (cause === 'centre') return 'centre'
  if (cause === 'network') return 'carrier'
  if (cause === 'host' && provider !== null && provider !== 'own') return 'provider'
  return 'institution'
}

/** Count, longest and p90 of outages, of one environment or of several. */
export function outageFigures(outages: readonly Pick<Outage, 'downMs'>[]): OutageFigures {
  const lengths = outages.map(({ downMs }) => downMs).sort((a, b) => a - b)
  const rank = Math.ceil((lengths.length * 9) / 10)
  return {
    count: lengths.length,
    longestMs: lengths.at(-1) ?? null,
    p90Ms: lengths[rank - 1] ?? null,
  }
}

const totalNames = ['lostMs', 'downMs', 'unknownMs', 'degradedMs'] as const

/** The totals of several environments in one, by cause and who must act. */
export function addTotals(totals: readonly CauseTotal[]): CauseTotal[] {
  const groups = Map.groupBy(totals, ({ cause, owner }) => `${cause} ${owner}`)
  const sum = (of: readonly CauseTotal[], name: (typeof totalNames)[number]) =>
    of.reduce((total, each) => total + each[name], 0)
  return [...groups.values()]
    .map((group) => ({
      ...group[0]!,
      lostMs: sum(group, 'lostMs'),
      downMs: sum(group, 'downMs'),
      unknownMs: sum(group, 'unknownMs'),
      degradedMs: sum(group, 'degradedMs'),
    }))
    .sort((a, b) => b.lostMs - a.lostMs || rankOf(a) - rankOf(b))
}

function rankOf({ cause, owner }: CauseTotal): number {
  const place = cause === null ? causes.length : causes.indexOf(cause)
  return place * owners.length + owners.indexOf(owner)
}

/** Days cut pieces and so do marks nobody is told of here: what reads the same is one stretch. */
function stretchesOf(pieces: readonly Piece[], options: ExplainOptions): LostStretch[] {
  const stretches: LostStretch[] = []
  for (const piece of pieces) {
    if (!isLoss(piece, options)) continue
    const next = stretchOf(piece, options)
    const last = stretches.at(-1)
    if (!last || last.to !== next.from || !isAlike(last, next)) stretches.push(next)
    else stretches[stretches.length - 1] = { ...last, to: next.to }
  }
  return stretches.map((stretch) => {
    return { ...stretch, standing: isSettled(stretch, options.asOf) ? 'settled' : 'provisional' }
  })
}

/** Whether the environment was not up, or would not have been had nobody disputed it. */
function isLoss({ state, disputed }: Piece, { degradedIsLost }: ExplainOptions): boolean {
  const isLost = (each: State) =>
    each === 'down' || each === 'unknown' || (degradedIsLost && each === 'degraded')
  return isLost(state) || (disputed !== undefined && isLost(disputed.was))
}

function stretchOf(piece: Piece, { provider }: ExplainOptions): LostStretch {
  const { from, to, state, excluded, disputed } = piece
  const cause = piece.cause ?? null
  const isUp = disputed !== undefined && (state === 'up' || state === 'degraded')
  return {
    ...{ from, to, state, cause },
    owner: ownerOf(cause, provider),
    relief: excluded ?? (isUp ? 'dispute' : null),
    standing: 'provisional',
    attested: attestedOf(piece),
    disputed: disputed ?? null,
  }
}

function attestedOf({ flags = [] }: Piece): LostStretch['attested'] {
  const isSelf = flags.includes('self_attested')
  if (flags.includes('witnessed')) return isSelf ? 'both' : 'witnessed'
  return isSelf ? 'self' : null
}

function isAlike(a: LostStretch, b: LostStretch): boolean {
  if (a.state !== b.state || a.cause !== b.cause || a.relief !== b.relief) return false
  if (a.attested !== b.attested) return false
  return a.disputed?.id === b.disputed?.id && a.disputed?.was === b.disputed?.was
}

/** One that lies in maintenance altogether is none: nothing of it counts. */
function outagesOf(stretches: readonly LostStretch[], window: Span): Outage[] {
  const outages: Outage[] = []
  for (const stretch of stretches) {
    if (stretch.state !== 'down') continue
    const { from, to, relief } = stretch
    const downMs = relief === null ? lengthMs(stretch) : 0
    const last = outages.at(-1)
    if (last?.to === from) {
      const whole = { ...last, to, downMs: last.downMs + downMs, atEnd: to === window.to }
      outages[outages.length - 1] = whole
    } else {
      outages.push({ from, to, downMs, atStart: from === window.from, atEnd: to === window.to })
    }
  }
  return outages.filter(({ downMs }) => downMs > 0)
}

function totalsOf(stretches: readonly LostStretch[]): CauseTotal[] {
  return addTotals(
    stretches.map((stretch) => {
      const { state, cause, owner } = stretch
      const ms = (of: State) => (state === of ? lengthMs(stretch) : 0)
      const lost = { downMs: ms('down'), unknownMs: ms('unknown'), degradedMs: ms('degraded') }
      return { cause, owner, lostMs: lengthMs(stretch), ...lost }
    }),
  )
}
