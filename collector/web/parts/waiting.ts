import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ListedWindow } from '../../people/maintenance.ts'
import { name, number, time, type Writer } from '../format.ts'
import { type Content, html } from '../html.ts'
import { say } from '../language.ts'
import { paths } from '../paths.ts'
import { maintenanceTexts } from '../texts/maintenance.ts'

/** As short as the other lists of the page. */
const waitingMax = 12

/** Maintenance that somebody must decide about, what starts first first; nothing when none. */
export function waitingMaintenance(
  writer: Writer,
  { institutions }: Snapshot,
  windows: readonly ListedWindow[],
): Content {
  if (windows.length === 0) return null
  const { language } = writer
  const notShown = windows.length - waitingMax
  const rest = say(language, maintenanceTexts.more, { more: number(language, notShown) })
  const items = windows.slice(0, waitingMax).map((window) => {
    const institution = institutions.find(({ id }) => id === window.institution)
    const environment = institution?.environments.find(({ id }) => id === window.environment)
    const page = paths.environment(language, window.institution, window.environment)
    // What left the register since has no name any more.
    const names =
      institution && environment
        ? html`${name(language, institution.name)}: ${name(language, environment.name)}`
        : html`<bdi dir="ltr">${window.institution}/${window.environment}</bdi>`
    const starts = say(language, maintenanceTexts.starts, { time: time(writer, window.from) })
    return html`<li><a href="${page}#${window.id}">${names}</a> <small>${starts}</small></li>`
  })
  return html`<section class="card" aria-labelledby="waiting">
<h2 id="waiting">${say(language, maintenanceTexts.waiting)}
<span class="count">${number(language, windows.length)}</span></h2>
<ul class="late">${items}</ul>
${notShown > 0 && html`<p class="note">${rest}</p>`}</section>`
}
