import { stringify } from 'yaml'
import { dayMs } from '../../protocol/time.ts'
import { defaultSettings } from '../support/default-settings.ts'
import type { Nation } from './nation.ts'
import { type WitnessAgent, witnessAgentsOf } from './nation-agents.ts'

const mark = '# SIMULATED: a synthetic nation, not official data / بيانات محاكاة – ليست رسمية\n'

/** The nation's register.yaml. */
export function registerYaml(nation: Nation): string {
  const { institutions } = nation
  const witnesses = witnessAgentsOf(nation)
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
        ...named(witnesses, `${institution.id}-${environment.id}`),
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

/** The checks of this name that witnesses make, where there are enough to decide anything. */
function named(witnesses: readonly WitnessAgent[], check: string): { witnesses?: string[] } {
  const those = witnesses.filter(({ watched }) => watched.has(check))
  return those.length < 2 ? {} : { witnesses: those.map(({ agent }) => `${agent}/${check}`) }
}

/** A policy.yaml with the defaults of the software, and more, in force before the window. */
export function policyYaml({ window }: Nation, more: object = {}): string {
  const since = new Date(window.from - 30 * dayMs).toISOString().slice(0, 10)
  const signed = Object.entries({ ...defaultSettings, ...more }).map(([name, value]) => {
    return [name, { value, since, approvedBy: 'Simulation' }]
  })
  const policy = { apiVersion: 'istimrar.policy/v1', settings: Object.fromEntries(signed) }
  return mark + stringify(policy, { aliasDuplicateObjects: false, lineWidth: 0 })
}
