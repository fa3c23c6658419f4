import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { BigValueTextMode, VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { figureTexts as say } from '../../collector/web/texts/figures.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { readinessTexts } from '../../collector/web/texts/readiness.ts'
import { framed, stat, timeseries, withCurves, withValues } from '../panel.ts'
import { table } from '../table.ts'
import { texts as common } from '../texts.ts'
import { colors, verdictWords, words } from '../words.ts'
import { modelCodes, modelRows, nationReadiness } from './queries.ts'
import { boundColumns } from './tables.ts'
import { readinessWords, readinessPanelTexts as texts } from './texts.ts'

/** The index, how sure it is, what it means and by which model, then levels. */
export function readinessHeadline(language: Language): Builder<Panel>[] {
  const model = words(language, {
    [modelCodes.draft]: [readinessTexts.draft, colors.unknown],
    [modelCodes.approved]: [readinessWords.official, colors.good],
  })
  return [
    framed(
      language,
      { id: 1, text: texts.low, width: 6, height: 6 },
      withValues(stat(language, 'percentunit').textMode(BigValueTextMode.Value), [
        [say.low[language], nationReadiness.figure('low')],
      ]),
    ),
    framed(
      language,
      { id: 2, text: texts.beside, width: 7, height: 6 },
      withValues(stat(language, 'percentunit').orientation(VizOrientation.Horizontal), [
        [say.observed[language], nationReadiness.figure('observed')],
        [say.high[language], nationReadiness.figure('high')],
        [common.target[language], nationReadiness.target],
      ]),
    ),
    framed(
      language,
      { id: 3, text: texts.verdict, width: 5, height: 6 },
      withValues(stat(language, 'none', [verdictWords(language)]), [
        [say.verdict[language], nationReadiness.verdict],
      ]),
    ),
    framed(
      language,
      { id: 4, text: texts.model, width: 6, height: 6 },
      withValues(stat(language, 'none', [model]), [
        [texts.model.title[language], nationReadiness.model],
      ]),
    ),
    trend(language),
    ...byLevel(language),
    ...byPart(language),
  ]
}

/** Of institutions and governorates apart, and of each dimension. */
function byPart(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 8, text: texts.kinds, width: 12, height: 7 },
      table(
        language,
        [
          { title: common.kind, label: 'kind', mappings: [kindWords(language)] },
          ...boundColumns(nationReadiness.byKind),
        ],
        { title: say.low },
      ),
    ),
    framed(
      language,
      { id: 9, text: texts.dimensions, width: 12, height: 7 },
      table(
        language,
        [
          { title: readinessTexts.dimension, label: 'dimension_name' },
          {
            title: say.low,
            unit: 'percentunit',
            expression: modelRows(language).dimension('low'),
          },
          {
            title: say.high,
            unit: 'percentunit',
            expression: modelRows(language).dimension('high'),
          },
          { title: common.id, label: 'dimension' },
        ],
        { title: say.low },
      ),
    ),
  ]
}

function trend(language: Language): Builder<Panel> {
  return framed(
    language,
    { id: 5, text: texts.trend, width: 12, height: 9 },
    withCurves(timeseries('percentunit').decimals(2).max(1), [
      [say.low[language], nationReadiness.figure('low')],
      [say.observed[language], nationReadiness.figure('observed')],
      [say.high[language], nationReadiness.figure('high')],
      [common.target[language], nationReadiness.target],
    ]),
  )
}

function byLevel(language: Language): Builder<Panel>[] {
  const { levels, beingSetUp } = modelRows(language)
  const count = { title: readinessWords.institutions, unit: 'none', expression: levels }
  return [
    framed(
      language,
      { id: 6, text: texts.levels, width: 8, height: 9 },
      table(
        language,
        [
          { title: readinessTexts.level, label: 'level_name' },
          count,
          { title: common.id, label: 'level' },
        ],
        count,
        'largest first',
      ),
    ),
    framed(
      language,
      { id: 7, text: texts.beingSetUp, width: 4, height: 9 },
      withValues(stat(language, 'none'), [[say.beingSetUp[language], beingSetUp]]),
    ),
  ]
}

function kindWords(language: Language) {
  return words(language, {
    institution: [placeTexts.institutions],
    governorate: [placeTexts.governorates],
  })
}
