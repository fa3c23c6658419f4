import type { EpochMs } from '../../../protocol/time.ts'
import type { Stage } from '../snapshot.ts'
import type { Model } from './model.ts'
import type {
  IndicatorRow,
  InstitutionReadiness,
  LevelBounds,
  ModelMark,
  NationReadiness,
  Score,
} from './result.ts'

/** A score in percent, as it is published. */
export type KeptScore = {
  readonly low: string
  readonly observed: string | null
  readonly high: string
}

/** The readiness of an institution or of the nation at one instant, as the log keeps it. */
export type KeptReadiness = {
  readonly stage: Stage
  /** Null of a nation without members. */
  readonly index: KeptScore | null
  readonly level: LevelBounds | null
  /** By id; the weights are those of the model, together 100. */
  readonly dimensions: Readonly<Record<string, KeptScore & { readonly weight: number }>>
  /**
   * What each indicator adds to the proven index, by id. Unit: percentage points. Null where the
   * instant had passed before anybody asked for them.
   */
  readonly indicators: Readonly<Record<string, number>> | null
}

/** The same at the end of a month. */
export type MonthClosing = KeptReadiness & {
  /** Such as `2027-01`. */
  readonly month: string
  /** Its end, which the scores are as of. */
  readonly end: EpochMs
  readonly model: ModelMark
}

/** What one dimension or indicator moved the proven index by. Unit: percentage points. */
export type Move = { readonly id: string; readonly points: number }

/** What moved the proven index from the point before to this one; the largest move first. */
export type Moved = {
  /** The month of the point before. */
  readonly since: string
  readonly points: number
  readonly dimensions: Move[]
  /** Null where one of the two points does not know them. */
  readonly indicators: Move[] | null
  /** What no dimension explains: scores are kept with two decimals. */
  readonly restPoints: number
}

/** One point of a trend. */
export type TrendPoint = MonthClosing & {
  /** Whether its month is not over: it says how things are now, and is kept nowhere. */
  readonly isOpen: boolean
  /** False where the point before is under another model: the two are not one series. */
  readonly isComparable: boolean
  /** Null for the first point, and where it cannot be compared with the one before. */
  readonly moved: Moved | null
}

/**
 * Closings, oldest first, as a trend; `now` is how things are since. Points under different models
 * are never subtracted: what another model makes of the past is a report of differences, and
 * replaces nothing.
 */
export function trendOf(
  closings: readonly MonthClosing[],
  now: MonthClosing | null = null,
): TrendPoint[] {
  const all = now ? [...closings, now] : closings
  return all.map((closing, i) => {
    const before = all[i - 1]
    const isOpen = closing === now
    const isComparable = !before || isSameModel(before.model, closing.model)
    const change = before && isComparable ? moved(before, closing) : null
    return { ...closing, isOpen, isComparable, moved: change }
  })
}

function isSameModel(a: ModelMark, b: ModelMark): boolean {
  return a.id === b.id && a.version === b.version && a.hash === b.hash
}

function moved(before: MonthClosing, after: MonthClosing): Moved | null {
  if (!before.index || !after.index) return null
  const points = pointsOf(after.index.low) - pointsOf(before.index.low)
  const dimensions = movesOf(after.dimensions, before.dimensions, ({ weight, low }) => {
    return (weight * pointsOf(low)) / 100
  })
  const explained = dimensions.reduce((sum, each) => sum + each.points, 0)
  return {
    since: before.month,
    points: rounded(points),
    dimensions,
    indicators:
      after.indicators &&
      before.indicators &&
      movesOf(after.indicators, before.indicators, (share) => share),
    restPoints: rounded(points - explained),
  }
}

function movesOf<T>(
  after: Readonly<Record<string, T>>,
  before: Readonly<Record<string, T>>,
  of: (value: T) => number,
): Move[] {
  const pointsIn = (values: Readonly<Record<string, T>>, id: string) =>
    Object.hasOwn(values, id) ? of(values[id]!) : 0
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .map((id) => ({ id, points: rounded(pointsIn(after, id) - pointsIn(before, id)) }))
    .filter(({ points }) => points !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.id < b.id ? -1 : 1))
}

/** Percentage points of a published percentage, as a number. */
function pointsOf(percent: string): number {
  return Number(percent)
}

/** To two decimals, as scores are kept; never -0. */
function rounded(points: number): number {
  return Math.round(points * 100) / 100 || 0
}

/** What the log keeps of an institution; `rows` null where its indicators are not known. */
export function keptInstitution(
  readiness: InstitutionReadiness,
  rows: readonly IndicatorRow[] | null,
  model: Model,
): KeptReadiness {
  const { stage, index, level, dimensions } = readiness
  const valid = new Set(dimensions.filter(({ isValid }) => isValid).map(({ id }) => id))
  return {
    ...{ stage, index: kept(index), level, dimensions: keptDimensions(dimensions, model) },
    indicators: rows && sharesOf(rows, valid, model),
  }
}

/** What the log keeps of the nation: its indicators are the mean over its members. */
export function keptNation(
  { index, members, dimensions }: NationReadiness,
  institutions: readonly KeptReadiness[],
  model: Model,
): KeptReadiness {
  const known = institutions.flatMap(({ indicators }) => (indicators ? [indicators] : []))
  const isWhole = known.length === institutions.length && members > 0
  const ids = [...new Set(known.flatMap((each) => Object.keys(each)))]
  const mean = (id: string) => known.reduce((sum, each) => sum + (each[id] ?? 0), 0) / members
  return {
    ...{ stage: 'measured', index: index && kept(index), level: null },
    dimensions: keptDimensions(dimensions, model),
    indicators: isWhole ? Object.fromEntries(ids.map((id) => [id, fine(mean(id))])) : null,
  }
}

function keptDimensions(scores: readonly (Score & { readonly id: string })[], model: Model) {
  const entries = scores.flatMap((score) => {
    const dimension = model.dimensions.find(({ id }) => id === score.id)
    return dimension ? [[score.id, { weight: dimension.weight, ...kept(score) }] as const] : []
  })
  return Object.fromEntries(entries)
}

/** A score as the log keeps it. */
export function kept({ low, observed, high }: Score): KeptScore {
  return { low: low.percent, observed: observed?.percent ?? null, high: high.percent }
}

/** What each indicator adds to the proven index: weights of what does not apply are shared out. */
function sharesOf(rows: readonly IndicatorRow[], valid: ReadonlySet<string>, model: Model) {
  const shares = model.dimensions.flatMap(({ id, weight }) => {
    const own = rows.filter(({ dimension, status }) => {
      return dimension === id && status !== 'not_applicable'
    })
    const all = own.reduce((sum, row) => sum + row.weight, 0)
    if (!valid.has(id) || all === 0) return []
    return own.map((row) => [row.id, fine((weight * row.low.ratio * row.weight) / all)] as const)
  })
  return Object.fromEntries(shares)
}

/** To four decimals, so that what a hundred institutions add up to is still right to two. */
function fine(points: number): number {
  return Math.round(points * 10_000) / 10_000 || 0
}
