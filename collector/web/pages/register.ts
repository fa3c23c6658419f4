import type { EpochMs } from '../../../protocol/time.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import type { ActDifference } from '../../people/act-difference.ts'
import type { RegisterAct } from '../../people/register-record.ts'
import { name, number, time, type Writer } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly, type Text } from '../language.ts'
import { layout } from '../layout.ts'
import { differenceDetails } from '../parts/act-difference.ts'
import { byAt } from '../parts/acts.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import { modelTexts } from '../texts/models.ts'
import { proposalTexts } from '../texts/policy-proposals.ts'
import { registerTexts, settingTexts } from '../texts/register.ts'
import { shellTexts } from '../texts/shell.ts'

/** A part of the history, the newest first. */
export type HistoryView = {
  readonly acts: readonly (RegisterAct & { readonly difference: ActDifference })[]
  /** How many there are in all. */
  readonly all: number
  readonly isFirst: boolean
  /** The `before` of the following part; null at the end. */
  readonly next: number | null
}

type Told = { readonly from: EpochMs; readonly value: unknown; readonly act: RegisterAct | null }

/** A setting of the policy: in force, and planned. */
export type ShownSetting = {
  readonly name: string
  readonly now: Told | null
  readonly planned: readonly Told[]
}

/** The register as it is, and every change of it. */
export function registerPage(frame: Frame, snapshot: Snapshot, view: HistoryView): string {
  const { language } = frame
  const heads = [
    registerTexts.institution,
    registerTexts.kind,
    registerTexts.populations,
    registerTexts.environments,
  ]
  const rows = visibleTo(frame.account, snapshot).map((row) => cells(frame, snapshot, row))
  const columns = heads.map((head) => ({ head: say(language, head) }))
  const now = html`<section class="card" aria-labelledby="now">
<h2 id="now">${say(language, registerTexts.register)}
<span class="count">${number(language, rows.length)}</span></h2>
${table({ labelledBy: 'now', columns, rows, cards: true })}</section>`
  return page(frame, snapshot, [registerTexts.register, registerTexts.registerHow], now, view)
}

/** The policy as it is, what is planned, and every change of it. */
export function policyPage(
  frame: Frame,
  snapshot: Snapshot,
  view: HistoryView & { readonly settings: readonly ShownSetting[] },
): string {
  const { language } = frame
  const { setting, value, since, approved, planned } = registerTexts
  const columns = [setting, value, since, approved, planned].map((head) => ({
    head: say(language, head),
  }))
  const rows = view.settings.map((each) => settingCells(frame, each))
  const now = html`<section class="card" aria-labelledby="now">
<h2 id="now">${say(language, registerTexts.policy)}</h2>
<p class="periods">
<a href="/${language}/policy/proposals">${say(language, proposalTexts.toProposals)}</a>
<a href="${paths.models(language)}">${say(language, modelTexts.all)}</a></p>
${table({ labelledBy: 'now', columns, rows, cards: true })}</section>`
  return page(frame, snapshot, [registerTexts.policy, registerTexts.policyHow], now, view)
}

function page(
  frame: Frame,
  snapshot: Snapshot,
  [title, how]: readonly [Text, Text],
  now: Html,
  view: HistoryView,
): string {
  const { language } = frame
  const main = html`<h1>${say(language, title)}</h1>
<p class="note">${say(language, how)}</p>
${view.isFirst && now}${history(frame, view)}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: sayPlainly(language, title), trail, snapshot, main })
}

function cells(frame: Frame, { readiness }: Snapshot, row: InstitutionRow): Content[] {
  const { language } = frame
  const own = readiness && Object.hasOwn(readiness.institutions, row.id)
  const ready = own ? readiness.institutions[row.id] : undefined
  const populations = [
    row.target && registerTexts.continuity,
    ready?.isMember && registerTexts.readiness,
    ready?.isEnabledMember && registerTexts.enabled,
  ].filter((each) => typeof each === 'object')
  const kind =
    row.kind === 'governorate' ? registerTexts.ofGovernorate : registerTexts.ofInstitution
  const environments = row.environments.map(
    (each) =>
      html`<li><a href="${paths.environment(language, row.id, each.id)}">${name(
        language,
        each.name,
      )}</a></li>`,
  )
  return [
    html`<a href="${paths.institution(language, row.id)}">${name(language, row.name)}</a>
<small><bdi dir="ltr">${row.id}</bdi></small>`,
    say(language, kind),
    populations.map((text, i) => html`${i > 0 && ' · '}${say(language, text)}`),
    html`<ul>${environments}</ul>`,
  ]
}

function settingCells(frame: Frame, { name: id, now, planned }: ShownSetting): Content[] {
  const { language } = frame
  const text = Object.hasOwn(settingTexts, id) ? settingTexts[id] : undefined
  return [
    html`${text && say(language, text)} <small><bdi dir="ltr">${id}</bdi></small>`,
    now && plainValue(frame, settingValue(now.value, 'value')),
    now && html`${time(frame, now.from, 'minuteOfYear')}${leafOf(now.act)}`,
    now && approval(frame, now.value),
    planned.map(
      (each) =>
        html`<div>${say(language, registerTexts.plannedFrom, {
          time: time(frame, each.from, 'minuteOfYear'),
        })}: ${plainValue(frame, settingValue(each.value, 'value'))}${leafOf(each.act)}</div>`,
    ),
  ]
}

/** A setting is `{value, since, approvedBy, note}`; what a later version writes is shown whole. */
function settingValue(setting: unknown, field: string): unknown {
  const isObject = typeof setting === 'object' && setting !== null
  if (!isObject || !('value' in setting)) return field === 'value' ? setting : undefined
  return (setting as Readonly<Record<string, unknown>>)[field]
}

function approval({ language }: Writer, setting: unknown): Html {
  const [by, since, note] = ['approvedBy', 'since', 'note'].map((field) => {
    const value = settingValue(setting, field)
    return typeof value === 'string' ? value : null
  })
  const day = html`<bdi dir="ltr">${since}</bdi>`
  const decidedOn = since && say(language, registerTexts.decidedOn, { day })
  return html`<bdi dir="auto">${by}</bdi> <small>${decidedOn}
${note && html`<bdi dir="auto">${note}</bdi>`}</small>`
}

function plainValue({ language }: Writer, value: unknown): Html {
  if (typeof value === 'boolean') {
    return say(language, value ? registerTexts.yes : registerTexts.no)
  }
  if (typeof value !== 'object' || value === null) {
    return html`<bdi dir="ltr">${String(value)}</bdi>`
  }
  return html`<details><summary><bdi dir="ltr">${
    Array.isArray(value) ? value.length : Object.keys(value).join(', ')
  }</bdi></summary><pre dir="ltr" tabindex="0">${JSON.stringify(value, null, 1)}</pre></details>`
}

function history(frame: Frame, { acts, all, isFirst, next }: HistoryView): Html {
  const { language } = frame
  const { when, what, change, leaf } = registerTexts
  const columns = [when, what, change, leaf].map((head) => ({ head: say(language, head) }))
  const rows = acts.map(({ entry, at, difference, position, ...act }) => [
    byAt(frame, entry.actor, at),
    html`<bdi dir="ltr">${entry.what}</bdi> <small><bdi dir="auto">${entry.why}</bdi></small>`,
    html`${
      entry.effectiveFrom > at &&
      html`<small>${say(language, registerTexts.effective, {
        time: time(frame, entry.effectiveFrom, 'minuteOfYear'),
      })}</small>`
    }${differenceDetails(frame, difference, `act-${position}`)}`,
    leafOf({ ...act, position, at, entry }),
  ])
  const here = `/${language}${frame.path}`
  return html`<section class="card" aria-labelledby="history">
<h2 id="history">${say(language, registerTexts.history)}
<span class="count">${number(language, all)}</span></h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, registerTexts.none)}</p>`
    : table({ labelledBy: 'history', columns, rows, cards: true })
}
<p>${!isFirst && html`<a href="${here}">${say(language, registerTexts.newest)}</a> `}${
    next !== null &&
    html`<a href="${here}?before=${next}#history">${say(language, registerTexts.older)}</a>`
  }</p></section>`
}

function leafOf(act: RegisterAct | null): Content {
  return act && html` <small><bdi dir="ltr">${act.log} #${act.index}</bdi></small>`
}
