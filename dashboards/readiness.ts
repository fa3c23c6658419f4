import type { Board } from './board.ts'
import { enabledShare } from './readiness/enabled.ts'
import { readinessHeadline } from './readiness/headline.ts'
import { holdsDown, readinessByInstitution } from './readiness/tables.ts'
import { readinessRowTexts } from './readiness/texts.ts'

/** The digital readiness index and the enabled share: the nation, then institutions. */
export const readiness: Board = {
  name: 'readiness',
  variables: ['anyInstitution'],
  rows: (language) => [
    { id: 0, title: null, panels: readinessHeadline(language) },
    { id: 100, title: readinessRowTexts.enabled, panels: enabledShare(language) },
    { id: 200, title: readinessRowTexts.holds, panels: holdsDown(language) },
    { id: 300, title: readinessRowTexts.institutions, panels: readinessByInstitution(language) },
  ],
}
