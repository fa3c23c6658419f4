import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { collectorUp } from '../collector/state.ts'
import { framed, timeseries, withCurves } from '../panel.ts'
import { collector } from '../queries.ts'
import { panelTexts, texts } from '../texts.ts'

/** Whether the figures above come in at all; its own dashboard tells the rest. */
export function collectorInShort(language: Language): Builder<Panel>[] {
  return [
    collectorUp(language, 301, 6),
    framed(
      language,
      { id: 302, text: panelTexts.evaluation, width: 18, height: 5 },
      withCurves(timeseries('s'), [
        [texts.sinceEvaluation[language], collector.sinceEvaluation],
        [texts.evaluationTime[language], collector.evaluation],
      ]),
    ),
  ]
}
