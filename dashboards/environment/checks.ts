import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { stateTexts } from '../../collector/web/texts/checks.ts'
import { framed, timeseries, withCurves } from '../panel.ts'
import { checkCount, checkUp, checkValue } from '../places.ts'
import { checkWords, fixedColor, stateColors } from '../words.ts'
import { timeline } from './states.ts'
import { environmentPanelTexts as panels } from './texts.ts'

/** The state of every check, and how many are in which. */
export function checks(language: Language): Builder<Panel>[] {
  const shown = ['up', 'degraded', 'down', 'unknown'] as const
  const counts = timeseries('none')
    .fillOpacity(60)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
  for (const state of shown) {
    const color = fixedColor(stateColors[state]).build()
    counts.overrideByName(stateTexts[state][language], [{ id: 'color', value: color }])
  }
  return [
    framed(
      language,
      { id: 201, text: panels.checkTimeline, width: 16, height: 10 },
      withCurves(timeline().mappings(checkWords(language)), [
        ['{{environment}} {{check}}', checkUp],
      ]),
    ),
    framed(
      language,
      { id: 202, text: panels.checkStates, width: 8, height: 10 },
      withCurves(
        counts,
        shown.map((state) => [stateTexts[state][language], checkCount(state)]),
      ),
    ),
  ]
}

/** What checks measure beside their state. */
export function values(language: Language): Builder<Panel>[] {
  const shown = [
    { id: 301, text: panels.response, unit: 's', metric: 'response_seconds' },
    { id: 302, text: panels.free, unit: 'percentunit', metric: 'free_ratio' },
    { id: 303, text: panels.used, unit: 'percentunit', metric: 'used_ratio' },
    { id: 304, text: panels.certificates, unit: 'dtdurations', metric: 'remaining_seconds' },
    { id: 305, text: panels.backups, unit: 'dtdurations', metric: 'age_seconds' },
    { id: 306, text: panels.clocks, unit: 's', metric: 'clock_offset_seconds' },
  ] as const
  return shown.map(({ id, text, unit, metric }) =>
    framed(
      language,
      { id, text, width: 8, height: 8 },
      withCurves(timeseries(unit), [['{{environment}} {{check}}', checkValue(metric)]]),
    ),
  )
}
