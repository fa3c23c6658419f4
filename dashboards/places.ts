import type { Language } from '../collector/web/language.ts'
import {
  job,
  rounded,
  roundedDown,
  type ShownBound,
  verdictCode,
  windowed,
  withNames,
} from './queries.ts'

/** The states as numbers, so that a cell or a stripe can show one as a word and a colour. */
export const stateCodes = {
  up: 1,
  degraded: 2,
  down: 3,
  unknown: 4,
  maintenance: 5,
  not_in_scope: 6,
} as const

/** Matchers of the institution that the reader chose, and of one or all of its environments. */
export const chosenInstitution = 'institution="$institution"'
export const chosenEnvironments = `${chosenInstitution},environment=~"$environment"`

/** Figures of the chosen institution. */
export const institution = {
  figure: (bound: ShownBound) => {
    const selector = `${windowed},scope="institution",${chosenInstitution},bound="${bound}"`
    return rounded(bound, `istimrar_continuity_ratio{${selector}}`)
  },
  ownFault: (bound: 'low' | 'high') => {
    const selector = `${windowed},scope="institution",${chosenInstitution},bound="${bound}"`
    return rounded(bound, `istimrar_continuity_own_fault_ratio{${selector}}`)
  },
  coverage: roundedDown(
    `istimrar_continuity_coverage_ratio{${windowed},scope="institution",${chosenInstitution}}`,
  ),
  verdict: verdictCode('institution', '', chosenInstitution),
  lastReport: milliseconds('istimrar_institution_last_report_timestamp_seconds', chosenInstitution),
  isTarget: `istimrar_institution_target{${job},${chosenInstitution}}`,
  budgetLeft: (bound: 'low' | 'high') => {
    const selector = `${job},window="cycle",scope="institution",${chosenInstitution}`
    return roundedDown(`istimrar_error_budget_left_ratio{${selector},bound="${bound}"}`)
  },
  readiness: (bound: 'low' | 'high') =>
    rounded(
      bound,
      `istimrar_readiness_ratio{${job},scope="institution",${chosenInstitution},bound="${bound}"}`,
    ),
  measured: roundedDown(`istimrar_readiness_measured_ratio{${job},${chosenInstitution}}`),
} as const

/** Windows of which outages are counted and budgets are kept. */
export type BudgetWindow = 'cycle' | '30d'

/**
 * One row an environment of `places`, which are in one institution; all with the same labels, so
 * that a table can merge them.
 */
export function environments(language: Language, places: string) {
  const columns = 'environment_name, criticality, institution, environment'
  const named = (expression: string) => `max by (${columns}) (${withNames(language, expression)})`
  const scope = `scope="environment",${places}`
  return {
    state: named(stateCode(places)),
    since: named(milliseconds('istimrar_environment_state_since_timestamp_seconds', places)),
    figure: (bound: ShownBound) =>
      rounded(bound, named(`istimrar_continuity_ratio{${windowed},${scope},bound="${bound}"}`)),
    coverage: roundedDown(named(`istimrar_continuity_coverage_ratio{${windowed},${scope}}`)),
    /** Environments have a verdict on the cycle only. */
    verdict: named(
      verdictCode('environment', 'instance, institution, environment', places).replaceAll(
        'window="$window"',
        'window="cycle"',
      ),
    ),
    ownFault: roundedDown(
      named(`istimrar_continuity_own_fault_ratio{${job},window="cycle",${scope},bound="low"}`),
    ),
    maintenance: named(`istimrar_maintenance_used_ratio{${job},${places}}`),
    assessed: named(`istimrar_environment_assessed{${job},${places}}`),
    outages: (window: BudgetWindow) =>
      named(`istimrar_environment_outages{${job},${places},window="${window}"}`),
    longestOutage: (window: BudgetWindow) =>
      named(`istimrar_environment_longest_outage_seconds{${job},${places},window="${window}"}`),
    budgetLeft: (bound: 'low' | 'high') =>
      roundedDown(
        named(`istimrar_error_budget_left_ratio{${job},window="cycle",${scope},bound="${bound}"}`),
      ),
  } as const
}

/** The state of each environment of `places` as one of `stateCodes`. */
export function stateCode(places: string): string {
  const parts = Object.entries(stateCodes).map(
    ([state, code]) => `${code} * istimrar_environment_state{${job},${places},state="${state}"}`,
  )
  return `max by (instance, institution, environment) (${parts.join(' or ')})`
}

/** Net time lost in the running cycle, by cause and by whether it was down or is unknown. */
export function lostByCause(places: string): string {
  return `sum by (cause, state) (istimrar_lost_seconds{${job},${places}})`
}

/** How many of the chosen environments are in a state. */
export function stateCount(state: keyof typeof stateCodes): string {
  return `sum(istimrar_environment_state{${job},${chosenEnvironments},state="${state}"})`
}

/** Time of the running cycle that the chosen environments spent in a state. Unit: seconds. */
export function cycleSeconds(state: string): string {
  const time = `istimrar_environment_cycle_seconds{${job},${chosenEnvironments},state="${state}"}`
  // Without those of which nothing is known yet: they would make the sum NaN.
  return `sum(${time} >= 0)`
}

/** The state of each check of the chosen environments. */
export const checkUp = checkValue('up')

/** How many checks of the chosen environments are in a state. */
export function checkCount(state: string): string {
  return `sum(istimrar_environment_checks{${job},${chosenEnvironments},state="${state}"})`
}

/** A moment as Grafana wants it; Prometheus has seconds. Unit: milliseconds since 1970. */
function milliseconds(metric: string, places: string): string {
  return `${metric}{${job},${places}} * 1000`
}

/** A value of each check that has it, in the unit that ends its name. */
export function checkValue(metric: string): string {
  return `max by (environment, check) (istimrar_check_${metric}{${job},${chosenEnvironments}})`
}
