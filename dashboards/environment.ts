import type { Board } from './board.ts'
import { checks, values } from './environment/checks.ts'
import { figures } from './environment/figures.ts'
import { states } from './environment/states.ts'
import { environmentRowTexts } from './environment/texts.ts'

/** Environments of one institution: their states over time, their checks and their outages. */
export const environment: Board = {
  name: 'environment',
  variables: ['window', 'institution', 'environment'],
  rows: (language) => [
    { id: 0, title: null, panels: states(language) },
    { id: 100, title: environmentRowTexts.figures, panels: figures(language) },
    { id: 200, title: environmentRowTexts.checks, panels: checks(language) },
    { id: 300, title: environmentRowTexts.values, panels: values(language) },
  ],
}
