import type { HostingPolicy } from '../../kpi/migration/hosting-policy.ts'
import type { Workload } from '../../kpi/migration/workload.ts'
import type { EnvironmentRow } from '../../kpi/snapshot.ts'
import { name } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly, type Text } from '../language.ts'
import {
  migrationFormTexts as texts,
  type WorkloadField,
  workloadFieldTexts,
} from '../texts/migration-forms.ts'
import { strategyTexts, workloadStateTexts } from '../texts/migration-words.ts'
import { criticalityTexts } from '../texts/places.ts'
import {
  type Choice,
  choiceField,
  dayField,
  type RefusedMigration,
  reasonField,
} from './migration-forms.ts'

/** What the page of workloads is made from. */
export type WorkloadsView = {
  readonly workloads: readonly Workload[]
  readonly environments: readonly EnvironmentRow[]
  /** Null while the policy says nothing of hosting: then ids are typed. */
  readonly hosting: HostingPolicy | null
  /** The one that is being changed; null: a new one. */
  readonly chosen: Workload | null
  /** What stands in the fields, by column: as sent, as registered, or as discovery proposes. */
  readonly values: Readonly<Record<string, string>>
  readonly isProposed: boolean
  /** States that people claim, in the order of the way. */
  readonly states: readonly Workload['state'][]
  readonly strategies: readonly NonNullable<Workload['strategy']>[]
  readonly mayRegister: boolean
  readonly refused: RefusedMigration | null
}

/** The form that registers a workload, or says anew all that is known of one. */
export function workloadForm(frame: Frame, view: WorkloadsView, action: string): Html {
  const { language } = frame
  const { chosen, refused } = view
  const why = refused?.fields.get('act') === 'put' ? (refused.fields.get('why') ?? '') : ''
  const title = chosen
    ? say(language, texts.changeWorkload, { name: name(language, chosen.name) })
    : say(language, texts.newWorkload)
  return html`<section class="card" aria-labelledby="workload">
<h2 id="workload">${title}</h2>
<p class="note">${say(language, view.isProposed ? texts.prefilled : texts.workloadHow)}</p>
<form class="act" method="post" action="${action}#answer">
<input type="hidden" name="mode" value="${chosen ? 'change' : 'new'}">
${parts(language, view)}
${reasonField(language, 'workload-why', why, texts.why)}
<p><button name="act" value="put" class="main">${say(language, texts.save)}</button></p>
</form>
${chosen && removal(frame, chosen, action, refused)}</section>`
}

function parts(language: Language, view: WorkloadsView): Html {
  const field = fieldsOf(language, view)
  const { hosting, environments } = view
  const places = environments.map((each) => [each.id, each.name[language]] as const)
  const criticalities = choices(language, criticalityTexts)
  const strategies = view.strategies.map((each) => [each, strategyTexts[each][language]] as const)
  const states = view.states.map((each) => [each, workloadStateTexts[each][language]] as const)
  const classes = hosting?.dataClasses.map(({ id, label }) => [id, label[language]] as const)
  const providers = hosting?.providers.map((each) => [each.id, each.name[language]] as const)
  const id = html`dir="ltr" required maxlength="63" pattern="[a-z0-9][a-z0-9\\-]*"${
    view.chosen && html` readonly`
  }`
  return html`${group(
    say(language, texts.partWhat),
    html`${field.text('id', id)}
${field.text('name_ar', html`dir="rtl" lang="ar" required maxlength="100"`)}
${field.text('name_en', html`dir="ltr" lang="en" required maxlength="100"`)}
${field.choice('criticality', criticalities)}
${field.text('weight', html`type="number" dir="ltr" min="1" max="100" step="1"`)}
${field.orText('data_class', classes)}
${field.text('owner', html`dir="auto" maxlength="100"`)}
${field.text('service_since', html`type="date" dir="ltr"`)}`,
  )}
${group(
  say(language, texts.partWhere),
  html`${field.optional('strategy', strategies)}
${field.optional('source_environment', places)}
${field.text('source_hosts', html`dir="ltr"`)}
${field.optional('target_environment', places)}
${field.text('target_hosts', html`dir="ltr"`)}
${field.orText('provider', providers)}`,
)}
${group(
  say(language, texts.partWhen),
  html`${field.choice('state', states)}
${field.text('wave', html`dir="auto" maxlength="60"`)}
${field.day('planned_start')}${field.day('planned_finish')}
${field.day('started_on')}${field.day('cut_over_on')}${field.day('retired_on')}`,
)}
${group(
  say(language, texts.partBlocked),
  html`${field.text('blocked_reason', html`dir="auto" maxlength="500"`)}
${field.day('blocked_since')}`,
)}`
}

/** Fields by their column, each with its label and what stands in it. */
function fieldsOf(language: Language, { values }: WorkloadsView) {
  const of = (column: WorkloadField) => {
    return { id: `f-${column}`, name: column, value: values[column] ?? '' }
  }
  const label = (column: WorkloadField) => say(language, workloadFieldTexts[column] as Text)
  const text = (column: WorkloadField, attributes: Content): Html => {
    const { id, name, value } = of(column)
    return html`<p><label for="${id}">${label(column)}</label>
<input id="${id}" name="${name}" autocomplete="off" value="${value}" ${attributes}></p>`
  }
  const choice = (column: WorkloadField, all: readonly Choice[]) =>
    choiceField(label(column), { ...of(column), choices: all })
  const optional = (column: WorkloadField, all: readonly Choice[]) => {
    const { value } = of(column)
    // What stands there stays a choice, also where the register knows it no more.
    const isKnown = value === '' || all.some(([each]) => each === value)
    const kept: readonly Choice[] = isKnown ? [] : [[value, value]]
    return choice(column, [['', sayPlainly(language, texts.empty)], ...all, ...kept])
  }
  return {
    ...{ text, choice, optional },
    day: (column: WorkloadField) => dayField(label(column), of(column)),
    orText: (column: WorkloadField, all: readonly Choice[] | undefined) =>
      all ? optional(column, all) : text(column, html`dir="ltr" maxlength="63"`),
  }
}

function choices<T extends string>(
  language: Language,
  all: Readonly<Record<T, Text>>,
): readonly Choice[] {
  return Object.entries<Text>(all).map(([value, text]) => [value, text[language]] as const)
}

function group(title: Content, fields: Content): Html {
  return html`<fieldset><legend>${title}</legend><div class="times">${fields}</div></fieldset>`
}

/** What was never planned may be taken out again. */
function removal(
  { language }: Frame,
  { id }: Workload,
  action: string,
  refused: RefusedMigration | null,
): Html {
  const isRefused = refused?.fields.get('act') === 'remove'
  const why = (isRefused && refused?.fields.get('why')) || ''
  return html`<details${isRefused && html` open`}><summary>${say(language, texts.remove)}</summary>
<form class="act" method="post" action="${action}#answer">
<p class="note">${say(language, texts.removeHow)}</p>
<input type="hidden" name="id" value="${id}">
${reasonField(language, 'remove-why', why, texts.why)}
<p><button name="act" value="remove">${say(language, texts.remove)}</button></p></form></details>`
}
