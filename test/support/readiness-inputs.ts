import type {
  Measure,
  MeasureStatus,
  Measures,
  ReadinessEnvironment,
  ReadinessInputs,
} from '../../collector/kpi/readiness/inputs.ts'
import type { MetricName } from '../../collector/kpi/readiness/metrics.ts'

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
