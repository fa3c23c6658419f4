import type { ChangedFigure, ChangedValue } from '../../http/programme-view.ts'
import type {
  ProgrammeField,
  ProgrammeFigure,
  ProgrammeValue,
} from '../../official/programme-schema.ts'
import { name, number } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, languages, say } from '../language.ts'
import { paths } from '../paths.ts'
import { programmeTexts } from '../texts/official.ts'
import { officialImportTexts } from '../texts/official-import.ts'
import {
  figureChangeTexts,
  figureFieldTexts,
  type ProgrammeRefusalRule,
  programmeFaultTexts,
  programmeRefusalTexts,
  programmeImportTexts as texts,
  valueChangeTexts,
  valueFieldTexts,
} from '../texts/programme-import.ts'
import { chip } from './chip.ts'
import { problemList, reasonField } from './migration-forms.ts'
import { type FigureMarks, figureCard } from './programme-figure.ts'
import { answerId, fieldsOf, refusalBox } from './refusal.ts'
import {
  countFacts,
  fileField,
  fileName,
  keptFile,
  type SentFile,
  type ShownFile,
  settingWords,
} from './sent-file.ts'
import { table } from './table.ts'

/** A file of the programme's figures, with what it would change. */
export type ProgrammePreview = ShownFile & {
  readonly figures: readonly ChangedFigure[]
  readonly same: number
}

/** What became of a form about the programme's figures. */
export type SentProgramme = SentFile<ProgrammePreview, ProgrammeRefusalRule>

/** The fields of the file, as its schema has them. */
export type ShownFields = {
  readonly figure: readonly ProgrammeField<keyof ProgrammeFigure>[]
  readonly value: readonly ProgrammeField<keyof ProgrammeValue>[]
}

const action = `#${answerId}`

/** Why a form was refused, with every fault of its file. */
export function programmeRefusal(language: Language, { refused }: SentProgramme): Content {
  if (!refused) return null
  const { rule, problems } = refused
  const words =
    rule === 'format'
      ? say(language, programmeRefusalTexts.format, { yaml: '.yaml', yml: '.yml' })
      : say(language, programmeRefusalTexts[rule])
  const faults = { place: settingWords, faults: programmeFaultTexts }
  const list = problems.length > 0 && problemList(language, problems, undefined, faults)
  return refusalBox([{ words, fields: fieldsOf({ rule }) }], list)
}

/** How the import works, and the form that shows what a file would change. */
export function chooseProgramme(language: Language, fields: ShownFields): Html {
  const words = { yaml: 'YAML', encoding: 'UTF-8' }
  return html`<section class="card" aria-labelledby="choose">
<h2 id="choose">${say(language, officialImportTexts.choose)}</h2>
<p class="note">${say(language, officialImportTexts.whole)} ${say(language, texts.whole)}</p>
<p class="note">${say(language, texts.format, words)}</p>
<details><summary>${say(language, texts.fields)}</summary>
${fieldsTable(language, fields)}</details>
<details><summary>${say(language, texts.example)}</summary>
<pre class="paste" dir="ltr" tabindex="0">${programmeExample}</pre></details>
<form class="act" method="post" enctype="multipart/form-data" action="${action}">
${fileField(language, 'programme-file', officialImportTexts.file, '.yaml,.yml')}
<p><button name="act" value="preview" class="main">${say(language, texts.preview)}</button></p>
</form></section>`
}

/** A whole file with figures that nobody published. */
export const programmeExample = `apiVersion: istimrar.programme/v1
figures:
  - id: P1
    label: { ar: الخدمات المبسطة, en: Services simplified }
    values:
      - kind: actual
        count: 120
        denominator: 150
        date: 2025-12
        source: "Annual report 2025, page 12"
`

function fieldsTable(language: Language, fields: ShownFields): Html {
  const names = { ar: code('ar'), en: code('en') }
  const dates = { day: code('2025-12-31'), month: code('2025-12'), year: code('"2025"') }
  const figure: Readonly<Record<keyof ProgrammeFigure, Html>> = {
    id: say(language, figureFieldTexts.id, { first: 'P1', last: 'P99' }),
    label: say(language, figureFieldTexts.label, names),
    computed: say(language, figureFieldTexts.computed, { yes: code('true') }),
    values: say(language, figureFieldTexts.values),
  }
  const value: Readonly<Record<keyof ProgrammeValue, Html>> = {
    kind: say(language, valueFieldTexts.kind, { kinds: code('baseline, target, actual') }),
    of: say(language, valueFieldTexts.of, names),
    relation: say(language, valueFieldTexts.relation, { relations: code('"=", ">=", "<="') }),
    count: say(language, valueFieldTexts.count),
    percent: say(language, valueFieldTexts.percent),
    parts: say(language, valueFieldTexts.parts),
    denominator: say(language, valueFieldTexts.denominator, { null: code('null') }),
    otherBases: say(language, valueFieldTexts.otherBases),
    date: say(language, valueFieldTexts.date, dates),
    source: say(language, valueFieldTexts.source),
    note: say(language, valueFieldTexts.note, names),
  }
  const { needed, optional, holds, isNeeded } = officialImportTexts
  const cells = (place: string, words: Html, field: ProgrammeField<string>) => [
    code(place),
    words,
    say(language, field.isNeeded ? needed : optional),
  ]
  const rows = [
    ...fields.figure.map((each) => cells(each.name, figure[each.name], each)),
    ...fields.value.map((each) => cells(`values[].${each.name}`, value[each.name], each)),
  ]
  const heads = [texts.field, holds, isNeeded]
  const columns = heads.map((head) => ({ head: head[language] }))
  return table({ labelledBy: 'choose', columns, rows, cards: true })
}

function code(text: string): Html {
  return html`<code dir="ltr">${text}</code>`
}

/** What a file would change, figure by figure, and the form that records it. */
export function programmePreview(language: Language, { preview, refused }: SentProgramme): Content {
  if (!preview) return null
  const { figures, same } = preview
  const counted = (is: ChangedFigure['is']) => figures.filter((each) => each.is === is).length
  const counts = [
    [texts.added, counted('new')],
    [texts.changed, counted('changed')],
    [texts.gone, counted('gone')],
    [texts.same, same],
  ] as const
  const isAnswer = refused === null
  return html`<section class="card" aria-labelledby="preview"${
    isAnswer && html` id="${answerId}" tabindex="-1"`
  }>
<h2 id="preview">${say(language, texts.previewTitle)}</h2>
<p>${fileName(preview)}</p>
${countFacts(language, counts)}
${figures.length === 0 && html`<p class="calm">${say(language, officialImportTexts.noChange)}</p>`}
</section>
${figures.map((each) => figureCard(language, each.figure, marksOf(language, each)))}
${figures.length > 0 && recordForm(language, preview, refused?.fields.get('why') ?? '')}`
}

function recordForm(language: Language, preview: ProgrammePreview, why: string): Html {
  return html`<section class="card" aria-labelledby="record">
<h2 id="record">${say(language, texts.record)}</h2>
<form class="act" method="post" enctype="multipart/form-data" action="${action}">
${keptFile(preview)}
${reasonField(language, 'programme-why', why, officialImportTexts.why)}
<p><button name="act" value="apply" class="main">${say(language, texts.apply)}</button></p>
</form></section>`
}

const looks = {
  new: { tone: 'new', shape: 'star' },
  changed: { tone: 'unsure', shape: 'hourglass' },
  gone: { tone: 'warning', shape: 'warning' },
} as const

/** What a file does to a figure, and where it changes one, to each of its values. */
function marksOf(language: Language, { is, figure, before }: ChangedFigure) {
  const own = (each: ChangedValue) => {
    if (is !== 'changed' || each.is === 'same') return null
    const { tone, shape } = looks[each.is]
    return chip(tone, shape, say(language, valueChangeTexts[each.is]))
  }
  const { tone, shape } = looks[is]
  const marks: FigureMarks<ChangedValue> = {
    heading: chip(tone, shape, say(language, figureChangeTexts[is])),
    notes: is === 'changed' && before && notesOf(language, figure, before),
    of: own,
  }
  return marks
}

/** What changes of a figure beside its values. */
function notesOf(
  language: Language,
  { label, computed, values }: ChangedFigure['figure'],
  before: ProgrammeFigure,
): Html {
  const renamed = languages.filter((each) => label[each] !== before.label[each])
  const wasComputed = before.computed ?? false
  const isOther = (computed ?? false) !== wasComputed
  const isOrder = renamed.length === 0 && !isOther && values.every(({ is }) => is === 'same')
  const notes = [
    ...renamed.map((each) => {
      const labels = { before: name(each, before.label), after: name(each, label) }
      return say(language, texts.label, labels)
    }),
    isOther && say(language, wasComputed ? texts.notComputed : texts.nowComputed),
    isOrder && say(language, texts.order),
  ]
  return html`${notes.map((note) => note && html`<p class="note">${note}</p>`)}`
}

/** What is recorded, figure by figure. */
export function recordedFigures(
  language: Language,
  figures: readonly Pick<ProgrammeFigure, 'id' | 'label'>[],
): Html {
  const page = paths.programme(language)
  const items = figures.map(({ id, label }) => {
    const words = html`<bdi dir="ltr">${id}</bdi> ${name(language, label)}`
    return html`<li><a href="${page}#${id}">${words}</a></li>`
  })
  return html`<section class="card" aria-labelledby="recorded">
<h2 id="recorded">${say(language, texts.standing)}
<span class="count">${number(language, figures.length)}</span></h2>
${
  items.length === 0
    ? html`<p class="calm">${say(language, programmeTexts.none)}</p>`
    : html`<ul class="links">${items}</ul>`
}</section>`
}
