import { stringify } from 'yaml'
import { dayMs } from '../../protocol/time.ts'
import { defaultSettings } from '../support/default-settings.ts'
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

/** A policy.yaml with the defaults of the software, in force before the nation's window. */
export function policyYaml({ window }: Nation): string {
  const since = new Date(window.from - 30 * dayMs).toISOString().slice(0, 10)
  const signed = Object.entries(defaultSettings).map(([name, value]) => {
    return [name, { value, since, approvedBy: 'Simulation' }]
  })
  const policy = { apiVersion: 'istimrar.policy/v1', settings: Object.fromEntries(signed) }
  return mark + stringify(policy, { aliasDuplicateObjects: false, lineWidth: 0 })
}
