import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline'
import type { Language } from '../../collector/web/language.ts'
import { stateTexts } from '../../collector/web/texts/checks.ts'
import { framed, stat, withCurves, withValues } from '../panel.ts'
import { chosenEnvironments, environments, stateCodes, stateCount } from '../places.ts'
import { fixedColor, stateCodeWords, stateColors } from '../words.ts'
import { environmentPanelTexts as panels } from './texts.ts'

/** How many environments are in which state, and how that came to be. */
export function states(language: Language): Builder<Panel>[] {
  const shown = Object.keys(stateCodes) as (keyof typeof stateCodes)[]
  const counts = stat(language, 'none')
  for (const state of shown) {
    const color = fixedColor(stateColors[state]).build()
    counts.overrideByName(stateTexts[state][language], [{ id: 'color', value: color }])
  }
  return [
    framed(
      language,
      { id: 1, text: panels.now, width: 24, height: 4 },
      withValues(
        counts,
        shown.map((state) => [stateTexts[state][language], stateCount(state)]),
      ),
    ),
    framed(
      language,
      { id: 2, text: panels.timeline, width: 24, height: 9 },
      withCurves(timeline().mappings([stateCodeWords(language)]), [
        ['{{environment_name}}', environments(language, chosenEnvironments).state],
      ]),
    ),
  ]
}

/** A stripe a series; colours come from the words that stand for its values. */
export function timeline(): StateTimeline {
  return new StateTimeline()
    .unit('none')
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.8)
    .fillOpacity(90)
}
