import type { Bilingual } from '../../kpi/snapshot.ts'
import { name } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { directions, type Language, languages } from '../language.ts'

/** The heading of a page about something with names: both, and what state it is in. */
export function titled(language: Language, names: Bilingual, chips: Content): Html {
  const others = languages.filter((other) => other !== language && names[other] !== names[language])
  return html`<div class="titled"><h1>${name(language, names)}</h1>
${others.map((other) => html`<p lang="${other}" dir="${directions[other]}">${names[other]}</p>`)}
<div class="chips">${chips}</div></div>`
}

/** Short facts under a heading; what is not known is left out. */
export function facts(entries: readonly (readonly [Content, Content])[]): Html {
  return html`<dl class="facts">${entries
    .filter(([, value]) => value !== null)
    .map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}
