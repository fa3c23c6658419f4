import type { FieldChange, ImportDifference } from '../../migration/import-difference.ts'
import { name, number } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import {
  migrationFormTexts as texts,
  type WorkloadField,
  workloadFieldTexts,
} from '../texts/migration-forms.ts'
import { strategyTexts, workloadStateTexts } from '../texts/migration-words.ts'
import { criticalityTexts } from '../texts/places.ts'
import { dataClassName, providerName } from './hosting-names.ts'
import { type RefusedMigration, reasonField } from './migration-forms.ts'
import { answerId } from './refusal.ts'
import { countFacts, fileField, fileName } from './sent-file.ts'
import { table } from './table.ts'

/** A file that would be taken, with what it would change. */
export type ImportPreview = {
  readonly name: string
  readonly content: string
  readonly difference: ImportDifference
  /** Why it was not registered after all. */
  readonly refused: RefusedMigration | null
}

/** What the page of the import is made from. */
export type ImportView = {
  readonly institution: string
  readonly mayRegister: boolean
  readonly preview: ImportPreview | null
  readonly refused: RefusedMigration | null
}

/** Workloads of one list on the page; all of them are registered. */
const shownMax = 50

/** How the import works, what to begin with, and the form that shows what a file would change. */
export function chooseForm(frame: Frame, view: ImportView): Html {
  const { language } = frame
  const base = `/api/v1/institutions/${encodeURIComponent(view.institution)}/workloads`
  const words = { csv: 'CSV', yaml: 'YAML', encoding: 'UTF-8' }
  return html`<section class="card" aria-labelledby="choose">
<h2 id="choose">${say(language, texts.file)}</h2>
<p class="note">${say(language, texts.importHow)}</p>
<p class="note">${say(language, texts.importFormat, words)}</p>
<p class="note">${say(language, texts.importWhole)}</p>
<ul class="links"><li><a href="${base}.csv">${say(language, texts.template)}</a></li>
<li><a href="${base}/discovered.csv">${say(language, texts.discovered)}</a></li></ul>
${
  view.mayRegister
    ? html`<form class="act" method="post" enctype="multipart/form-data" action="#answer">
${fileField(language, 'import-file', texts.file, '.csv,.yaml,.yml')}
<p><button name="act" value="preview" class="main">${say(language, texts.preview)}</button></p>
</form>`
    : html`<p class="calm">${say(language, texts.readOnly)}</p>`
}</section>`
}

/** What a file would change, and the form that registers it. */
export function previewCard(frame: Frame, preview: ImportPreview): Html {
  const { language } = frame
  const { difference, name: file, content, refused } = preview
  const { added, changed, unchanged, absent } = difference
  const counts = [
    [texts.added, added.length],
    [texts.changed, changed.length],
    [texts.unchanged, unchanged.length],
    [texts.absent, absent.length],
  ] as const
  const isNothing = added.length + changed.length === 0
  return html`<section class="card" aria-labelledby="preview"${
    !refused && html` id="${answerId}" tabindex="-1"`
  }>
<h2 id="preview">${say(language, texts.previewTitle)}</h2>
<p>${fileName({ name: file })}</p>
${countFacts(language, counts)}
${added.length > 0 && addedTable(language, added)}
${changed.length > 0 && changedTable(frame, changed)}
${
  isNothing
    ? html`<p class="calm">${say(language, texts.noChange)}</p>`
    : html`<form class="act" method="post" enctype="multipart/form-data" action="#answer">
<input type="hidden" name="file.name" value="${file}">
<textarea name="file" hidden>
${content}</textarea>
${reasonField(language, 'import-why', refused?.fields.get('why') ?? '', texts.why)}
<p><button name="act" value="apply" class="main">${say(language, texts.applyImport)}</button></p>
</form>`
}</section>`
}

function addedTable(language: Language, added: ImportDifference['added']): Html {
  const rows = added
    .slice(0, shownMax)
    .map((each) => [
      html`${name(language, each.name)} <small><bdi dir="ltr">${each.id}</bdi></small>`,
      say(language, workloadStateTexts[each.state]),
      each.owner && html`<bdi dir="auto">${each.owner}</bdi>`,
      each.plannedFinish && html`<bdi dir="ltr">${each.plannedFinish}</bdi>`,
    ])
  const heads = [workloadFieldTexts.state, texts.owner, workloadFieldTexts.planned_finish]
  return html`<h3 id="added">${say(language, texts.added)}</h3>
${table({
  ...{ labelledBy: 'added', cards: true, rows },
  columns: [
    { head: say(language, texts.workload) },
    ...heads.map((head) => ({ head: head[language] })),
  ],
})}
${more(language, added.length)}`
}

function changedTable(frame: Frame, changed: ImportDifference['changed']): Html {
  const { language } = frame
  const shown = changed.slice(0, shownMax)
  const rows = shown.flatMap(({ id, fields }) =>
    fields.map((each) => [
      html`<bdi dir="ltr">${id}</bdi>`,
      fieldWords(language, each.field),
      valueWords(frame, each.field, each.before),
      valueWords(frame, each.field, each.after),
    ]),
  )
  const heads = [texts.workload, texts.field, texts.before, texts.after] as const
  return html`<h3 id="changed">${say(language, texts.changed)}</h3>
${table({
  ...{ labelledBy: 'changed', cards: true, rows },
  columns: heads.map((head) => ({ head: head[language] })),
})}
${more(language, changed.length)}`
}

function more(language: Language, all: number): Content {
  const rest = all - shownMax
  return rest > 0 && html`<p class="note">${say(language, texts.more, { more: rest })}</p>`
}

/** Columns of fields that are named otherwise, or have several. */
const columnOfField: Readonly<Record<string, WorkloadField>> = {
  name: 'name_ar',
  source: 'source_environment',
  target: 'target_environment',
  blocked: 'blocked_reason',
}

function fieldWords(language: Language, field: string): Content {
  if (field === 'isRolledBack') return say(language, texts.rolledBack)
  const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const column = columnOfField[field] ?? snake
  // A workload has no field without a column.
  return workloadFieldTexts[column as WorkloadField][language]
}

function valueWords(frame: Frame, field: string, value: FieldChange['before']): Content {
  const { language } = frame
  if (value === null) return say(language, texts.empty)
  if (typeof value === 'boolean') return say(language, value ? texts.yes : texts.no)
  if (typeof value === 'string') {
    if (field === 'provider') return providerName(frame, value)
    if (field === 'dataClass') return dataClassName(frame, value)
    const known = Object.entries(wordsOf[field] ?? {}).find(([id]) => id === value)
    return known ? known[1][language] : html`<bdi dir="auto">${value}</bdi>`
  }
  if (typeof value === 'number') return number(language, value)
  if ('environment' in value) {
    return html`<bdi dir="ltr">${[value.environment, ...value.hosts].join(' · ')}</bdi>`
  }
  if ('ar' in value) return html`<bdi>${value.ar}</bdi> · <bdi>${value.en}</bdi>`
  return html`<bdi dir="auto">${value.reason}</bdi> · <bdi dir="ltr">${value.since}</bdi>`
}

/** Fields whose values have words of their own. */
const wordsOf: Readonly<Record<string, Readonly<Record<string, { ar: string; en: string }>>>> = {
  state: workloadStateTexts,
  strategy: strategyTexts,
  criticality: criticalityTexts,
}
