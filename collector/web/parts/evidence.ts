import { reasonTexts } from '../../../protocol/reason-texts.ts'
import type { CheckLoss, LostRow } from '../../http/views.ts'
import type { AgentRow } from '../../kpi/snapshot.ts'
import type { MessageRef } from '../../store/message-search.ts'
import { duration, number, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { stateTexts } from '../texts/checks.ts'
import { lostTexts } from '../texts/lost.ts'
import { placeTexts } from '../texts/places.ts'

/** What failed or was missing in a stretch, and the messages that say so, one click away. */
export function evidence(writer: Writer, row: LostRow, agents: readonly AgentRow[]): Html {
  const { language } = writer
  const checks = row.checks.map((check) => html`<li>${checkLine(writer, check)}</li>`)
  const more =
    row.moreChecks > 0 &&
    html`<li>${say(language, lostTexts.moreChecks, { n: number(language, row.moreChecks) })}</li>`
  const messages = row.messages.flatMap((each) => {
    const name = agents.find(({ agent }) => agent === each.agent)?.name ?? each.agent
    const lines = messageLines(writer, each)
    return [
      html`<li><bdi dir="ltr">${name}</bdi> <small><bdi dir="ltr">${each.log}</bdi></small>
<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></li>`,
    ]
  })
  const nothing = row.messages.length === 0 && html`<p>${say(language, lostTexts.noEvidence)}</p>`
  const first = row.checks[0] ? checkLine(writer, row.checks[0]) : say(language, lostTexts.evidence)
  return html`<details class="proof" id="proof-${row.from}"><summary>${first}</summary>
<ul>${checks.slice(1)}${more}</ul>
<ul>${messages}</ul>${nothing}</details>`
}

function checkLine({ language }: Writer, { check, state, ms, reason }: CheckLoss): Html {
  const why = reason && html` – ${say(language, reasonTexts[reason])}`
  const words = say(language, lostTexts.check, {
    check: html`<bdi dir="ltr">${check}</bdi>`,
    state: html`${say(language, stateTexts[state])}`,
  })
  return html`${words}${why} <small>${duration(language, ms)}</small>`
}

function messageLines(
  { language }: Writer,
  { covering, more, before, after, gaps }: LostRow['messages'][number],
): Content[] {
  const lines: Content[] = []
  if (before) lines.push(say(language, lostTexts.before, { batch: placed(language, before) }))
  const batches = covering.map((ref, i) => html`${i > 0 && ', '}${placed(language, ref)}`)
  const others = more > 0 && say(language, placeTexts.more, { more: number(language, more) })
  if (covering.length > 0) {
    lines.push(html`${say(language, lostTexts.batches, { batches: html`${batches}` })} ${others}`)
  }
  for (const gap of gaps) {
    const values = { from: numberOf(gap, gap.seq), to: numberOf(gap, gap.through) }
    lines.push(say(language, lostTexts.gap, { ...values, leaf: leafOf(gap) }))
  }
  if (after) lines.push(say(language, lostTexts.after, { batch: placed(language, after) }))
  return lines
}

/** A message by its number in its agent's stream, and its leaf in the log. */
function placed(language: Writer['language'], ref: MessageRef): Html {
  const values = { batch: numberOf(ref, ref.seq), leaf: leafOf(ref) }
  return say(language, lostTexts.place, values)
}

function numberOf({ epoch }: MessageRef, seq: number): Html {
  return html`<bdi dir="ltr">${epoch}.${seq}</bdi>`
}

function leafOf({ leaf }: MessageRef): Html {
  return html`<bdi dir="ltr">${leaf}</bdi>`
}
