import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** An alert as Prometheus reads it. */
export type Rule = {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<
    Record<'summary' | 'description' | 'summary_ar' | 'description_ar' | 'runbook_url', string>
  >
}

/** The file of the alerts, relative to the root of the repository. */
export const rulesFile = 'deploy/prometheus/rules/istimrar.yml'

/** Every alert that ships. */
export function allRules(): Rule[] {
  const { groups } = parse(readFileSync(rulesFile, 'utf8')) as { groups: { rules: Rule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}
