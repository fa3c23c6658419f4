import type { ListedExport } from '../../exports/export-jobs.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ListedCycle } from '../../people/cycles.ts'
import type { ListedDispute } from '../../people/disputes.ts'
import type { Waiting } from '../../people/inbox.ts'
import { may } from '../../people/permissions.ts'
import { name, number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { cyclesCard, revisionsCard } from '../parts/cycles-list.ts'
import { exportsTable } from '../parts/exports.ts'
import { fourKpis } from '../parts/four-kpis.ts'
import { inboxCard } from '../parts/inbox.ts'
import { lateInstitutions } from '../parts/late.ts'
import { reportingCard } from '../parts/reporting.ts'
import { verifySteps } from '../parts/verify-steps.ts'
import { paths } from '../paths.ts'
import { homeTexts } from '../texts/home.ts'
import { homeNationTexts } from '../texts/home-nation.ts'
import { inboxTexts } from '../texts/inbox.ts'
import { officialImportTexts } from '../texts/official-import.ts'
import { programmeImportTexts } from '../texts/programme-import.ts'
import { shellTexts } from '../texts/shell.ts'

/** What the homes of those who see the whole nation are made from. */
export type HomeView = {
  readonly waiting: readonly Waiting[]
  readonly cycles: readonly ListedCycle[]
  readonly disputes: readonly ListedDispute[]
  readonly exports: readonly ListedExport[]
}

const disputesMax = 12
const exportsMax = 5

/** The ministry's: who reports, the four indicators, who is late, what waits, the cycles. */
export function ministryHome(frame: Frame, snapshot: Snapshot, view: HomeView): string {
  const late = lateInstitutions(frame, snapshot.institutions, snapshot.computedAt)
  return home(
    frame,
    snapshot,
    html`<div class="hero two">${reportingCard(frame, snapshot)}
<div class="lists">${waiting(frame, snapshot, view)}${late}</div></div>
${fourKpis(frame, snapshot)}
${cyclesCard(frame, view.cycles)}${ways(frame)}`,
  )
}

/** The evaluator's: what waits for a decision, disputes, revisions, cycles. */
export function evaluatorHome(frame: Frame, snapshot: Snapshot, view: HomeView): string {
  return home(
    frame,
    snapshot,
    html`${waiting(frame, snapshot, view)}${disputes(frame, snapshot, view)}
${cyclesCard(frame, view.cycles)}${revisionsCard(frame, view.cycles)}
${fourKpis(frame, snapshot)}${ways(frame)}`,
  )
}

/** The auditor's: cycles, what was frozen, exports and how they are checked. */
export function auditorHome(frame: Frame, snapshot: Snapshot, view: HomeView): string {
  const { language } = frame
  const shown = view.exports.slice(0, exportsMax)
  return home(
    frame,
    snapshot,
    html`${cyclesCard(frame, view.cycles)}${revisionsCard(frame, view.cycles)}
<section class="card" aria-labelledby="exports">
<h2 id="exports">${say(language, homeNationTexts.exports)}</h2>
${exportsTable(frame, snapshot, shown)}
<p><a href="${paths.exports(language)}">${say(language, homeNationTexts.toExports)}</a></p>
</section>
${verifySteps(language, { nation: true })}${fourKpis(frame, snapshot)}${ways(frame)}`,
  )
}

function home(frame: Frame, snapshot: Snapshot, content: Content): string {
  const { language } = frame
  const main = html`<h1>${say(language, homeTexts.title)}</h1>
${content}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: sayPlainly(language, homeTexts.title), trail, snapshot, main })
}

/** Said also where nothing waits: a home is looked at for that. */
function waiting(frame: Frame, snapshot: Snapshot, { waiting }: HomeView): Html {
  const { language } = frame
  const card = inboxCard(frame, snapshot, waiting)
  if (card) return html`${card}`
  return html`<section class="card" aria-labelledby="inbox">
<h2 id="inbox">${say(language, inboxTexts.waiting)}</h2>
<p class="calm">${say(language, inboxTexts.nothingWaits)}</p></section>`
}

function disputes(frame: Frame, snapshot: Snapshot, { disputes }: HomeView): Html {
  const { language } = frame
  const items = disputes.slice(0, disputesMax).map((each) => {
    const owner = snapshot.institutions.find(({ id }) => id === each.institution)
    const place = owner?.environments.find(({ id }) => id === each.environment)
    const href = paths.environment(language, each.institution, each.environment)
    const names =
      owner && place
        ? html`${name(language, owner.name)}: ${name(language, place.name)}`
        : html`<bdi dir="ltr">${each.institution}/${each.environment}</bdi>`
    const since = say(language, homeNationTexts.since, {
      time: time(frame, each.requestedAt, 'minuteOfYear'),
    })
    return html`<li><a href="${href}#${each.id}">${names}</a> <small>${since}</small></li>`
  })
  const count = html` <span class="count">${number(language, disputes.length)}</span>`
  return html`<section class="card" aria-labelledby="disputes">
<h2 id="disputes">${say(language, homeNationTexts.openDisputes)}${disputes.length > 0 && count}</h2>
${
  items.length === 0
    ? html`<p class="calm">${say(language, homeNationTexts.noDisputes)}</p>`
    : html`<ul class="late">${items}</ul>`
}</section>`
}

function ways({ language, account }: Frame): Html {
  const imports = account !== null && may(account, 'official.import')
  const importing = [
    [paths.official(language), officialImportTexts.title],
    [paths.programmeImport(language), programmeImportTexts.title],
  ] as const
  const links = [
    ...(imports ? importing : []),
    [paths.exports(language), homeNationTexts.toExports],
    [paths.register(language), homeNationTexts.toRegister],
    [paths.policy(language), homeNationTexts.toPolicy],
  ] as const
  const items = links.map(
    ([href, text]) => html`<li><a href="${href}">${say(language, text)}</a></li>`,
  )
  return html`<section class="card" aria-labelledby="ways">
<h2 id="ways">${say(language, homeTexts.ways)}</h2><ul>${items}</ul></section>`
}
