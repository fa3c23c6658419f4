import type { CurvePoint, Forecast } from '../../collector/kpi/migration/result.ts'
import type { Language } from '../../collector/web/language.ts'
import { named } from '../names.ts'
import { job, rounded, roundedDown } from '../queries.ts'

/** How the forecast stands, as numbers that cells show as words. 0: there is no roadmap. */
export const forecastCodes = {
  finished: 1,
  forecast: 2,
  not_started: 3,
  no_progress: 4,
} as const satisfies Record<Forecast['status'], number>

/** Lines of the S-curve, as they are drawn. */
export const curveLines = [
  'planned',
  'rebaselined',
  'done',
  'earned',
  'forecast',
] as const satisfies (keyof CurvePoint)[]
export type CurveLine = (typeof curveLines)[number]

const nation = `${job},scope="nation"`

/** Figures of the nation. */
export const nationMigration = {
  share: (what: 'done' | 'earned' | 'planned' | 'replanned') =>
    roundedDown(`istimrar_migration_${what}_ratio{${nation}}`),
  performance: (by: 'share' | 'time') =>
    `istimrar_migration_schedule_performance_ratio{${nation},by="${by}"}`,
  forecastStatus: forecastStatus(nation, ''),
  plannedFinish: `istimrar_migration_planned_finish_timestamp_seconds{${nation}} * 1000`,
  forecast: (bound: 'expected' | 'earliest' | 'latest') =>
    `istimrar_migration_forecast_timestamp_seconds{${nation},bound="${bound}"} * 1000`,
  reference: `istimrar_migration_reference_timestamp_seconds{${job}} * 1000`,
  institutions: (is: 'registered' | 'without_workloads' | 'without_roadmap') =>
    `istimrar_migration_institutions{${job},is="${is}"}`,
  curve: (line: CurveLine) =>
    roundedDown(`max by (day) (istimrar_migration_curve_ratio{${job},line="${line}"})`),
  byState: `max by (state) (istimrar_migration_workloads{${nation}})`,
  late: `istimrar_migration_late_workloads{${nation}}`,
  blocked: `istimrar_migration_blocked_workloads{${nation}}`,
  findings: `max by (kind) (istimrar_migration_findings{${nation}})`,
  compliance: (bound: 'low' | 'high') =>
    rounded(bound, `istimrar_hosting_compliance_ratio{${nation},bound="${bound}"}`),
  withCompliance: (status: string) =>
    `istimrar_hosting_compliance_workloads{${nation},status="${status}"}`,
} as const

/** One row an institution, of those that were chosen. */
export function institutionsMigration(language: Language) {
  const scope = `${job},scope="institution",institution=~"$institution"`
  const byName = (expression: string) => named(language, expression, 'institution')
  const gauge = (name: string, more = '') => byName(`istimrar_${name}{${scope}${more}}`)
  return {
    share: (what: 'done' | 'earned' | 'planned') => roundedDown(gauge(`migration_${what}_ratio`)),
    timePerformance: gauge('migration_schedule_performance_ratio', ',by="time"'),
    forecastStatus: byName(forecastStatus(scope, 'instance, institution')),
    plannedFinish: byName(`istimrar_migration_planned_finish_timestamp_seconds{${scope}} * 1000`),
    expectedFinish: byName(
      `istimrar_migration_forecast_timestamp_seconds{${scope},bound="expected"} * 1000`,
    ),
    late: gauge('migration_late_workloads'),
    blocked: gauge('migration_blocked_workloads'),
    findings: byName(`sum by (instance, institution) (istimrar_migration_findings{${scope}})`),
    compliance: roundedDown(gauge('hosting_compliance_ratio', ',bound="low"')),
  } as const
}

function forecastStatus(scope: string, by: string): string {
  const parts = Object.entries(forecastCodes).map(
    ([status, code]) => `${code} * istimrar_migration_forecast_status{${scope},status="${status}"}`,
  )
  return `max by (${by}) (${parts.join(' or ')})`
}
