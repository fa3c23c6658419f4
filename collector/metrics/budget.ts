import { type Budget, budgetWindows } from '../kpi/budget.ts'
import { environmentsOf, type Family, family, place } from './family.ts'

const scoped = ['scope', ...place, 'window'] as const
const bounds = ['low', 'high'] as const

/** What may still be lost before the target is missed, and how often something was. */
export const budgetFamilies: readonly Family[] = [
  family(
    'error_budget_seconds',
    scoped,
    'Time that may be lost in the window before the target is missed; NaN with nothing in scope.',
    function* (_snapshot, { budgets }) {
      for (const { labels, window, budget } of budgets) {
        yield [...labels, window, (budget?.totalMs ?? Number.NaN) / 1000]
      }
    },
  ),
  family(
    'error_budget_left_seconds',
    [...scoped, 'bound'],
    'What is left of it: low with unknown time spent, high without; below 0 when overspent.',
    function* (_snapshot, { budgets }) {
      for (const { labels, window, budget } of budgets) {
        for (const bound of bounds) {
          yield [...labels, window, bound, (budget?.leftMs[bound] ?? Number.NaN) / 1000]
        }
      }
    },
  ),
  family(
    'error_budget_left_ratio',
    [...scoped, 'bound'],
    'The same over the whole budget: 1 untouched, 0 spent; NaN where the target allows no loss.',
    function* (_snapshot, { budgets }) {
      for (const { labels, window, budget } of budgets) {
        for (const bound of bounds) yield [...labels, window, bound, leftRatio(budget, bound)]
      }
    },
  ),
  family(
    'environment_outages',
    [...place, 'window'],
    'Outages of an environment that touch the window; what lies in maintenance is none.',
    function* (snapshot, { outagesOf }) {
      for (const [institution, { id }] of environmentsOf(snapshot)) {
        for (const window of budgetWindows) {
          yield [institution, id, window, outagesOf({ institution, environment: id }, window).count]
        }
      }
    },
  ),
  family(
    'environment_longest_outage_seconds',
    [...place, 'window'],
    'Down time of the longest of them, maintenance inside left out; 0 without any.',
    function* (snapshot, { outagesOf }) {
      for (const [institution, { id }] of environmentsOf(snapshot)) {
        for (const window of budgetWindows) {
          const { longestMs } = outagesOf({ institution, environment: id }, window)
          yield [institution, id, window, (longestMs ?? 0) / 1000]
        }
      }
    },
  ),
]

function leftRatio(budget: Budget | null, bound: (typeof bounds)[number]): number {
  return budget?.leftRatio?.[bound] ?? Number.NaN
}
