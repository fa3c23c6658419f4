import type { FigureDifference } from '../../kpi/cycle-figures.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ListedCycle } from '../../people/cycles.ts'
import type { Decision } from '../../people/two-person.ts'
import type { FigureChangeRow } from '../../store/cycles.ts'
import { cycleName, name, number, plainTime, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import { whyField } from '../parts/acts.ts'
import { chip } from '../parts/chip.ts'
import { jumpList } from '../parts/held.ts'
import type { Shape } from '../parts/icon.ts'
import { fieldsOf, refusalBox } from '../parts/refusal.ts'
import { facts } from '../parts/titled.ts'
import { paths } from '../paths.ts'
import {
  type CycleRefusalRule,
  cyclePageTexts,
  cycleRefusalTexts,
  cycleStateTexts,
} from '../texts/cycles.ts'
import { roleTexts } from '../texts/maintenance.ts'
import { shellTexts } from '../texts/shell.ts'

/** A form of the page that was refused: why, and what stood in it. */
export type RefusedCycleForm = {
  readonly rule: CycleRefusalRule
  readonly fields: ReadonlyMap<string, string>
}

/** A cycle with what an account may see of its changes. */
export type ShownCycle = ListedCycle & {
  /** By revision, from the first on; null where the frozen bytes are damaged. */
  readonly revised: readonly (readonly FigureDifference[] | null)[]
  readonly late: readonly FigureChangeRow[]
}

/** What one account is shown of the cycles, and what it may do. */
export type CyclesView = {
  readonly cycles: readonly ShownCycle[]
  readonly mayPropose: boolean
  /** Whether it decides what an account proposed. */
  readonly mayDecide: (requestedBy: string) => boolean
  /** Whoever sees all institutions may read the frozen bytes. */
  readonly mayRead: boolean
  readonly refused: RefusedCycleForm | null
}

/** Changes shown of one cycle or revision; the API lists the rest. */
const changesShownMax = 20

type Page = { readonly frame: Frame; readonly snapshot: Snapshot; readonly view: CyclesView }

const looks = {
  running: ['new', 'hourglass'],
  open: ['unsure', 'question'],
  frozen: ['good', 'check'],
} as const satisfies Record<ListedCycle['state'], readonly [string, Shape]>

/** All cycles: their state, what was frozen by whom, and what changed since, old beside new. */
export function cyclesPage(frame: Frame, snapshot: Snapshot, view: CyclesView): string {
  const { language } = frame
  const page = { frame, snapshot, view }
  const { refused, cycles } = view
  const problem =
    refused &&
    refusalBox([
      { words: say(language, cycleRefusalTexts[refused.rule]), fields: fieldsOf(refused) },
    ])
  const main = html`<h1>${say(language, cyclePageTexts.title)}</h1>
<p class="note">${say(language, cyclePageTexts.how)}</p>
${problem}${snapshot.held && heldCard(page)}
${cycles.length === 0 && html`<p class="calm">${say(language, cyclePageTexts.none)}</p>`}
${cycles.map((cycle) => card(page, cycle))}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  const title = cyclePageTexts.title[language]
  return layout(frame, { title, trail, snapshot, main })
}

function heldCard(page: Page): Html {
  const { frame, snapshot, view } = page
  const { language } = frame
  const { since, jumps } = snapshot.held!
  const values = { since: time(frame, since, 'minuteOfYear') }
  return html`<section class="card" aria-labelledby="held">
<h2 id="held">${say(language, cyclePageTexts.heldTitle)}</h2>
<p>${say(language, cyclePageTexts.held, values)}</p>
${jumpList(frame, jumps)}
${view.mayPropose && form(page, 'held', '', ['confirm'])}</section>`
}

function card(page: Page, cycle: ShownCycle): Html {
  const { frame } = page
  const { language } = frame
  const { id, from, to, state, freezableFrom, proposal, revisions } = cycle
  const [tone, shape] = looks[state]
  const span = { from: time(frame, from, 'dayOfYear'), to: time(frame, to, 'dayOfYear') }
  const freezable = { time: time(frame, freezableFrom, 'minuteOfYear') }
  const items = revisions.map((act, i) => revision(page, cycle, act, cycle.revised[i] ?? null))
  return html`<section class="card" aria-labelledby="c${id}">
<h2 id="c${id}">${cycleName(language, cycle)}
${chip(tone, shape, say(language, cycleStateTexts[state]))}</h2>
<p>${say(language, cyclePageTexts.span, span)}.
${state !== 'frozen' && say(language, cyclePageTexts.freezable, freezable)}</p>
${items.length > 0 && html`<ul class="planned">${items}</ul>`}
${cycle.late.length > 0 && lateChanges(page, cycle)}
${proposal && waiting(page, cycle)}
${page.view.mayPropose && !proposal && proposeForm(page, cycle)}</section>`
}

function revision(
  page: Page,
  { id }: ShownCycle,
  act: ListedCycle['revisions'][number],
  changes: readonly FigureDifference[] | null,
): Html {
  const { frame, view } = page
  const { language } = frame
  const { frozen } = act
  const leaves = Object.values(frozen.sizes).reduce((sum, size) => sum + size, 0)
  const bytes = say(language, cyclePageTexts.bytes, { n: number(language, frozen.length) })
  const href = `/api/v1/cycles/${id}/revisions/${act.revision}`
  const lows = changes?.filter(({ bound }) => bound === 'low') ?? []
  return html`<li><div class="planned-head"><h3>${heading(page, act.revision)}</h3>
<span>${view.mayRead ? html`<a href="${href}">${bytes}</a>` : bytes}</span></div>
${facts([
  [say(language, cyclePageTexts.hash), html`<code class="hash" dir="ltr">${frozen.sha256}</code>`],
  [say(language, cyclePageTexts.leaves), number(language, leaves)],
  [say(language, cyclePageTexts.engine), html`<bdi dir="ltr">${frozen.engine}</bdi>`],
  ...people(page, act),
])}
${changes === null && html`<p class="flag">${say(language, cyclePageTexts.damaged)}</p>`}
${
  act.revision > 0 &&
  changes &&
  changeList(
    page,
    lows.map((each) => changed(page, each)),
  )
}</li>`
}

function heading({ frame: { language } }: Page, n: number): Html {
  if (n === 0) return say(language, cyclePageTexts.freeze)
  return say(language, cyclePageTexts.revision, { n: number(language, n) })
}

type Act = Pick<ListedCycle['revisions'][number], 'requestedBy' | 'requestedAt' | 'why'> & {
  readonly decision: Decision | null
}

function people({ frame }: Page, { requestedBy, requestedAt, why, decision }: Act) {
  const { language } = frame
  const by = (who: string, at: number, more: Content = null) =>
    html`<bdi dir="ltr">${who}</bdi> <small>${time(frame, at, 'minuteOfYear')} ${more}</small>`
  const role = decision && roleTexts[decision.role as keyof typeof roleTexts] // roles that decide
  const second =
    decision &&
    html`${by(decision.by, decision.at, role && say(language, role))}
<small><bdi dir="auto">${decision.why}</bdi></small>`
  return [
    [say(language, cyclePageTexts.proposed), by(requestedBy, requestedAt)],
    [say(language, cyclePageTexts.why), html`<bdi dir="auto">${why}</bdi>`],
    [say(language, cyclePageTexts.decided), second],
  ] as const
}

function changeList({ frame: { language } }: Page, items: readonly Html[]): Html {
  const more = number(language, items.length - changesShownMax)
  const shown = items.slice(0, changesShownMax).map((each) => html`<li>${each}</li>`)
  const list = html`<ul>${shown}</ul>`
  const rest = say(language, cyclePageTexts.more, { more })
  return html`<p>${say(language, cyclePageTexts.changes)}</p>
${items.length === 0 ? html`<p class="note">${say(language, cyclePageTexts.unchanged)}</p>` : list}
${items.length > changesShownMax && html`<p class="note">${rest}</p>`}`
}

function changed(page: Page, change: Pick<FigureDifference, 'figure' | 'old' | 'new'>): Html {
  const written = (text: string | null) =>
    text === null ? html`–` : html`<bdi dir="ltr">${text}%</bdi>`
  const figure = figureName(page, change.figure)
  const values = { figure, old: written(change.old), new: written(change.new) }
  return say(page.frame.language, cyclePageTexts.changed, values)
}

/** The name of what a figure is of; its id once it left the register. */
function figureName({ frame: { language }, snapshot }: Page, figure: string): Content {
  if (figure === 'nation') return say(language, cyclePageTexts.nation)
  const [, institution, , environment] = figure.split('/')
  const row = snapshot.institutions.find(({ id }) => id === institution)
  const part = row?.environments.find(({ id }) => id === environment)
  if (!row || (environment !== undefined && !part)) return html`<bdi dir="ltr">${figure}</bdi>`
  return html`${name(language, row.name)}${part && html`: ${name(language, part.name)}`}`
}

function lateChanges(page: Page, { late }: ShownCycle): Html {
  const { frame } = page
  const { language } = frame
  const items = late.map((change) => {
    const { cause } = change
    const why = cause
      ? say(language, cyclePageTexts.cause, {
          log: html`<bdi dir="ltr">${cause.log}</bdi>`,
          index: number(language, cause.index),
        })
      : say(language, cyclePageTexts.timePassed)
    const when = plainTime(frame, change.at, 'minuteOfYear')
    return html`${changed(page, change)} <small><bdi>${when}</bdi>; ${why}</small>`
  })
  return html`<h3>${say(language, cyclePageTexts.late)}</h3>${changeList(page, items)}`
}

function waiting(page: Page, { id, proposal }: ShownCycle): Html {
  const { frame, view } = page
  const { language } = frame
  const act = proposal!
  const mayDecide = view.mayDecide(act.requestedBy)
  const title = heading(page, act.revision)
  return html`<ul class="planned"><li><div class="planned-head"><h3>${title}</h3>
${chip('unsure', 'hourglass', say(language, cyclePageTexts.waits))}</div>
${facts(people(page, act))}
${
  mayDecide &&
  form(page, id, String(act.revision), ['approve', 'refuse'], say(language, cyclePageTexts.decide))
}</li></ul>`
}

function proposeForm(page: Page, { id, revisions, state }: ShownCycle): Content {
  const { frame } = page
  const { language } = frame
  if (state === 'running') return null
  const next = state === 'frozen' ? revisions.length : 0
  const title =
    next === 0
      ? say(language, cyclePageTexts.proposeFreeze)
      : say(language, cyclePageTexts.proposeRevision, { n: number(language, next) })
  return form(page, id, String(next), ['propose'], title)
}

type FormAct = 'propose' | 'approve' | 'refuse' | 'confirm'

function form(
  { frame: { language }, view: { refused } }: Page,
  cycle: string,
  revision: string,
  acts: readonly FormAct[],
  title: Content = null,
): Html {
  const id = `why-${acts[0]}-${cycle}`
  const sent = (name: string) => refused?.fields.get(name)
  const isAgain =
    sent('cycle') === cycle &&
    sent('revision') === revision &&
    acts.some((act) => act === sent('act'))
  const buttons = acts.map((act, i) => {
    const look = i === 0 && html` class="main"`
    const words = say(language, cyclePageTexts[act])
    return html`<button name="act" value="${act}"${look}>${words}</button> `
  })
  const fields = html`<form class="act" method="post" action="#answer">
<input type="hidden" name="cycle" value="${cycle}">
<input type="hidden" name="revision" value="${revision}">
${whyField(language, id, (isAgain && sent('why')) || '', cyclePageTexts.whyKept)}
<p>${buttons}</p></form>`
  const open = isAgain && html` open`
  return title ? html`<details${open}><summary>${title}</summary>${fields}</details>` : fields
}
