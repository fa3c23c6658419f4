import { stringify } from 'yaml'
import { dayMs } from '../../protocol/time.ts'
import type { Nation } from './nation.ts'

const mark = '# SIMULATED: a synthetic nation, not official data / بيانات محاكاة – ليست رسمية\n'

/** The nation's register.yaml. */
export function registerYaml({ institutions }: Nation): string {
  const ids = institutions.map(({ id }) => id)
  const register = {
    apiVersion: 'istimrar.register/v1',
    institutions: institutions.map(({ environments, sites, ...institution }) => ({
      ...institution,
      sites,
      environments: environments.map(({ provider, agents: _, needs, ...environment }) => ({
        ...environment,
        hosting: { provider },
        ...(needs && { needs }),
      })),
    })),
    populations: {
      continuity: ids,
      enabled: ids.filter((id) => id.endsWith('-ministry')),
      readiness: ids,
    },
  }
  return mark + stringify(register, { aliasDuplicateObjects: false, lineWidth: 0 })
}

const settings = {
  timezone: 'Asia/Muscat',
  cycleMonths: { april: 10, october: 4 },
  continuityTargetRatio: 0.95,
  maintenanceNoticeHours: 48,
  maintenanceQuotaMinutes: 1440,
  maintenanceGapPoints: 1,
  freezeDays: 10,
  criticalityWeights: { critical: 4, important: 2, supporting: 1 },
  degradedCountsAsUp: true,
  nationalAggregation: 'pooled',
  publicNeedsWitnesses: false,
  minimumProfile: {
    public: [['host'], ['http', 'tls', 'tcp']],
    internal: [['host']],
    link: [['link', 'tcp']],
  },
  setUpDays: 7,
  sealMinutes: 10,
  centreShareMaxRatio: 0.01,
  scopeStart: 'registration',
  joinerDenominator: 'in_scope',
} as const

/** A policy.yaml with the defaults of the software, in force before the nation's window. */
export function policyYaml({ window }: Nation): string {
  const since = new Date(window.from - 30 * dayMs).toISOString().slice(0, 10)
  const signed = Object.entries(settings).map(([name, value]) => {
    return [name, { value, since, approvedBy: 'Simulation' }]
  })
  const policy = { apiVersion: 'istimrar.policy/v1', settings: Object.fromEntries(signed) }
  return mark + stringify(policy, { aliasDuplicateObjects: false, lineWidth: 0 })
}
