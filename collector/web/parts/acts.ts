import type { EpochMs } from '../../../protocol/time.ts'
import type { Bilingual } from '../../kpi/snapshot.ts'
import type { Decision } from '../../people/two-person.ts'
import { time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { maintenanceTexts, roleTexts } from '../texts/maintenance.ts'

/** A form that was refused: why, and what stood in it. */
export type RefusedForm<Rule extends string> = {
  readonly rule: Rule
  /** What else is wrong with it, where all of it is looked at. */
  readonly more?: readonly Rule[]
  /** Instants that the sentence names. Unit: epoch milliseconds. */
  readonly instants: Readonly<Record<string, EpochMs>>
  /** The field that is wrong, where whoever refused named one: else the rule tells it. */
  readonly field?: string | undefined
  /** As sent, by name. */
  readonly fields: ReadonlyMap<string, string>
}

/** Whether it was this form that was refused: it stays open, with what was typed. */
export function isRefused(
  refused: RefusedForm<string> | null,
  id: string,
  acts: readonly string[],
): boolean {
  const fields = refused?.fields
  return (fields?.get('id') ?? '') === id && acts.some((act) => act === fields?.get('act'))
}

/** What was typed into a field of a form; empty where that form was not refused. */
export function typed(
  refused: RefusedForm<string> | null,
  isRefused: boolean,
  name: string,
): string {
  return (isRefused && refused?.fields.get(name)) || ''
}

/** The id of an account, and below it what else is known of its act. */
export function byAt(writer: Writer, by: string, at: EpochMs, role?: Content): Html {
  const when = time(writer, at, 'minuteOfYear')
  return html`<bdi dir="ltr">${by}</bdi> <small>${role && html`${role} · `}${when}</small>`
}

/** Who decided, when and why. */
export function decided(writer: Writer, { by, role, at, why }: Decision): Html {
  const text = roleTexts[role as keyof typeof roleTexts] // roles that decide are among them
  return html`${byAt(writer, by, at, say(writer.language, text))}
<small><bdi dir="auto">${why}</bdi></small>`
}

/** A field for an instant, in the zone of the page. */
export function timeField(id: string, name: string, label: Content, value: string): Html {
  return html`<p><label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="datetime-local" dir="ltr" required value="${value}"></p>`
}

/** The field for the reason of an act, or for what stands in its place. */
export function whyField(
  language: Language,
  id: string,
  value: string,
  label: Bilingual = maintenanceTexts.whyKept,
): Html {
  return html`<p><label for="${id}">${label[language]}</label>
<input id="${id}" name="why" required minlength="3" maxlength="300" dir="auto" autocomplete="off"
value="${value}"></p>`
}
