import type { CheckedFigure, CheckedValue } from '../../http/programme-view.ts'
import type { ProgrammeCheck } from '../../kpi/programme.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ProgrammeValue } from '../../official/programme-schema.ts'
import { name, number, percent } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { layout } from '../layout.ts'
import { chip } from '../parts/chip.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import { programmeKindTexts, programmeTexts } from '../texts/official.ts'
import { shellTexts } from '../texts/shell.ts'

/** What the programme published, figure by figure, and beside each value what follows from it. */
export function programmePage(
  frame: Frame,
  snapshot: Snapshot,
  figures: readonly CheckedFigure[],
): string {
  const { language } = frame
  const title = programmeTexts.title[language]
  const main = html`<h1>${title}</h1>
<p class="note">${say(language, programmeTexts.how)}</p>
${figures.length === 0 && html`<p class="calm">${say(language, programmeTexts.none)}</p>`}
${figures.map((figure) => card(language, figure))}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title, trail, snapshot, main })
}

function card(language: Language, { id, label, computed, values }: CheckedFigure): Html {
  const columns = [
    { head: say(language, programmeTexts.kind) },
    { head: say(language, programmeTexts.value), look: 'number' as const },
    { head: say(language, programmeTexts.denominator), look: 'number' as const },
    { head: say(language, programmeTexts.date), look: 'whole' as const },
    { head: say(language, programmeTexts.source) },
    { head: say(language, programmeTexts.follows) },
  ]
  const rows = values.map((value) => cells(language, value))
  const own = computed && chip('new', 'check', say(language, programmeTexts.computed))
  return html`<section class="card published" aria-labelledby="${id}">
<h2 id="${id}">${plain(id)} ${name(language, label)} ${own}</h2>
${table({ labelledBy: id, columns, rows, cards: true })}</section>`
}

function cells(language: Language, value: CheckedValue): Content[] {
  const { kind, of, denominator, date, source, note, checks } = value
  const about = of && html`<small>${name(language, of)}</small>`
  const known =
    denominator === null
      ? say(language, programmeTexts.noDenominator)
      : number(language, denominator)
  const sentences = checks.flatMap((check) => sentencesOf(language, value, check))
  return [
    html`${say(language, programmeKindTexts[kind])}${about}`,
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
