import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { migrationTexts as say } from '../../collector/web/texts/migration.ts'
import { framed, timeseries, withCurves } from '../panel.ts'
import { table } from '../table.ts'
import { texts as common } from '../texts.ts'
import { forecastWords } from './progress.ts'
import { institutionsMigration } from './queries.ts'
import { migrationWords, migrationPanelTexts as texts } from './texts.ts'

/** Every chosen institution with a workload, least done first, and how they came there. */
export function migrationByInstitution(language: Language): Builder<Panel>[] {
  const queries = institutionsMigration(language)
  const share = { unit: 'percentunit' }
  const date = { unit: 'dateTimeAsIso' }
  const link = { to: 'institution', institution: common.institutionId } as const
  return [
    framed(
      language,
      { id: 201, text: texts.institutions, width: 24, height: 13 },
      table(
        language,
        [
          { title: common.institution, label: 'institution_name', link },
          { title: say.done, ...share, expression: queries.share('done') },
          { title: say.planned, ...share, expression: queries.share('planned') },
          { title: say.earned, ...share, expression: queries.share('earned') },
          { title: say.timePerformance, decimals: 2, expression: queries.timePerformance },
          {
            title: texts.status.title,
            expression: queries.forecastStatus,
            mappings: [forecastWords(language)],
            colored: true,
          },
          { title: say.plannedFinish, ...date, expression: queries.plannedFinish },
          { title: migrationWords.expected, ...date, expression: queries.expectedFinish },
          { title: say.late, expression: queries.late },
          { title: say.blocked, expression: queries.blocked },
          { title: say.findingCount, expression: queries.findings },
          { title: say.complianceShort, ...share, expression: queries.compliance },
          { title: common.institutionId, label: 'institution' },
        ],
        { title: say.done },
      ),
    ),
    framed(
      language,
      { id: 202, text: texts.history, width: 24, height: 9 },
      withCurves(timeseries('percentunit').decimals(2).max(1), [
        ['{{institution_name}}', queries.share('done')],
      ]),
    ),
  ]
}
