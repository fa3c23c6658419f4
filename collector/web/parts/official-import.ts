import type { AxisName } from '../../kpi/readiness/model.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { OfficialChange, OfficialResult, OfficialRow } from '../../official/official-log.ts'
import { name } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { paths } from '../paths.ts'
import { officialLevelTexts } from '../texts/official.ts'
import {
  type OfficialRefusalRule,
  officialColumnTexts,
  officialFaultTexts,
  officialRefusalTexts,
  officialImportTexts as texts,
} from '../texts/official-import.ts'
import { axisTexts } from '../texts/readiness-words.ts'
import { problemList, reasonField } from './migration-forms.ts'
import { answerId, fieldsOf, refusalBox } from './refusal.ts'
import {
  countFacts,
  fileField,
  fileName,
  keptFile,
  type SentFile,
  type ShownFile,
} from './sent-file.ts'
import { table } from './table.ts'

/** The axes that a result may have. */
const axisNames = Object.keys(axisTexts) as AxisName[] // its texts are of these

/** One result that a file changes. */
export type ShownChange = Pick<OfficialChange, 'before' | 'after'> & {
  readonly institution: string
}

/** The columns of a file, as its reader knows them. */
export type ShownColumns = {
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** A file of official results, with what it would change. */
export type ResultsPreview = ShownFile & {
  readonly cycle: string
  readonly changes: readonly ShownChange[]
  readonly same: number
}

/** What became of a form about official results. */
export type SentResults = SentFile<ResultsPreview, OfficialRefusalRule>

/** Results of one list on the page; all of them are recorded. */
const shownMax = 100

/** Why a form was refused, with every fault of its file. */
export function resultsRefusal(language: Language, { refused }: SentResults): Content {
  if (!refused) return null
  const { rule, problems } = refused
  const words =
    rule === 'format'
      ? say(language, officialRefusalTexts.format, { csv: '.csv', json: '.json' })
      : say(language, officialRefusalTexts[rule])
  const list =
    problems.length > 0 &&
    problemList(language, problems, undefined, { faults: officialFaultTexts })
  const field = rule === 'future' ? 'cycle' : rule === 'cycle' ? rule : undefined
  return refusalBox([{ words, fields: fieldsOf({ rule, field }) }], list)
}

/** What the form that chooses a file is made from. */
export type ChoiceView = {
  /** Cycles that can be chosen, the newest first; any other that has begun can be typed. */
  readonly cycles: readonly string[]
  /** The cycle that the form begins with. */
  readonly cycle: string
  readonly columns: ShownColumns
}

/** How the import works, and the form that shows what a file would change. */
export function chooseResults({ language }: Frame, { cycles, cycle, columns }: ChoiceView): Html {
  const words = { csv: 'CSV', json: 'JSON', encoding: 'UTF-8' }
  return html`<section class="card" aria-labelledby="choose">
<h2 id="choose">${say(language, texts.choose)}</h2>
<p class="note">${say(language, texts.whole)}</p>
<p class="note">${say(language, texts.format, words)}</p>
<details><summary>${say(language, texts.columns)}</summary>
${columnsTable(language, columns)}</details>
<form class="act" method="post" enctype="multipart/form-data"
action="${paths.official(language)}#${answerId}">
<p><label for="results-cycle">${say(language, texts.cycle)}</label>
<input id="results-cycle" name="cycle" required pattern="[0-9]{4}-[0-9]{2}" dir="ltr"
list="results-cycles" autocomplete="off" value="${cycle}"></p>
<datalist id="results-cycles">${cycles.map((each) => html`<option value="${each}">`)}</datalist>
${fileField(language, 'results-file', texts.file, '.csv,.json')}
<p><button name="act" value="preview" class="main">${say(language, texts.preview)}</button></p>
</form></section>`
}

function columnsTable(language: Language, known: ShownColumns): Html {
  const levels = html`<bdi dir="ltr">${Object.keys(officialLevelTexts).join(', ')}</bdi>`
  const { institution, index_percent, source, date, level, axis } = officialColumnTexts
  const words: Readonly<Record<string, Content>> = {
    institution: say(language, institution, { national: 'national' }),
    index_percent: say(language, index_percent),
    source: say(language, source),
    date: say(language, date),
    level: say(language, level, { levels }),
    ...Object.fromEntries(
      axisNames.map((each) => {
        const own = axisTexts[each][language]
        return [`${each}_percent`, say(language, axis, { axis: own })]
      }),
    ),
  }
  const rows = (['required', 'optional'] as const).flatMap((kind) =>
    known[kind].map((column) => [
      html`<code dir="ltr">${column}</code>`,
      words[column],
      say(language, kind === 'required' ? texts.needed : texts.optional),
    ]),
  )
  const heads = [texts.column, texts.holds, texts.isNeeded] as const
  const columns = heads.map((head) => ({ head: head[language] }))
  return table({ labelledBy: 'choose', columns, rows, cards: true })
}

/** What a file would change, and the form that records it. */
export function resultsPreview(
  { language }: Frame,
  snapshot: Snapshot,
  { preview, refused }: SentResults,
): Content {
  if (!preview) return null
  const { changes, same, cycle } = preview
  const counts = [
    [texts.added, changes.filter(({ before }) => before === null).length],
    [texts.changed, changes.filter(({ before }) => before !== null).length],
    [texts.same, same],
  ] as const
  const isAnswer = refused === null
  return html`<section class="card" aria-labelledby="preview"${
    isAnswer && html` id="${answerId}" tabindex="-1"`
  }>
<h2 id="preview">${say(language, texts.previewTitle)}</h2>
<p>${say(language, texts.ofCycle, { cycle })} · ${fileName(preview)}</p>
${countFacts(language, counts)}
${
  changes.length === 0
    ? html`<p class="calm">${say(language, texts.noChange)}</p>`
    : html`${changesTable(language, snapshot, changes)}
<form class="act" method="post" enctype="multipart/form-data"
action="${paths.official(language)}#${answerId}">
<input type="hidden" name="cycle" value="${cycle}">
${keptFile(preview)}
${reasonField(language, 'results-why', refused?.fields.get('why') ?? '', texts.why)}
<p><button name="act" value="apply" class="main">${say(language, texts.apply)}</button></p>
</form>`
}</section>`
}

function changesTable(
  language: Language,
  snapshot: Snapshot,
  changes: readonly ShownChange[],
): Html {
  const rows = changes
    .slice(0, shownMax)
    .map(({ institution, before, after }) => [
      nameOf(language, snapshot, institution),
      before ? resultWords(language, before) : '–',
      resultWords(language, after),
    ])
  const heads = [texts.institution, texts.before, texts.after] as const
  const columns = heads.map((head) => ({ head: head[language] }))
  return table({ labelledBy: 'preview', columns, rows, cards: true })
}

function resultWords(language: Language, result: OfficialResult): Html {
  const { level, source, date, axesPercent } = result
  const axes = axisNames.flatMap((axis) => {
    const percent = axesPercent[axis]
    return percent === undefined ? [] : [html`<br>${axisTexts[axis][language]} ${shareOf(percent)}`]
  })
  return html`<strong>${shareOf(result.indexPercent)}</strong>
${level && say(language, officialLevelTexts[level])}
<small><bdi dir="auto">${source}</bdi> · <bdi dir="ltr">${date}</bdi>${axes}</small>`
}

/** What is recorded of one cycle, and the form that takes one result back. */
export function recordedResults(
  frame: Frame,
  snapshot: Snapshot,
  rows: readonly OfficialRow[],
  sent: SentResults,
): Html {
  const { language } = frame
  const [first] = rows
  const heads = [texts.institution, texts.index, texts.level, texts.source, texts.published]
  const columns = heads.map((head) => ({ head: head[language] }))
  const cells = rows
    .slice(0, shownMax)
    .map((row) => [
      nameOf(language, snapshot, row.institution),
      html`<strong>${shareOf(row.indexPercent)}</strong>`,
      row.level ? say(language, officialLevelTexts[row.level]) : '–',
      html`<bdi dir="auto">${row.source}</bdi>`,
      html`<bdi dir="ltr">${row.date}</bdi>`,
    ])
  return html`<section class="card" aria-labelledby="recorded">
<h2 id="recorded">${say(language, texts.standing)}</h2>
${
  first
    ? html`<p>${say(language, texts.ofCycle, { cycle: first.cycle })}</p>
${table({ labelledBy: 'recorded', columns, rows: cells, cards: true })}
${withdrawForm(frame, snapshot, rows, sent)}`
    : html`<p class="calm">${say(language, texts.none)}</p>`
}</section>`
}

function withdrawForm(
  { language }: Frame,
  snapshot: Snapshot,
  rows: readonly OfficialRow[],
  { refused }: SentResults,
): Html {
  const kept = refused?.fields.get('act') === 'withdraw' ? refused.fields : null
  const options = rows.map(({ institution }) => {
    const words = plainNameOf(language, snapshot, institution)
    const selected = institution === kept?.get('institution') && html` selected`
    return html`<option value="${institution}"${selected}>${words}</option>`
  })
  const open = kept !== null && html` open`
  return html`<details${open}><summary>${say(language, texts.withdraw)}</summary>
<p class="note">${say(language, texts.withdrawHow)}</p>
<form class="act" method="post" action="${paths.official(language)}#${answerId}">
<input type="hidden" name="cycle" value="${rows[0]?.cycle}">
<p><label for="withdraw-institution">${say(language, texts.institution)}</label>
<select id="withdraw-institution" name="institution" required>${options}</select></p>
${reasonField(language, 'withdraw-why', kept?.get('why') ?? '', texts.whyWithdraw)}
<p><button name="act" value="withdraw">${say(language, texts.withdrawNow)}</button></p>
</form></details>`
}

function nameOf(language: Language, snapshot: Snapshot, id: string): Content {
  const known = snapshot.institutions.find((each) => each.id === id)
  if (known) return name(language, known.name)
  return id === 'national' ? texts.nation[language] : html`<bdi dir="ltr">${id}</bdi>`
}

/** For an option, which holds no markup. */
function plainNameOf(language: Language, snapshot: Snapshot, id: string): string {
  const known = snapshot.institutions.find((each) => each.id === id)
  return known?.name[language] ?? (id === 'national' ? texts.nation[language] : id)
}

function shareOf(percent: number): Html {
  return html`<bdi dir="ltr">${percent.toFixed(2)}%</bdi>`
}
