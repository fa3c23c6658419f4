import type { Board } from './board.ts'
import { institutionHeadline } from './institution/headline.ts'
import { institutionEnvironments, institutionNow } from './institution/tables.ts'
import { institutionRowTexts } from './institution/texts.ts'
import { rowTexts } from './texts.ts'

/** One institution: its indicators, its environments and what needs attention there. */
export const institution: Board = {
  name: 'institution',
  variables: ['window', 'institution'],
  rows: (language) => [
    { id: 0, title: null, panels: institutionHeadline(language) },
    {
      id: 100,
      title: institutionRowTexts.environments,
      panels: institutionEnvironments(language),
    },
    { id: 200, title: rowTexts.attention, panels: institutionNow(language) },
  ],
}
