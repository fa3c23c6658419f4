import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ListedDispute } from '../../people/disputes.ts'
import type { ListedWindow } from '../../people/maintenance.ts'
import { name, number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { paths } from '../paths.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { disputeTexts } from '../texts/disputes.ts'
import { maintenanceTexts } from '../texts/maintenance.ts'

/** As short as the other lists of the page. */
const waitingMax = 12

/** Maintenance that somebody must decide about, what starts first first; nothing when none. */
export function waitingMaintenance(
  writer: Writer,
  snapshot: Snapshot,
  windows: readonly ListedWindow[],
): Content {
  const { language } = writer
  const title = say(language, maintenanceTexts.waiting)
  return waiting(writer, snapshot, windows, 'waiting', title, (at) =>
    say(language, maintenanceTexts.starts, { time: at }),
  )
}

/** Disputes that the evaluator must decide, those of the earliest time first; nothing when none. */
export function waitingDisputes(
  writer: Writer,
  snapshot: Snapshot,
  disputes: readonly ListedDispute[],
): Content {
  const { language } = writer
  const title = say(language, disputeTexts.waiting)
  return waiting(writer, snapshot, disputes, 'waiting-disputes', title, (at) =>
    say(language, disputeTexts.about, { time: at }),
  )
}

/** How many declarations wait that somebody may review; nothing when none. */
export function waitingDeclarations({ language }: Writer, waiting: number): Content {
  if (waiting === 0) return null
  return html`<section class="card" aria-labelledby="waiting-declarations">
<h2 id="waiting-declarations">${say(language, declarationTexts.waiting)}
<span class="count">${number(language, waiting)}</span></h2>
<p><a href="${paths.declarations(language)}">${say(language, declarationTexts.queue)}</a></p>
</section>`
}

function waiting(
  writer: Writer,
  { institutions }: Snapshot,
  all: readonly (ListedWindow | ListedDispute)[],
  id: string,
  title: Html,
  when: (at: Html) => Html,
): Content {
  if (all.length === 0) return null
  const { language } = writer
  const notShown = all.length - waitingMax
  const rest = say(language, maintenanceTexts.more, { more: number(language, notShown) })
  const items = all.slice(0, waitingMax).map((each) => {
    const institution = institutions.find((one) => one.id === each.institution)
    const environment = institution?.environments.find((one) => one.id === each.environment)
    const page = paths.environment(language, each.institution, each.environment)
    // What left the register since has no name any more.
    const names =
      institution && environment
        ? html`${name(language, institution.name)}: ${name(language, environment.name)}`
        : html`<bdi dir="ltr">${each.institution}/${each.environment}</bdi>`
    const starts = when(time(writer, each.from))
    return html`<li><a href="${page}#${each.id}">${names}</a> <small>${starts}</small></li>`
  })
  return html`<section class="card" aria-labelledby="${id}">
<h2 id="${id}">${title}
<span class="count">${number(language, all.length)}</span></h2>
<ul class="late">${items}</ul>
${notShown > 0 && html`<p class="note">${rest}</p>`}</section>`
}
