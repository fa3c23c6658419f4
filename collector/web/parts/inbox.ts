import type { Snapshot } from '../../kpi/snapshot.ts'
import type { Asked, Waiting } from '../../people/inbox.ts'
import { name, number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { paths } from '../paths.ts'
import { inboxKindTexts, inboxTexts } from '../texts/inbox.ts'

/** As short as the other lists of a page. */
const cardMax = 12

/** The head of an inbox for pages about other things; nothing when nothing waits. */
export function inboxCard(
  writer: Writer,
  snapshot: Snapshot,
  waiting: readonly Waiting[],
): Content {
  if (waiting.length === 0) return null
  const { language } = writer
  const items = waiting.slice(0, cardMax).map((each) => {
    const since = time(writer, each.since)
    return html`<li><span>${subject(writer, each)}<br>
<small>${placeOf(writer, snapshot, each)}</small></span> <small>${since}</small></li>`
  })
  const more = waiting.length - cardMax
  const rest = say(language, inboxTexts.more, { more: number(language, more) })
  return html`<section class="card" aria-labelledby="inbox">
<h2 id="inbox">${say(language, inboxTexts.waiting)}
<span class="count">${number(language, waiting.length)}</span></h2>
<ul class="late">${items}</ul>
${more > 0 && html`<p class="note">${rest}</p>`}
<p><a href="${paths.inbox(language)}">${say(language, inboxTexts.all)}</a></p></section>`
}

/** What it is, linked to where something can be done about it. */
export function subject({ language }: Writer, { kind, path, label }: Waiting | Asked): Html {
  const named = label === undefined ? null : html` <bdi dir="ltr">${label}</bdi>`
  const words = say(language, inboxKindTexts[kind])
  return html`<a href="${paths.nation(language)}${path}">${words}${named}</a>`
}

/** Where it belongs, by name; what left the register since has only its id. */
export function placeOf(
  { language }: Writer,
  { institutions }: Snapshot,
  { institution, environment }: Waiting | Asked,
): Html {
  if (institution === null) return say(language, inboxTexts.nation)
  const owner = institutions.find(({ id }) => id === institution)
  const own = owner?.environments.find(({ id }) => id === environment)
  const first = owner ? name(language, owner.name) : html`<bdi dir="ltr">${institution}</bdi>`
  if (environment === undefined) return first
  const second = own ? name(language, own.name) : html`<bdi dir="ltr">${environment}</bdi>`
  return html`${first}: ${second}`
}
