import { name } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, html } from '../html.ts'
import { say } from '../language.ts'
import { providerTexts } from '../texts/places.ts'

/** What names are found by. */
type Named = Pick<Frame, 'language' | 'hosting'>

/** A hosting provider by the name that the policy gives it; by its id where it gives none. */
export function providerName({ language, hosting }: Named, id: string): Content {
  const known = hosting?.providers.find((each) => each.id === id)
  if (known) return name(language, known.name)
  if (id === 'own') return say(language, providerTexts.own)
  return html`<bdi dir="auto">${id}</bdi>`
}

/** A class of data by the name that the policy gives it; by its id where it gives none. */
export function dataClassName({ language, hosting }: Named, id: string): Content {
  const known = hosting?.dataClasses.find((each) => each.id === id)
  return known ? name(language, known.label) : html`<bdi dir="auto">${id}</bdi>`
}
