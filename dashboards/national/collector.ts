import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { framed, stat, timeseries, withCurves, withValues } from '../panel.ts'
import { collector } from '../queries.ts'
import { panelTexts, texts } from '../texts.ts'
import { colors, words } from '../words.ts'

/** Whether the collector itself does its work. */
export function collectorHealth(language: Language): Builder<Panel>[] {
  const up = words(language, {
    1: [texts.answers, colors.good],
    0: [texts.noAnswer, colors.bad],
  })
  return [
    framed(
      language,
      { id: 301, text: panelTexts.collectorUp, width: 4, height: 8 },
      withValues(stat(language, 'none', [up]), [[texts.job[language], collector.up]]),
    ),
    framed(
      language,
      { id: 302, text: panelTexts.evaluation, width: 10, height: 8 },
      withCurves(timeseries('s'), [
        [texts.sinceEvaluation[language], collector.sinceEvaluation],
        [texts.evaluationTime[language], collector.evaluation],
      ]),
    ),
    framed(
      language,
      { id: 303, text: panelTexts.messages, width: 10, height: 8 },
      withCurves(timeseries('cps'), [['{{type}} {{result}}', collector.messages]]),
    ),
    framed(
      language,
      { id: 304, text: panelTexts.answerTimes, width: 10, height: 8 },
      withCurves(timeseries('s'), [
        [texts.request[language], collector.request],
        [texts.commit[language], collector.commit],
        [texts.eventLoop[language], collector.eventLoop],
      ]),
    ),
    framed(
      language,
      { id: 305, text: panelTexts.memory, width: 7, height: 8 },
      withCurves(timeseries('bytes'), [[panelTexts.memory.title[language], collector.memory]]),
    ),
    framed(
      language,
      { id: 306, text: panelTexts.processor, width: 7, height: 8 },
      withCurves(timeseries('percentunit'), [
        [panelTexts.processor.title[language], collector.processor],
      ]),
    ),
  ]
}
