import type { EpochMs, Span } from '../../../protocol/time.ts'
import type { Ledger } from '../../kpi/ledger.ts'
import type {
  Measure,
  Measures,
  ReadinessEnvironment,
  ReadinessHost,
} from '../../kpi/readiness/inputs.ts'
import type { MetricName } from '../../kpi/readiness/metrics.ts'
import type { MissingRules } from '../../kpi/readiness/model.ts'
import type { AgentRow } from '../../kpi/snapshot.ts'
import type { Environment } from '../../register/register.ts'
import type { AgentFact, FactReader } from '../../store/facts.ts'
import type { CheckRecord, EnvironmentKey, FactRow, TimelineStore } from '../../store/store.ts'
import { type HostsTold, hostedMeasures } from './environment-measures.ts'
import type { EnvironmentWindow, WindowSource } from './environment-window.ts'
import { type HostFacts, hostMeasures, staleFrom, staleMsOf } from './host-measures.ts'
import type { DeclaredMeasures } from './institution-measures.ts'
import { derived, type LeanMeasures } from './measure.ts'

export type ReadinessReader = FactReader & Pick<TimelineStore, 'checks' | 'checkSums' | 'timelines'>

/** What an environment is looked at by. */
export type Sought = {
  readonly key: EnvironmentKey
  readonly environment: Environment
  readonly scopeFrom: EpochMs
  readonly weight: number
  /** Of which hosts are made: active ones; as of a past instant all that had enrolled. */
  readonly agents: readonly AgentRow[]
  readonly isReporting: boolean
  readonly ledger: Ledger | null
  /** Ages are looked at as of this whole hour. */
  readonly reference: EpochMs
  /** Null: the newest facts; else those of the UTC days that had ended by then. */
  readonly past: EpochMs | null
  readonly window: Span
  readonly missing: MissingRules
  readonly engine: string
  readonly declared: DeclaredMeasures
  readonly roleChecks: readonly string[]
}

/** What the hosts of an environment told. */
export type ReadHosts = {
  readonly hosts: readonly ReadinessHost[]
  /** What follows for the environment itself. */
  readonly measures: Measures
  /** After this instant a fact is stale that is not yet. */
  readonly staleFrom: EpochMs
}

/** Reads the facts of an environment; `lean` keeps only what scores look at. */
export async function readHosts(
  reader: ReadinessReader,
  sought: Sought,
  records: readonly CheckRecord[],
  lean: LeanMeasures | null,
): Promise<ReadHosts> {
  const { key, environment, agents, reference, past, missing, engine, declared } = sought
  const facts = past === null ? await reader.facts(key) : await reader.factsAt(key, past)
  const staleBefore = reference - staleMsOf(missing)
  const told = toldBy(agents, facts, staleBefore)
  const isAgreed = (metric: MetricName, reason: string) =>
    (reason === 'no_public_service' && environment.class !== 'public') ||
    declared.agrees(metric, environment.id, reason)
  const rules = { staleBefore, engine, isAgreed }
  const hosts = told.map(({ agent, name, facts }): ReadinessHost => {
    const full = hostMeasures(facts, rules)
    return { agent, name, measures: lean ? leanOf(full, lean) : full }
  })
  return {
    hosts,
    measures: hostedMeasures(environment, told, records, staleBefore),
    staleFrom: Math.min(
      ...told.map(({ facts }) => staleFrom(facts, rules, staleMsOf(missing))),
      Number.POSITIVE_INFINITY,
    ),
  }
}

type Told = HostsTold[number] & { readonly agent: string; readonly facts: HostFacts }

/** By name. Of agents that were removed since, those that told something not long before. */
function toldBy(
  agents: readonly AgentRow[],
  facts: readonly AgentFact[],
  staleBefore: EpochMs,
): Told[] {
  const byAgent = Map.groupBy(facts, ({ agent }) => agent)
  return agents
    .flatMap(({ agent, name, status }) => {
      const own = byAgent.get(agent) ?? []
      const isThere = status === 'active' || own.some(({ at }) => at >= staleBefore)
      const told = own.map((fact): [string, FactRow] => [fact.indicator, fact])
      return isThere ? [{ agent, name, facts: new Map(told) }] : []
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function leanOf(measures: Measures, lean: LeanMeasures): Measures {
  const made: Partial<Record<MetricName, Measure>> = {}
  for (const [metric, measure] of Object.entries(measures) as [MetricName, Measure][]) {
    made[metric] = lean.of(measure)
  }
  return made
}

/** What the window of an environment is read from. */
export function windowSource(sought: Sought, records: readonly CheckRecord[]): WindowSource {
  return { ...sought, records, knownMin: sought.missing.minAvailableRatio }
}

/** The environment with all that is known of it. */
export function environmentOf(
  { environment: { id, name, criticality }, weight, isReporting, declared }: Sought,
  { hosts, measures }: ReadHosts,
  window: EnvironmentWindow,
): ReadinessEnvironment {
  const reporting = { 'reporting.now': derived(isReporting, null) }
  const measured = { ...measures, ...window.measures, ...reporting }
  return {
    ...{ id, name, weight, isCritical: criticality === 'critical' },
    measures: declared.over('environment', id, measured),
    hosts,
  }
}
