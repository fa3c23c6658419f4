import fc from 'fast-check'
import type {
  Measure,
  MeasureStatus,
  Measures,
  ReadinessEnvironment,
  ReadinessInputs,
} from '../../collector/kpi/readiness/inputs.ts'
import {
  type MetricName,
  type MetricScope,
  type MetricUnit,
  metricOf,
} from '../../collector/kpi/readiness/metrics.ts'
import type { Model } from '../../collector/kpi/readiness/model.ts'

/** A value, as it was measured or with another status. */
export function measure(
  value: number | boolean | null,
  status: MeasureStatus = 'measured',
): Measure {
  return { status, value, at: 0, reason: null, method: null, detail: null }
}

type Told = Partial<Record<MetricName, number | boolean | Measure>>

/** Measures from plain values, which are measured then. */
export function measures(told: Told): Measures {
  return Object.fromEntries(
    Object.entries(told).map(([metric, value]) => [
      metric,
      typeof value === 'object' ? value : measure(value),
    ]),
  )
}

/** An environment; a host is told by its measures. */
export function environment(
  id: string,
  { weight = 4, hosts = [], ...own }: { weight?: number; hosts?: Told[]; measures?: Told },
): ReadinessEnvironment {
  return {
    id,
    name: { ar: id, en: id },
    weight,
    isCritical: weight === 4,
    measures: measures(own.measures ?? {}),
    hosts: hosts.map((each, index) => ({
      agent: `${id}-agent-${index}`,
      name: `host-${index}`,
      measures: measures(each),
    })),
  }
}

/** The inputs of an institution that is set up. */
export function readinessInputs(
  environments: readonly ReadinessEnvironment[],
  own: Told = {},
): ReadinessInputs {
  return {
    institution: 'sample',
    at: 0,
    isSetUp: true,
    measures: measures(own),
    environments,
    waivers: [],
  }
}

const values: Record<MetricUnit, fc.Arbitrary<number | boolean>> = {
  boolean: fc.boolean(),
  ratio: fc.double({ min: 0, max: 4, noNaN: true }),
  days: fc.integer({ min: -100, max: 800 }),
  years: fc.double({ min: 0, max: 20, noNaN: true }),
  minutes: fc.integer({ min: 0, max: 60 }),
  seconds: fc.double({ min: 0, max: 10, noNaN: true }),
  count: fc.integer({ min: 0, max: 20 }),
}

const statuses = fc.oneof(
  { arbitrary: fc.constant('measured' as const), weight: 6 },
  {
    arbitrary: fc.constantFrom(
      'declared_verified' as const,
      'declared_unverified' as const,
      'stale' as const,
      'not_applicable' as const,
    ),
    weight: 3,
  },
)

function anyMeasures(metrics: readonly MetricName[], scope: MetricScope): fc.Arbitrary<Measures> {
  const wanted = metrics.filter((metric) => metricOf(metric).scope === scope)
  const each = wanted.map((metric) => [
    metric,
    fc
      .tuple(values[metricOf(metric).unit], statuses)
      .map(([value, status]) => measure(status === 'not_applicable' ? null : value, status)),
  ])
  return fc.record(Object.fromEntries(each), { requiredKeys: [] })
}

/** Inputs of any institution, small, with values of all metrics that a model scores. */
export function anyInputs({ dimensions }: Model): fc.Arbitrary<ReadinessInputs> {
  const scored = dimensions.flatMap(({ indicators }) => indicators.map(({ metric }) => metric))
  const places = fc.array(
    fc.record({
      weight: fc.constantFrom(4, 2, 1),
      measures: anyMeasures(scored, 'environment'),
      hosts: fc.array(anyMeasures(scored, 'host'), { maxLength: 3 }),
    }),
    { maxLength: 3 },
  )
  return fc.tuple(places, anyMeasures(scored, 'institution')).map(([environments, own]) =>
    readinessInputs(
      environments.map((each, index) => environment(`place-${index}`, each)),
      own,
    ),
  )
}
