/** Names that need no schema to be read: the evaluating thread loads no validator. */

/** KPIs that have a population of their own. What each is about: docs/register.md. */
export const populationNames = ['continuity', 'enabled', 'readiness'] as const
export type PopulationName = (typeof populationNames)[number]

/** Every setting of the policy. What each means: policy-schema.ts. */
export const settingNames = [
  'timezone',
  'cycleMonths',
  'continuityTargetRatio',
  'maintenanceNoticeHours',
  'maintenanceQuotaMinutes',
  'maintenanceGapPoints',
  'freezeDays',
  'criticalityWeights',
  'degradedCountsAsUp',
  'nationalAggregation',
  'publicNeedsWitnesses',
  'minimumProfile',
  'setUpDays',
  'sealMinutes',
  'centreShareMaxRatio',
  'scopeStart',
  'joinerDenominator',
  'publishGuard',
] as const
export type SettingName = (typeof settingNames)[number]

/** Settings that a policy may lack: what they are about is not judged then. */
export const optionalSettingNames = ['hosting'] as const
export type OptionalSettingName = (typeof optionalSettingNames)[number]

/** The agent's name in that of a check, `<agent name>/<check>`. */
export function agentNameOf(check: string): string {
  return check.slice(0, check.indexOf('/'))
}
