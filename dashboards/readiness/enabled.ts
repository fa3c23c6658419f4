import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { figureTexts as say } from '../../collector/web/texts/figures.ts'
import { readinessTexts } from '../../collector/web/texts/readiness.ts'
import { criterionTexts, enabledTexts } from '../../collector/web/texts/readiness-words.ts'
import { framed, stat, withValues } from '../panel.ts'
import { shares } from '../shares.ts'
import { table } from '../table.ts'
import { texts as common } from '../texts.ts'
import { colors } from '../words.ts'
import { modelRows, nationReadiness } from './queries.ts'
import { readinessPanelTexts as texts } from './texts.ts'

/** The share that is digitally enabled, and which criteria stand against it. */
export function enabledShare(language: Language): Builder<Panel>[] {
  const { passed, failed, unknown } = modelRows(language)
  return [
    framed(
      language,
      { id: 101, text: texts.enabled, width: 5, height: 9 },
      withValues(stat(language, 'percentunit').orientation(VizOrientation.Horizontal), [
        [say.low[language], nationReadiness.enabled('low')],
        [say.high[language], nationReadiness.enabled('high')],
      ]),
    ),
    framed(
      language,
      { id: 102, text: texts.enabledCounts, width: 6, height: 9 },
      shares(language, [
        [enabledTexts.enabled, colors.good, nationReadiness.withEnabled('enabled')],
        [enabledTexts.not_enabled, colors.bad, nationReadiness.withEnabled('not_enabled')],
        [enabledTexts.unknown, colors.middle, nationReadiness.withEnabled('unknown')],
      ]),
    ),
    framed(
      language,
      { id: 103, text: texts.waived, width: 3, height: 9 },
      withValues(stat(language, 'none'), [
        [criterionTexts.waived[language], nationReadiness.withEnabled('waived')],
      ]),
    ),
    framed(
      language,
      { id: 104, text: texts.criteria, width: 10, height: 9 },
      table(
        language,
        [
          { title: readinessTexts.criterion, label: 'criterion_name' },
          { title: criterionTexts.pass, expression: passed },
          { title: criterionTexts.fail, expression: failed },
          { title: criterionTexts.unknown, expression: unknown },
          { title: common.id, label: 'criterion' },
        ],
        { title: criterionTexts.pass },
      ),
    ),
  ]
}
