import type { EpochMs } from '../../../protocol/time.ts'
import { time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import { importFaultTexts } from '../texts/import-faults.ts'
import {
  type MigrationRefusalRule,
  migrationFormTexts,
  migrationRefusalTexts,
  type WorkloadField,
  workloadFieldTexts,
} from '../texts/migration-forms.ts'
import type { RefusedForm } from './acts.ts'
import { faultWords } from './import-faults.ts'
import { fieldsOf, refusalBox } from './refusal.ts'

/** One thing that stands against what a form asked for, in the words of whoever refused it. */
export type FormProblem = {
  /** Of a file; null elsewhere, and where no line can be named. */
  readonly line: number | null
  /** A column of a file, a setting of one, or what else it is about; empty for all of it. */
  readonly place: string
  readonly message: string
}

/** A form of the migration that was refused, with all that stands against it. */
export type RefusedMigration = RefusedForm<MigrationRefusalRule> & {
  readonly problems: readonly FormProblem[]
}

const problemsShownMax = 100

/** How problems are said: the places that they are at, and what is wrong there. */
export type ProblemWords = {
  readonly place: (language: Language, place: string) => Content
  readonly faults: readonly Text[]
}

/** Why a form was refused; nothing without one. */
export function migrationProblem(writer: Writer, refused: RefusedMigration | null): Content {
  if (!refused) return null
  const { language } = writer
  const { rule, instants, problems } = refused
  const texts = migrationRefusalTexts
  const until = time(writer, instants.until ?? 0, 'dayOfYear')
  const words =
    rule === 'too_long'
      ? say(language, texts.too_long, { until })
      : rule === 'format'
        ? say(language, texts.format, { csv: '.csv', yaml: '.yaml' })
        : say(language, texts[rule])
  const list = problems.length > 0 && problemList(language, problems)
  return refusalBox([{ words, fields: fieldsOf(refused) }], list)
}

/** What is to be corrected, line by line. */
export function problemList(
  language: Language,
  problems: readonly FormProblem[],
  heading: Text = migrationFormTexts.problems,
  { place: placeOf = placeWords, faults = importFaultTexts }: Partial<ProblemWords> = {},
): Html {
  const items = problems.slice(0, problemsShownMax).map(({ line, place, message }) => {
    const at = line !== null && html`${say(language, migrationFormTexts.atLine, { line })} · `
    const of = place !== '' && html`${placeOf(language, place)}: `
    return html`<li data-fields="${place}">${at}${of}${faultWords(language, message, faults)}</li>`
  })
  const more = problems.length - items.length
  return html`<p>${heading[language]}</p><ul>${items}
${more > 0 && html`<li>${say(language, migrationFormTexts.more, { more })}</li>`}</ul>`
}

/** A field by its label and its name in files; what is no field stands as it is. */
function placeWords(language: Language, place: string): Content {
  if (!Object.hasOwn(workloadFieldTexts, place)) return html`<bdi dir="auto">${place}</bdi>`
  const words = say(language, workloadFieldTexts[place as WorkloadField])
  return html`${words} (<code dir="ltr">${place}</code>)`
}

/** One choice of a `select`. */
export type Choice = readonly [value: string, words: string]

/** A choice of several values. */
export function choiceField(
  label: Content,
  { id, name, value, choices }: FieldOf & { readonly choices: readonly Choice[] },
): Html {
  const isNeeded = choices.every(([each]) => each !== '')
  const options = choices.map(([each, words]) => {
    return html`<option value="${each}"${each === value && html` selected`}>${words}</option>`
  })
  return html`<p><label for="${id}">${label}</label>
<select id="${id}" name="${name}"${isNeeded && html` required`}>${options}</select></p>`
}

/** What every field has. */
export type FieldOf = { readonly id: string; readonly name: string; readonly value: string }

/** A field for a day. */
export function dayField(
  label: Content,
  { id, name, value }: FieldOf,
  limits: Content = null,
): Html {
  return html`<p><label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="date" dir="ltr" value="${value}"${limits}></p>`
}

/** A field for the reason of an act. */
export function reasonField(language: Language, id: string, value: string, label: Text): Html {
  return html`<p><label for="${id}">${label[language]}</label>
<input id="${id}" name="why" required minlength="3" maxlength="300" dir="auto" autocomplete="off"
value="${value}"></p>`
}

/** The day of an instant in the zone of the page. */
export function dayOf({ timezone }: Writer, at: EpochMs): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
  return local.toPlainDate().toString()
}
