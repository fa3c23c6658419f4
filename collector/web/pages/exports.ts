import type { ListedExport } from '../../exports/export-jobs.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ListedCycle } from '../../people/cycles.ts'
import { may } from '../../people/permissions.ts'
import { duration } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { isRefused, type RefusedForm, typed } from '../parts/acts.ts'
import { exportsTable } from '../parts/exports.ts'
import { fieldsOf, refusalBox } from '../parts/refusal.ts'
import { verifySteps } from '../parts/verify-steps.ts'
import { paths } from '../paths.ts'
import { type ExportRefusalRule, exportRefusalTexts, exportTexts } from '../texts/exports.ts'
import { shellTexts } from '../texts/shell.ts'

export type ExportsView = {
  readonly exports: readonly ListedExport[]
  /** Those whose figures may be chosen, the newest first. */
  readonly cycles: readonly Pick<ListedCycle, 'id'>[]
  /** How long an archive is kept. Unit: milliseconds. */
  readonly keptMs: number
  readonly refused: RefusedForm<string> | null
}

/** Stands for the nation with each institution; no institution has that id. */
export const everyInstitution = '*'

/** Where exports are asked for, watched and downloaded. */
export function exportsPage(frame: Frame, snapshot: Snapshot, view: ExportsView): string {
  const { language } = frame
  const life = duration(language, view.keptMs)
  const main = html`<h1>${say(language, exportTexts.title)}</h1>
<p>${say(language, exportTexts.how)}</p>
<p class="note">${say(language, exportTexts.noted, { time: life })}</p>
<section class="card" aria-labelledby="exports">
<h2 id="exports">${say(language, exportTexts.list)}</h2>
${exportsTable(frame, snapshot, view.exports)}</section>
<section class="card" aria-labelledby="ask"><h2 id="ask">${say(language, exportTexts.ask)}</h2>
${refusal(frame, view.refused)}${form(frame, snapshot, view)}</section>
${verifySteps(language, { nation: seesNation(frame) })}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: sayPlainly(language, exportTexts.title), trail, snapshot, main })
}

function seesNation({ account }: Frame): boolean {
  return account !== null && may(account, 'read.all')
}

function refusal({ language }: Frame, refused: ExportsView['refused']): Content {
  if (!refused) return null
  const isKnown = Object.hasOwn(exportRefusalTexts, refused.rule)
  const rule = isKnown ? (refused.rule as ExportRefusalRule) : 'other'
  return refusalBox([{ words: say(language, exportRefusalTexts[rule]), fields: fieldsOf(refused) }])
}

function form(frame: Frame, snapshot: Snapshot, { cycles, refused }: ExportsView): Html {
  const { language, account } = frame
  const isAgain = isRefused(refused, '', ['ask'])
  const was = (field: string) => typed(refused, isAgain, field)
  const option = (value: string, words: Content, chosen: string) =>
    html`<option value="${value}"${value === chosen && html` selected`}>${words}</option>`
  const subjects = visibleTo(account, snapshot)
    .toSorted((a, b) => a.name[language].localeCompare(b.name[language], language))
    .map((each) => option(each.id, each.name[language], was('institution')))
  const nation = seesNation(frame) && [
    option('', say(language, exportTexts.nation), was('institution')),
    option(everyInstitution, say(language, exportTexts.whole), was('institution')),
  ]
  const field = (of: 'from' | 'to') => html`<p><label for="${of}">${say(
    language,
    exportTexts[of],
  )}</label>
<input id="${of}" name="${of}" type="datetime-local" dir="ltr" value="${was(of)}"></p>`
  const windowWas = isAgain && (was('from') !== '' || was('to') !== '')
  return html`<form class="act" method="post" action="#answer">
<input type="hidden" name="act" value="ask">
<p><label for="institution">${say(language, exportTexts.subject)}</label>
<select id="institution" name="institution">${nation}${subjects}</select></p>
<p><label for="cycle">${say(language, exportTexts.cycle)}</label>
<select id="cycle" name="cycle">${option('', say(language, exportTexts.cycleSoFar), was('cycle'))}
${cycles.map(({ id }) =>
  option(id, sayPlainly(language, exportTexts.ofCycle, { cycle: id }), was('cycle')),
)}</select></p>
<details id="other-window"${windowWas && html` open`}>
<summary>${say(language, exportTexts.otherWindow)}</summary>
<p class="note">${say(language, exportTexts.otherWindowHow)}</p>${field('from')}${field('to')}
</details>
<p><button class="main">${say(language, exportTexts.submit)}</button></p></form>`
}
