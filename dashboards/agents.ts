import { agentTables } from './agents/agents.ts'
import { evidence } from './agents/evidence.ts'
import { agentSummary } from './agents/summary.ts'
import { agentRowTexts } from './agents/texts.ts'
import type { Board } from './board.ts'

/** Agents and the evidence they send: who is heard, who is late, and how complete it is. */
export const agents: Board = {
  name: 'agents',
  variables: ['window', 'anyInstitution'],
  rows: (language) => [
    { id: 0, title: null, panels: agentSummary(language) },
    { id: 100, title: agentRowTexts.agents, panels: agentTables(language) },
    { id: 200, title: agentRowTexts.evidence, panels: evidence(language) },
  ],
}
