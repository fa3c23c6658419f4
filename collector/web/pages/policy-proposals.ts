import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ActDifference } from '../../people/act-difference.ts'
import type { ListedPolicyChange } from '../../people/policy.ts'
import { number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { differenceDetails } from '../parts/act-difference.ts'
import { byAt, decided, isRefused, type RefusedForm, typed, whyField } from '../parts/acts.ts'
import { chip } from '../parts/chip.ts'
import { fieldsOf, refusalBox } from '../parts/refusal.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import {
  type ProposalRule,
  proposalRefusalTexts,
  proposalStateTexts,
  proposalTexts,
} from '../texts/policy-proposals.ts'
import { registerTexts, settingTexts } from '../texts/register.ts'
import { shellTexts } from '../texts/shell.ts'

/** A proposal with what it changes, field by field. */
export type ShownProposal = ListedPolicyChange & { readonly difference: ActDifference }

/** Proposals with what one account may do about them. */
export type ProposalsView = {
  readonly proposals: readonly ShownProposal[]
  readonly mayPropose: boolean
  readonly actsOn: (change: ListedPolicyChange) => readonly ProposalAct[]
  readonly refused: RefusedForm<string> | null
  /** What is wrong in the file that was sent. */
  readonly problems: readonly string[]
}

export const proposalActs = ['approve', 'refuse', 'withdraw'] as const
export type ProposalAct = (typeof proposalActs)[number]

/** Proposals on the page; the API lists more. */
const shownMax = 100

/** Changes of the policy: what waits, what was decided, and a form for a new one. */
export function policyProposalsPage(frame: Frame, snapshot: Snapshot, view: ProposalsView): string {
  const { language } = frame
  const title = sayPlainly(language, proposalTexts.title)
  const main = html`<h1>${say(language, proposalTexts.title)}</h1>
<p class="note">${say(language, proposalTexts.how)}</p>
${wrong(language, view)}${list(frame, view)}${view.mayPropose && proposeForm(language, view)}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: `/${language}/policy`, name: say(language, registerTexts.policy) },
  ]
  return layout(frame, { title, trail, snapshot, main })
}

function wrong(language: Language, { refused, problems }: ProposalsView): Content {
  if (!refused) return null
  const { rule } = refused
  const known = Object.hasOwn(proposalRefusalTexts, rule)
  const text = proposalRefusalTexts[known ? (rule as ProposalRule) : 'other']
  const lines = problems.map((each) => html`<li><bdi dir="ltr">${each}</bdi></li>`)
  const list =
    lines.length > 0 && html`<p>${say(language, proposalTexts.problems)}</p><ul>${lines}</ul>`
  return refusalBox([{ words: say(language, text), fields: fieldsOf(refused) }], list)
}

function list(frame: Frame, view: ProposalsView): Html {
  const { language } = frame
  const shown = view.proposals.slice(0, shownMax)
  const acts = shown.map((change) => view.actsOn(change))
  const mayAct = acts.some(({ length }) => length > 0)
  const { proposal, by, state, changes, decision, decide } = proposalTexts
  const heads = [proposal, by, state, changes, decision, ...(mayAct ? [decide] : [])]
  const rows = shown.map((change, i) => [
    ...cells(frame, change),
    ...(mayAct ? [decideForm(language, view, change, acts[i] ?? [])] : []),
  ])
  const more = view.proposals.length - shown.length
  return html`<section class="card" aria-labelledby="proposals">
<h2 id="proposals">${say(language, proposalTexts.title)}
<span class="count">${number(language, view.proposals.length)}</span></h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, proposalTexts.none)}</p>`
    : table({
        labelledBy: 'proposals',
        columns: heads.map((head) => ({ head: say(language, head) })),
        rows,
        cards: true,
      })
}
${more > 0 && html`<p class="note">${say(language, proposalTexts.notShown, { n: more })}</p>`}
</section>`
}

const looks = {
  open: ['unsure', 'hourglass'],
  approved: ['good', 'check'],
  refused: ['warning', 'warning'],
  withdrawn: ['none', 'minus'],
  outdated: ['none', 'minus'],
} as const

function cells(frame: Frame, change: ShownProposal): Content[] {
  const { language } = frame
  const { id, state, requestedBy, requestedAt, why, decision, effectiveFrom } = change
  const [look, icon] = looks[state]
  const isFile = requestedBy === 'collector'
  const names = change.changes.map(({ name }, i) => {
    const text = Object.hasOwn(settingTexts, name) ? settingTexts[name] : undefined
    const word = text ? say(language, text) : html`<bdi dir="ltr">${name}</bdi>`
    return [i > 0 && ' · ', word]
  })
  return [
    html`<bdi dir="ltr" id="${id}">${id}</bdi> <small><bdi dir="auto">${why}</bdi></small>`,
    html`${byAt(frame, requestedBy, requestedAt)}
${isFile && html`<small>${say(language, proposalTexts.file)}</small>`}`,
    chip(look, icon, say(language, proposalStateTexts[state])),
    html`${names} <small>${say(language, proposalTexts.from, {
      time: time(frame, effectiveFrom, 'minuteOfYear'),
    })}</small>${differenceDetails(frame, change.difference, `change-${id}`)}`,
    decision && decided(frame, decision),
  ]
}

function decideForm(
  language: Language,
  { refused }: ProposalsView,
  { id }: ListedPolicyChange,
  acts: readonly ProposalAct[],
): Content {
  if (acts.length === 0) return null
  const open = isRefused(refused, id, acts)
  const buttons = acts.map(
    (act) =>
      html`<button name="act" value="${act}"${act === 'approve' && html` class="main"`}>${say(
        language,
        proposalTexts[act],
      )}</button> `,
  )
  return html`<details id="decide-${id}"${open && html` open`}>
<summary>${say(language, proposalTexts.decide)}</summary>
<form class="act" method="post" action="#answer"><input type="hidden" name="id" value="${id}">
${whyField(language, `why-${id}`, typed(refused, open, 'why'))}<p>${buttons}</p></form></details>`
}

function proposeForm(language: Language, { refused }: ProposalsView): Html {
  const open = isRefused(refused, '', ['propose'])
  const format = html`<bdi dir="ltr">YAML</bdi>`
  return html`<section class="card" aria-labelledby="propose">
<h2 id="propose">${say(language, proposalTexts.propose)}</h2>
<form class="act" method="post" action="#answer"><input type="hidden" name="act" value="propose">
<p><label for="text">${say(language, proposalTexts.text, { format })}</label>
<textarea id="text" name="text" rows="12" required dir="ltr" spellcheck="false">${typed(
    refused,
    open,
    'text',
  )}</textarea></p>
${whyField(language, 'why-propose', typed(refused, open, 'why'))}
<p><button class="main">${say(language, proposalTexts.send)}</button></p></form></section>`
}
