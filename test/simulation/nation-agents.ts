import type { Nation, NationAgent } from './nation.ts'

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
