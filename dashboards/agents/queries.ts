import type { Language } from '../../collector/web/language.ts'
import { job, rate, roundedDown, windowed, withNames } from '../queries.ts'

/** Matcher of the institution that the reader chose, or of all. */
const places = 'institution=~"$institution"'
const selected = `${job},${places}`

/** How many agents have a status. */
export function withStatus(status: string): string {
  return `sum(istimrar_agents{${selected},status="${status}"})`
}

/** How many agents count, and of those how many are heard or not. */
export const agentCounts = {
  all: `sum(istimrar_agents{${selected}})`,
  silent: `sum(${live('istimrar_agent_silent')})`,
  heard: `sum(1 - (${live('istimrar_agent_silent')}))`,
} as const

/** Messages kept aside of agents in quarantine; without any there is no series, which means 0. */
export const contested = `sum(istimrar_agent_contested_messages{${selected}}) or vector(0)`

/** Messages that agents still hold, of the ten institutions with the most. */
export function waiting(language: Language): string {
  const sums = `sum by (instance, institution) (istimrar_agent_spooled_messages{${selected}})`
  return `topk(10, ${institutionNames(language, sums)})`
}

/** One row an agent; all with the same labels, so that a table can merge them. */
export function agentRows(language: Language) {
  const ids = 'institution_name, environment_name, institution, environment, agent, name'
  const withAgent = (expression: string) =>
    `max by (${ids}, version, status) (${withNames(
      language,
      `${expression} * on (instance, institution, environment, agent)` +
        ` group_left (name, version, status) istimrar_agent_info{${job}}`,
    )})`
  return {
    lastReport: withAgent(`istimrar_agent_last_report_timestamp_seconds{${selected}} * 1000`),
    silent: withAgent(`istimrar_agent_silent{${selected}}`),
    spooled: withAgent(`istimrar_agent_spooled_messages{${selected}}`),
  } as const
}

/** How many agents run which version. */
export const versions = `count by (version) (istimrar_agent_info{${selected},status!="revoked"})`

/** How many agents had their newest batch dated in which way. */
export const clockClasses = `sum by (class) (istimrar_agent_clock_class{${selected}})`

/** Coverage of each institution in the chosen window. */
export function coverage(language: Language): string {
  const ratio = `istimrar_continuity_coverage_ratio{${windowed},scope="institution",${places}}`
  return roundedDown(institutionNames(language, ratio))
}

/** Whether each environment has the checks that its class needs. */
export function assessed(language: Language): string {
  const ids = 'institution_name, environment_name, institution, environment'
  const expression = withNames(language, `istimrar_environment_assessed{${selected}}`)
  return `max by (${ids}) (${expression})`
}

/** Messages of a type a second, by what became of them. */
export function messages(type: string, result: 'stored' | 'duplicate'): string {
  const selector = `{${job},type="${type}",result="${result}"}`
  return `sum(rate(istimrar_collector_messages_total${selector}${rate}))`
}

/** Refused requests a second, by why. */
export const refusals = `sum by (code) (rate(istimrar_collector_refusals_total{${job}}${rate}))`

/** Without agents that were revoked or wait for approval: nobody expects to hear them. */
function live(metric: string): string {
  return (
    `${metric}{${selected}} and on (instance, institution, environment, agent)` +
    ` istimrar_agent_info{${job},status!~"revoked|pending"}`
  )
}

function institutionNames(language: Language, expression: string): string {
  return (
    `max by (institution, name_${language}) (${expression}` +
    ` * on (instance, institution) group_left (name_${language}) istimrar_institution_info{${job}})`
  )
}
