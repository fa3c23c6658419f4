import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { framed, timeseries, withCurves } from '../panel.ts'
import { panelTexts, texts } from '../texts.ts'
import { internals } from './queries.ts'
import { collectorWords, collectorPanelTexts as own } from './texts.ts'

/** Requests: how many, how many fail, and how long they take. */
export function answering(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 101, text: own.byRoute, width: 12, height: 8 },
      withCurves(timeseries('reqps'), [['{{method}} {{route}}', internals.requestsByRoute]]),
    ),
    framed(
      language,
      { id: 102, text: own.byStatus, width: 12, height: 8 },
      withCurves(timeseries('reqps'), [
        ['{{status}}', internals.requestsByStatus],
        [collectorWords.failures[language], internals.failures],
      ]),
    ),
    framed(
      language,
      { id: 103, text: own.slowByRoute, width: 12, height: 8 },
      withCurves(timeseries('s'), [['{{method}} {{route}}', internals.slowByRoute]]),
    ),
    framed(
      language,
      { id: 104, text: own.refusals, width: 12, height: 8 },
      withCurves(timeseries('reqps'), [['{{code}}', internals.refusals]]),
    ),
  ]
}

/** Evidence from its arrival to the figures. */
export function taking(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 201, text: panelTexts.messages, width: 12, height: 8 },
      withCurves(timeseries('cps'), [['{{type}} {{result}}', internals.messages]]),
    ),
    framed(
      language,
      { id: 202, text: own.writes, width: 12, height: 8 },
      withCurves(timeseries('short'), [
        [collectorWords.commits[language], internals.commits],
        [collectorWords.perCommit[language], internals.perCommit],
      ]),
    ),
    framed(
      language,
      { id: 203, text: panelTexts.answerTimes, width: 12, height: 8 },
      withCurves(timeseries('s'), [
        [texts.request[language], internals.request],
        [texts.commit[language], internals.commit],
        [texts.eventLoop[language], internals.eventLoop],
      ]),
    ),
    framed(
      language,
      { id: 204, text: panelTexts.evaluation, width: 12, height: 8 },
      withCurves(timeseries('s'), [
        [texts.sinceEvaluation[language], internals.sinceEvaluation],
        [texts.evaluationTime[language], internals.evaluation],
      ]),
    ),
  ]
}
