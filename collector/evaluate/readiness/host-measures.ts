import { type Indicator, isIndicator, valueFits } from '../../../protocol/indicators.ts'
import { dayMs, type EpochMs } from '../../../protocol/time.ts'
import type { Measure, Measures } from '../../kpi/readiness/inputs.ts'
import { type MetricName, metricNames, metricOf } from '../../kpi/readiness/metrics.ts'
import type { FactRow } from '../../store/store.ts'
import { agentIsSupported } from './agent-version.ts'
import { known, missing, notApplicable } from './measure.ts'

/** What the facts of a host are judged by. */
export type HostRules = {
  /** Facts from before this instant are stale. */
  readonly staleBefore: EpochMs
  /** Version of the collector. */
  readonly engine: string
  /** Whether a second person agrees that a metric does not apply, for the reason that is told. */
  readonly isAgreed: (metric: MetricName, reason: string) => boolean
}

/** Facts of one host by indicator. */
export type HostFacts = ReadonlyMap<string, FactRow>

/** What was told of an indicator: a value, or why there is none. */
type Reading =
  | { readonly value: number | boolean | string; readonly fact: FactRow }
  | { readonly reason: string; readonly fact: FactRow | null }

/** Hardware that the machine itself proves it does not have: nobody need agree. */
const provenReasons = ['virtual_machine', 'in_cloud']
const signaturesAgeDaysMax = 7

/** Every host metric by what the host told last. Source: docs/methodology.md §8. */
export function hostMeasures(facts: HostFacts, rules: HostRules): Measures {
  const measures: Partial<Record<MetricName, Measure>> = {}
  for (const metric of metricNames) {
    const { scope, source } = metricOf(metric)
    if (scope !== 'host') continue
    // The names of measured host metrics are those of indicators.
    const make = source === 'measured' ? plain(metric as Indicator) : derivations[metric]
    if (make) measures[metric] = make(metric, facts, rules)
  }
  return measures
}

/** After when the first of these facts is stale; Infinity where none will be. */
export function staleFrom(facts: HostFacts, { staleBefore }: HostRules, staleMs: number): EpochMs {
  let first = Number.POSITIVE_INFINITY
  for (const { at, indicator } of facts.values()) {
    if (isIndicator(indicator) && at >= staleBefore) first = Math.min(first, at + staleMs)
  }
  return first
}

type Make = (metric: MetricName, facts: HostFacts, rules: HostRules) => Measure

function plain(indicator: Indicator): Make {
  return (metric, facts, rules) => {
    const reading = readingOf(indicator, facts)
    return 'value' in reading
      ? valued(reading.value as number | boolean, [reading.fact], rules, reading.fact.method)
      : without(metric, reading, rules)
  }
}

const derivations: Partial<Record<MetricName, Make>> = {
  'endpoint_protection.current': (metric, facts, rules) => {
    const on = readingOf('endpoint_protection.on', facts)
    const age = readingOf('endpoint_protection.signatures_age_days', facts)
    if (!('value' in on)) return without(metric, on, rules)
    if (on.value === false) return valued(false, [on.fact], rules)
    if (!('value' in age)) return without(metric, age, rules)
    return valued(Number(age.value) <= signaturesAgeDaysMax, [on.fact, age.fact], rules)
  },
  'hardening.applied_ratio': meanOf([
    'hardening.access_control',
    'hardening.secure_boot',
    'hardening.disk_encrypted',
  ]),
  'dns.secured_ratio': meanOf(['dns.dnssec_signed_ratio', 'dns.dmarc_enforced_ratio']),
  'automation.current_ratio': (metric, facts, rules) => {
    const managed = readingOf('automation.managed', facts)
    const version = readingOf('agent.version', facts)
    if (!('value' in version)) return without(metric, version, rules)
    if (!('value' in managed)) return without(metric, managed, rules)
    const isSupported = agentIsSupported(String(version.value), rules.engine)
    const mean = (Number(managed.value) + Number(isSupported)) / 2
    return valued(mean, [managed.fact, version.fact], rules)
  },
  'platform.in_cloud': (metric, facts, rules) => {
    const cloud = readingOf('platform.cloud', facts)
    if (!('value' in cloud)) return without(metric, cloud, rules)
    return valued(cloud.value !== 'none', [cloud.fact], rules)
  },
}

/** The mean of those that apply; without one of them there is none: hiding must not pay. */
function meanOf(indicators: readonly Indicator[]): Make {
  return (metric, facts, rules) => {
    const readings = indicators.map((indicator) => readingOf(indicator, facts))
    const applying = readings.filter((each) => 'value' in each || !isLeftOut(metric, each, rules))
    const gap = applying.find((each) => 'reason' in each)
    if (gap) return without(metric, gap, rules)
    const values = applying.filter((each) => 'value' in each)
    if (values.length === 0) {
      return without(metric, readings.find((each) => 'reason' in each)!, rules)
    }
    const total = values.reduce((sum, { value }) => sum + Number(value), 0)
    return valued(
      total / values.length,
      values.map(({ fact }) => fact),
      rules,
    )
  }
}

function readingOf(indicator: Indicator, facts: HostFacts): Reading {
  const fact = facts.get(indicator)
  if (!fact) return { reason: 'no_evidence', fact: null }
  const { value, missing: why } = fact
  if (value === null) return { reason: why ?? 'unreadable', fact }
  if (typeof value === 'object' || !valueFits(indicator, value)) {
    return { reason: 'unreadable', fact }
  }
  return { value, fact }
}

/** As old as the oldest fact that it rests on. */
function valued(
  value: number | boolean,
  facts: readonly FactRow[],
  { staleBefore }: HostRules,
  method: string | null = 'derived',
): Measure {
  const at = Math.min(...facts.map((fact) => fact.at))
  const details = facts.flatMap(({ detail }) => detail ?? [])
  const detail = details.length === 0 ? null : [...new Set(details)].join('; ')
  return known(value, { at, method, detail }, at < staleBefore)
}

function without(
  metric: MetricName,
  { reason, fact }: Extract<Reading, { reason: string }>,
  rules: HostRules,
): Measure {
  const detail = fact?.detail ?? null
  const isOut = isLeftOut(metric, { reason, fact }, rules)
  return isOut ? notApplicable(reason, detail) : missing(reason, detail)
}

/** Whether there is nothing to measure, by the machine itself or by two who say so. */
function isLeftOut(
  metric: MetricName,
  { reason, fact }: Extract<Reading, { reason: string }>,
  { staleBefore, isAgreed }: HostRules,
): boolean {
  if (fact === null || fact.at < staleBefore) return false
  return provenReasons.includes(reason) || isAgreed(metric, reason)
}

/** Milliseconds that a fact holds. */
export function staleMsOf({ staleMeasuredDays }: { readonly staleMeasuredDays: number }): number {
  return staleMeasuredDays * dayMs
}
