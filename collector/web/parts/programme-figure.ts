import type { CheckedFigure, CheckedValue } from '../../http/programme-view.ts'
import type { ProgrammeCheck } from '../../kpi/programme.ts'
import type { ProgrammeValue } from '../../official/programme-schema.ts'
import { name, number, percent } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { programmeKindTexts, programmeTexts } from '../texts/official.ts'
import { chip } from './chip.ts'
import { table } from './table.ts'

/** What stands beside a figure and its values where a file changes them. */
export type FigureMarks<Value> = {
  readonly heading: Content
  /** Below the heading. */
  readonly notes: Content
  readonly of: (value: Value) => Content
}

/** One figure as it was published, and beside each of its values what follows from it. */
export function figureCard<Value extends CheckedValue>(
  language: Language,
  { id, label, computed, values }: CheckedFigure<Value>,
  marks: FigureMarks<Value> = { heading: null, notes: null, of: () => null },
): Html {
  const columns = [
    { head: say(language, programmeTexts.kind) },
    { head: say(language, programmeTexts.value), look: 'number' as const },
    { head: say(language, programmeTexts.denominator), look: 'number' as const },
    { head: say(language, programmeTexts.date), look: 'whole' as const },
    { head: say(language, programmeTexts.source) },
    { head: say(language, programmeTexts.follows) },
  ]
  const rows = values.map((value) => cells(language, value, marks.of(value)))
  const own = computed && chip('new', 'check', say(language, programmeTexts.computed))
  return html`<section class="card published" aria-labelledby="${id}">
<h2 id="${id}">${plain(id)} ${name(language, label)} ${own} ${marks.heading}</h2>
${marks.notes}
${table({ labelledBy: id, columns, rows, cards: true })}</section>`
}

function cells(language: Language, value: CheckedValue, mark: Content): Content[] {
  const { kind, of, denominator, date, source, note, checks } = value
  const about = of && html`<small>${name(language, of)}</small>`
  const known =
    denominator === null
      ? say(language, programmeTexts.noDenominator)
      : number(language, denominator)
  const sentences = checks.flatMap((check) => sentencesOf(language, value, check))
  return [
    html`${say(language, programmeKindTexts[kind])}${about} ${mark}`,
    html`<strong>${published(language, value)}</strong>`,
    known,
    plain(date),
    html`<bdi dir="auto">${source}</bdi>${note && html`<small>${name(language, note)}</small>`}`,
    sentences.length > 0
      ? html`<ul class="moves">${sentences.map((each) => html`<li>${each}</li>`)}</ul>`
      : html`<span aria-hidden="true">–</span>`,
  ]
}

/** The value as it was published. */
function published(language: Language, { count, percent, parts, relation }: ProgrammeValue): Html {
  if (parts) return plain(parts.map((each) => `${each}%`).join(' / '))
  const written = [
    count !== undefined && number(language, count),
    percent !== undefined && plain(`${percent}%`),
  ].filter((each) => each !== false)
  const [first, second] = written
  const value = second
    ? say(language, programmeTexts.countAndPercent, { count: first, percent: second })
    : html`${first}`
  if (relation === '>=') return say(language, programmeTexts.atLeast, { value })
  return relation === '<=' ? say(language, programmeTexts.atMost, { value }) : value
}

function sentencesOf(
  language: Language,
  value: ProgrammeValue,
  check: ProgrammeCheck,
): readonly Html[] {
  const n = (each: number) => number(language, each)
  const stated = { count: n(value.count ?? 0), percent: plain(`${value.percent ?? 0}%`) }
  switch (check.is) {
    case 'share': {
      const { count } = stated
      const values = {
        count,
        base: n(check.base),
        share: percent(check.share),
        left: n(check.left),
      }
      const agrees = check.stated ? programmeTexts.stated : programmeTexts.notStated
      const sentence = say(language, programmeTexts.share, values)
      return check.stated === null ? [sentence] : [sentence, say(language, agrees)]
    }
    case 'implied_base': {
      if (!check.bases) return [say(language, programmeTexts.noBase, stated)]
      const range = { from: n(check.bases.from), to: n(check.bases.to) }
      const compared = check.compared.map(({ base, fits }) => {
        const text = fits ? programmeTexts.baseFits : programmeTexts.baseDoesNotFit
        return say(language, text, { base: n(base) })
      })
      return [say(language, programmeTexts.impliedBase, { ...stated, ...range }), ...compared]
    }
    case 'implied_count': {
      const { percent } = stated
      const base = n(check.base)
      if (!check.counts) return [say(language, programmeTexts.noCount, { percent, base })]
      const range = { from: n(check.counts.from), to: n(check.counts.to) }
      const values = { percent, base, nearest: n(check.nearest), ...range }
      return [say(language, programmeTexts.impliedCount, values)]
    }
    case 'parts':
      return [partsSentence(language, check)]
  }
}

function partsSentence(
  language: Language,
  { base, fitting, more }: Extract<ProgrammeCheck, { is: 'parts' }>,
): Html {
  const of = number(language, base)
  if (fitting.length === 0) return say(language, programmeTexts.noParts, { base: of })
  const sets = html`${fitting.map((set, i) => html`${i > 0 && ', '}${plain(set.join(' / '))}`)}`
  const text = fitting.length === 1 ? programmeTexts.onlyParts : programmeTexts.someParts
  const sentence = say(language, text, { base: of, parts: sets })
  return html`${sentence} ${more && say(language, programmeTexts.moreParts)}`
}

function plain(text: string): Html {
  return html`<bdi dir="ltr">${text}</bdi>`
}
