import type { Board } from './board.ts'
import { collectorInShort } from './national/collector.ts'
import { headline } from './national/headline.ts'
import { indicators } from './national/indicators.ts'
import { lateList, leagues, needingAttention, readings } from './national/tables.ts'
import { rowTexts } from './texts.ts'

/** The ministry's overview. */
export const national: Board = {
  name: 'national',
  variables: ['window'],
  rows: (language) => [
    {
      id: 0,
      title: null,
      panels: [...headline(language), ...indicators(language), ...readings(language)],
    },
    { id: 100, title: rowTexts.institutions, panels: leagues(language) },
    {
      id: 200,
      title: rowTexts.attention,
      panels: [...lateList(language), ...needingAttention(language)],
    },
    { id: 300, title: rowTexts.collector, panels: collectorInShort(language) },
  ],
}
