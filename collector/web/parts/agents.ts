import type { EpochMs } from '../../../protocol/time.ts'
import type { AgentRow } from '../../kpi/snapshot.ts'
import { number, type Writer } from '../format.ts'
import { type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { checkTexts } from '../texts/checks.ts'
import { agentStatusTexts, placeTexts } from '../texts/places.ts'
import { chip } from './chip.ts'
import { heard } from './late.ts'
import { table } from './table.ts'

/** The agents of an environment and when each was last heard. */
export function agentsTable(writer: Writer, agents: readonly AgentRow[], now: EpochMs): Html {
  const { language } = writer
  const columns = [
    { head: say(language, placeTexts.agent) },
    { head: say(language, checkTexts.state) },
    { head: say(language, placeTexts.lastHeard) },
    { head: say(language, placeTexts.lastEvidence) },
    { head: say(language, placeTexts.waiting) },
    { head: say(language, placeTexts.version) },
  ]
  const rows = agents.map((agent) => [
    html`<bdi dir="ltr">${agent.name}</bdi>`,
    agentChip(language, agent),
    heard(writer, agent.lastReportAt, now),
    heard(writer, agent.lastBatchAt, now),
    number(language, agent.spooledMessages),
    agent.version && html`<bdi dir="ltr">${agent.version}</bdi>`,
  ])
  return html`<section class="card" aria-labelledby="agents">
<h2 id="agents">${say(language, placeTexts.agents)}</h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, placeTexts.noAgents)}</p>`
    : table({ labelledBy: 'agents', columns, rows, cards: true })
}</section>`
}

function agentChip(language: Language, { status, silent }: AgentRow): Html {
  if (status === 'quarantined') {
    return chip('warning', 'warning', say(language, agentStatusTexts.quarantined))
  }
  if (status === 'pending') {
    return chip('unsure', 'question', say(language, agentStatusTexts.pending))
  }
  if (status === 'revoked') return chip('none', 'minus', say(language, agentStatusTexts.revoked))
  return silent
    ? chip('unsure', 'question', say(language, placeTexts.silent))
    : chip('good', 'check', say(language, placeTexts.heard))
}
