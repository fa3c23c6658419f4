import type {
  DerivedReason,
  Measure,
  Measures,
  ReadinessEnvironment,
  ReadinessHost,
  ReadinessInputs,
} from './inputs.ts'
import { type MetricName, type MetricScope, metricOf } from './metrics.ts'

/** What a metric has one value of: a host, an environment, or the institution. */
export type Unit = {
  readonly environment: ReadinessEnvironment | null
  readonly host: ReadinessHost | null
  /** That of its environment's criticality; whole. */
  readonly weight: number
  readonly measures: Measures
}

/** The units of an institution, by what a metric is of; each list has at least one. */
export type Units = Readonly<Record<MetricScope, readonly Unit[]>>

/**
 * The units of an institution. An environment without a host counts as one host of which nothing is
 * known, an institution without environments as one such environment: nothing is gained by
 * taking agents away.
 */
export function unitsOf({ measures, environments }: ReadinessInputs): Units {
  const nowhere: Unit = { environment: null, host: null, weight: 1, measures: {} }
  const ofEnvironments = environments.map((environment) => unitOf(environment, null))
  const ofHosts = environments.flatMap((environment) =>
    environment.hosts.length === 0
      ? [unitOf(environment, null)]
      : environment.hosts.map((host) => unitOf(environment, host)),
  )
  return {
    institution: [{ ...nowhere, measures }],
    environment: ofEnvironments.length === 0 ? [nowhere] : ofEnvironments,
    host: ofHosts.length === 0 ? [nowhere] : ofHosts,
  }
}

function unitOf(environment: ReadinessEnvironment, host: ReadinessHost | null): Unit {
  const { measures } = host ?? environment
  return { environment, host, weight: environment.weight, measures }
}

/** What is known of a metric in a unit; what was never told is missing, with a reason. */
export function measureOf({ host, measures }: Unit, metric: MetricName): Measure {
  return measures[metric] ?? missing(metric, host)
}

function missing(metric: MetricName, host: ReadinessHost | null): Measure {
  const { scope, source } = metricOf(metric)
  let reason: DerivedReason = source === 'declared' ? 'not_declared' : 'no_evidence'
  if (scope === 'host' && host === null) reason = 'no_agent'
  return { status: 'missing', value: null, at: null, reason, method: null, detail: null }
}

/**
 * The same inputs, environments and hosts in one fixed order: results never depend on the order in
 * which they were found.
 */
export function inOrder(inputs: ReadinessInputs): ReadinessInputs {
  const environments = inputs.environments
    .map((each) => ({ ...each, hosts: each.hosts.toSorted(byAgent) }))
    .toSorted((a, b) => compare(a.id, b.id))
  return { ...inputs, environments }
}

function byAgent(a: ReadinessHost, b: ReadinessHost): number {
  return compare(a.name, b.name) || compare(a.agent, b.agent)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
