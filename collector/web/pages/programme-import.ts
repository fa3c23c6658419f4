import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ProgrammeFigure } from '../../official/programme-schema.ts'
import type { Frame } from '../frame.ts'
import { html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import {
  chooseProgramme,
  programmePreview,
  programmeRefusal,
  recordedFigures,
  type SentProgramme,
  type ShownFields,
} from '../parts/programme-import.ts'
import { paths } from '../paths.ts'
import { programmeTexts } from '../texts/official.ts'
import { programmeImportTexts as texts } from '../texts/programme-import.ts'
import { shellTexts } from '../texts/shell.ts'

/** What the page is made from. */
export type ProgrammeImportView = {
  readonly fields: ShownFields
  /** What is recorded, by id. */
  readonly figures: readonly ProgrammeFigure[]
  readonly sent: SentProgramme
}

/** The programme's figures: choose a file, look at what it would change, record it. */
export function programmeImportPage(
  frame: Frame,
  snapshot: Snapshot,
  { fields, figures, sent }: ProgrammeImportView,
): string {
  const { language } = frame
  const main = html`<h1>${say(language, texts.title)}</h1>
<p class="note">${say(language, texts.how)}
<a href="${paths.programme(language)}">${say(language, texts.toPage)}</a></p>
${programmeRefusal(language, sent)}
${programmePreview(language, sent)}
${chooseProgramme(language, fields)}
${recordedFigures(language, figures)}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.programme(language), name: say(language, programmeTexts.title) },
  ]
  // The file that was chosen is on the page: loaded anew, it would be gone.
  const isStill = sent.preview !== null
  return layout(frame, { title: texts.title[language], trail, snapshot, main, isStill })
}
