import { dayMs } from '../../../protocol/time.ts'
import type { EnvironmentRow } from '../../kpi/snapshot.ts'
import type { Offered } from '../../people/declarations.ts'
import type { DeclaredAbout } from '../../register/declarations.ts'
import { localInput } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import {
  type DeclarableMetric,
  declarationTexts,
  declaredMetricTexts,
} from '../texts/declarations.ts'
import { type RefusedForm, typed, whyField } from './acts.ts'

/** What forms of an institution's page are made from. */
export type FormsView = {
  readonly environments: readonly EnvironmentRow[]
  readonly offered: Offered
  readonly refused: RefusedForm<string> | null
}

const hash = 'SHA-256'

/** The id of the form that declares the same again; null where the model asks for it no more. */
export function formIdOf(about: DeclaredAbout, offered: Offered): string | null {
  if (about.kind === 'metric') return idOf(about.metric)
  const asked = about.kind === 'waiver' ? offered.criteria : offered.notApplicable
  return asked.length > 0 ? idOf(about.kind) : null
}

function idOf(subject: string): string {
  return `declare-${subject.replaceAll(/\W/g, '-')}`
}

/** The form that declares a metric. */
export function metricForm(
  frame: Frame,
  view: FormsView,
  { metric: name, isNumber, isOfEnvironment }: Offered['metrics'][number],
): Html {
  const { language } = frame
  const metric = name as DeclarableMetric // a test walks through all of them
  const id = idOf(metric)
  const sent = sentOf(view, 'metric', metric)
  const such = say(language, declaredMetricTexts[metric].evidence)
  const value = isNumber ? daysField(language, id, sent) : yesNo(language, id, sent)
  return form(frame, view, {
    ...{ id, kind: 'metric', sent, summary: say(language, declarationTexts.declare) },
    note: say(language, declarationTexts.evidenceSuch, { such }),
    fields: html`<input type="hidden" name="metric" value="${metric}">
${isOfEnvironment && environmentField(language, id, view, sent)}${value}`,
  })
}

/** The form that asks for a waiver. */
export function waiverForm(frame: Frame, view: FormsView): Html {
  const { language } = frame
  const id = idOf('waiver')
  const sent = sentOf(view, 'waiver', '')
  const options = view.offered.criteria.map((each) => {
    return [each.id, `${each.id}: ${each.label[language]}`] as const
  })
  return form(frame, view, {
    ...{ id, kind: 'waiver', sent, summary: say(language, declarationTexts.askWaiver) },
    note: say(language, declarationTexts.waiverHow),
    fields: select(language, id, 'criterion', declarationTexts.criterion, options, sent),
  })
}

/** The form that has it approved that a metric does not apply. */
export function notApplicableForm(frame: Frame, view: FormsView): Html {
  const { language } = frame
  const id = idOf('not_applicable')
  const sent = sentOf(view, 'not_applicable', '')
  const options = view.offered.notApplicable.map((each) => {
    return [each.metric, each.label[language]] as const
  })
  return form(frame, view, {
    ...{ id, kind: 'not_applicable', sent },
    summary: say(language, declarationTexts.askNotApplicable),
    note: say(language, declarationTexts.notApplicableHow),
    fields: html`${select(language, id, 'metric', declarationTexts.metric, options, sent)}
${environmentField(language, id, view, sent, true)}`,
  })
}

/** What stood in a form that was refused. */
type Sent = ((name: string) => string) & { readonly isRefused: boolean }

function sentOf({ refused }: FormsView, kind: string, metric: string): Sent {
  const fields = refused?.fields
  const isKind = fields?.get('act') === 'request' && fields.get('kind') === kind
  const isRefused = isKind && (metric === '' || fields?.get('metric') === metric)
  return Object.assign((name: string) => typed(refused, isRefused, name), { isRefused })
}

function form(
  frame: Frame,
  { offered }: FormsView,
  about: {
    readonly id: string
    readonly kind: DeclaredAbout['kind']
    readonly sent: Sent
    readonly summary: Content
    readonly note: Content
    readonly fields: Content
  },
): Html {
  const { language } = frame
  const { id, kind, sent } = about
  const dayOf = (at: number) => localInput(frame, at).slice(0, 10)
  const first = dayOf(frame.now + dayMs)
  const last = dayOf(frame.now + offered.daysMax * dayMs)
  const days = offered.daysMax
  return html`<details${sent.isRefused && html` open`}>
<summary>${about.summary}</summary>
<form class="act" id="${id}" method="post" action="#answer">
<input type="hidden" name="kind" value="${kind}">
<p class="note">${about.note}</p>
${about.fields}
<p><label for="${id}-evidence">${say(language, declarationTexts.evidenceField, { hash })}</label>
<input id="${id}-evidence" name="evidence" dir="ltr" autocomplete="off" required maxlength="64"
pattern="[0-9a-fA-F]{64}" value="${sent('evidence')}"></p>
${whyField(language, `${id}-why`, sent('why'), declarationTexts.detailField)}
<p><label for="${id}-expires">${say(language, declarationTexts.expiresField, { days })}</label>
<input id="${id}-expires" name="expires" type="date" dir="ltr" required min="${first}"
max="${last}" value="${sent('expires')}"></p>
<p><button name="act" value="request" class="main">${sayPlainly(language, declarationTexts.request)}
</button></p></form></details>`
}

function yesNo(language: Language, id: string, sent: Sent): Html {
  const options = [
    ['true', sayPlainly(language, declarationTexts.yes)],
    ['false', sayPlainly(language, declarationTexts.no)],
  ] as const
  return select(language, id, 'value', declarationTexts.value, options, sent)
}

function daysField(language: Language, id: string, sent: Sent): Html {
  return html`<p><label for="${id}-value">${say(language, declarationTexts.valueDays)}</label>
<input id="${id}-value" name="value" type="number" dir="ltr" required min="0" max="36500" step="1"
value="${sent('value')}"></p>`
}

/** A choice of environments, and of the institution itself where that may be meant. */
function environmentField(
  language: Language,
  id: string,
  view: FormsView,
  sent: Sent,
  orInstitution = false,
): Html {
  const own = ['', sayPlainly(language, declarationTexts.ofInstitution)] as const
  const named = view.environments.map((each) => [each.id, each.name[language]] as const)
  const options = orInstitution ? [...named, own] : named
  return select(language, id, 'environment', declarationTexts.environment, options, sent)
}

function select(
  language: Language,
  id: string,
  field: string,
  label: { readonly ar: string; readonly en: string },
  options: readonly (readonly [value: string, words: string])[],
  sent: Sent,
): Html {
  const chosen = sent.isRefused ? sent(field) : null
  const isNeeded = options.every(([value]) => value !== '')
  return html`<p><label for="${id}-${field}">${label[language]}</label>
<select id="${id}-${field}" name="${field}"${isNeeded && html` required`}>${options.map(
    ([value, words]) =>
      html`<option value="${value}"${value === chosen && html` selected`}>${words}</option>`,
  )}</select></p>`
}
