import type { FilterField } from '../../http/act-filter.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import type { ActDifference } from '../../people/act-difference.ts'
import type { ActKind } from '../../people/act-kinds.ts'
import { may } from '../../people/permissions.ts'
import type { ActRow } from '../../store/acts.ts'
import { name, number, time } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { differenceDetails } from '../parts/act-difference.ts'
import { refusalBox } from '../parts/refusal.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import { actKindTexts, actorRoleTexts, logTexts } from '../texts/log.ts'
import { shellTexts } from '../texts/shell.ts'

/** An act with what it is about and what it changed. */
export type ShownAct = ActRow & { readonly kind: ActKind; readonly difference: ActDifference }

/** A part of the log as it was asked for. */
export type LogView = {
  readonly acts: readonly ShownAct[]
  /** Where older acts begin; null where there are none. */
  readonly next: number | null
  /** As it was sent; fields that are not valid are named in `problems`. */
  readonly query: Readonly<Record<string, unknown>>
  readonly problems: readonly FilterField[]
  /** Whether it is the newest part. */
  readonly isFirst: boolean
}

/** Acts that fit, each with what it changed, and the way to older ones and to files of them. */
export function logPage(frame: Frame, snapshot: Snapshot, view: LogView): string {
  const { language } = frame
  const { acts, next, problems } = view
  const complaints = problems.map((field) => {
    const fields = field in fieldTexts ? say(language, fieldText(field)) : field
    return { words: say(language, logTexts.problem, { fields }), fields: [field] }
  })
  const problem = complaints.length > 0 && refusalBox(complaints)
  const none = say(language, next === null ? logTexts.none : logTexts.noneYet)
  const main = html`<h1>${say(language, logTexts.title)}</h1>
<p class="note">${say(language, logTexts.how)}</p>
${problem}${form(frame, snapshot, view)}
<section class="card" aria-labelledby="acts"><h2 id="acts">${say(language, logTexts.title)}</h2>
${acts.length === 0 ? html`<p class="calm">${none}</p>` : list(frame, snapshot, acts)}
${ways(frame, view)}</section>`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: sayPlainly(language, logTexts.title), trail, snapshot, main })
}

const { log, actor, role, kind, from, to, text } = logTexts
const fieldTexts = { log, actor, role, kind, from, to, text } as const
const fields = Object.keys(fieldTexts) as (keyof typeof fieldTexts)[] // its own keys

function fieldText(field: FilterField) {
  return fieldTexts[field as keyof typeof fieldTexts] // of those that have one
}

function list(frame: Frame, snapshot: Snapshot, acts: readonly ShownAct[]): Html {
  const { language } = frame
  const heads = [logTexts.at, logTexts.by, logTexts.what, logTexts.place] as const
  const rows = acts.map((act) => {
    const { actor: by, role: as, what, why } = act.entry
    const { [as]: words } = actorRoleTexts
    return [
      time(frame, act.at, 'minuteOfYear'),
      html`<bdi dir="ltr">${by}</bdi> <small>${words ? say(language, words) : as}</small>`,
      html`<strong>${say(language, actKindTexts[act.kind])}</strong>
<small><bdi dir="ltr">${what}</bdi></small> <small><bdi dir="auto">${why}</bdi></small>
${differenceDetails(frame, act.difference, `d${act.position}`)}`,
      html`${whose(frame, snapshot, act.log)}
<small>${say(language, logTexts.leaf, { n: number(language, act.index) })}</small>`,
    ]
  })
  const columns = heads.map((head) => ({ head: say(language, head) }))
  return table({ labelledBy: 'acts', columns, rows, cards: true })
}

function whose({ language }: Frame, { institutions }: Snapshot, id: string): Html {
  if (id === 'national') return say(language, logTexts.national)
  const found = institutions.find((each) => each.id === id)
  return found ? name(language, found.name) : html`<bdi dir="ltr">${id}</bdi>`
}

function form(frame: Frame, snapshot: Snapshot, view: LogView): Html {
  const { language, account } = frame
  const all = ['', sayPlainly(language, logTexts.all)] as const
  const institutions = visibleTo(account, snapshot).map((each) => {
    return [each.id, each.name[language]] as const
  })
  const national = ['national', sayPlainly(language, logTexts.national)] as const
  const kinds = Object.entries(actKindTexts).map(([id, words]) => [id, words[language]] as const)
  const people = Object.entries(actorRoleTexts).map(([id, words]) => [id, words[language]] as const)
  const isAll = account !== null && may(account, 'read.all')
  const filtered = fields.some((field) => sent(view, field) !== '')
  return html`<details class="card"${filtered && html` open`}>
<summary>${say(language, logTexts.filter)}</summary>
<form class="act" method="get" action="${paths.log(language)}"><div class="times">
${isAll && choice(frame, view, 'log', [all, national, ...institutions])}
${choice(frame, view, 'kind', [all, ...kinds])}
${choice(frame, view, 'role', [all, ...people])}
${input(frame, view, 'actor', html`dir="ltr" maxlength="63"`)}
${input(frame, view, 'from', html`type="date"`)}
${input(frame, view, 'to', html`type="date"`)}
${input(frame, view, 'text', html`dir="auto" maxlength="100"`)}</div>
<p><button class="main">${say(language, logTexts.show)}</button></p></form></details>`
}

type Field = keyof typeof fieldTexts

function sent({ query }: LogView, field: string): string {
  const value = query[field]
  return typeof value === 'string' ? value : ''
}

function input({ language }: Frame, view: LogView, field: Field, attributes: Html): Html {
  return html`<p><label for="f-${field}">${say(language, fieldTexts[field])}</label>
<input id="f-${field}" name="${field}" autocomplete="off" ${attributes}
value="${sent(view, field)}"></p>`
}

function choice(
  { language }: Frame,
  view: LogView,
  field: Field,
  choices: readonly (readonly [string, string])[],
): Html {
  const options = choices.map(([value, label]) => {
    const isSent = value === sent(view, field)
    return html`<option value="${value}"${isSent && html` selected`}>${label}</option>`
  })
  return html`<p><label for="f-${field}">${say(language, fieldTexts[field])}</label>
<select id="f-${field}" name="${field}">${options}</select></p>`
}

/** To older acts, back to the newest, and to the same as files. */
function ways({ language }: Frame, view: LogView): Html {
  const { next, isFirst } = view
  const asked = fields.flatMap((field) => {
    const value = sent(view, field)
    return value === '' || view.problems.includes(field) ? [] : [[field, value]]
  })
  const of = (more: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams([...asked, ...Object.entries(more)]).toString()
    return query === '' ? '' : `?${query}`
  }
  const here = paths.log(language)
  const files = ['csv', 'jsonl'].map((format, i) => {
    const href = `/api/v1/acts.${format}${of()}`
    return html`${i > 0 && ' · '}<a href="${href}" download>${format.toUpperCase()}</a>`
  })
  const newest = html`<a href="${here}${of()}">${say(language, logTexts.newest)}</a> `
  const words = say(language, logTexts.older)
  const older = html`<a rel="next" href="${here}${of({ before: `${next}` })}">${words}</a>`
  return html`<p>${!isFirst && newest}${next !== null && older}</p>
<p class="note">${say(language, logTexts.file, { formats: html`${files}` })}
${say(language, logTexts.fileHow)}</p>`
}
