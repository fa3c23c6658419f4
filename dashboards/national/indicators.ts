import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { figureTexts as say } from '../../collector/web/texts/figures.ts'
import { migrationTexts } from '../../collector/web/texts/migration.ts'
import { forecastWords } from '../migration/progress.ts'
import { nationMigration } from '../migration/queries.ts'
import { framed, type Named, stat, withValues } from '../panel.ts'
import { nationReadiness } from '../readiness/queries.ts'
import { type PanelText, texts } from '../texts.ts'
import { verdictWords } from '../words.ts'
import { nationalPanelTexts as own } from './texts.ts'

/** The three indicators beside continuity, each against its target and with its bounds. */
export function indicators(language: Language): Builder<Panel>[] {
  const shares = (id: number, text: PanelText, width: number, values: Named) =>
    framed(
      language,
      { id, text, width, height: 6 },
      withValues(stat(language, 'percentunit').orientation(VizOrientation.Horizontal), values),
    )
  return [
    shares(11, own.readiness, 6, [
      [say.low[language], nationReadiness.figure('low')],
      [say.observed[language], nationReadiness.figure('observed')],
      [say.high[language], nationReadiness.figure('high')],
      [texts.target[language], nationReadiness.target],
    ]),
    framed(
      language,
      { id: 12, text: own.readinessVerdict, width: 4, height: 6 },
      withValues(stat(language, 'none', [verdictWords(language)]), [
        [say.verdict[language], nationReadiness.verdict],
      ]),
    ),
    shares(13, own.enabled, 5, [
      [say.low[language], nationReadiness.enabled('low')],
      [say.high[language], nationReadiness.enabled('high')],
    ]),
    shares(14, own.migration, 5, [
      [migrationTexts.done[language], nationMigration.share('done')],
      [migrationTexts.planned[language], nationMigration.share('planned')],
      [migrationTexts.earned[language], nationMigration.share('earned')],
    ]),
    framed(
      language,
      { id: 15, text: own.forecast, width: 4, height: 6 },
      withValues(stat(language, 'none', [forecastWords(language)]), [
        [own.forecast.title[language], nationMigration.forecastStatus],
      ]),
    ),
  ]
}
