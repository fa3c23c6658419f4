import type { ActDifference, FieldDifference } from '../../people/act-difference.ts'
import { number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { logTexts } from '../texts/log.ts'
import { table } from './table.ts'

/** What an act changed, field by field; closed until somebody opens it. */
export function differenceDetails(
  writer: Writer,
  { fields, count }: ActDifference,
  id: string,
): Html {
  const { language } = writer
  if (count === 0) return html`<small>${say(language, logTexts.nothing)}</small>`
  const heads = [logTexts.field, logTexts.before, logTexts.after] as const
  const rows = fields.map((field) => [
    html`<bdi dir="ltr">${field.path.join(' › ') || '·'}</bdi>`,
    fieldValue(writer, field.path.at(-1) ?? '', field.before),
    fieldValue(writer, field.path.at(-1) ?? '', field.after),
  ])
  const more = count - fields.length
  const rest = say(language, logTexts.more, { more: number(language, more) })
  const columns = heads.map((head) => ({ head: say(language, head) }))
  return html`<details><summary id="${id}">${say(language, logTexts.fields, {
    n: number(language, count),
  })}</summary>
${table({ labelledBy: id, columns, rows, cards: true })}
${more > 0 && html`<p class="note">${rest}</p>`}</details>`
}

/** Longer texts are cut: the file of acts has them whole. Unit: characters. */
const valueMax = 300

/** A value of a field, by the field's own name; a dash where there was or is none. */
export function fieldValue(
  writer: Writer,
  field: string,
  plain: FieldDifference['before'],
): Content {
  if (plain === undefined || plain === null) return dash
  if (isInstant(field, plain)) return time(writer, plain as number, 'minuteOfYear')
  const text = typeof plain === 'string' ? plain : JSON.stringify(plain)
  const characters = [...text]
  const cut = characters.length > valueMax ? `${characters.slice(0, valueMax).join('')}…` : text
  // Signs such as < have no direction of their own, and would be mirrored.
  const isWords = typeof plain === 'string' && /\p{Letter}/u.test(plain)
  return html`<bdi dir="${isWords ? 'auto' : 'ltr'}">${cut}</bdi>`
}

const dash = html`<span aria-hidden="true">–</span>`

const instants = { min: Date.UTC(2000), max: Date.UTC(2100) }

/** Instants stand in the log as milliseconds; so do lengths, under names that say so. */
function isInstant(field: string, plain: unknown): boolean {
  if (typeof plain !== 'number' || !Number.isInteger(plain) || /Ms$/.test(field)) return false
  return plain >= instants.min && plain < instants.max
}
