import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { BigValueTextMode, VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { figureTexts as say } from '../../collector/web/texts/figures.ts'
import { placeTexts } from '../../collector/web/texts/places.ts'
import { framed, stat, timeseries, withCurves, withValues } from '../panel.ts'
import { institution } from '../places.ts'
import { nation } from '../queries.ts'
import { texts } from '../texts.ts'
import { colors, verdictWords, yesNoWords } from '../words.ts'
import { institutionTexts as own, institutionPanelTexts as panels } from './texts.ts'

/** Whether it reports, its figure, how sure that is, and the indicators beside it. */
export function institutionHeadline(language: Language): Builder<Panel>[] {
  const beside = stat(language, 'percentunit').orientation(VizOrientation.Horizontal)
  return [
    framed(
      language,
      { id: 1, text: panels.lastReport, width: 5, height: 6 },
      withValues(stat(language, 'dateTimeFromNow'), [
        [placeTexts.lastHeard[language], institution.lastReport],
      ]),
    ),
    framed(
      language,
      { id: 2, text: panels.low, width: 7, height: 6 },
      withValues(stat(language, 'percentunit').textMode(BigValueTextMode.Value), [
        [say.low[language], institution.figure('low')],
      ]),
    ),
    framed(
      language,
      { id: 3, text: panels.beside, width: 7, height: 6 },
      withValues(beside, [
        [say.observed[language], institution.figure('observed')],
        [say.high[language], institution.figure('high')],
        [say.coverage[language], institution.coverage],
        [texts.target[language], nation.target],
      ]),
    ),
    framed(
      language,
      { id: 4, text: panels.verdict, width: 5, height: 6 },
      withValues(stat(language, 'none', [verdictWords(language)]), [
        [say.verdict[language], institution.verdict],
      ]),
    ),
    trend(language),
    ...besideIt(language),
  ]
}

function trend(language: Language): Builder<Panel> {
  return framed(
    language,
    { id: 6, text: panels.trend, width: 16, height: 9 },
    withCurves(timeseries('percentunit').decimals(2).max(1), [
      [say.low[language], institution.figure('low')],
      [say.observed[language], institution.figure('observed')],
      [say.high[language], institution.figure('high')],
      [texts.target[language], nation.target],
    ]),
  )
}

/** What else is known of the institution. */
function besideIt(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 7, text: panels.ownFault, width: 8, height: 9 },
      withValues(stat(language, 'percentunit'), [
        [own.ownFaultLow[language], institution.ownFault('low')],
        [own.ownFaultHigh[language], institution.ownFault('high')],
      ]),
    ),
    framed(
      language,
      { id: 9, text: panels.budget, width: 8, height: 4 },
      withValues(stat(language, 'percentunit'), [
        [say.low[language], institution.budgetLeft('low')],
        [say.high[language], institution.budgetLeft('high')],
      ]),
    ),
    framed(
      language,
      { id: 8, text: panels.readiness, width: 10, height: 4 },
      withValues(stat(language, 'percentunit'), [
        [say.low[language], institution.readiness('low')],
        [say.high[language], institution.readiness('high')],
        [own.measured[language], institution.measured],
      ]),
    ),
    framed(
      language,
      { id: 5, text: panels.member, width: 6, height: 4 },
      withValues(
        stat(language, 'none', [
          yesNoWords(language, [own.target, colors.none], [placeTexts.notTarget, colors.none]),
        ]),
        [[panels.member.title[language], institution.isTarget]],
      ),
    ),
  ]
}
