import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { BigValueTextMode, VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { figureTexts, verdictTexts } from '../../collector/web/texts/figures.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { shellTexts } from '../../collector/web/texts/shell.ts'
import { framed, stat, timeseries, withCurves, withValues } from '../panel.ts'
import { nation } from '../queries.ts'
import { shares } from '../shares.ts'
import { panelTexts, texts } from '../texts.ts'
import { colors, verdictColors, verdictWords, words } from '../words.ts'

/** Who reports first, then the figure, how sure it is, and what it means. */
export function headline(language: Language): Builder<Panel>[] {
  const say = figureTexts
  return [
    framed(
      language,
      { id: 1, text: panelTexts.reporting, width: 5, height: 6 },
      withValues(stat(language, 'none').orientation(VizOrientation.Horizontal), [
        [placeTexts.isReporting[language], nation.reporting],
        [texts.ofTargets[language], nation.targets],
      ]),
    ),
    framed(
      language,
      { id: 2, text: panelTexts.low, width: 7, height: 6 },
      withValues(stat(language, 'percentunit').textMode(BigValueTextMode.Value), [
        [say.low[language], nation.figure('low')],
      ]),
    ),
    framed(
      language,
      { id: 3, text: panelTexts.beside, width: 7, height: 6 },
      withValues(stat(language, 'percentunit').orientation(VizOrientation.Horizontal), [
        [say.observed[language], nation.figure('observed')],
        [say.high[language], nation.figure('high')],
        [say.coverage[language], nation.coverage],
        [texts.target[language], nation.target],
      ]),
    ),
    framed(
      language,
      { id: 4, text: panelTexts.verdict, width: 5, height: 6 },
      withValues(stat(language, 'none', [verdictWords(language)]), [
        [say.verdict[language], nation.verdict],
      ]),
    ),
    framed(
      language,
      { id: 5, text: panelTexts.nature, width: 12, height: 3 },
      withValues(
        stat(language, 'none', [
          words(language, {
            0: [texts.automatic, colors.none],
            1: [shellTexts.simulated, colors.unknown],
          }),
        ]),
        [[panelTexts.nature.title[language], nation.simulated]],
      ),
    ),
    framed(
      language,
      { id: 6, text: panelTexts.asOf, width: 12, height: 3 },
      withValues(stat(language, 'dateTimeAsIso'), [[panelTexts.asOf.title[language], nation.asOf]]),
    ),
    trend(language),
    verdicts(language),
  ]
}

function trend(language: Language): Builder<Panel> {
  const panel = timeseries('percentunit').decimals(2).max(1)
  return framed(
    language,
    { id: 7, text: panelTexts.trend, width: 16, height: 9 },
    withCurves(panel, [
      [figureTexts.low[language], nation.figure('low')],
      [figureTexts.observed[language], nation.figure('observed')],
      [figureTexts.high[language], nation.figure('high')],
      [texts.target[language], nation.target],
    ]),
  )
}

function verdicts(language: Language): Builder<Panel> {
  const shown = [
    ['met', verdictTexts.met, verdictColors.met],
    ['not_met', verdictTexts.not_met, verdictColors.not_met],
    ['undetermined', verdictTexts.undetermined, verdictColors.undetermined],
    ['being_set_up', figureTexts.beingSetUp, colors.open],
  ] as const
  return framed(
    language,
    { id: 8, text: panelTexts.verdicts, width: 8, height: 9 },
    shares(
      language,
      shown.map(([verdict, text, color]) => [text, color, nation.withVerdict(verdict)]),
    ),
  )
}
