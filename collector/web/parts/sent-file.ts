import { number } from '../format.ts'
import { type Html, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import type { RefusedForm } from './acts.ts'
import type { FormProblem } from './migration-forms.ts'

/** A form with a file that was refused, with every fault of the file. */
export type RefusedFile<Rule extends string> = RefusedForm<Rule> & {
  readonly problems: readonly FormProblem[]
}

/** What became of a form with a file: what it would change, why it was refused, or both. */
export type SentFile<Preview, Rule extends string> = {
  readonly preview: Preview | null
  readonly refused: RefusedFile<Rule> | null
}

/** Nothing was sent. */
export const noFile = { preview: null, refused: null } as const

/** A file as it was chosen. */
export type NamedFile = { readonly name: string; readonly content: string }

/** A file on the page that shows what it would change. */
export type ShownFile = NamedFile & {
  /** The hash of the changes that are shown. */
  readonly seen: string
}

/** The field that chooses a file. */
export function fileField(language: Language, id: string, label: Text, accept: string): Html {
  return html`<p><label for="${id}">${say(language, label)}</label>
<input id="${id}" name="file" type="file" required accept="${accept}"></p>`
}

/** The name of the file that is shown, which may have no place to break. */
export function fileName({ name }: Pick<NamedFile, 'name'>): Html {
  return html`<bdi class="hash">${name}</bdi>`
}

/**
 * Keeps a file on the page that shows what it would change: as JSON, because browsers change the
 * line ends of what they send.
 */
export function keptFile({ name, content, seen }: ShownFile): Html {
  return html`<input type="hidden" name="file.name" value="${name}">
<input type="hidden" name="file.seen" value="${seen}">
<input type="hidden" name="file.kept" value="${JSON.stringify(content)}">`
}

/** How much of a file would change what. */
export function countFacts(language: Language, counts: readonly (readonly [Text, number])[]): Html {
  return html`<dl class="facts">${counts.map(
    ([label, n]) => html`<div><dt>${label[language]}</dt><dd>${number(language, n)}</dd></div>`,
  )}</dl>`
}

/** A setting of a file by its path, as its reader names it. */
export function settingWords(_language: Language, path: string): Html {
  return html`<code class="hash" dir="ltr">${path}</code>`
}
