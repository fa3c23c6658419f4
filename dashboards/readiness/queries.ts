import type { Model } from '../../collector/kpi/readiness/model.ts'
import type { EnabledStatus } from '../../collector/kpi/readiness/result.ts'
import type { Language } from '../../collector/web/language.ts'
import { named } from '../names.ts'
import { job, rounded, roundedDown, type ShownBound, verdictCodes } from '../queries.ts'

/** Whether an institution is digitally enabled, as numbers that cells show as words. */
export const enabledCodes = { enabled: 1, not_enabled: 2, unknown: 3 } as const satisfies Record<
  EnabledStatus,
  number
>

/** Whether the model in force gives official figures, as numbers that cells show as words. */
export const modelCodes = { draft: 1, approved: 2 } as const satisfies Record<
  Model['status'],
  number
>

type GateIs = 'fired' | 'not_ruled_out'

const nation = `${job},scope="nation"`

/** Figures of the nation. */
export const nationReadiness = {
  figure: (bound: ShownBound) =>
    rounded(bound, `istimrar_readiness_ratio{${nation},bound="${bound}"}`),
  target: `istimrar_readiness_target_ratio{${job}}`,
  verdict: verdictCode(nation, ''),
  model: coded(modelCodes, 'readiness_model_info', 'status', job, ''),
  byKind: (bound: ShownBound) =>
    rounded(bound, `max by (kind) (istimrar_kind_readiness_ratio{${job},bound="${bound}"})`),
  enabled: (bound: 'low' | 'high') =>
    rounded(bound, `istimrar_enabled_ratio{${job},bound="${bound}"}`),
  withEnabled: (status: EnabledStatus | 'waived') =>
    `istimrar_enabled_institutions{${job},status="${status}"}`,
} as const

/** Tables of the nation whose rows have names from the model. */
export function modelRows(language: Language) {
  const gates = (is: GateIs) =>
    `sum by (instance, indicator) (istimrar_readiness_gate_units{${job},is="${is}"})`
  const criterion = `istimrar_enabled_criterion_passed{${job}}`
  const institutions = (expression: string) => `sum by (instance, criterion) (${expression})`
  return {
    levels: named(
      language,
      `istimrar_readiness_institutions_level{${job},level!="being_set_up"}`,
      'level',
    ),
    beingSetUp: `istimrar_readiness_institutions_level{${job},level="being_set_up"}`,
    dimension: (bound: 'low' | 'high') =>
      rounded(bound, named(language, dimension(nation, bound), 'dimension')),
    gates: (is: GateIs) => named(language, gates(is), 'indicator'),
    // What is NaN is not known: it is neither 1 nor 0 and not even equal to itself.
    passed: named(language, institutions(`${criterion} == bool 1`), 'criterion'),
    failed: named(language, institutions(`${criterion} == bool 0`), 'criterion'),
    unknown: named(language, institutions(`${criterion} != bool ${criterion}`), 'criterion'),
  } as const
}

/** One row an institution, of those that were chosen. */
export function institutionsReadiness(language: Language) {
  const own = `${job},institution=~"$institution"`
  const scope = `${own},scope="institution"`
  const byName = (expression: string) => named(language, expression, 'institution')
  const gates = (is: GateIs) =>
    byName(`sum by (instance, institution) (istimrar_readiness_gate_units{${own},is="${is}"})`)
  const withLevel = (is: '=' | '!=') => {
    const held = `(istimrar_readiness_level{${own},level${is}"being_set_up"} == 1)`
    const low = `istimrar_readiness_ratio{${scope},bound="low"}`
    const joined = `${held} * on (instance, institution) group_left () ${low}`
    return is === '=' ? byName(joined) : named(language, joined, 'institution', 'level')
  }
  /** No level of the model: it has its id as its name, which the dashboard puts into words. */
  const beingSetUp = () =>
    ['level', 'level_name'].reduce(
      (value, label) => `label_replace(${value}, "${label}", "being_set_up", "institution", ".*")`,
      withLevel('='),
    )
  return {
    figure: (bound: ShownBound) =>
      rounded(bound, byName(`istimrar_readiness_ratio{${scope},bound="${bound}"}`)),
    // The value is the proven index; the level is among the labels.
    levels: roundedDown(`(${withLevel('!=')} or ${beingSetUp()})`),
    verdict: byName(verdictCode(scope, 'instance, institution')),
    measured: roundedDown(byName(`istimrar_readiness_measured_ratio{${own}}`)),
    gates,
    enabled: byName(coded(enabledCodes, 'enabled', 'status', own, 'instance, institution')),
    dimension: (bound: 'low' | 'high') =>
      rounded(bound, named(language, dimension(scope, bound), 'institution', 'dimension')),
  } as const
}

function dimension(scope: string, bound: string): string {
  return `istimrar_readiness_dimension_ratio{${scope},bound="${bound}"}`
}

function verdictCode(scope: string, by: string): string {
  const { met, not_met, undetermined } = verdictCodes
  return coded({ met, not_met, undetermined }, 'readiness_verdict', 'verdict', scope, by)
}

/** Which of several flags holds, by its code. */
function coded(
  codes: Readonly<Record<string, number>>,
  metric: string,
  label: string,
  scope: string,
  by: string,
): string {
  const parts = Object.entries(codes).map(
    ([value, code]) => `${code} * istimrar_${metric}{${scope},${label}="${value}"}`,
  )
  return `max by (${by}) (${parts.join(' or ')})`
}
