import type { EpochMs } from '../../../protocol/time.ts'
import type { ShownState } from '../../http/views.ts'
import type { StateSpan } from '../../kpi/timeline.ts'
import { duration, time, type Writer } from '../format.ts'
import { type Html, html } from '../html.ts'
import { count, say } from '../language.ts'
import { changeCount, checkTexts, reasonTexts } from '../texts/checks.ts'
import { stateChip } from './chip.ts'
import { table } from './table.ts'

const changesMax = 50

/** The latest changes of state in words: what a strip cannot say exactly. */
export function changesTable(
  writer: Writer,
  spans: readonly StateSpan<ShownState>[],
  asOf: EpochMs,
): Html {
  const { language } = writer
  const rows = spans
    .slice(-changesMax)
    .reverse()
    .map(({ from, to, state, reason }) => [
      time(writer, from, 'minuteOfYear'),
      to >= asOf ? say(language, checkTexts.now) : time(writer, to, 'minuteOfYear'),
      duration(language, to - from),
      stateChip(language, state),
      reason && say(language, reasonTexts[reason]),
    ])
  const columns = (['from', 'to', 'length', 'state', 'reason'] as const).map((key) => ({
    head: say(language, checkTexts[key]),
  }))
  const changes = count(language, changeCount, changesMax)
  return html`<section class="card" aria-labelledby="changes">
<h2 id="changes">${say(language, checkTexts.changes)}</h2>
<p class="note">${say(language, checkTexts.latest, { changes })}</p>
${table({ labelledBy: 'changes', columns, rows, cards: true })}</section>`
}
