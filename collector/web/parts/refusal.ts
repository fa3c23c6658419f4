import { type Content, type Html, html } from '../html.ts'

/**
 * Where the page says what became of a form that was sent: why it was refused, or what is shown
 * this once. Every form names it behind its address, so that browsers put the focus there.
 */
export const answerId = 'answer'

/** A sentence about what is wrong, and the fields that it is about; none where it is about all. */
export type Complaint = { readonly words: Content; readonly fields: readonly string[] }

/**
 * Why a form was refused: told as an alert, which takes the focus. `tieFields` makes links of its
 * sentences, and says each of them again at its fields.
 */
export function refusalBox(complaints: readonly Complaint[], more: Content = null): Html {
  return html`<div class="wrong" id="${answerId}" role="alert" tabindex="-1">
${complaints.map(({ words, fields }) => html`<p data-fields="${fields.join(' ')}">${words}</p>`)}
${more}</div>`
}

/** The fields that a rule is about, by their names in any form; a form has some of them. */
const fieldsOfRules: Readonly<Record<string, readonly string[]>> = {
  why: ['why'],
  time: ['from', 'to', 'expires'],
  minutes: ['from', 'to'],
  overlap: ['from', 'to'],
  scope: ['from', 'to', 'scope'],
  frozen: ['from', 'to'],
  late: ['from', 'to'],
  cycle: ['from', 'to'],
  either: ['cycle', 'from', 'to'],
  notice: ['from'],
  past: ['from'],
  ahead: ['from'],
  order: ['to'],
  length: ['to', 'password'],
  future: ['to'],
  extended: ['to'],
  end_passed: ['to'],
  beyond: ['from', 'to', 'claim'],
  cause: ['claim'],
  emergency: ['claim'],
  evidence: ['evidence'],
  metric: ['metric'],
  measured: ['metric'],
  applies: ['metric'],
  value: ['value'],
  criterion: ['criterion'],
  environment: ['environment'],
  of_environment: ['environment'],
  of_institution: ['environment'],
  not_found: ['institution', 'environment', 'workload'],
  expired: ['expires'],
  too_long: ['expires'],
  expires: ['days'],
  label: ['label'],
  uses: ['uses'],
  hours: ['hours'],
  subnets: ['subnets'],
  code: ['code', 'digits'],
  id: ['id'],
  exists: ['id'],
  role: ['role', 'institution'],
  external: ['external'],
  conflict: ['id', 'external'],
  auth: ['current'],
  too_many: ['current'],
  common: ['password'],
  name: ['password'],
  same: ['password', 'text'],
  unaccepted: ['password'],
  repeat: ['repeat'],
  document: ['text'],
  proposed: ['text'],
  no_file: ['file'],
  format: ['file'],
  file: ['file'],
}

/** What a refused form is about: the field that was named, else those of its rule. */
export function fieldsOf({
  rule,
  field,
}: {
  readonly rule: string
  readonly field?: string | undefined
}): readonly string[] {
  return field === undefined ? (fieldsOfRules[rule] ?? []) : [field]
}
