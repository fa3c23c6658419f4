import type { EpochMs } from '../../../protocol/time.ts'
import type { EnvironmentRow } from '../../kpi/snapshot.ts'
import type { ListedWindow } from '../../people/maintenance.ts'
import { duration, localInput, minutes, number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import {
  maintenanceStateTexts,
  maintenanceTexts,
  type RefusalRule,
  refusalTexts,
} from '../texts/maintenance.ts'
import { byAt, decided, isRefused, type RefusedForm, timeField, typed, whyField } from './acts.ts'
import { chip } from './chip.ts'
import type { Shape } from './icon.ts'
import { fieldsOf, refusalBox } from './refusal.ts'
import { facts } from './titled.ts'

/** A form about maintenance that was refused. */
export type RefusedMaintenance = RefusedForm<RefusalRule>

/** What of an environment's maintenance one account is shown, and what it may do. */
export type MaintenanceView = {
  readonly windows: readonly ListedWindow[]
  readonly quota: EnvironmentRow['maintenance']
  readonly now: EpochMs
  readonly mayAsk: boolean
  /** Whether it decides what an account asked for: nobody does what they asked for themselves. */
  readonly mayDecide: (requestedBy: string) => boolean
  readonly refused: RefusedMaintenance | null
}

/** The newest windows are shown; the API lists the rest. */
const windowsShownMax = 30

/** The maintenance of an environment: what there is, and forms for whoever may. */
export function maintenanceSection(writer: Writer, view: MaintenanceView): Html {
  const { language } = writer
  const { windows, quota } = view
  const newest = windows.toReversed().slice(0, windowsShownMax)
  const values = {
    used: minutes(language, quota.usedMs),
    quota: minutes(language, quota.quotaMs),
  }
  const notShown = windows.length - newest.length
  const more = number(language, notShown)
  const list = html`<ul class="planned">${newest.map((each) => item(writer, view, each))}</ul>`
  return html`<section class="card" aria-labelledby="maintenance">
<h2 id="maintenance">${say(language, maintenanceTexts.title)}</h2>
${problem(writer, view.refused)}
<p class="note">${say(language, maintenanceTexts.quota, values)}
${say(language, maintenanceTexts.beyond)}</p>
${newest.length === 0 ? html`<p class="calm">${say(language, maintenanceTexts.none)}</p>` : list}
${notShown > 0 && html`<p class="note">${say(language, maintenanceTexts.more, { more })}</p>`}
${view.mayAsk && askForm(writer, view)}</section>`
}

function problem(writer: Writer, refused: RefusedMaintenance | null): Content {
  if (!refused) return null
  const { language } = writer
  const { rule, instants } = refused
  const at = (name: string) => time(writer, instants[name] ?? 0, 'minuteOfYear')
  const words =
    rule === 'notice' || rule === 'past'
      ? say(language, refusalTexts[rule], { earliest: at('earliest') })
      : rule === 'overlap'
        ? say(language, refusalTexts.overlap, { from: at('from'), to: at('to') })
        : say(language, refusalTexts[rule])
  return refusalBox([{ words, fields: fieldsOf(refused) }])
}

type Look = readonly [tone: string, shape: Shape]

const looks: Readonly<Record<ListedWindow['state'], Look>> = {
  requested: ['unsure', 'hourglass'],
  approved: ['good', 'check'],
  under_way: ['new', 'wrench'],
  over: ['none', 'minus'],
  refused: ['bad', 'cross'],
  withdrawn: ['none', 'minus'],
  lapsed: ['warning', 'warning'],
}

function item(writer: Writer, view: MaintenanceView, window: ListedWindow): Html {
  const { language } = writer
  const { id, from, to, state, why, requestedBy, requestedAt, decision, withdrawnAt } = window
  const [tone, shape] = looks[state]
  const span = {
    from: time(writer, from, 'minuteOfYear'),
    to: time(writer, to, 'minuteOfYear'),
  }
  return html`<li id="${id}"><div class="planned-head">
<h3>${say(language, maintenanceTexts.span, span)}</h3>
<span>${duration(language, to - from)}</span>
${chip(tone, shape, say(language, maintenanceStateTexts[state]))}</div>
${facts([
  [say(language, maintenanceTexts.why), html`<bdi dir="auto">${why}</bdi>`],
  [say(language, maintenanceTexts.requestedBy), byAt(writer, requestedBy, requestedAt)],
  [say(language, maintenanceTexts.decision), decision && decided(writer, decision)],
  [
    say(language, maintenanceTexts.withdrawnAt),
    withdrawnAt === null ? null : time(writer, withdrawnAt, 'minuteOfYear'),
  ],
])}
${forms(writer, view, window)}</li>`
}

function forms(writer: Writer, view: MaintenanceView, window: ListedWindow): Content {
  const { state, requestedBy } = window
  const isOpen = state === 'requested' || state === 'approved' || state === 'under_way'
  const decides = state === 'requested' && view.mayDecide(requestedBy)
  return html`${decides && decideForm(writer, view, window)}
${view.mayAsk && isOpen && changeForm(writer, view, window)}`
}

function decideForm({ language }: Writer, view: MaintenanceView, { id }: ListedWindow): Html {
  const open = isRefused(view.refused, id, ['approve', 'refuse'])
  return html`<details id="decide-${id}"${open && html` open`}>
<summary>${say(language, maintenanceTexts.decide)}</summary>
<form class="act" method="post" action="#answer"><input type="hidden" name="id" value="${id}">
${whyField(language, `why-decide-${id}`, typed(view.refused, open, 'why'))}
<p>${button(language, 'approve', 'main')} ${button(language, 'refuse')}</p>
</form></details>`
}

function changeForm(writer: Writer, view: MaintenanceView, window: ListedWindow): Html {
  const { language } = writer
  const { id, to, state } = window
  const open = isRefused(view.refused, id, ['shorten', 'withdraw'])
  const end = typed(view.refused, open, 'to') || localInput(writer, to)
  return html`<details id="change-${id}"${open && html` open`}>
<summary>${say(language, maintenanceTexts.change)}</summary>
<form class="act" method="post" action="#answer"><input type="hidden" name="id" value="${id}">
${timeField(`to-${id}`, 'to', say(language, maintenanceTexts.newEnd), end)}
${whyField(language, `why-change-${id}`, typed(view.refused, open, 'why'))}
<p>${button(language, 'shorten')} ${state !== 'under_way' && button(language, 'withdraw')}</p>
</form></details>`
}

function askForm(writer: Writer, view: MaintenanceView): Html {
  const { language } = writer
  const open = isRefused(view.refused, '', ['request'])
  const sent = (name: string) => typed(view.refused, open, name)
  const notice = duration(language, view.quota.noticeMs)
  return html`<details id="ask"${open && html` open`}>
<summary>${say(language, maintenanceTexts.ask)}</summary>
<form class="act" method="post" action="#answer">
<p class="note">${say(language, maintenanceTexts.notice, { notice })}</p>
<div class="times">
${timeField('from', 'from', say(language, maintenanceTexts.from), sent('from'))}
${timeField('to', 'to', say(language, maintenanceTexts.to), sent('to'))}</div>
${whyField(language, 'why', typed(view.refused, open, 'why'))}
<p>${button(language, 'request', 'main')}</p>
</form></details>`
}

type FormAct = 'request' | 'approve' | 'refuse' | 'shorten' | 'withdraw'

function button(language: Language, act: FormAct, look?: 'main'): Html {
  const words = say(language, maintenanceTexts[act])
  return html`<button name="act" value="${act}"${look && html` class="${look}"`}>${words}</button>`
}
