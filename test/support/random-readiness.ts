import fc from 'fast-check'
import type {
  Measure,
  Measures,
  ReadinessEnvironment,
  ReadinessInputs,
} from '../../collector/kpi/readiness/inputs.ts'
import { measureStatuses } from '../../collector/kpi/readiness/inputs.ts'
import { type MetricName, metricNames, metricOf } from '../../collector/kpi/readiness/metrics.ts'
import type {
  Condition,
  Criterion,
  Dimension,
  Gate,
  IndicatorRule,
  Level,
  Model,
  ScoreRule,
} from '../../collector/kpi/readiness/model.ts'
import { axisNames, comparisons } from '../../collector/kpi/readiness/model.ts'

const label = { ar: 'نص', en: 'Text' }

const levelIds = ['advanced', 'above', 'average', 'below', 'low'] as const
const levels = [0.9, 0.75, 0.5, 0.25, 0].map((minRatio, i): Level => {
  return { id: levelIds[i]!, minRatio, color: '#123456', icon: 'equal', label }
})

/** Few values, so that limits are met exactly and units are often alike. */
const numbers = fc.constantFrom(0, 0.1, 0.25, 1 / 3, 0.5, 0.7, 0.95, 1, 2, 3, 14, 90, 365, 1000)

function anyValue(metric: MetricName): fc.Arbitrary<number | boolean> {
  const { unit } = metricOf(metric)
  if (unit === 'boolean') return fc.boolean()
  if (unit === 'ratio') return numbers.map((value) => Math.min(value, 1))
  return unit === 'count' ? numbers.map(Math.floor) : numbers
}

function scoreOf(metric: MetricName): fc.Arbitrary<ScoreRule> {
  if (metricOf(metric).unit === 'boolean') return fc.constant({ fn: 'bool' })
  const lin = fc
    .tuple(numbers, numbers)
    .filter(([zeroAt, fullAt]) => zeroAt !== fullAt)
    .map(([zeroAt, fullAt]): ScoreRule => ({ fn: 'lin', zeroAt, fullAt }))
  const points = fc.integer({ min: 0, max: 100 })
  const step = fc
    .tuple(fc.uniqueArray(numbers, { minLength: 1, maxLength: 3 }), fc.array(points), points)
    .map(([below, given, otherwise]): ScoreRule => {
      const steps = below
        .toSorted((a, b) => a - b)
        .map((each, i) => ({ below: each, points: given[i] ?? 0 }))
      return { fn: 'step', steps, otherwise }
    })
  if (metricOf(metric).unit === 'ratio') return fc.oneof(lin, step, fc.constant({ fn: 'ratio' }))
  return fc.oneof(lin, step)
}

function conditionOn(metric: MetricName): fc.Arbitrary<Condition> {
  if (metricOf(metric).unit === 'boolean') {
    return fc.boolean().map((value) => ({ op: '=', value }))
  }
  return fc.record({ op: fc.constantFrom(...comparisons), value: numbers })
}

const scopes = fc.constantFrom('critical' as const, 'all' as const)

function gateOn(metric: MetricName): fc.Arbitrary<Gate> {
  const capLevel = fc.constantFrom(...levelIds.slice(1))
  return fc.record({ when: conditionOn(metric), scope: scopes, capLevel })
}

/** So many whole numbers above 0 that are 100 together. */
function weights(count: number): fc.Arbitrary<number[]> {
  return fc
    .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: count - 1, maxLength: count - 1 })
    .map((cuts) => {
      const ends = [...cuts.toSorted((a, b) => a - b), 100]
      return ends.map((end, i) => end - (ends[i - 1] ?? 0))
    })
}

function indicator(metric: MetricName, weight: number, id: string): fc.Arbitrary<IndicatorRule> {
  return fc.record({
    id: fc.constant(id),
    weight: fc.constant(weight),
    metric: fc.constant(metric),
    rollup: fc.constantFrom('criticality_weighted', 'criticality_weighted', 'worst'),
    score: scoreOf(metric),
    gate: fc.option(gateOn(metric), { freq: 3 }),
    mayNotApply: fc.boolean(),
    label: fc.constant(label),
    advice: fc.constant(label),
  })
}

function dimension(metrics: readonly MetricName[], weight: number, number: number) {
  return weights(metrics.length).chain((each) =>
    fc
      .tuple(
        fc.constantFrom(...axisNames),
        fc.subarray([1, 2, 3, 4, 5, 6, 8]),
        ...metrics.map((metric, i) => indicator(metric, each[i]!, `d${number}.i${i}`)),
      )
      .map(([axis, objectives, ...indicators]): Dimension => {
        return { id: `d${number}`, weight, objectives, axis, label, indicators }
      }),
  )
}

const criterion = fc
  .array(
    fc
      .constantFrom(...metricNames)
      .chain((metric) =>
        fc
          .record({ scope: scopes, mayNotApply: fc.boolean(), condition: conditionOn(metric) })
          .map(({ condition, ...rest }) => ({ metric, ...condition, ...rest })),
      ),
    { minLength: 1, maxLength: 3 },
  )
  .map((conditions): Omit<Criterion, 'id'> => ({ label, advice: label, conditions }))

/** Models that a validator would let pass; each indicator has a metric of its own. */
export const randomModels: fc.Arbitrary<Model> = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    fc.shuffledSubarray(metricNames, { minLength: 16, maxLength: 16 }),
    fc.array(criterion, { maxLength: 3 }),
  )
  .chain(([sizes, metrics, enabled]) =>
    weights(sizes.length).chain((each) => {
      const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0))
      const dimensions = sizes.map((size, i) =>
        dimension(metrics.slice(starts[i], starts[i]! + size), each[i]!, i + 1),
      )
      return fc.tuple(...dimensions).map((made): Model => {
        return {
          id: 'random',
          version: '1.0.0',
          hash: 'a'.repeat(64),
          status: 'draft',
          label,
          targetRatio: 0.85,
          missing: {
            minAvailableRatio: 0.6667,
            maxNotApplicableRatio: 0.4,
            staleMeasuredDays: 7,
            staleDeclaredDays: 365,
          },
          levels,
          dimensions: made,
          enabled: enabled.map((one, i) => ({ id: `E${i + 1}`, ...one })),
        }
      })
    }),
  )

function measure(metric: MetricName): fc.Arbitrary<Measure> {
  return fc
    .tuple(
      fc.constantFrom('measured', 'measured', 'measured', ...measureStatuses),
      anyValue(metric),
    )
    .map(([status, value]): Measure => {
      const isNothing = status === 'missing' || status === 'not_applicable'
      const { source } = metricOf(metric)
      const method = isNothing ? null : source === 'declared' ? 'declared' : 'tool'
      return {
        status,
        value: isNothing ? null : value,
        at: isNothing ? null : 500,
        reason: isNothing ? 'no_tool' : null,
        method,
        detail: null,
      }
    })
}

function measuresOf(metrics: readonly MetricName[]): fc.Arbitrary<Measures> {
  const entries = metrics.map((metric) => fc.option(measure(metric), { freq: 6 }))
  return fc
    .tuple(...entries)
    .map((given) =>
      Object.fromEntries(metrics.flatMap((metric, i) => (given[i] ? [[metric, given[i]]] : []))),
    )
}

function environment(metrics: readonly MetricName[], number: number) {
  const of = (scope: string) => metrics.filter((metric) => metricOf(metric).scope === scope)
  return fc
    .tuple(
      fc.constantFrom(1, 2, 4),
      measuresOf(of('environment')),
      fc.array(measuresOf(of('host')), { maxLength: 3 }),
    )
    .map(([weight, measures, hosts]): ReadinessEnvironment => {
      return {
        id: `e${number}`,
        name: label,
        weight,
        isCritical: weight === 4,
        measures,
        hosts: hosts.map((each, i) => ({ agent: `a${i}`, name: `h${i}`, measures: each })),
      }
    })
}

/** Inputs with measures of what a model asks for, of every status. */
export function randomInputs(model: Model): fc.Arbitrary<ReadinessInputs> {
  const scored = model.dimensions.flatMap(({ indicators }) => indicators.map((each) => each.metric))
  const asked = model.enabled.flatMap(({ conditions }) => conditions.map((each) => each.metric))
  const metrics = [...new Set([...scored, ...asked])]
  const institution = metrics.filter((metric) => metricOf(metric).scope === 'institution')
  return fc
    .tuple(
      measuresOf(institution),
      fc
        .integer({ min: 0, max: 3 })
        .chain((count) =>
          fc.tuple(...Array.from({ length: count }, (_, i) => environment(metrics, i))),
        ),
      fc.subarray(model.enabled.map(({ id }) => id)),
    )
    .map(([measures, environments, waived]): ReadinessInputs => {
      const waivers = waived.map((each) => ({ criterion: each, expiresAt: 2000 }))
      return { institution: 'one', at: 1000, isSetUp: true, measures, environments, waivers }
    })
}
