import { type Html, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import { guideTitle } from '../texts/guide.ts'

/** What the words and numbers of a page mean, one click away. */
export function guide(
  language: Language,
  entries: readonly { readonly term: Text; readonly meaning: Text }[],
): Html {
  return html`<details class="card guide" id="guide"><summary>${say(language, guideTitle)}</summary>
<dl>${entries.map(
    ({ term, meaning }) =>
      html`<div><dt>${say(language, term)}</dt><dd>${say(language, meaning)}</dd></div>`,
  )}</dl></details>`
}
