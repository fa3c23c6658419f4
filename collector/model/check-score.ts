import { type MetricName, metricOf } from '../kpi/readiness/metrics.ts'
import type { Report } from './check-model.ts'

type Fields = Readonly<Record<string, unknown>>

/** Of a step: values below `below` have `points`. */
type Step = { readonly below: number; readonly points: number }

/** Whether a score function fits its metric, and gives more points the better a value is. */
export function checkScore(score: Fields, metric: MetricName, report: Report): void {
  const { unit } = metricOf(metric)
  const { fn } = score
  const fitting = unit === 'boolean' ? ['bool'] : unit === 'ratio' ? [...scales, 'ratio'] : scales
  if (typeof fn === 'string' && functions.includes(fn) && !fitting.includes(fn)) {
    const message = `must be ${fitting.join(' or ')}: the unit of ${metric} is ${unit}`
    report(['score', 'fn'], message)
  }
  if (fn === 'lin' && typeof score.zero_at === 'number' && score.zero_at === score.full_at) {
    report(['score', 'full_at'], 'must differ from zero_at; the larger the distance, the finer')
  }
  if (fn === 'step') checkSteps(score, report)
}

const scales = ['lin', 'step']
const functions = [...scales, 'ratio', 'bool']

function checkSteps(score: Fields, report: Report): void {
  const steps = stepsOf(score)
  for (const [index, { below }] of steps.entries()) {
    const before = steps[index - 1]
    if (before && !(below > before.below)) {
      const message = `is out of order: must be larger than ${before.below}, the step before`
      report(['score', 'steps', index, 'below'], message)
    }
  }
  const points = pointsOf(score)
  const rises = points.every((each, i) => i === 0 || each >= points[i - 1]!)
  const falls = points.every((each, i) => i === 0 || each <= points[i - 1]!)
  if (rises || falls) return
  report(['score', 'steps'], 'the points must only rise or only fall from step to step')
}

/** Whether a larger value scores more; null where the function does not say. */
export function isBetterHigh(score: Fields): boolean | null {
  if (score.fn === 'bool' || score.fn === 'ratio') return true
  if (score.fn === 'lin') {
    const { zero_at: zero, full_at: full } = score
    return typeof zero === 'number' && typeof full === 'number' && zero !== full
      ? full > zero
      : null
  }
  if (score.fn !== 'step') return null
  const [first, last] = [pointsOf(score)[0], pointsOf(score).at(-1)]
  return first === undefined || last === undefined || first === last ? null : last > first
}

function pointsOf(score: Fields): number[] {
  const { otherwise } = score
  const points = stepsOf(score).map((step) => step.points)
  return typeof otherwise === 'number' ? [...points, otherwise] : points
}

function stepsOf({ steps }: Fields): Step[] {
  if (!Array.isArray(steps)) return []
  const fit = steps.every(
    (each) => typeof each?.below === 'number' && typeof each?.points === 'number',
  )
  // Every field was looked at.
  return fit ? (steps as Step[]) : []
}
