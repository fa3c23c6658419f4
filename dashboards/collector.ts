import type { Board } from './board.ts'
import { answering, taking } from './collector/requests.ts'
import { resources } from './collector/resources.ts'
import { collectorState } from './collector/state.ts'
import { store } from './collector/store.ts'
import { collectorRowTexts } from './collector/texts.ts'

/** How the collector itself works. */
export const collector: Board = {
  name: 'collector',
  variables: [],
  rows: (language) => [
    { id: 0, title: null, panels: collectorState(language) },
    { id: 100, title: collectorRowTexts.requests, panels: answering(language) },
    { id: 200, title: collectorRowTexts.evidence, panels: taking(language) },
    { id: 400, title: collectorRowTexts.store, panels: store(language) },
    { id: 300, title: collectorRowTexts.resources, panels: resources(language) },
  ],
}
