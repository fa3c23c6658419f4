import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { dashboardFiles } from '../../dashboards/generate.ts'
import type { BoardName } from '../../dashboards/texts.ts'
import type { Prometheus } from './prometheus.ts'
import { substitute } from './promql.ts'

/** A dashboard as Grafana gets it. */
export type GeneratedDashboard = {
  readonly language: Language
  readonly name: BoardName
  readonly dashboard: Dashboard
}

/** Every dashboard in every language. */
export function allDashboards(): GeneratedDashboard[] {
  return dashboardFiles().map(({ path, text }) => {
    const [, language, name] = /generated\/(\w+)\/(\w+)\.json$/.exec(path) ?? []
    // What the generator names its files after.
    return { language: language as Language, name: name as BoardName, dashboard: JSON.parse(text) }
  })
}

/** Values of all variables, for a reader who looks at one institution and all of its environments. */
export function chosen(institution: string, window = 'cycle'): Readonly<Record<string, string>> {
  const place = { institution, environment: '.+' }
  return { job: 'istimrar', window, __rate_interval: '10s', ...place }
}

/**
 * The queries of a dashboard that have no data, by the title of their panel. One that reads the
 * chosen institution must have data of one of them at least: not every one has something of all.
 */
export async function unanswered(
  dashboard: Dashboard,
  prometheus: Prometheus,
  institutions: readonly string[],
  window = 'cycle',
): Promise<string[]> {
  const isAnswered = async (expression: string) => {
    const queries = institutions.map((each) => substitute(expression, chosen(each, window)))
    for (const query of new Set(queries)) {
      if ((await prometheus.query(query)).length > 0) return true
    }
    return false
  }
  const missing: string[] = []
  for (const panel of dataPanels(dashboard)) {
    for (const expression of expressionsOf(panel)) {
      if (await isAnswered(expression)) continue
      // A scrape that a busy machine could not end in time leaves nothing for a moment.
      await prometheus.waitFor('up{job="istimrar"} == 1', (series) => series.length > 0)
      if (!(await isAnswered(expression))) missing.push(`${panel.title}: ${expression}`)
    }
  }
  return missing
}

/** The panels that show data; rows left out. */
export function dataPanels({ panels = [] }: Dashboard): Panel[] {
  return panels.filter((panel): panel is Panel => panel.type !== 'row')
}

/** The expressions of a panel, in order. */
export function expressionsOf({ targets = [] }: Panel): string[] {
  return targets.map((target) => ('expr' in target ? String(target.expr) : ''))
}

/** Every text that a reader of the dashboard sees, with where it stands. */
export function textsOf(dashboard: Dashboard): [place: string, text: string][] {
  const texts: [string, string][] = []
  const walk = (value: unknown, place: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      const here = `${place}.${key}`
      if (typeof child === 'string' && isText(key, here)) texts.push([here, child])
      else walk(child, here)
    }
  }
  walk(dashboard, '')
  return texts
}

function isText(key: string, place: string): boolean {
  if (['title', 'description', 'label', 'text', 'legendFormat', 'tooltip'].includes(key)) {
    return true
  }
  return place.includes('.renameByName.') || place.endsWith('.matcher.options')
}
