import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language, Text } from '../../collector/web/language.ts'
import { figureTexts } from '../../collector/web/texts/figures.ts'
import { migrationTexts } from '../../collector/web/texts/migration.ts'
import {
  complianceTexts,
  migrationFindingTexts,
  workloadStateTexts,
} from '../../collector/web/texts/migration-words.ts'
import { framed, stat, withValues } from '../panel.ts'
import { shares } from '../shares.ts'
import { table } from '../table.ts'
import { colors, words } from '../words.ts'
import { nationMigration } from './queries.ts'
import { migrationWords, migrationPanelTexts as texts } from './texts.ts'

/** Workloads by where they are, and what does not agree. */
export function workloads(language: Language): Builder<Panel>[] {
  const { compliant, breach, unknown, exempt } = complianceTexts
  return [
    framed(
      language,
      { id: 101, text: texts.states, width: 9, height: 9 },
      counts(language, migrationTexts.state, 'state', workloadStateTexts, nationMigration.byState),
    ),
    framed(
      language,
      { id: 102, text: texts.late, width: 6, height: 9 },
      withValues(stat(language, 'none').orientation(VizOrientation.Horizontal), [
        [migrationTexts.late[language], nationMigration.late],
        [migrationTexts.blocked[language], nationMigration.blocked],
      ]),
    ),
    framed(
      language,
      { id: 103, text: texts.findings, width: 9, height: 9 },
      counts(
        language,
        migrationTexts.finding,
        'kind',
        migrationFindingTexts,
        nationMigration.findings,
      ),
    ),
    framed(
      language,
      { id: 104, text: texts.compliance, width: 12, height: 8 },
      withValues(stat(language, 'percentunit'), [
        [figureTexts.low[language], nationMigration.compliance('low')],
        [figureTexts.high[language], nationMigration.compliance('high')],
      ]),
    ),
    framed(
      language,
      { id: 105, text: texts.complianceCounts, width: 12, height: 8 },
      shares(language, [
        [compliant, colors.good, nationMigration.withCompliance('compliant')],
        [breach, colors.bad, nationMigration.withCompliance('breach')],
        [unknown, colors.middle, nationMigration.withCompliance('unknown')],
        [exempt, colors.none, nationMigration.withCompliance('exempt')],
      ]),
    ),
  ]
}

/** A table of how many there are of each; the most first. */
function counts(
  language: Language,
  title: Text,
  label: string,
  texts: Readonly<Record<string, Text>>,
  expression: string,
) {
  const named = Object.entries(texts).map(([id, text]) => [id, [text] as const] as const)
  const count = { title: migrationWords.workloadCount, expression, unit: 'none' }
  const columns = [{ title, label, mappings: [words(language, Object.fromEntries(named))] }, count]
  return table(language, columns, count, 'largest first')
}
