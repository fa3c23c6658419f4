import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { day, name } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import { chooseForm, type ImportView, previewCard } from '../parts/import-forms.ts'
import { migrationProblem } from '../parts/migration-forms.ts'
import {
  baselineItem,
  exemptionForm,
  exemptionItem,
  proposalForm,
  type RoadmapView,
} from '../parts/roadmap-forms.ts'
import { table } from '../parts/table.ts'
import { type WorkloadsView, workloadForm } from '../parts/workload-form.ts'
import { paths } from '../paths.ts'
import { migrationTexts } from '../texts/migration.ts'
import { migrationFormTexts as texts, workloadFieldTexts } from '../texts/migration-forms.ts'
import { workloadStateTexts } from '../texts/migration-words.ts'
import { shellTexts } from '../texts/shell.ts'

/** Exemptions in one list; the API lists the rest. */
const shownMax = 50

/** Exemptions and the roadmap of an institution: ask, propose, decide, take back. */
export function roadmapPage(
  frame: Frame,
  snapshot: Snapshot,
  owner: InstitutionRow,
  view: RoadmapView,
): string {
  const { language } = frame
  const newest = view.exemptions.toReversed().slice(0, shownMax)
  const more = view.exemptions.length - newest.length
  // One at a time waits for a decision.
  const mayPropose = view.mayAsk && view.baselines.every(({ state }) => state !== 'open')
  // What stands against a roadmap is told where it is proposed.
  const refused = view.refused && { ...view.refused, problems: [] }
  const main = html`<h1>${say(language, texts.roadmap)}</h1>
${migrationProblem(frame, refused)}
<section class="card" aria-labelledby="baselines">
<h2 id="baselines">${say(language, texts.baselines)}</h2>
<p class="note">${say(language, texts.baselinesHow)}</p>
${listOf(
  view.baselines.toReversed().map((each) => baselineItem(frame, view, each)),
  say(language, texts.noBaselines),
)}
${mayPropose && proposalForm(frame, view)}</section>
<section class="card" aria-labelledby="exemptions">
<h2 id="exemptions">${say(language, texts.exemptions)}</h2>
<p class="note">${say(language, texts.exemptionsHow)}</p>
${listOf(
  newest.map((each) => exemptionItem(frame, view, each)),
  say(language, texts.noExemptions),
)}
${more > 0 && html`<p class="note">${say(language, texts.more, { more })}</p>`}
${view.mayAsk && exemptionForm(frame, view)}</section>`
  return actsPage(frame, snapshot, owner, texts.roadmap[language], main)
}

/** The workloads of an institution, and the form that registers or changes one. */
export function workloadsPage(
  frame: Frame,
  snapshot: Snapshot,
  owner: InstitutionRow,
  view: WorkloadsView,
): string {
  const { language } = frame
  const own = paths.migrationActs(language, owner.id, 'workloads')
  const rows = view.workloads.map((each) => {
    const address = `${own}?workload=${each.id}#workload`
    const link = html`<a href="${address}">${say(language, texts.change)}</a>`
    const finish = each.plannedFinish && day(frame, each.plannedFinish)
    const cells = [
      html`${name(language, each.name)} <small><bdi dir="ltr">${each.id}</bdi></small>`,
      say(language, workloadStateTexts[each.state]),
      each.owner && html`<bdi dir="auto">${each.owner}</bdi>`,
      finish,
    ]
    return view.mayRegister ? [...cells, link] : cells
  })
  const heads = [workloadFieldTexts.state, texts.owner, workloadFieldTexts.planned_finish]
  const columns = [
    { head: say(language, texts.workload) },
    ...heads.map((head) => ({ head: head[language] })),
    ...(view.mayRegister ? [{ head: say(language, texts.change) }] : []),
  ]
  const another = view.mayRegister && view.chosen
  const main = html`<h1>${say(language, texts.workloads)}</h1>
${migrationProblem(frame, view.refused)}
${
  view.mayRegister
    ? workloadForm(frame, view, own)
    : html`<p class="calm">${say(language, texts.readOnly)}</p>`
}
${another && html`<p><a href="${own}">${say(language, texts.another)}</a></p>`}
<section class="card" aria-labelledby="registered">
<h2 id="registered">${say(language, texts.registered)}</h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, texts.noneRegistered)}</p>`
    : table({ labelledBy: 'registered', columns, rows, cards: true })
}</section>`
  return actsPage(frame, snapshot, owner, texts.workloads[language], main)
}

/** The import of workloads from a file: choose, look at what would change, register. */
export function importPage(
  frame: Frame,
  snapshot: Snapshot,
  owner: InstitutionRow,
  view: ImportView,
): string {
  const { language } = frame
  const main = html`<h1>${say(language, texts.import)}</h1>
${migrationProblem(frame, view.refused ?? view.preview?.refused ?? null)}
${view.preview && previewCard(frame, view.preview)}
${chooseForm(frame, view)}`
  const isStill = view.preview !== null
  return actsPage(frame, snapshot, owner, texts.import[language], main, isStill)
}

function listOf(items: readonly Content[], none: Content): Content {
  return items.length === 0
    ? html`<p class="calm">${none}</p>`
    : html`<ul class="planned">${items}</ul>`
}

function actsPage(
  frame: Frame,
  snapshot: Snapshot,
  owner: InstitutionRow,
  title: string,
  main: Content,
  isStill = false,
): string {
  const { language } = frame
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, owner.id), name: name(language, owner.name) },
    { href: paths.migration(language, owner.id), name: say(language, migrationTexts.title) },
  ]
  return layout(frame, { title, trail, snapshot, main, isStill })
}
