import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language } from '../../collector/web/language.ts'
import { framed, timeseries, withCurves } from '../panel.ts'
import { panelTexts } from '../texts.ts'
import { internals } from './queries.ts'
import { collectorPanelTexts as own, collectorWords as say } from './texts.ts'

/** What the process occupies. */
export function resources(language: Language): Builder<Panel>[] {
  return [
    framed(
      language,
      { id: 301, text: panelTexts.memory, width: 6, height: 8 },
      withCurves(timeseries('bytes'), [
        [say.resident[language], internals.memory],
        [say.heap[language], internals.heap],
      ]),
    ),
    framed(
      language,
      { id: 302, text: panelTexts.processor, width: 6, height: 8 },
      withCurves(timeseries('percentunit'), [
        [panelTexts.processor.title[language], internals.processor],
      ]),
    ),
    framed(
      language,
      { id: 303, text: own.openFiles, width: 6, height: 8 },
      withCurves(timeseries('none'), [
        [say.openFiles[language], internals.openFiles],
        [say.openFilesMax[language], internals.openFilesMax],
      ]),
    ),
    framed(
      language,
      { id: 304, text: own.clockSteps, width: 6, height: 8 },
      withCurves(timeseries('none'), [[own.clockSteps.title[language], internals.clockSteps]]),
    ),
  ]
}
