import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import type { Language, Text } from '../../collector/web/language.ts'
import { stateTexts } from '../../collector/web/texts/checks.ts'
import { figureTexts } from '../../collector/web/texts/figures.ts'
import { framed, stat, withValues } from '../panel.ts'
import { chosenEnvironments, cycleSeconds } from '../places.ts'
import { environmentTable, lostTable, outageTable } from './tables.ts'
import { environmentTexts, environmentPanelTexts as panels } from './texts.ts'

/** The figures of the environments, where their time went, and why it was lost. */
export function figures(language: Language): Builder<Panel>[] {
  const parts: Readonly<Record<string, Text>> = {
    up: stateTexts.up,
    degraded: stateTexts.degraded,
    down: stateTexts.down,
    unknown: stateTexts.unknown,
    maintenance: stateTexts.maintenance,
    centre: environmentTexts.centre,
  }
  return [
    framed(
      language,
      { id: 101, text: panels.figures, width: 24, height: 9 },
      environmentTable(language, chosenEnvironments, { title: figureTexts.low }),
    ),
    framed(
      language,
      { id: 104, text: panels.outages, width: 24, height: 8 },
      outageTable(language, chosenEnvironments),
    ),
    framed(
      language,
      { id: 102, text: panels.time, width: 12, height: 8 },
      withValues(
        stat(language, 'dtdurations'),
        Object.entries(parts).map(([state, text]) => [text[language], cycleSeconds(state)]),
      ),
    ),
    framed(
      language,
      { id: 103, text: panels.lost, width: 12, height: 8 },
      lostTable(language, chosenEnvironments),
    ),
  ]
}
