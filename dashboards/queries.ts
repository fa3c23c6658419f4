import type { Language } from '../collector/web/language.ts'

/** The verdicts as numbers, so that a cell can show one as a word. 0 stands for no verdict. */
export const verdictCodes = { met: 1, not_met: 2, undetermined: 3, being_set_up: 4 } as const

export type ShownBound = 'low' | 'observed' | 'high'

/** Matchers and ranges by the variables that the reader chose. */
export const job = 'job=~"$job"'
export const windowed = `${job},window="$window"`
export const rate = '[$__rate_interval]'

/** Figures of the nation. */
export const nation = {
  reporting: `istimrar_institutions_reporting{${job}}`,
  targets: `istimrar_institutions_target{${job}}`,
  target: `istimrar_continuity_target_ratio{${job}}`,
  coverage: roundedDown(`istimrar_continuity_coverage_ratio{${windowed},scope="nation"}`),
  verdict: verdictCode('nation', ''),
  simulated: `istimrar_simulated{${job}}`,
  asOf: `istimrar_as_of_timestamp_seconds{${job}} * 1000`,
  figure: (bound: ShownBound) =>
    rounded(bound, `istimrar_continuity_ratio{${windowed},scope="nation",bound="${bound}"}`),
  byAggregation: (bound: ShownBound) =>
    readings('aggregation', bound, 'istimrar_nation_continuity_ratio'),
  byKind: (bound: ShownBound) => readings('kind', bound, 'istimrar_kind_continuity_ratio'),
  withVerdict: (verdict: keyof typeof verdictCodes) =>
    `istimrar_institutions_verdict{${windowed},verdict="${verdict}"}`,
} as const

/** One row an institution of a kind; all with the same labels, so that a table can merge them. */
export function institutions(language: Language, kind: 'institution' | 'governorate') {
  const named = (expression: string) =>
    `max by (institution, name_${language}) (${expression}` +
    ` * on (instance, institution) group_left (name_${language})` +
    ` istimrar_institution_info{${job},kind="${kind}"})`
  const scope = `${windowed},scope="institution"`
  return {
    figure: (bound: ShownBound) =>
      rounded(bound, named(`istimrar_continuity_ratio{${scope},bound="${bound}"}`)),
    coverage: roundedDown(named(`istimrar_continuity_coverage_ratio{${scope}}`)),
    verdict: named(verdictCode('institution', 'instance, institution')),
    lastReport: named(`istimrar_institution_last_report_timestamp_seconds{${job}} * 1000`),
  } as const
}

/** Gives series of environments the names and the criticality in place of nothing. */
export function withNames(language: Language, expression: string): string {
  const rename = (what: string) =>
    `label_replace(istimrar_${what}_info{${job}}, "${what}_name", "$1", "name_${language}", "(.*)")`
  return (
    `${expression} * on (instance, institution, environment)` +
    ` group_left (environment_name, criticality) ${rename('environment')}` +
    ` * on (instance, institution) group_left (institution_name) ${rename('institution')}`
  )
}

/**
 * What needs attention now, of everything or of `places` in one institution: the value of each row
 * is when it began.
 */
export function attention(language: Language, places = '') {
  const matchers = [job, ...(places ? [places] : [])].join(',')
  const ids = 'environment_name, institution, environment'
  const rows = places ? ids : `institution_name, ${ids}`
  return {
    environments: `max by (${rows}, criticality, state) (${withNames(
      language,
      `istimrar_environment_state_since_timestamp_seconds{${matchers}} * 1000` +
        ' * on (instance, institution, environment) group_left (state)' +
        ` (istimrar_environment_state{${job},state!~"up|not_in_scope"} == 1)`,
    )})`,
    agents: `max by (${rows}, name) (${withNames(
      language,
      `istimrar_agent_last_report_timestamp_seconds{${matchers}} * 1000` +
        ` * on (instance, institution, environment, agent) (istimrar_agent_silent{${job}} == 1)` +
        ' * on (instance, institution, environment, agent) group_left (name)' +
        ` istimrar_agent_info{${job},status!~"revoked|pending"}`,
    )})`,
  } as const
}

/** The collector itself. */
export const collector = {
  up: `up{${job}}`,
  sinceEvaluation: `time() - istimrar_evaluation_timestamp_seconds{${job}}`,
  evaluation: quantile('evaluation_duration_seconds'),
  messages: `sum by (type, result) (rate(istimrar_collector_messages_total{${job}}${rate}))`,
  request: quantile('request_duration_seconds'),
  commit: quantile('commit_duration_seconds'),
  eventLoop: `istimrar_collector_nodejs_eventloop_lag_p99_seconds{${job}}`,
  memory: `istimrar_collector_process_resident_memory_bytes{${job}}`,
  processor: `rate(istimrar_collector_process_cpu_seconds_total{${job}}${rate})`,
} as const

/** What 95 % of one of the collector's own durations stay within. Unit: seconds. */
export function quantile(name: string): string {
  const buckets = `istimrar_collector_${name}_bucket{${job}}`
  return `histogram_quantile(0.95, sum by (le) (rate(${buckets}${rate})))`
}

function readings(label: string, bound: ShownBound, metric: string): string {
  return rounded(bound, `max by (${label}) (${metric}{${windowed},bound="${bound}"})`)
}

/** The verdict as one of `verdictCodes`; an institution or environment keeps its labels `by`. */
export function verdictCode(scope: string, by: string, places = ''): string {
  const matchers = `${windowed},scope="${scope}"${places && `,${places}`}`
  const parts = Object.entries(verdictCodes).map(
    ([verdict, code]) => `${code} * istimrar_continuity_verdict{${matchers},verdict="${verdict}"}`,
  )
  return `max by (${by}) (${parts.join(' or ')})`
}

/**
 * Grafana rounds to nearest and would show 94.999 % as the target of 95 %. A share is cut to the
 * two decimals shown as the rest of the product does; 1e-9 undoes the noise of the multiplication
 * and is less than one millisecond of a half-year.
 */
export function rounded(bound: ShownBound, expression: string): string {
  return bound === 'high' ? `ceil(${expression} * 1e4 - 1e-9) / 1e4` : roundedDown(expression)
}

/** The same for what is proven, observed or covered. */
export function roundedDown(expression: string): string {
  return `floor(${expression} * 1e4 + 1e-9) / 1e4`
}
