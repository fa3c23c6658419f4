import type { Snapshot } from '../../kpi/snapshot.ts'
import type { OfficialRow } from '../../official/official-log.ts'
import type { Frame } from '../frame.ts'
import { html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import {
  type ChoiceView,
  chooseResults,
  recordedResults,
  resultsPreview,
  resultsRefusal,
  type SentResults,
} from '../parts/official-import.ts'
import { paths } from '../paths.ts'
import { trendTexts } from '../texts/official.ts'
import { officialImportTexts as texts } from '../texts/official-import.ts'
import { shellTexts } from '../texts/shell.ts'

/** What the page of official results is made from. */
export type OfficialImportView = ChoiceView & {
  /** What is recorded of one cycle. */
  readonly results: readonly OfficialRow[]
  /** Cycles of which something is recorded, the newest first. */
  readonly recorded: readonly string[]
  readonly sent: SentResults
}

/** Official results: choose a file, look at what it would change, record it; take one back. */
export function officialImportPage(
  frame: Frame,
  snapshot: Snapshot,
  view: OfficialImportView,
): string {
  const { language } = frame
  const others = view.recorded.filter((cycle) => cycle !== view.results[0]?.cycle)
  const items = others.map((cycle) => {
    const href = `${paths.official(language, cycle)}#recorded`
    return html`<li><a href="${href}"><bdi dir="ltr">${cycle}</bdi></a></li>`
  })
  const main = html`<h1>${say(language, texts.title)}</h1>
<p class="note">${say(language, texts.how)}
<a href="${paths.trend(language, null)}#cycles">${say(language, texts.toTrend)}</a></p>
${resultsRefusal(language, view.sent)}
${resultsPreview(frame, snapshot, view.sent)}
${chooseResults(frame, view)}
${recordedResults(frame, snapshot, view.results, view.sent)}
${
  items.length > 0 &&
  html`<section class="card" aria-labelledby="others">
<h2 id="others">${say(language, texts.otherCycles)}</h2><ul class="links">${items}</ul></section>`
}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.trend(language, null), name: say(language, trendTexts.title) },
  ]
  // The file that was chosen is on the page: loaded anew, it would be gone.
  const isStill = view.sent.preview !== null
  return layout(frame, { title: texts.title[language], trail, snapshot, main, isStill })
}
