import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { allRules } from '../support/alerts.ts'
import { metricNames } from '../support/metric-names.ts'
import { selectorsOf } from '../support/promql.ts'

const metrics = await metricNames()
const read = (path: string) => parse(readFileSync(path, 'utf8'))

test.each(allRules())('$alert says how bad it is, what it means and what to do, twice', (rule) => {
  const { summary, description, summary_ar, description_ar, runbook_url } = rule.annotations
  expect(rule.alert).toMatch(/^Istimrar([A-Z][a-z]+)+$/)
  // The words of a template stand between its braces: {{ if … }}critical{{ else }}warning{{ end }}
  for (const word of rule.labels.severity
    .replaceAll(/\{\{.*?\}\}/g, ' ')
    .trim()
    .split(/\s+/)) {
    expect(['critical', 'warning', 'info']).toContain(word)
  }
  for (const text of [summary, description]) expect(text).toMatch(/[a-z]{3}/)
  for (const text of [summary_ar, description_ar]) {
    expect(text).toMatch(/\p{Script=Arabic}{3}/u)
    expect(text).not.toMatch(/البنية التحتية|جهة|داشبورد/)
  }
  expect(existsSync(runbook_url), runbook_url).toBe(true)
  const runbook = readFileSync(runbook_url, 'utf8')
  expect(runbook).toMatch(new RegExp(`^# ${rule.alert}: `))
  expect(runbook).toMatch(/<div dir="rtl" lang="ar">\s+\*\*\p{Script=Arabic}/u)
})

test.each(allRules())('$alert reads metrics that exist and has a rule test', ({ alert, expr }) => {
  for (const { metric } of selectorsOf(expr)) expect(metrics).toContain(metric)
  const { tests } = read('test/system/prometheus-rules.yml')
  const fires = tests
    .flatMap((each: { alert_rule_test: unknown[] }) => each.alert_rule_test)
    .filter((each: { alertname: string; exp_alerts: unknown[] }) => each.alertname === alert)
    .some((each: { exp_alerts: unknown[] }) => each.exp_alerts.length > 0)
  expect(fires).toBe(true)
})

test('Grafana is provisioned with the data source and folder that the dashboards expect', () => {
  const { datasources } = read('deploy/grafana/provisioning/datasources/istimrar.yaml')
  const { scrape_configs, global } = read('deploy/prometheus/prometheus.yml')
  expect(datasources).toEqual([
    expect.objectContaining({
      uid: 'istimrar',
      type: 'prometheus',
      access: 'proxy',
      jsonData: { timeInterval: global.scrape_interval, httpMethod: 'POST' },
    }),
  ])
  const { providers } = read('deploy/grafana/provisioning/dashboards/istimrar.yaml')
  expect(providers).toEqual([
    expect.objectContaining({
      type: 'file',
      allowUiUpdates: false,
      options: { path: '/var/lib/grafana/dashboards/istimrar' },
    }),
  ])
  // The job of the alerts that ask for `up`.
  expect(scrape_configs).toEqual([expect.objectContaining({ job_name: 'istimrar' })])
})
