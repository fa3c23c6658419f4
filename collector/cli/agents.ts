import { ask } from './admin.ts'
import { type Command, text } from './command.ts'
import { instant, tableOf } from './table.ts'

type Agent = {
  readonly agent: string
  readonly institution: string
  readonly environment: string
  readonly name: string
  readonly status: string
  readonly lastReportAt: number | null
  readonly rejoins: readonly { readonly code: string }[]
  readonly release: { readonly code: string; readonly requestedBy: string } | null
  readonly contested: number
}
type Page = { readonly agents: readonly Agent[]; readonly next: string | null }

const heads = ['AGENT', 'STATUS', 'LAST HEARD', 'INSTITUTION', 'ENVIRONMENT', 'NAME', 'WAITS WITH']

/** Lists agents, page by page. */
export const agents: Command = {
  about: 'List enrolled agents and what waits for a decision.',
  options: {
    institution: { type: 'string', value: 'ID', about: 'only of this institution' },
    status: {
      type: 'string',
      value: 'STATUS',
      about: 'only pending, active, quarantined or revoked ones',
    },
  },
  run: async (context, values) => {
    const found: Agent[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: Page = await ask<Page>(context, `/api/v1/agents?${queryOf(next)}`)
      found.push(...page.agents)
      next = page.next
    }
    context.out(tableOf(heads, found.sort(byPlace).map(rowOf)))
    return 0

    function queryOf(after: string): URLSearchParams {
      const asked = { institution: text(values, 'institution'), status: text(values, 'status') }
      const given = Object.entries({ ...asked, after }).filter(([, value]) => value)
      return new URLSearchParams(given as [string, string][]) // those without a value are gone
    }
  },
}

function byPlace(a: Agent, b: Agent): number {
  return placeOf(a) < placeOf(b) ? -1 : 1
}

function placeOf({ institution, environment, name }: Agent): string {
  return `${institution} ${environment} ${name}`
}

function rowOf({ rejoins, contested, release, ...agent }: Agent): string[] {
  const codes = rejoins.map(({ code }) => code)
  const aside = contested > 0 ? [`${contested} messages aside`] : []
  const asked = release ? [`release of ${release.code} asked by ${release.requestedBy}`] : []
  const { institution, environment, name, status } = agent
  const waits = [...codes, ...asked, ...aside].join(', ')
  return [agent.agent, status, instant(agent.lastReportAt), institution, environment, name, waits]
}
