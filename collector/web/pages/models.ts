import type { Model, ModelInForce } from '../../kpi/readiness/model.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ComparedModels } from '../../people/models.ts'
import type { ModelAct } from '../../register/models.ts'
import { number, time, type Writer } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { byAt, decided, type RefusedForm } from '../parts/acts.ts'
import { chip } from '../parts/chip.ts'
import type { FormProblem } from '../parts/migration-forms.ts'
import { differenceCard } from '../parts/model-difference.ts'
import {
  chooseModelForm,
  decideModelForm,
  modelProblem,
  proposeModelForm,
} from '../parts/model-forms.ts'
import { type TrialView, trialCard } from '../parts/model-trial.ts'
import { modelNote } from '../parts/score.ts'
import { fileName, type NamedFile, settingWords } from '../parts/sent-file.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import { modelFaultTexts } from '../texts/model-faults.ts'
import { modelStateTexts, modelTexts } from '../texts/models.ts'
import { readinessTexts } from '../texts/readiness.ts'

/** All versions, and what one account may do about them. */
export type ModelsView = {
  readonly inForce: ModelInForce
  /** The newest first. */
  readonly versions: readonly ModelAct[]
  readonly mayPropose: boolean
  readonly refused: RefusedForm<string> | null
  /** A file that was sent and could be read. */
  readonly sent: (NamedFile & { readonly compared: ComparedModels }) | null
  /** What is wrong in one that could not. */
  readonly problems: readonly FormProblem[]
}

/** One version, and what one account may see of it and do about it. */
export type ModelView = {
  readonly act: ModelAct
  readonly inForce: ModelInForce
  /** Null for whom it is not shown. */
  readonly compared: ComparedModels | null
  readonly trial: TrialView | null
  readonly mayDecide: boolean
  readonly refused: RefusedForm<string> | null
}

/** The readiness model in force, every version that was proposed, and the form for a new one. */
export function modelsPage(frame: Frame, snapshot: Snapshot, view: ModelsView): string {
  const { language } = frame
  const { refused, problems, sent, mayPropose } = view
  const main = html`<h1>${say(language, modelTexts.title)}</h1>
<p class="note">${say(language, modelTexts.how)}</p>
${modelProblem(language, refused, problems, faultWords)}
${
  sent &&
  html`<section class="card" aria-labelledby="sent"${!refused && html` id="answer" tabindex="-1"`}>
<h2 id="sent">${say(language, modelTexts.previewTitle)}</h2><p>${fileName(sent)}</p>
${modelNote(frame, sent.compared.after)}</section>
${differenceCard(frame, sent.compared)}${proposeModelForm(language, sent, refused)}`
}
${inForceCard(frame, view.inForce)}${versions(frame, view)}
${mayPropose && chooseModelForm(language)}`
  const trail = [readinessTrail(language)]
  const title = sayPlainly(language, modelTexts.title)
  return layout(frame, { title, trail, snapshot, main, isStill: sent !== null })
}

/** What is wrong in a model's file stands at a path of its own settings. */
const faultWords = { place: settingWords, faults: modelFaultTexts }

function keyOf({ id, version }: Model): string {
  return `${id}/${version}`
}

function readinessTrail(language: Language) {
  return { href: paths.readiness(language), name: say(language, readinessTexts.indexShort) }
}

function inForceCard(frame: Frame, { model, from }: ModelInForce): Html {
  const { language } = frame
  const since =
    from === null
      ? say(language, modelTexts.byDefault)
      : say(language, modelTexts.since, { time: time(frame, from, 'minuteOfYear') })
  return html`<section class="card" aria-labelledby="in-force">
<h2 id="in-force">${say(language, modelTexts.inForce)}</h2>
${modelNote(frame, model)}<p>${since}</p>
${
  from !== null &&
  html`<p><a href="${paths.model(language, model)}">${say(language, modelTexts.version)}
<bdi dir="ltr">${keyOf(model)}</bdi></a></p>`
}</section>`
}

function versions(frame: Frame, { versions: all, inForce }: ModelsView): Html {
  const { language } = frame
  const { version, proposedBy, state, holds, decision } = modelTexts
  const columns = [version, proposedBy, state, holds, decision].map((head) => ({
    head: say(language, head),
  }))
  const rows = all.map((act) => {
    const key = keyOf(act.model)
    return [
      html`<a href="${paths.model(language, act.model)}" id="${key}"><bdi dir="ltr">${key}</bdi></a>
<small><bdi dir="auto">${act.why}</bdi></small>`,
      byAt(frame, act.requestedBy, act.requestedAt),
      stateChips(language, act, inForce),
      holding(frame, act),
      act.decision && decided(frame, act.decision),
    ]
  })
  return html`<section class="card" aria-labelledby="versions">
<h2 id="versions">${say(language, modelTexts.versions)}
<span class="count">${number(language, all.length)}</span></h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, modelTexts.none)}</p>`
    : table({ labelledBy: 'versions', columns, rows, cards: true })
}</section>`
}

function stateChips(language: Language, act: ModelAct, inForce: ModelInForce): Content {
  const { approved, refused, waiting } = modelStateTexts
  if (!act.decision) return chip('unsure', 'hourglass', say(language, waiting))
  if (act.decision.is === 'refused') return chip('warning', 'warning', say(language, refused))
  const isCurrent = inForce.from !== null && inForce.model.hash === act.model.hash
  return html`${chip('good', 'check', say(language, approved))}
${isCurrent && chip('good', 'check', say(language, modelStateTexts.in_force))}`
}

function holding(writer: Writer, { from, to }: ModelAct): Html {
  const { language } = writer
  const instant = (at: number) => ({ time: time(writer, at, 'minuteOfYear') })
  return html`${say(language, modelTexts.from, instant(from))}
${to !== null && say(language, modelTexts.until, instant(to))}`
}

/** One version: what it changes, what it would do, who said what to it, and the decision. */
export function modelPage(frame: Frame, snapshot: Snapshot, view: ModelView): string {
  const { language } = frame
  const { act, compared, trial, mayDecide, refused } = view
  const { id, version } = act.model
  const json = html`<bdi dir="ltr">JSON</bdi>`
  const facts: [Content, Content][] = [
    [say(language, modelTexts.state), stateChips(language, act, view.inForce)],
    [say(language, modelTexts.proposedBy), byAt(frame, act.requestedBy, act.requestedAt)],
    [say(language, modelTexts.reason), html`<bdi dir="auto">${act.why}</bdi>`],
    [say(language, modelTexts.holds), holding(frame, act)],
  ]
  if (act.decision) facts.push([say(language, modelTexts.decision), decided(frame, act.decision)])
  const named = {
    id: html`<bdi dir="ltr">${id}</bdi>`,
    version: html`<bdi dir="ltr">${version}</bdi>`,
  }
  const main = html`<h1>${say(language, modelTexts.named, named)}</h1>
${modelProblem(language, refused, [], faultWords)}
<section class="card" aria-labelledby="proposal">
<h2 id="proposal">${say(language, modelTexts.version)} <bdi dir="ltr">${version}</bdi></h2>
${modelNote(frame, act.model)}
<dl class="facts">${facts.map(
    ([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl>
<p><a href="/api/v1/models/${keyOf(act.model)}">${say(language, modelTexts.whole, {
    format: json,
  })}</a></p></section>
${compared && differenceCard(frame, compared)}
${trial && trialCard(frame, snapshot, trial)}
${decideModelForm(language, act, mayDecide, refused)}`
  const trail = [
    readinessTrail(language),
    { href: paths.models(language), name: say(language, modelTexts.title) },
  ]
  const title = sayPlainly(language, modelTexts.named, { id, version })
  return layout(frame, { title, trail, snapshot, main, isStill: trial !== null })
}
