import { decimal, difference, type Fraction, fraction, quotient, ratioOf } from './fraction.ts'
import type { EnvironmentRow, Snapshot, TimeSums } from './snapshot.ts'

/** Windows that an error budget is told for. */
export const budgetWindows = ['cycle', '30d'] as const
export type BudgetWindow = (typeof budgetWindows)[number]

/** What of a window may be spent; several environments by their weight. Unit: milliseconds. */
export type BudgetBasis = {
  readonly sums: Pick<TimeSums, 'eligibleMs' | 'downMs' | 'unknownMs'>
  /** Time that will be in scope from the end of the figures to the end of the window. */
  readonly aheadMs: number
  /** Weights of all that was added up; 1 of a single environment. */
  readonly weight: number
}

/**
 * How much time may be lost before the target is missed, and how much of that is left: `low` with
 * all unknown time spent, `high` with none of it. Below 0 where more was lost than was allowed.
 * Unit: milliseconds of an environment (weighted mean), and shares of the budget; null where
 * the target leaves none.
 */
export type Budget = {
  readonly totalMs: number
  readonly leftMs: { readonly low: number; readonly high: number }
  readonly leftRatio: { readonly low: number; readonly high: number } | null
}

/**
 * The error budget of a window: the target's complement of its time in scope, what is still to come
 * included. Null when nothing is in scope. Source: docs/methodology.md §3; METHODOLOGY §2.3.
 * Exported as `istimrar_error_budget_*`.
 */
export function errorBudget(
  { sums, aheadMs, weight }: BudgetBasis,
  target: Fraction,
): Budget | null {
  const scope = sums.eligibleMs + aheadMs
  if (scope === 0 || weight === 0) return null
  const allowed = difference(fraction(1, 1), target)
  const total: Fraction = { over: allowed.over * BigInt(scope), under: allowed.under }
  const left = (spentMs: number) => difference(total, fraction(spentMs, 1))
  const low = left(sums.downMs + sums.unknownMs)
  const high = left(sums.downMs)
  const perWeight = ({ over, under }: Fraction) => numberOf({ over, under: under * BigInt(weight) })
  const share = (part: Fraction) => numberOf(quotient(part, total))
  return {
    totalMs: perWeight(total),
    leftMs: { low: perWeight(low), high: perWeight(high) },
    leftRatio: total.over === 0n ? null : { low: share(low), high: share(high) },
  }
}

/** The nearest number of a share that may be negative. */
function numberOf({ over, under }: Fraction): number {
  return over < 0n ? -ratioOf({ over: -over, under }) : ratioOf({ over, under })
}

/** The budget of one scope; `labels` as in `istimrar_continuity_ratio`. */
export type BudgetRow = {
  readonly labels: readonly [scope: string, institution: string, environment: string]
  readonly window: BudgetWindow
  readonly budget: Budget | null
}

/** What budgets rest on beside the snapshot. */
export type BudgetOptions = {
  /** By criticality; whole numbers. */
  readonly weights: Readonly<Record<EnvironmentRow['criticality'], number>>
  /** Time in scope of an environment from `asOf` to the end of the cycle. Unit: milliseconds. */
  readonly aheadMs: (institution: string, environment: string) => number
}

/**
 * The budgets of environments, of institutions and of the nation: each in one pool by criticality,
 * the nation over its target institutions, whatever its headline. Time ahead counts for the cycle.
 */
export function budgetRows(snapshot: Snapshot, options: BudgetOptions): BudgetRow[] {
  const target = decimal(snapshot.target.ratio)
  const rows: BudgetRow[] = []
  const add = (labels: BudgetRow['labels'], ahead: Ahead, sumsIn: SumsIn) => {
    for (const window of budgetWindows) {
      const sums = sumsIn(window)
      const aheadMs = window === 'cycle' ? ahead.ms : 0
      const budget = sums && errorBudget({ sums, aheadMs, weight: ahead.weight }, target)
      rows.push({ labels, window, budget })
    }
  }
  const nation = { ms: 0, weight: 0 }
  for (const { id, target: isTarget, continuity, environments } of snapshot.institutions) {
    const own = { ms: 0, weight: 0 }
    for (const environment of environments) {
      const ms = options.aheadMs(id, environment.id)
      const weight = options.weights[environment.criticality]
      const figures = environment.continuity
      add(['environment', id, environment.id], { ms, weight: 1 }, (window) => figures[window].sums)
      own.ms += ms * weight
      own.weight += weight
    }
    add(['institution', id, ''], own, (window) => continuity[window].sums)
    if (!isTarget) continue
    nation.ms += own.ms
    nation.weight += own.weight
  }
  const { continuity } = snapshot.nation
  add(['nation', '', ''], nation, (window) => continuity[window].pooled.sums)
  return rows
}

type Ahead = { readonly ms: number; readonly weight: number }
type SumsIn = (window: BudgetWindow) => TimeSums | null
