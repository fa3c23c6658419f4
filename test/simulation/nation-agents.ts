import { witnessPlace } from '../../collector/evidence/leaf.ts'
import type { CheckDefinition } from '../../protocol/batch.ts'
import type { CheckAddress, Nation, NationAgent } from './nation.ts'

/** Every agent with its place, in the order of institutions, environments and names. */
export function agentsOf({ institutions }: Pick<Nation, 'institutions'>): (NationAgent & {
  readonly institution: string
  readonly environment: string
  readonly site: string
  readonly agent: string
})[] {
  return institutions.flatMap(({ id: institution, environments }) =>
    environments.flatMap(({ id: environment, site, agents }) =>
      agents.map((agent) => ({ institution, environment, site, agent: agent.name, ...agent })),
    ),
  )
}

/** A witness as an agent of the ministry, and what each of its checks truly looks at. */
export type WitnessAgent = typeof witnessPlace & {
  readonly agent: string
  readonly checks: readonly CheckDefinition[]
  readonly watched: ReadonlyMap<string, CheckAddress>
}

/** Every witness that has something to look at, with one check for each environment. */
export function witnessAgentsOf(nation: Pick<Nation, 'witnesses' | 'institutions'>) {
  const agents = agentsOf(nation)
  return nation.witnesses.flatMap(({ id: agent, watches }): WitnessAgent[] => {
    const watched = new Map<string, CheckAddress>()
    for (const address of watches) {
      const check = `${address.institution}-${address.environment}`
      if (!watched.has(check)) watched.set(check, address)
    }
    const checks = [...watched].map(([check, at]): CheckDefinition => {
      const inside = agents.find((each) => each.agent === at.agent && isIn(each, at))!
      const { intervalMs } = inside.checks.find((each) => each.check === at.check)!
      return { check, kind: 'http', intervalMs }
    })
    return checks.length === 0 ? [] : [{ ...witnessPlace, agent, checks, watched }]
  })
}

type Place = { readonly institution: string; readonly environment: string }

function isIn(place: Place, other: Place): boolean {
  return place.institution === other.institution && place.environment === other.environment
}
