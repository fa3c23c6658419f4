import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { describe, expect, test } from 'vitest'
import { rules } from '../support/dashboard-lint.ts'
import { allDashboards } from '../support/dashboards.ts'

describe.each(Object.entries(rules))('%s', (_name, rule) => {
  test.each(allDashboards())('$dashboard.uid keeps it', ({ dashboard }) => {
    expect(rule(dashboard)).toEqual([])
  })
})

const query = (expr: string) => ({ panels: [panel({ targets: [target({ expr })] })] })
const range = '[$__rate_interval]'

const broken: readonly (readonly [rule: string, parts: object])[] = [
  ['template-datasource-rule', { templating: { list: [] } }],
  ['template-job-rule', { templating: { list: [variable('job', { datasource: null })] } }],
  ['template-label-promql-rule', { templating: { list: [variable('job', { query: 'x(' })] } }],
  [
    'template-on-time-change-reload-rule',
    { templating: { list: [variable('job', { refresh: 1 })] } },
  ],
  ['panel-datasource-rule', { panels: [panel({ datasource: { uid: 'istimrar' } })] }],
  ['panel-datasource-rule', { panels: [panel({ targets: [target({ datasource: null })] })] }],
  ['panel-title-description-rule', { panels: [panel({ description: '' })] }],
  ['panel-units-rule', { panels: [panel({ fieldConfig: { defaults: {}, overrides: [] } })] }],
  ['panel-units-rule', { panels: [panel({ fieldConfig: override('unit', 'parsecs') })] }],
  ['panel-no-targets-rule', { panels: [panel({ targets: [] })] }],
  ['target-promql-rule', query('sum(')],
  ['target-rate-interval-rule', query('rate(a_total{job=~"$job"}[5m])')],
  ['target-job-rule', query('a{job=~"$job"} + b{}')],
  ['target-counter-agg-rule', query('sum(a_total{job=~"$job"})')],
  ['uneditable-dashboard', { editable: true }],
  ['own: every variable in use is there, and every one there is in use', query('a{b="$other"}')],
  ['own: a table has a column for each label, and each title once', { panels: [oddTable()] }],
  [
    'own: a cell leads to a place by columns that are there',
    { panels: [panel({ fieldConfig: override('links', [{ url: `\${__data.fields["None"]}` }]) })] },
  ],
]

test.each(broken)('%s finds a dashboard that breaks it', (name, parts) => {
  const kept = sound()
  const rule = rules[name]
  if (!rule) throw new Error(`No rule ${name}`)
  expect(rule(kept)).toEqual([])
  // Parts of a dashboard that the SDK's types would not let anyone write.
  expect(rule({ ...kept, ...parts } as Dashboard)).not.toEqual([])
})

test('every rule is tried on a dashboard that breaks it', () => {
  expect(new Set(broken.map(([name]) => name))).toEqual(new Set(Object.keys(rules)))
})

/** A dashboard with which no rule finds fault. */
function sound() {
  const datasource = { type: 'datasource', name: 'datasource', query: 'prometheus' }
  return {
    editable: false,
    templating: { list: [datasource, variable('job', {})] },
    panels: [panel({})],
  } as unknown as Dashboard
}

function variable(name: string, other: object) {
  const query = 'label_values(istimrar_build_info, job)'
  return { type: 'query', name, query, refresh: 2, datasource: { uid: '$datasource' }, ...other }
}

function panel(other: object) {
  const fieldConfig = { defaults: { unit: 'none' }, overrides: [] }
  const texts = { title: 'Title', description: 'What it shows.' }
  const datasource = { uid: '$datasource' }
  const plain = { type: 'stat', ...texts, datasource, fieldConfig, targets: [target({})] }
  return { ...plain, ...other } as unknown as Panel
}

function target(other: object) {
  const expr = `sum(rate(a_total{job=~"$job"}${range}))`
  return { datasource: { uid: '$datasource' }, expr, ...other }
}

function override(id: string, value: unknown) {
  const matcher = { id: 'byName', options: 'a' }
  return { defaults: { unit: 'none' }, overrides: [{ matcher, properties: [{ id, value }] }] }
}

function oddTable() {
  const organize = { id: 'organize', options: { indexByName: { a: 0 }, renameByName: { a: 'A' } } }
  const targets = [target({ expr: 'max by (a, b) (c{job=~"$job"})' })]
  return panel({ type: 'table', targets, transformations: [organize] })
}
