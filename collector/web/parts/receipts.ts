import type { InstitutionRow } from '../../kpi/snapshot.ts'
import type { KeptMessage } from '../../people/hosts.ts'
import type { CheckpointRow } from '../../store/logs.ts'
import { number, time, type Writer } from '../format.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { hostTexts } from '../texts/hosts.ts'
import { placeTexts } from '../texts/places.ts'
import { environmentName, notShown } from './hosts.ts'
import { command } from './install.ts'
import { table } from './table.ts'

export type KeptView = {
  readonly row: InstitutionRow
  readonly messages: readonly KeptMessage[]
  /** Agents whose newest message is not among them. */
  readonly more: number
  readonly checkpoint: CheckpointRow | null
}

/** What a log holds of each agent, the newest note on it, and how to keep copies of both. */
export function receiptsSection(writer: Writer, view: KeptView): Html {
  const { language } = writer
  const { row, messages, checkpoint } = view
  const algorithm = html`<bdi dir="ltr">SHA-256</bdi>`
  const columns = [
    { head: say(language, placeTexts.agent) },
    { head: say(language, hostTexts.leaf), look: 'number' as const },
    { head: say(language, hostTexts.received) },
    { head: say(language, hostTexts.batch, { algorithm }) },
  ]
  const rows = messages.map(({ name, environment, leaf, received, batch }) => [
    html`<bdi dir="ltr">${name}</bdi>
<small>${environmentName(language, row, environment)}</small>`,
    number(language, leaf),
    time(writer, received, 'minuteOfYear'),
    html`<code class="hash" dir="ltr">${batch}</code>`,
  ])
  const receipts = command('istimrar-agent receipts > receipts.txt')
  const verify = command('istimrar-collector verify EXPORT --receipts DIR --checkpoints DIR')
  return html`<section class="card" aria-labelledby="receipts">
<h2 id="receipts">${say(language, hostTexts.receipts)}</h2>
<p class="note">${say(language, hostTexts.receiptsHow)} ${say(language, hostTexts.receiptsWhy)}</p>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, hostTexts.noReceipts)}</p>`
    : table({ labelledBy: 'receipts', columns, rows, cards: true })
}
${notShown(language, view.more)}
${checkpoint && checkpointOf(writer, checkpoint)}
<p class="note">${say(language, hostTexts.keepHow, { command: receipts })}
${say(language, hostTexts.keepUntil)}</p>
<p class="note">${say(language, hostTexts.verifyHow, { command: verify })}</p></section>`
}

function checkpointOf(writer: Writer, { log, size, at }: CheckpointRow): Html {
  const { language } = writer
  const values = { n: number(language, size), time: time(writer, at, 'minuteOfYear') }
  return html`<p><b>${say(language, hostTexts.checkpoint)}:</b>
${say(language, hostTexts.checkpointOf, values)}
· <a href="/api/v1/checkpoints/${log}" download>${say(language, hostTexts.download)}</a></p>`
}
