import type { ListedCycle } from '../../people/cycles.ts'
import { cycleName, number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { paths } from '../paths.ts'
import { cyclePageTexts, cycleStateTexts } from '../texts/cycles.ts'
import { homeNationTexts } from '../texts/home-nation.ts'
import { byAt } from './acts.ts'
import { chip } from './chip.ts'
import type { Shape } from './icon.ts'
import { table } from './table.ts'

const looks = {
  running: ['new', 'hourglass'],
  open: ['unsure', 'question'],
  frozen: ['good', 'check'],
} as const satisfies Record<ListedCycle['state'], readonly [string, Shape]>

/** Cycles with their dates and their state; the page of cycles has the rest. */
export function cyclesCard(writer: Writer, cycles: readonly ListedCycle[]): Html {
  const { language } = writer
  const { cycle, state, span, freezable, revisions } = homeNationTexts
  const columns = [cycle, state, span, freezable, revisions].map((head) => ({
    head: say(language, head),
  }))
  const rows = cycles.map((each) => cells(writer, each))
  return html`<section class="card" aria-labelledby="cycles">
<h2 id="cycles">${say(language, homeNationTexts.cycles)}</h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, cyclePageTexts.none)}</p>`
    : table({ labelledBy: 'cycles', columns, rows, cards: true })
}
<p><a href="${paths.cycles(language)}">${say(language, cyclePageTexts.title)}</a></p></section>`
}

function cells(writer: Writer, cycle: ListedCycle): Content[] {
  const { language } = writer
  const { id, from, to, state, freezableFrom, proposal, revisions } = cycle
  const [tone, shape] = looks[state]
  const count = revisions.length - 1
  return [
    html`<a href="${paths.cycles(language)}#c${id}">${cycleName(language, cycle)}</a>`,
    html`${chip(tone, shape, say(language, cycleStateTexts[state]))}${
      proposal && html`<small>${say(language, homeNationTexts.proposed)}</small>`
    }`,
    html`${time(writer, from, 'dayOfYear')} – ${time(writer, to, 'dayOfYear')}`,
    state === 'frozen' ? null : time(writer, freezableFrom, 'dayOfYear'),
    count > 0 ? number(language, count) : say(language, homeNationTexts.noRevisions),
  ]
}

/** What was frozen and revised, by whom and why, the newest first. */
export function revisionsCard(writer: Writer, cycles: readonly ListedCycle[]): Html {
  const { language } = writer
  const items = cycles.flatMap((cycle) =>
    cycle.revisions.toReversed().map(({ revision, why, decision, frozen }) => {
      const title =
        revision === 0
          ? say(language, cyclePageTexts.freeze)
          : say(language, cyclePageTexts.revision, { n: number(language, revision) })
      const bytes = `/api/v1/cycles/${cycle.id}/revisions/${revision}`
      return html`<li><span>${cycleName(language, cycle)}: ${title}<br>
<small><bdi dir="auto">${why}</bdi></small></span>
<small>${decision && byAt(writer, decision.by, decision.at)}
<a href="${bytes}">${say(language, homeNationTexts.frozenBytes)}</a>
<code class="hash" dir="ltr">${frozen.sha256.slice(0, 16)}…</code></small></li>`
    }),
  )
  return html`<section class="card" aria-labelledby="revisions">
<h2 id="revisions">${say(language, homeNationTexts.recentRevisions)}</h2>
${
  items.length === 0
    ? html`<p class="calm">${say(language, homeNationTexts.noneFrozen)}</p>`
    : html`<ul class="late">${items.slice(0, 12)}</ul>`
}</section>`
}
