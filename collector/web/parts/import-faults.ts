import { type Content, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import { importFaultTexts, otherFaultText } from '../texts/import-faults.ts'

const place = /\{(\w+)\}/

/** A fault that a reader named in English, in the language of the page. */
export function faultWords(language: Language, message: string, texts = importFaultTexts): Content {
  const found = textOf(message, texts)
  if (!found) {
    // The English sentence is better than none.
    return html`${say(language, otherFaultText)} <span lang="en" dir="ltr">${message}</span>`
  }
  const { why, ...rest } = found.values
  const values = why === undefined ? rest : { ...rest, why: faultWords(language, why, texts) }
  // The places of a text are known only here, where the message has filled them.
  return say(language, found.text as Text, ...([values] as unknown as []))
}

/** The text that says a message, with what stands at its places. */
function textOf(message: string, texts: readonly Text[]) {
  for (const text of texts) {
    const parts = text.en.split(place)
    const names = parts.filter((_part, i) => i % 2 === 1)
    const pattern = parts.map((part, i) => (i % 2 === 0 ? RegExp.escape(part) : '(.+)')).join('')
    const values = new RegExp(`^${pattern}$`, 'su').exec(message)?.slice(1)
    if (values)
      return { text, values: Object.fromEntries(names.map((name, i) => [name, values[i]])) }
  }
  return null
}
