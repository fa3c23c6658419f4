import { dayMs } from '../../../protocol/time.ts'
import type { Workload } from '../../kpi/migration/workload.ts'
import type { BaselineDraft, ListedBaseline, ListedExemption } from '../../people/roadmap.ts'
import { day, name, number, time, type Writer } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, say, sayPlainly, type Text } from '../language.ts'
import { workloadCount } from '../texts/migration.ts'
import {
  baselineStateTexts,
  exemptionStateTexts,
  migrationFormTexts as texts,
} from '../texts/migration-forms.ts'
import { byAt, decided, isRefused, typed } from './acts.ts'
import { chip } from './chip.ts'
import type { Shape } from './icon.ts'
import {
  choiceField,
  dayField,
  dayOf,
  problemList,
  type RefusedMigration,
  reasonField,
} from './migration-forms.ts'
import { facts } from './titled.ts'

/** What the page of the roadmap is made from. */
export type RoadmapView = {
  readonly workloads: readonly Workload[]
  /** In the order in which they were asked for. */
  readonly exemptions: readonly ListedExemption[]
  /** By number. */
  readonly baselines: readonly ListedBaseline[]
  /** What would be promised from `startOn` on. */
  readonly draft: BaselineDraft
  readonly startOn: string
  readonly mayAsk: boolean
  readonly mayDecide: (proposal: ListedExemption | ListedBaseline) => boolean
  readonly refused: RefusedMigration | null
}

type Look = readonly [tone: string, shape: Shape]
const exemptionLooks: Readonly<Record<ListedExemption['state'], Look>> = {
  open: ['unsure', 'hourglass'],
  in_force: ['good', 'check'],
  refused: ['bad', 'cross'],
  withdrawn: ['none', 'minus'],
  lapsed: ['none', 'minus'],
  expired: ['bad', 'warning'],
  replaced: ['none', 'minus'],
}
const baselineLooks: Readonly<Record<ListedBaseline['state'], Look>> = {
  open: ['unsure', 'hourglass'],
  approved: ['good', 'check'],
  refused: ['bad', 'cross'],
  withdrawn: ['none', 'minus'],
}

/** Which of both a form is about: it is sent beside the act. */
type Kind = 'exemption' | 'baseline'

/** One exemption, and forms for whoever may decide or take it back. */
export function exemptionItem(writer: Writer, view: RoadmapView, each: ListedExemption): Html {
  const { language } = writer
  const workload = view.workloads.find(({ id }) => id === each.workload)
  const words = workload
    ? name(language, workload.name)
    : html`<bdi dir="ltr">${each.workload}</bdi>`
  const [tone, shape] = exemptionLooks[each.state]
  const mayWithdraw = view.mayAsk && (each.state === 'open' || each.state === 'in_force')
  return html`<li id="${each.id}"><div class="planned-head"><h3>${words}</h3>
${chip(tone, shape, say(language, exemptionStateTexts[each.state]))}</div>
${facts([
  [say(language, texts.expires), time(writer, each.expiresAt, 'dayOfYear')],
  [say(language, texts.saidWhy), html`<bdi dir="auto">${each.reason}</bdi>`],
  ...askedFacts(writer, each),
])}
${acts(writer, view, { ...each, kind: 'exemption', formId: each.id, mayWithdraw })}</li>`
}

/** One roadmap, as it was proposed. */
export function baselineItem(writer: Writer, view: RoadmapView, each: ListedBaseline): Html {
  const { language } = writer
  const [tone, shape] = baselineLooks[each.state]
  const formId = `b-${each.id}`
  const mayWithdraw = view.mayAsk && each.state === 'open'
  return html`<li id="${formId}"><div class="planned-head">
<h3>${say(language, texts.number, { number: each.id })}</h3>
${chip(tone, shape, say(language, baselineStateTexts[each.state]))}</div>
${facts([
  [say(language, texts.startOn), day(writer, each.startOn)],
  ...promisedFacts(writer, each.workloads),
  ...askedFacts(writer, each),
])}
${acts(writer, view, { ...each, kind: 'baseline', formId, mayWithdraw })}</li>`
}

function askedFacts(
  writer: Writer,
  each: ListedExemption | ListedBaseline,
): (readonly [Content, Content])[] {
  const { language } = writer
  const { requestedBy, requestedAt, decision, withdrawnAt } = each
  const withdrawn = withdrawnAt === null ? null : time(writer, withdrawnAt, 'minuteOfYear')
  return [
    [say(language, texts.requestedBy), byAt(writer, requestedBy, requestedAt)],
    [say(language, texts.decision), decision && decided(writer, decision)],
    [say(language, texts.withdrawnAt), withdrawn],
  ]
}

function promisedFacts(
  writer: Writer,
  workloads: BaselineDraft['workloads'],
): (readonly [Content, Content])[] {
  const { language } = writer
  const last = workloads
    .map(({ finishOn }) => finishOn)
    .sort()
    .at(-1)
  const weight = number(
    language,
    workloads.reduce((sum, each) => sum + each.weight, 0),
  )
  const words = count(language, workloadCount, workloads.length)
  return [
    [say(language, texts.counted), say(language, texts.countedValue, { workloads: words, weight })],
    [say(language, texts.lastFinish), last === undefined ? null : day(writer, last)],
  ]
}

/** What may be done with something that waits or holds. */
function acts(
  { language }: Writer,
  view: RoadmapView,
  about: (ListedExemption | ListedBaseline) & {
    readonly kind: Kind
    readonly formId: string
    readonly mayWithdraw: boolean
  },
): Content {
  const { id, kind, formId, state, mayWithdraw } = about
  const isOpen = state === 'open'
  const refusedKind = view.refused?.fields.get('kind') === kind ? view.refused : null
  const hidden = html`<input type="hidden" name="kind" value="${kind}">
<input type="hidden" name="id" value="${id}">`
  const form = (open: boolean, part: string, summary: Text, label: Text, buttons: Content) =>
    html`<details${open && html` open`}><summary>${summary[language]}</summary>
<form class="act" method="post" action="#answer">${hidden}
${reasonField(language, `${part}-${formId}`, typed(refusedKind, open, 'why'), label)}
<p>${buttons}</p></form></details>`
  const decides = isOpen && view.mayDecide(about)
  const isDecision = isRefused(refusedKind, id, ['approve', 'refuse'])
  const isWithdrawal = isRefused(refusedKind, id, ['withdraw'])
  const both = html`${button(language, 'approve', 'main')} ${button(language, 'refuse')}`
  const decision = decides && form(isDecision, 'decide', texts.decide, texts.whyDecision, both)
  const taken = button(language, 'withdraw')
  const withdrawal = mayWithdraw && form(isWithdrawal, 'withdraw', texts.takeBack, texts.why, taken)
  return html`${decision}
${isOpen && !decides && html`<p class="note">${say(language, texts.ownBody)}</p>`}
${withdrawal}`
}

function button(language: Language, act: 'approve' | 'refuse' | 'withdraw', look?: 'main'): Html {
  const words = sayPlainly(language, texts[act])
  return html`<button name="act" value="${act}"${look && html` class="${look}"`}>${words}</button>`
}

/** The form that asks for an exemption; nothing where no workload is registered. */
export function exemptionForm(frame: Frame, view: RoadmapView): Content {
  const { language } = frame
  if (view.workloads.length === 0) return null
  const refused = view.refused
  const open = isRefused(refused, '', ['ask'])
  const first = dayOf(frame, frame.now + dayMs)
  const last = dayOf(frame, frame.now + exemptionDaysMax * dayMs)
  const choices = view.workloads.map((each) => [each.id, each.name[language]] as const)
  const fieldOf = (field: string) => ({
    ...{ id: `ask-${field}`, name: field, value: typed(refused, open, field) },
  })
  return html`<details${open && html` open`}><summary>${say(language, texts.ask)}</summary>
<form class="act" id="ask" method="post" action="#answer">
<input type="hidden" name="kind" value="exemption">
${choiceField(say(language, texts.workload), { ...fieldOf('workload'), choices })}
${reasonField(language, 'ask-why', typed(refused, open, 'why'), texts.reason)}
${dayField(
  say(language, texts.until),
  fieldOf('expires'),
  html` required min="${first}" max="${last}"`,
)}
<p><button name="act" value="ask" class="main">${say(language, texts.request)}</button></p>
</form></details>`
}

/** Days that an exemption holds at most: the act is judged again. */
const exemptionDaysMax = 731

/** What a roadmap proposed now would promise, and the form that proposes it. */
export function proposalForm(frame: Frame, view: RoadmapView): Html {
  const { language } = frame
  const { draft, startOn, refused } = view
  const open = isRefused(refused, '', ['propose'])
  const problems = draft.problems.map(({ field, message }) => {
    const workload = view.workloads.find(({ id }) => field.startsWith(`${id}.`))
    return { line: null, place: workload?.name[language] ?? '', message }
  })
  const start = { name: 'startOn', value: startOn }
  return html`<h3 id="propose">${say(language, texts.propose)}</h3>
<p class="note">${say(language, texts.proposeHow)}</p>
<form class="act" method="get" action="#propose">
${dayField(say(language, texts.startOn), { ...start, id: 'draft-start' }, html` required`)}
<p><button>${say(language, texts.showDraft)}</button></p></form>
${facts(promisedFacts(frame, draft.workloads))}
${
  problems.length > 0
    ? html`<div class="flag">${problemList(language, problems, texts.draftFaults)}</div>`
    : html`<form class="act" method="post" action="#answer">
<input type="hidden" name="kind" value="baseline">
<input type="hidden" name="startOn" value="${startOn}">
${reasonField(language, 'propose-why', typed(refused, open, 'why'), texts.why)}
<p><button name="act" value="propose" class="main">${say(language, texts.proposeNow)}</button></p>
</form>`
}`
}
