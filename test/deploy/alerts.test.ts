import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  allRules,
  type Rule,
  type RuleTests,
  ruleFiles,
  ruleTestFiles,
  severitiesOf,
} from '../support/alerts.ts'
import { metricNames } from '../support/metric-names.ts'
import { selectorsOf } from '../support/promql.ts'

const metrics = await metricNames()
const rules = allRules()

test.each(rules)('$alert says how bad it is, what it means and what to do, twice', (rule) => {
  const { summary, description, summary_ar, description_ar, runbook_url } = rule.annotations
  expect(Object.keys(rule.annotations)).toHaveLength(5)
  expect(rule.alert).toMatch(/^Istimrar([A-Z][a-z]+)+$/)
  for (const word of severitiesOf(rule)) expect(['critical', 'warning', 'info']).toContain(word)
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

test('no runbook is without its alert', () => {
  const named = new Set(rules.map(({ annotations }) => annotations.runbook_url))
  expect(globSync('docs/runbooks/*.md').filter((file) => !named.has(file))).toEqual([])
})

test.each(rules)('$alert ($labels.severity) reads metrics that exist', ({ expr }) => {
  for (const { metric } of selectorsOf(expr)) expect(metrics).toContain(metric)
})

const cases = ruleTestFiles
  .map((file) => parse(readFileSync(file, 'utf8')) as RuleTests)
  .flatMap(({ tests }) => tests.flatMap((each) => each.alert_rule_test))

test.each(rules)('$alert ($labels.severity) is seen firing and not firing', (rule) => {
  const ofRule = cases.filter(({ alertname }) => alertname === rule.alert)
  const fired = ofRule.flatMap(({ exp_alerts }) => exp_alerts.map(({ exp_labels }) => exp_labels))
  for (const severity of severitiesOf(rule)) {
    const { over } = rule.labels
    expect(fired).toContainEqual(expect.objectContaining({ severity, ...(over ? { over } : {}) }))
  }
  expect(ofRule.filter(({ exp_alerts }) => exp_alerts.length === 0)).not.toEqual([])
})

test('each file of rules has its file of tests', () => {
  expect(ruleTestFiles.map((file) => basename(file))).toEqual(
    ruleFiles.map((file) => basename(file)),
  )
  for (const file of ruleTestFiles) {
    const { rule_files } = parse(readFileSync(file, 'utf8')) as RuleTests
    expect(rule_files).toEqual([`../../../deploy/prometheus/rules/${basename(file)}`])
  }
})

test('T11: no alert on a budget asks for more than all of the time to be down', () => {
  const shares = rules.flatMap(({ expr }) => burnShares(expr))
  expect(shares).toHaveLength(6)
  for (const share of shares) expect(share).toBeLessThanOrEqual(1)
})

// What the usual factors for 30 days become over a half-year of 95 %, and what they may be at most.
test.each([
  ['> 87.36 * (1 - 0.95)', false],
  ['> 36.4 * (1 - 0.95)', false],
  ['> 20 * (1 - 0.95)', true],
  ['> 14.4 * (1 - 0.95)', true],
])('T11: %s can fire: %s', (expression, canFire) => {
  const [share] = burnShares(`avg_over_time(down[1h]) ${expression}`)
  expect(share! <= 1 + 1e-9).toBe(canFire)
})

/** The shares of time down that an expression asks for: burn rate times what a target allows. */
function burnShares(expr: Rule['expr']): number[] {
  const found = expr.matchAll(/> ([\d.]+) \* \(1 - ([\d.]+)\)/g)
  return [...found].map(([, burn, target]) => Number(burn) * (1 - Number(target)))
}
