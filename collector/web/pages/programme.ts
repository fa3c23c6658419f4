import type { CheckedFigure } from '../../http/programme-view.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import { may } from '../../people/permissions.ts'
import type { Frame } from '../frame.ts'
import { html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import { figureCard } from '../parts/programme-figure.ts'
import { paths } from '../paths.ts'
import { programmeTexts } from '../texts/official.ts'
import { programmeImportTexts } from '../texts/programme-import.ts'
import { shellTexts } from '../texts/shell.ts'

/** What the programme published, figure by figure, and beside each value what follows from it. */
export function programmePage(
  frame: Frame,
  snapshot: Snapshot,
  figures: readonly CheckedFigure[],
): string {
  const { language, account } = frame
  const title = programmeTexts.title[language]
  const imports = account !== null && may(account, 'official.import')
  const toImport = say(language, programmeImportTexts.title)
  const main = html`<h1>${title}</h1>
<p class="note">${say(language, programmeTexts.how)}
${imports && html`<a href="${paths.programmeImport(language)}">${toImport}</a>`}</p>
${figures.length === 0 && html`<p class="calm">${say(language, programmeTexts.none)}</p>`}
${figures.map((figure) => figureCard(language, figure))}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title, trail, snapshot, main })
}
