import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { framed, stat, withValues } from '../panel.ts'
import { panelTexts, texts } from '../texts.ts'
import { colors, words } from '../words.ts'
import { internals } from './queries.ts'
import { collectorWords, collectorPanelTexts as own } from './texts.ts'

/** Whether it answers, whether it publishes, and since when. */
export function collectorState(language: Language): Builder<Panel>[] {
  const held = words(language, {
    0: [collectorWords.published, colors.good],
    1: [collectorWords.held, colors.middle],
  })
  return [
    collectorUp(language, 1, 4),
    framed(
      language,
      { id: 2, text: own.held, width: 5, height: 5 },
      withValues(stat(language, 'none', [held]), [[own.held.title[language], internals.held]]),
    ),
    framed(
      language,
      { id: 3, text: own.age, width: 4, height: 5 },
      withValues(stat(language, 's'), [[own.age.title[language], internals.sinceEvaluation]]),
    ),
    framed(
      language,
      { id: 4, text: own.started, width: 5, height: 5 },
      withValues(stat(language, 'dateTimeAsIso'), [
        [own.started.title[language], internals.started],
      ]),
    ),
    framed(
      language,
      { id: 5, text: own.version, width: 6, height: 5 },
      withValues(stat(language, 'none').textMode(BigValueTextMode.Name), [
        ['{{version}}', internals.version],
      ]),
    ),
  ]
}

/** Whether it answered the last scrape. */
export function collectorUp(language: Language, id: number, width: number): Builder<Panel> {
  const up = words(language, { 1: [texts.answers, colors.good], 0: [texts.noAnswer, colors.bad] })
  return framed(
    language,
    { id, text: panelTexts.collectorUp, width, height: 5 },
    withValues(stat(language, 'none', [up]), [[texts.job[language], internals.up]]),
  )
}
