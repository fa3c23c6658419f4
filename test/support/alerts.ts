import { globSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** An alert as Prometheus reads it. */
export type Rule = {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>> & { readonly severity: string }
  readonly annotations: Readonly<
    Record<'summary' | 'description' | 'summary_ar' | 'description_ar' | 'runbook_url', string>
  >
}

/** One file of promtool's rule tests. */
export type RuleTests = {
  readonly rule_files: readonly string[]
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string
      readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[]
    }[]
  }[]
}

/** The files of the alerts, relative to the root of the repository. */
export const ruleFiles: readonly string[] = globSync('deploy/prometheus/rules/*.yml').sort()

/** Their tests, one file each, for `promtool test rules`. */
export const ruleTestFiles: readonly string[] = globSync('test/system/rules/*.yml').sort()

/** Every alert that ships. */
export function allRules(): Rule[] {
  return ruleFiles.flatMap((file) => {
    const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] }
    return groups.flatMap(({ rules }) => rules)
  })
}

/** The severities a rule may have; the words of a template stand between its braces. */
export function severitiesOf({ labels }: Rule): string[] {
  const words = labels.severity.replaceAll(/\{\{.*?\}\}/g, ' ')
  return words.trim().split(/\s+/)
}
