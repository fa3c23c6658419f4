import { reasonTexts } from '../../../protocol/reason-texts.ts'
import type { EpochMs } from '../../../protocol/time.ts'
import type { ShownSpan } from '../../http/views.ts'
import { duration, time, type Writer } from '../format.ts'
import { type Html, html } from '../html.ts'
import { count, type Language, say } from '../language.ts'
import { changeCount, checkTexts, stateTexts } from '../texts/checks.ts'
import { disputeTexts } from '../texts/disputes.ts'
import { chip, stateChip } from './chip.ts'
import { table } from './table.ts'

const changesMax = 50

/** The latest changes of state in words: what a strip cannot say exactly. */
export function changesTable(writer: Writer, spans: readonly ShownSpan[], asOf: EpochMs): Html {
  const { language } = writer
  const rows = spans
    .slice(-changesMax)
    .reverse()
    .map(({ from, to, state, reason, disputed }) => [
      time(writer, from, 'minuteOfYear'),
      to >= asOf ? say(language, checkTexts.now) : time(writer, to, 'minuteOfYear'),
      duration(language, to - from),
      stateChip(language, state),
      disputed ? decidedChip(language, disputed) : reason && say(language, reasonTexts[reason]),
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

/** That the evaluator decided, which dispute it was, and what was observed. */
function decidedChip(language: Language, { id, was }: NonNullable<ShownSpan['disputed']>): Html {
  const observed = say(language, disputeTexts.was, { state: stateTexts[was][language] })
  return html`<a href="#${id}">${chip('new', 'scales', say(language, disputeTexts.decided))}</a>
<small>${observed}</small>`
}
