import type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { chosen, dataPanels, expressionsOf } from './dashboards.ts'
import { labelsKept, selectorsOf, substitute } from './promql.ts'

/** What a rule has to say against a dashboard; nothing when it keeps it. */
export type Rule = (dashboard: Dashboard) => string[]

/**
 * The rules that Grafana's dashboard-linter publishes, by their names there, and after them our own.
 * Not ours to keep: `template-instance-rule` and `target-instance-rule`, since one collector is one
 * instance and figures of two must never be mixed; several jobs at once, for the same reason; the
 * English labels that `template-datasource-rule` and `template-job-rule` prescribe; and the two for
 * logs.
 */
export const rules: Readonly<Record<string, Rule>> = {
  'template-datasource-rule': (dashboard) => {
    const all = variablesOf(dashboard).filter(({ type }) => type === 'datasource')
    const [one] = all
    const isRight = all.length === 1 && one?.name === 'datasource' && one.query === 'prometheus'
    return isRight ? [] : ['not exactly one data source variable']
  },
  'template-job-rule': (dashboard) => {
    const job = queryVariables(dashboard).find(({ name }) => name === 'job')
    return job?.datasource?.uid === '$datasource' ? [] : ['no job variable of the data source']
  },
  'template-label-promql-rule': (dashboard) =>
    queryVariables(dashboard).flatMap(({ name, query }) => {
      const [, expression = ''] =
        /^(?:label_values|query_result)\((.*?)(?:, \w+)?\)$/.exec(String(query)) ?? []
      return problemOf(expression).map((problem) => `variable ${name}: ${problem}`)
    }),
  'template-on-time-change-reload-rule': (dashboard) =>
    queryVariables(dashboard)
      .filter(({ refresh }) => refresh !== 2)
      .map(({ name }) => `variable ${name} stays as it was at first`),
  'panel-datasource-rule': eachPanel(({ datasource, targets = [] }) => {
    // The type of a target says nothing of its data source, which a Prometheus query has.
    const sources = [datasource, ...(targets as Pick<Panel, 'datasource'>[]).map(sourceOf)]
    return sources.every((each) => each?.uid === '$datasource') ? [] : ['fixed data source']
  }),
  'panel-title-description-rule': eachPanel(({ title, description }) =>
    title && description ? [] : ['no title or description'],
  ),
  'panel-units-rule': eachPanel(({ fieldConfig }) => {
    const overrides = fieldConfig?.overrides.flatMap(({ properties }) => properties) ?? []
    const own = overrides.filter(({ id }) => id === 'unit').map(({ value }) => value)
    return [fieldConfig?.defaults.unit, ...own].flatMap((unit) =>
      knownUnits.has(unit) || unit?.startsWith('time:') ? [] : [`unit ${JSON.stringify(unit)}`],
    )
  }),
  'panel-no-targets-rule': eachPanel((panel) =>
    expressionsOf(panel).length > 0 ? [] : ['no query'],
  ),
  'target-promql-rule': eachQuery(problemOf),
  'target-rate-interval-rule': eachQuery((query) => {
    const ranges = [...query.matchAll(/\[([^\]]*)\]/g)].map(([, range]) => range)
    return ranges.every((range) => range === '$__rate_interval') ? [] : ['a range of its own']
  }),
  'target-job-rule': eachQuery((query) =>
    selectorsOf(plain(query))
      .filter(({ text }) => !text.includes('job=~"istimrar"'))
      .map(({ metric }) => `${metric} without job=~"$job"`),
  ),
  'target-counter-agg-rule': eachQuery((query) =>
    selectorsOf(plain(query))
      .filter(({ metric }) => /_(total|bucket)$/.test(metric))
      .filter(({ within }) => !within.some((name) => /^(i?rate|increase)$/.test(name)))
      .map(({ metric }) => `counter ${metric} as it is`),
  ),
  'uneditable-dashboard': ({ editable }) => (editable === false ? [] : ['can be edited']),

  'own: every variable in use is there, and every one there is in use': (dashboard) => {
    const there = variablesOf(dashboard).map(({ name }) => name)
    // One that is not seen is handed on by the links.
    const seen = variablesOf(dashboard).filter(({ hide }) => hide !== 2)
    const text = JSON.stringify([dashboard.panels, variablesOf(dashboard)])
    const used = [...text.matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name)
    return [
      ...used.filter((name) => !there.includes(name)).map((name) => `no variable ${name}`),
      ...seen.filter(({ name }) => !used.includes(name)).map(({ name }) => `${name} is of no use`),
    ]
  },
  'own: a table has a column for each label, and each title once': eachPanel((panel) => {
    if (panel.type !== 'table') return []
    const organize = panel.transformations?.find(({ id }) => id === 'organize')
    const { indexByName = {}, renameByName = {} } = organize?.options ?? {}
    const titles = Object.values(renameByName)
    const extra = expressionsOf(panel)
      .flatMap((query) => labelsKept(plain(query)) ?? ['everything'])
      .filter((label) => !(label in indexByName))
    const twice = titles.filter((title, index) => titles.indexOf(title) !== index)
    return [...new Set(extra)]
      .map((label) => `no column for ${label}`)
      .concat(twice.map((title) => `two columns ${title}`))
  }),
  'own: a cell leads to a place by columns that are there': eachPanel((panel) => {
    const named = [...JSON.stringify(panel.fieldConfig).matchAll(/__data\.fields\[\\"(.*?)\\"\]/g)]
    const text = JSON.stringify(panel.transformations ?? [])
    return named
      .filter(([, title]) => !text.includes(`"${title}"`))
      .map(([, title]) => `no column ${title}`)
  }),
}

function sourceOf({ datasource }: Pick<Panel, 'datasource'>): Panel['datasource'] {
  return datasource
}

const knownUnits = new Set<unknown>(Object.values(units))

function eachPanel(look: (panel: Panel) => string[]): Rule {
  return (dashboard) =>
    dataPanels(dashboard).flatMap((panel) => look(panel).map((what) => `${panel.title}: ${what}`))
}

function eachQuery(look: (query: string) => string[]): Rule {
  return eachPanel((panel) => expressionsOf(panel).flatMap(look))
}

function variablesOf({ templating }: Dashboard): VariableModel[] {
  return templating?.list ?? []
}

function queryVariables(dashboard: Dashboard): VariableModel[] {
  return variablesOf(dashboard).filter(({ type }) => type === 'query')
}

function plain(query: string): string {
  return substitute(query, chosen('health'))
}

function problemOf(query: string): string[] {
  if (query === '') return ['nothing to ask']
  try {
    selectorsOf(plain(query))
    return []
  } catch (error) {
    return [String(error)]
  }
}
