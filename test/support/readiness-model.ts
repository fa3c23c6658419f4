import type { MetricName } from '../../collector/kpi/readiness/metrics.ts'
import type {
  AxisName,
  Dimension,
  Gate,
  IndicatorRule,
  Model,
  ScoreRule,
} from '../../collector/kpi/readiness/model.ts'

const text = { ar: 'نص', en: 'Text' }

export const bool: ScoreRule = { fn: 'bool' }
export const ratio: ScoreRule = { fn: 'ratio' }

export function lin(zeroAt: number, fullAt: number): ScoreRule {
  return { fn: 'lin', zeroAt, fullAt }
}

/** METHODOLOGY 2.5, 1.2: free disk, the larger the better. */
export const headroom: ScoreRule = {
  fn: 'step',
  steps: [
    { below: 0.05, points: 0 },
    { below: 0.1, points: 40 },
    { below: 0.2, points: 70 },
  ],
  otherwise: 100,
}

/** The fewer, the better. */
const fewReboots: ScoreRule = {
  fn: 'step',
  steps: [
    { below: 1, points: 100 },
    { below: 3, points: 35 },
  ],
  otherwise: 0,
}

/** Holds institutions at `average`, as METHODOLOGY's gates do. */
export function gate(op: Gate['when']['op'], value: number): Gate {
  return { when: { op, value }, scope: 'critical', capLevel: 'average' }
}

type IndicatorTold = readonly [
  metric: MetricName,
  weight: number,
  score: ScoreRule,
  more?: Partial<Pick<IndicatorRule, 'gate' | 'mayNotApply' | 'rollup'>>,
]

/** A dimension of indicators, each named after its metric. */
export function dimension(
  id: string,
  weight: number,
  indicators: readonly IndicatorTold[],
  {
    objectives = [8],
    axis = 'operational_efficiency',
  }: { objectives?: number[]; axis?: AxisName } = {},
): Dimension {
  return {
    id,
    weight,
    objectives,
    axis,
    label: text,
    indicators: indicators.map(([metric, share, score, more]) => ({
      id: `${id}.${metric.replace('.', '_')}`,
      weight: share,
      metric,
      rollup: 'criticality_weighted',
      score,
      gate: null,
      mayNotApply: false,
      label: text,
      advice: text,
      ...more,
    })),
  }
}

const level = { label: text, color: '#000000', icon: 'equal' } as const

/** A model with METHODOLOGY's rules and levels, and the dimensions given. */
export function readinessModel(dimensions: readonly Dimension[]): Model {
  return {
    id: 'sample',
    version: '1.0.0',
    hash: 'a'.repeat(64),
    status: 'approved',
    label: text,
    targetRatio: 0.85,
    missing: {
      minAvailableRatio: 0.6667,
      maxNotApplicableRatio: 0.4,
      staleMeasuredDays: 7,
      staleDeclaredDays: 365,
    },
    levels: [
      { id: 'advanced', minRatio: 0.9, ...level },
      { id: 'above', minRatio: 0.75, ...level },
      { id: 'average', minRatio: 0.5, ...level },
      { id: 'below', minRatio: 0.25, ...level },
      { id: 'low', minRatio: 0, ...level },
    ],
    dimensions,
    enabled: [],
  }
}

/**
 * A model of every kind of rule: scope, score function, roll-up, gate, what may not apply. The better
 * of two values is never worth less, nor more likely to fire a gate, as in any sensible model.
 */
export const variedModel = readinessModel([
  dimension(
    'd1',
    45,
    [
      ['os.support_left_days', 25, lin(0, 365), { gate: gate('<=', 0) }],
      ['disk.free_ratio', 15, headroom],
      ['memory.used_p95_ratio', 15, lin(0.95, 0.25)],
      ['host.unplanned_reboots', 10, fewReboots],
      ['disk.healthy', 15, bool, { mayNotApply: true }],
      ['tls.days_left', 10, lin(0, 30), { rollup: 'worst', mayNotApply: true }],
      ['ipv6.reachable_ratio', 10, ratio, { rollup: 'worst' }],
    ],
    { objectives: [1, 2], axis: 'modernisation' },
  ),
  dimension(
    'd3',
    35,
    [
      ['backup.age_over_rpo_ratio', 40, lin(0.9, 0.3), { gate: gate('>', 0.8) }],
      ['backup.restore_age_days', 30, lin(365, 14)],
      ['platform.in_cloud', 30, bool],
    ],
    { objectives: [2, 8] },
  ),
  dimension(
    'd8',
    20,
    [
      ['register.match_ratio', 60, lin(0.7, 1), { gate: gate('<', 0.75) }],
      ['operations.trained_staff', 40, bool, { mayNotApply: true }],
    ],
    { axis: 'strategy_and_culture' },
  ),
])
