import type { Model } from '../../kpi/readiness/model.ts'
import type { Bilingual } from '../../kpi/snapshot.ts'
import type { ModelChange } from '../../model/difference.ts'
import type { Plain } from '../../people/act-difference.ts'
import type { ComparedModels } from '../../people/models.ts'
import { name, number, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, say } from '../language.ts'
import { changeCount, changeKindTexts, modelFieldTexts, modelTexts } from '../texts/models.ts'
import { fieldValue } from './act-difference.ts'
import { table } from './table.ts'

/** Values in the list; the log of acts and the API have all of them. */
const shownMax = 300

/** How a model differs from the one in force, value by value. */
export function differenceCard(writer: Writer, compared: ComparedModels): Html {
  const { language } = writer
  const { kind } = compared.difference
  const changes = compared.difference.changes.filter((each) => !isNothing(each))
  const title = html`<h2 id="difference">${say(language, modelTexts.difference)}</h2>`
  if (changes.length === 0) {
    return html`<section class="card" aria-labelledby="difference">${title}
<p class="calm">${say(language, modelTexts.same)}</p></section>`
  }
  const rows = changes.slice(0, shownMax).map((change) => cells(writer, compared, change))
  const more = changes.length - rows.length
  const heads = [modelTexts.subject, modelTexts.what, modelTexts.before, modelTexts.after] as const
  return html`<section class="card" aria-labelledby="difference">${title}
<p><strong>${say(language, changeKindTexts[kind])}</strong>
<small>${count(language, changeCount, changes.length)}</small></p>
${table({
  ...{ labelledBy: 'difference', rows, cards: true },
  columns: heads.map((head) => ({ head: say(language, head) })),
})}
${
  more > 0 &&
  html`<p class="note">${say(language, modelTexts.more, { more: number(language, more) })}</p>`
}</section>`
}

/** Nothing said, or said to be nothing: a gate that is there only in the other model, say. */
function isNothing({ old, new: fresh }: ModelChange): boolean {
  return [old, fresh].every((each) => each === null || each === 'null')
}

function cells(writer: Writer, compared: ComparedModels, change: ModelChange): Content[] {
  const { language } = writer
  const { subject, field } = placeOf(language, compared, change.path)
  const first = field.split('.')[0] ?? ''
  const words = Object.hasOwn(modelFieldTexts, first) ? modelFieldTexts[first] : undefined
  const [old, fresh] = [change.old, change.new].map((value) => {
    // What differs has no parts, or is a list without any.
    return fieldValue(writer, field, value === null ? null : (JSON.parse(value) as Plain))
  })
  const code = html`<code class="hash" dir="ltr">${field}</code>`
  return [subject, html`${words && say(language, words)} <small>${code}</small>`, old, fresh]
}

type Named = { readonly id: string; readonly label: Bilingual }

/** What a value belongs to, by name, and the rest of its path. */
function placeOf(language: Language, { before, after }: ComparedModels, path: string) {
  const found = /^(dimensions|levels|enabled)\.([^.]+)\.(?:indicators\.([^.]+\.[^.]+)\.)?(.+)$/
  const [, list, id = '', indicator, field = ''] = found.exec(path) ?? []
  if (list === undefined) return { subject: say(language, modelTexts.wholeModel), field: path }
  const labelOf = (of: (model: Model) => readonly Named[], named: string) => {
    const known = [after, before].flatMap(of).find((each) => each.id === named)
    return known ? name(language, known.label) : html`<bdi dir="ltr">${named}</bdi>`
  }
  const own = {
    dimensions: () => {
      const of = labelOf(({ dimensions }) => dimensions, id)
      return say(language, modelTexts.dimension, { name: of })
    },
    levels: () => say(language, modelTexts.level, { name: labelOf(({ levels }) => levels, id) }),
    enabled: () => {
      const of = labelOf(({ enabled }) => enabled, id)
      return say(language, modelTexts.criterion, { id, name: of })
    },
  }
  if (indicator !== undefined) {
    const all = (model: Model) => model.dimensions.flatMap(({ indicators }) => indicators)
    const code = html`<small><bdi dir="ltr">${indicator}</bdi></small>`
    return { subject: html`${labelOf(all, indicator)} ${code}`, field }
  }
  return { subject: own[list as keyof typeof own](), field } // one of the three by the pattern
}
