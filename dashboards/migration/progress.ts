import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { BigValueTextMode, VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { migrationTexts } from '../../collector/web/texts/migration.ts'
import { forecastTexts } from '../../collector/web/texts/migration-words.ts'
import { framed, stat, withValues } from '../panel.ts'
import { colors, words } from '../words.ts'
import { sCurve } from './curve.ts'
import { forecastCodes, nationMigration } from './queries.ts'
import { migrationWords, migrationPanelTexts as texts } from './texts.ts'

/** What is done, what was promised, and where it leads. */
export function progress(language: Language): Builder<Panel>[] {
  const say = migrationTexts
  return [
    framed(
      language,
      { id: 1, text: texts.done, width: 6, height: 6 },
      withValues(stat(language, 'percentunit').textMode(BigValueTextMode.Value), [
        [say.done[language], nationMigration.share('done')],
      ]),
    ),
    framed(
      language,
      { id: 2, text: texts.beside, width: 7, height: 6 },
      withValues(stat(language, 'percentunit').orientation(VizOrientation.Horizontal), [
        [say.planned[language], nationMigration.share('planned')],
        [say.rebaselined[language], nationMigration.share('replanned')],
        [say.earned[language], nationMigration.share('earned')],
      ]),
    ),
    framed(
      language,
      { id: 3, text: texts.performance, width: 5, height: 6 },
      withValues(stat(language, 'none').decimals(2).orientation(VizOrientation.Horizontal), [
        [say.performance[language], nationMigration.performance('share')],
        [say.timePerformance[language], nationMigration.performance('time')],
      ]),
    ),
    framed(
      language,
      { id: 4, text: texts.status, width: 6, height: 6 },
      withValues(stat(language, 'none', [forecastWords(language)]), [
        [texts.status.title[language], nationMigration.forecastStatus],
      ]),
    ),
    framed(
      language,
      { id: 5, text: texts.dates, width: 12, height: 4 },
      withValues(stat(language, 'dateTimeAsIso'), [
        [say.plannedFinish[language], nationMigration.plannedFinish],
        [migrationWords.expected[language], nationMigration.forecast('expected')],
        [migrationWords.earliest[language], nationMigration.forecast('earliest')],
        [migrationWords.latest[language], nationMigration.forecast('latest')],
      ]),
    ),
    framed(
      language,
      { id: 6, text: texts.coverage, width: 8, height: 4 },
      withValues(stat(language, 'none'), [
        [migrationWords.registered[language], nationMigration.institutions('registered')],
        [
          migrationWords.withoutWorkloads[language],
          nationMigration.institutions('without_workloads'),
        ],
        [migrationWords.withoutRoadmap[language], nationMigration.institutions('without_roadmap')],
      ]),
    ),
    framed(
      language,
      { id: 7, text: texts.reference, width: 4, height: 4 },
      withValues(stat(language, 'dateTimeAsIso'), [
        [texts.reference.title[language], nationMigration.reference],
      ]),
    ),
    framed(language, { id: 8, text: texts.curve, width: 24, height: 11 }, sCurve(language)),
  ]
}

/** How the forecast stands, in words by its code. */
export function forecastWords(language: Language) {
  const { finished, forecast, not_started, no_progress } = forecastTexts
  return words(language, {
    0: [migrationTexts.noRoadmap, colors.none],
    [forecastCodes.finished]: [finished, colors.good],
    [forecastCodes.forecast]: [forecast, colors.open],
    [forecastCodes.not_started]: [not_started, colors.none],
    [forecastCodes.no_progress]: [no_progress, colors.middle],
  })
}
