import type { Snapshot } from '../../kpi/snapshot.ts'
import type { Asked, InboxView } from '../../people/inbox.ts'
import { number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { byAt, decided } from '../parts/acts.ts'
import { chip } from '../parts/chip.ts'
import type { Shape } from '../parts/icon.ts'
import { placeOf, subject } from '../parts/inbox.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import { askedStateTexts, inboxTexts } from '../texts/inbox.ts'
import { shellTexts } from '../texts/shell.ts'

/** All that waits for whoever is signed in, and what became of what they asked for. */
export function inboxPage(frame: Frame, snapshot: Snapshot, view: InboxView): string {
  const { language } = frame
  const main = html`<h1>${say(language, inboxTexts.title)}</h1>
<p class="note">${say(language, inboxTexts.how)}</p>
${waitingCard(frame, snapshot, view)}
${askedCard(frame, snapshot, view)}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: sayPlainly(language, inboxTexts.title), trail, snapshot, main })
}

function waitingCard(frame: Frame, snapshot: Snapshot, view: InboxView): Html {
  const { language } = frame
  const { waiting, waitingCount } = view
  const heads = [inboxTexts.subject, inboxTexts.place, inboxTexts.since, inboxTexts.due] as const
  const rows = waiting.map((each) => [
    subject(frame, each),
    placeOf(frame, snapshot, each),
    each.by === null ? time(frame, each.since, 'minuteOfYear') : byAt(frame, each.by, each.since),
    each.due === undefined ? null : time(frame, each.due, 'minuteOfYear'),
  ])
  const more = waitingCount - waiting.length
  const rest = say(language, inboxTexts.more, { more: number(language, more) })
  const count = html` <span class="count">${number(language, waitingCount)}</span>`
  return html`<section class="card" aria-labelledby="waiting">
<h2 id="waiting">${say(language, inboxTexts.waiting)}${waitingCount > 0 && count}</h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, inboxTexts.nothingWaits)}</p>`
    : table({ labelledBy: 'waiting', columns: columns(language, heads), rows, cards: true })
}
${more > 0 && html`<p class="note">${rest}</p>`}</section>`
}

function askedCard(frame: Frame, snapshot: Snapshot, { asked }: InboxView): Html {
  const { language } = frame
  const { subject: what, place, askedAt, state, decision } = inboxTexts
  const heads = [what, place, askedAt, state, decision] as const
  const rows = asked.map((each) => [
    subject(frame, each),
    placeOf(frame, snapshot, each),
    time(frame, each.askedAt, 'minuteOfYear'),
    stateChip(language, each.state),
    each.decision && decided(frame, each.decision),
  ])
  return html`<section class="card" aria-labelledby="asked">
<h2 id="asked">${say(language, inboxTexts.asked)}</h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, inboxTexts.nothingAsked)}</p>`
    : table({ labelledBy: 'asked', columns: columns(language, heads), rows, cards: true })
}</section>`
}

const looks = {
  waiting: ['unsure', 'hourglass'],
  approved: ['good', 'check'],
  refused: ['bad', 'cross'],
  withdrawn: ['none', 'minus'],
  lapsed: ['none', 'minus'],
} as const satisfies Record<Asked['state'], readonly [string, Shape]>

function stateChip(language: Language, state: Asked['state']): Html {
  const [tone, shape] = looks[state]
  return chip(tone, shape, say(language, askedStateTexts[state]))
}

function columns(
  language: Language,
  heads: readonly (typeof inboxTexts)[
    | 'subject'
    | 'place'
    | 'since'
    | 'due'
    | 'askedAt'
    | 'state'
    | 'decision'][],
) {
  return heads.map((head) => ({ head: say(language, head) }))
}
