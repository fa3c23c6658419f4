import type { Cause } from '../../kpi/causes.ts'
import type { ListedDispute } from '../../people/disputes.ts'
import type { Claim, DisputedFigures } from '../../register/disputes.ts'
import { duration, localInput, number, percent, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { stateTexts } from '../texts/checks.ts'
import {
  type DisputeRefusalRule,
  disputeRefusalTexts,
  disputeStateTexts,
  disputeTexts,
} from '../texts/disputes.ts'
import { causeTexts } from '../texts/lost.ts'
import { maintenanceTexts } from '../texts/maintenance.ts'
import { byAt, decided, isRefused, type RefusedForm, timeField, typed, whyField } from './acts.ts'
import { chip, stateChip } from './chip.ts'
import type { Shape } from './icon.ts'
import { fieldsOf, refusalBox } from './refusal.ts'
import { facts } from './titled.ts'

/** A form about a dispute that was refused. */
export type RefusedDispute = RefusedForm<DisputeRefusalRule>

/** What of an environment's disputes one account is shown, and what it may do. */
export type DisputesView = {
  readonly disputes: readonly ListedDispute[]
  readonly mayAsk: boolean
  /** Whether it decides what an account asked for: nobody does what they asked for themselves. */
  readonly mayDecide: (requestedBy: string) => boolean
  readonly refused: RefusedDispute | null
}

/** From the best to the worst. */
const states: readonly Claim['state'][] = ['up', 'unknown', 'down']
/** How evidence is named. */
const hash = 'SHA-256'

const causes = Object.keys(causeTexts) as Cause[] // the texts of exactly all of them

/** The newest disputes are shown; the API lists the rest. */
const disputesShownMax = 30

/** The disputes of an environment: what there is, and forms for whoever may. */
export function disputesSection(writer: Writer, view: DisputesView): Html {
  const { language } = writer
  const { disputes } = view
  const newest = disputes.toReversed().slice(0, disputesShownMax)
  const notShown = disputes.length - newest.length
  const more = number(language, notShown)
  const list = html`<ul class="planned">${newest.map((each) => item(writer, view, each))}</ul>`
  return html`<section class="card" aria-labelledby="disputes">
<h2 id="disputes">${say(language, disputeTexts.title)}</h2>
${problem(writer, view.refused)}
<p class="note">${say(language, disputeTexts.how)}</p>
${newest.length === 0 ? html`<p class="calm">${say(language, disputeTexts.none)}</p>` : list}
${notShown > 0 && html`<p class="note">${say(language, disputeTexts.more, { more })}</p>`}
${view.mayAsk && askForm(writer, view)}</section>`
}

function problem(writer: Writer, refused: RefusedDispute | null): Content {
  if (!refused) return null
  const { language } = writer
  const { rule, instants } = refused
  const at = (name: string) => time(writer, instants[name] ?? 0, 'minuteOfYear')
  const texts = disputeRefusalTexts
  const words =
    rule === 'overlap'
      ? say(language, texts.overlap, { from: at('from'), to: at('to') })
      : rule === 'cycle'
        ? say(language, texts.cycle, { end: at('end') })
        : rule === 'late'
          ? say(language, texts.late, { until: at('until') })
          : say(language, texts[rule])
  return refusalBox([{ words, fields: fieldsOf(refused) }])
}

const looks: Readonly<Record<ListedDispute['state'], readonly [tone: string, shape: Shape]>> = {
  open: ['unsure', 'hourglass'],
  granted: ['good', 'check'],
  granted_in_part: ['good', 'scales'],
  refused: ['bad', 'cross'],
  withdrawn: ['none', 'minus'],
  lapsed: ['warning', 'warning'],
}

function item(writer: Writer, view: DisputesView, dispute: ListedDispute): Html {
  const { language } = writer
  const { id, from, to, state, claim, why, evidenceSha256, decision, withdrawnAt } = dispute
  const [tone, shape] = looks[state]
  const { granted = null, before = null } = decision ?? {}
  return html`<li id="${id}"><div class="planned-head">
<h3>${between(writer, dispute)}</h3>
<span>${duration(language, to - from)}</span>
${chip(tone, shape, say(language, disputeStateTexts[state]))}</div>
${facts([
  [say(language, disputeTexts.claim), claimed(language, claim)],
  [say(language, disputeTexts.why), html`<bdi dir="auto">${why}</bdi>`],
  [
    say(language, disputeTexts.evidence, { hash }),
    evidenceSha256 && html`<code class="hash" dir="ltr">${evidenceSha256}</code>`,
  ],
  [say(language, disputeTexts.requestedBy), byAt(writer, dispute.requestedBy, dispute.requestedAt)],
  [say(language, disputeTexts.decision), decision && decided(writer, decision)],
  [
    say(language, disputeTexts.granted),
    granted && html`${claimed(language, granted)} <small>${between(writer, granted)}</small>`,
  ],
  [say(language, disputeTexts.before), before && figures(language, before)],
  [say(language, disputeTexts.now), dispute.now && figures(language, dispute.now)],
  [
    say(language, disputeTexts.withdrawnAt),
    withdrawnAt === null ? null : time(writer, withdrawnAt, 'minuteOfYear'),
  ],
])}
${forms(writer, view, dispute)}</li>`
}

function between(writer: Writer, { from, to }: { from: number; to: number }): Html {
  const values = {
    from: time(writer, from, 'minuteOfYear'),
    to: time(writer, to, 'minuteOfYear'),
  }
  return say(writer.language, maintenanceTexts.span, values)
}

function claimed(language: Language, { state, cause }: Claim): Html {
  const words = cause && html` <small>${say(language, causeTexts[cause])}</small>`
  return html`${stateChip(language, state)}${words}`
}

function figures(language: Language, { environment, institution }: DisputedFigures): Html {
  const range = ({ low, high }: DisputedFigures['environment']) => {
    return { low: percent(low), high: percent(high) }
  }
  return html`${say(language, disputeTexts.ofEnvironment, range(environment))}
<small>${say(language, disputeTexts.ofInstitution, range(institution))}</small>`
}

function forms(writer: Writer, view: DisputesView, dispute: ListedDispute): Content {
  if (dispute.state !== 'open') return null
  const decides = view.mayDecide(dispute.requestedBy)
  return html`${decides && decideForm(writer, view, dispute)}
${view.mayAsk && withdrawForm(writer.language, view, dispute)}`
}

function decideForm(writer: Writer, view: DisputesView, dispute: ListedDispute): Html {
  const { language } = writer
  const { id, from, to, claim } = dispute
  const open = isRefused(view.refused, id, ['grant', 'refuse'])
  const sent = (name: string) => typed(view.refused, open, name)
  const start = sent('from') || localInput(writer, from)
  const end = sent('to') || localInput(writer, to)
  return html`<details id="decide-${id}"${open && html` open`}>
<summary>${say(language, disputeTexts.decide)}</summary>
<form class="act" method="post" action="#answer">${hidden(id)}
<p class="note">${say(language, disputeTexts.partly)}</p>
<div class="times">
${timeField(`from-${id}`, 'from', say(language, disputeTexts.from), start)}
${timeField(`to-${id}`, 'to', say(language, disputeTexts.to), end)}</div>
${claimField(language, `claim-${id}`, sent('claim') || choiceOf(claim), claim.state)}
${whyField(language, `why-decide-${id}`, sent('why'))}
<p>${button(language, 'grant', 'main')} ${button(language, 'refuse')}</p>
</form></details>`
}

function withdrawForm(language: Language, view: DisputesView, { id }: ListedDispute): Html {
  const open = isRefused(view.refused, id, ['withdraw'])
  return html`<details id="change-${id}"${open && html` open`}>
<summary>${say(language, disputeTexts.giveUp)}</summary>
<form class="act" method="post" action="#answer">${hidden(id)}
${whyField(language, `why-change-${id}`, typed(view.refused, open, 'why'))}
<p>${button(language, 'withdraw')}</p>
</form></details>`
}

function askForm(writer: Writer, view: DisputesView): Html {
  const { language } = writer
  const open = isRefused(view.refused, '', ['request'])
  const sent = (name: string) => typed(view.refused, open, name)
  return html`<details id="contest"${open && html` open`}>
<summary>${say(language, disputeTexts.ask)}</summary>
<form class="act" method="post" action="#answer">${hidden('')}
<div class="times">
${timeField('contest-from', 'from', say(language, disputeTexts.from), sent('from'))}
${timeField('contest-to', 'to', say(language, disputeTexts.to), sent('to'))}</div>
${claimField(language, 'contest-claim', sent('claim'), 'up')}
<p><label for="contest-evidence">${say(language, disputeTexts.evidenceField, { hash })}</label>
<input id="contest-evidence" name="evidence" dir="ltr" autocomplete="off" maxlength="64"
pattern="[0-9a-fA-F]{64}" value="${sent('evidence')}"></p>
${whyField(language, 'contest-why', sent('why'))}
<p>${button(language, 'request', 'main')}</p>
</form></details>`
}

function hidden(id: string): Html {
  return html`<input type="hidden" name="about" value="dispute">
<input type="hidden" name="id" value="${id}">`
}

function choiceOf({ state, cause }: Claim): string {
  return cause === null ? state : `${state}/${cause}`
}

/** A choice of states with their causes, none better than `best`. */
function claimField(language: Language, id: string, chosen: string, best: Claim['state']): Html {
  const options = states
    .slice(states.indexOf(best))
    .flatMap((state) => claimsOf(state).map((claim) => option(language, claim, chosen)))
  return html`<p><label for="${id}">${say(language, disputeTexts.claimed)}</label>
<select id="${id}" name="claim" required>${options}</select></p>`
}

function claimsOf(state: Claim['state']): Claim[] {
  if (state === 'up') return [{ state, cause: null }]
  const named = causes.map((cause) => ({ state, cause }))
  if (state === 'down') return named
  const others = named.filter(({ cause }) => cause !== 'emergency_maintenance')
  return [{ state, cause: null }, ...others]
}

function option(language: Language, claim: Claim, chosen: string): Html {
  const value = choiceOf(claim)
  const state = stateTexts[claim.state][language]
  const words = claim.cause ? `${state}: ${causeTexts[claim.cause][language]}` : state
  return html`<option value="${value}"${value === chosen && html` selected`}>${words}</option>`
}

type FormAct = 'request' | 'grant' | 'refuse' | 'withdraw'

function button(language: Language, act: FormAct, look?: 'main'): Html {
  const words = sayPlainly(language, disputeTexts[act])
  return html`<button name="act" value="${act}"${look && html` class="${look}"`}>${words}</button>`
}
