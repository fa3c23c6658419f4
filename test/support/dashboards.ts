import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { type Language, languages } from '../../collector/web/language.ts'
import { national } from '../../dashboards/national.ts'

/** Every dashboard as Grafana gets it. */
export function allDashboards(): { readonly language: Language; readonly dashboard: Dashboard }[] {
  return languages.map((language) => ({
    language,
    // By way of JSON: what is not in the file is not there.
    dashboard: JSON.parse(JSON.stringify(national(language))) as Dashboard,
  }))
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
