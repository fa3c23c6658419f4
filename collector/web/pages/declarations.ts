import { dayMs } from '../../../protocol/time.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import type { ListedDeclaration, Offered } from '../../people/declarations.ts'
import { name, number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import { chip } from '../parts/chip.ts'
import { metricForm, notApplicableForm, waiverForm } from '../parts/declaration-forms.ts'
import {
  type DeclarationsView,
  declarationChip,
  declarationItem,
  declarationProblem,
  placeWords,
  valueWords,
} from '../parts/declarations.ts'
import { paths } from '../paths.ts'
import {
  type DeclarableMetric,
  declarationTexts,
  declaredMetricTexts,
} from '../texts/declarations.ts'
import { shellTexts } from '../texts/shell.ts'

/** Declarations of one list; the API lists the rest. */
const shownMax = 50
/** What expires sooner is worth a reminder. */
const soonMs = 30 * dayMs
/** How the hash of a file is had. */
const commands = ['Windows: certutil -hashfile FILE SHA256', 'Linux: sha256sum FILE']

/** What an institution declares, forms to declare more, and all that it ever declared. */
export function declaredPage(
  frame: Frame,
  snapshot: Snapshot,
  owner: InstitutionRow,
  view: DeclarationsView,
): string {
  const { language } = frame
  const newest = view.declarations.toReversed().slice(0, shownMax)
  const items = newest.map((each) => declarationItem(frame, view, each, owner))
  const lines = commands.map((each) => html`<br><code class="hash" dir="ltr">${each}</code>`)
  const hashHow = html`${say(language, declarationTexts.hashHow)}${lines}`
  const main = html`<h1>${say(language, declarationTexts.title)}</h1>
${declarationProblem(frame, view.refused)}
<p class="note">${say(language, declarationTexts.how)}</p>
${view.mayAsk && html`<p class="note">${hashHow}</p>`}
<section class="card" aria-labelledby="figures">
<h2 id="figures">${say(language, declarationTexts.figures)}</h2>
<ul class="planned">${view.offered.metrics.map((each) =>
    metricItem(frame, owner, view, each),
  )}</ul></section>
${view.mayAsk && otherForms(frame, owner, view)}
<section class="card" aria-labelledby="declared">
<h2 id="declared">${say(language, declarationTexts.history)}</h2>
${
  items.length === 0
    ? html`<p class="calm">${say(language, declarationTexts.none)}</p>`
    : html`<ul class="planned">${items}</ul>`
}
${more(frame, view.declarations.length - newest.length)}</section>`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, owner.id), name: name(language, owner.name) },
  ]
  return layout(frame, { title: declarationTexts.title[language], trail, snapshot, main })
}

function metricItem(
  frame: Frame,
  owner: InstitutionRow,
  view: DeclarationsView,
  each: Offered['metrics'][number],
): Html {
  const { language } = frame
  const metric = each.metric as DeclarableMetric // a test walks through all of them
  const standing = view.declarations.filter(({ about, state }) => {
    return about.kind === 'metric' && about.metric === metric && standingStates.includes(state)
  })
  const items = standing.map((declared) => standingLine(frame, owner, declared))
  const none = chip('none', 'minus', say(language, declarationTexts.notDeclared))
  return html`<li><div class="planned-head">
<h3>${say(language, declaredMetricTexts[metric].label)}</h3>
${standing.length === 0 ? none : items}</div>
${view.mayAsk && metricForm(frame, { ...view, environments: owner.environments }, each)}</li>`
}

const standingStates: readonly string[] = ['open', 'verified']

function standingLine(frame: Frame, owner: InstitutionRow, each: ListedDeclaration): Html {
  const { language } = frame
  const { id, about, environment, state, expiresAt } = each
  const place =
    environment !== null && html`${placeWords(language, owner.environments, environment)} · `
  return html`<a href="#${id}">${declarationChip(language, state)}</a>
<span>${place}${valueWords(language, about)} · ${say(language, declarationTexts.expires)}:
${time(frame, expiresAt, 'dayOfYear')}</span>`
}

function otherForms(frame: Frame, owner: InstitutionRow, view: DeclarationsView): Html {
  const { language } = frame
  const { criteria, notApplicable } = view.offered
  const forms = { ...view, environments: owner.environments }
  const hasModel = criteria.length > 0 || notApplicable.length > 0
  return html`<section class="card" aria-labelledby="others">
<h2 id="others">${say(language, declarationTexts.others)}</h2>
${!hasModel && html`<p class="note">${say(language, declarationTexts.noModel)}</p>`}
${criteria.length > 0 && waiverForm(frame, forms)}
${notApplicable.length > 0 && notApplicableForm(frame, forms)}</section>`
}

/** What waits for a review and what expires soon, of all institutions that the account may see. */
export function reviewPage(frame: Frame, snapshot: Snapshot, view: DeclarationsView): string {
  const { language } = frame
  const waiting = view.declarations.filter(({ state }) => state === 'open')
  const soon = view.declarations
    .filter(({ state, expiresAt }) => state === 'verified' && expiresAt < frame.now + soonMs)
    .sort((a, b) => a.expiresAt - b.expiresAt)
  const main = html`<h1>${say(language, declarationTexts.queue)}</h1>
${declarationProblem(frame, view.refused)}
<p class="note">${say(language, declarationTexts.queueHow)}</p>
${card(frame, snapshot, view, 'waiting', waiting)}
${card(frame, snapshot, view, 'expiring', soon)}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: declarationTexts.queue[language], trail, snapshot, main })
}

const cards = {
  waiting: { title: declarationTexts.waiting, none: declarationTexts.nothingWaits },
  expiring: { title: declarationTexts.expiring, none: declarationTexts.nothingExpires },
} as const

function card(
  frame: Frame,
  { institutions }: Snapshot,
  view: DeclarationsView,
  id: keyof typeof cards,
  all: readonly ListedDeclaration[],
): Html {
  const { language } = frame
  const { title, none } = cards[id]
  const items = all.slice(0, shownMax).map((each) => {
    const owner = institutions.find((one) => one.id === each.institution)
    const words = owner
      ? name(language, owner.name)
      : html`<bdi dir="ltr">${each.institution}</bdi>`
    const page = paths.declared(language, each.institution)
    const link = html`<a href="${page}#${each.id}">${words}</a>`
    return declarationItem(frame, view, each, owner, link)
  })
  return html`<section class="card" aria-labelledby="${id}">
<h2 id="${id}">${say(language, title)}
<span class="count">${number(language, all.length)}</span></h2>
${
  items.length === 0
    ? html`<p class="calm">${say(language, none)}</p>`
    : html`<ul class="planned">${items}</ul>`
}
${more(frame, all.length - items.length)}</section>`
}

function more({ language }: Frame, notShown: number): Content {
  if (notShown <= 0) return null
  const words = say(language, declarationTexts.more, { more: number(language, notShown) })
  return html`<p class="note">${words}</p>`
}
