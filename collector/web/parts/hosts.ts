import type { InstitutionRow } from '../../kpi/snapshot.ts'
import type { Host, HostAct } from '../../people/hosts.ts'
import type { ReleaseAct } from '../../register/releases.ts'
import { name, number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { paths } from '../paths.ts'
import { checkTexts } from '../texts/checks.ts'
import { type HostRule, hostActTexts, hostRefusalTexts, hostTexts } from '../texts/hosts.ts'
import { agentStatusTexts, placeTexts } from '../texts/places.ts'
import { byAt, isRefused, type RefusedForm, typed, whyField } from './acts.ts'
import { chip } from './chip.ts'
import { heard } from './late.ts'
import { fieldsOf, refusalBox } from './refusal.ts'
import { table } from './table.ts'

/** What of an institution's hosts one account is shown, and what it may do. */
export type HostsView = {
  readonly row: InstitutionRow
  readonly hosts: readonly Host[]
  readonly mayManage: boolean
  /** Whether the account can be the second person of a release. */
  readonly mayRelease: (release: ReleaseAct) => boolean
  readonly refused: RefusedForm<string> | null
  /** When the figures were made. */
  readonly now: number
}

/** Agents on one page; the API lists the rest. */
const hostsShownMax = 300
/** Agents that need somebody, at home. */
const needyShownMax = 8

/** What a quarantined host has to do. */
const rejoin = html`<code dir="ltr">istimrar-agent rejoin</code>`

/** All agents of an institution, with forms for whoever may decide about them. */
export function hostsSection(writer: Writer, view: HostsView): Html {
  const { language } = writer
  const shown = view.hosts.slice(0, hostsShownMax)
  const mayAct = view.mayManage || shown.some(({ release }) => release && view.mayRelease(release))
  const acts = mayAct ? [{ head: say(language, hostTexts.decide) }] : []
  const columns = [
    { head: say(language, placeTexts.agent) },
    { head: say(language, checkTexts.state) },
    { head: say(language, placeTexts.lastHeard) },
    { head: say(language, placeTexts.lastEvidence) },
    { head: say(language, placeTexts.version) },
    { head: say(language, hostTexts.enrolledAt) },
    ...acts,
  ]
  const rows = shown.map((host) => [
    html`<bdi dir="ltr" id="${host.agent}">${host.name}</bdi>
<small>${environmentName(language, view.row, host.environment)}</small>`,
    [statusChip(language, view, host), whatToDo(language, host), askedRelease(writer, host)],
    heard(writer, host.lastReportAt, view.now),
    heard(writer, host.lastBatchAt, view.now),
    host.version && html`<bdi dir="ltr">${host.version}</bdi>`,
    time(writer, host.enrolledAt, 'dayOfYear'),
    ...(mayAct ? [decideForm(language, view, host)] : []),
  ])
  return html`<section class="card" aria-labelledby="agents">
<h2 id="agents">${say(language, placeTexts.agents)}
<span class="count">${number(language, view.hosts.length)}</span></h2>
${hostProblems(language, view.refused, 'agents')}
${
  rows.length === 0
    ? html`<p class="calm">${say(language, placeTexts.noAgents)}</p>`
    : table({ labelledBy: 'agents', columns, rows, cards: true })
}
${notShown(language, view.hosts.length - shown.length)}</section>`
}

/** The agents of an institution in short: how many are heard, and which need somebody. */
export function hostsBlock(writer: Writer, view: HostsView): Html {
  const { language } = writer
  const { row, hosts } = view
  const working = hosts.filter(({ status }) => status === 'active')
  const silent = working.filter((host) => isSilent(view, host))
  const needy = [...hosts.filter(needsSomebody), ...silent]
  const versions = [...new Set(working.flatMap(({ version }) => version ?? []))].sort()
  const counts = [
    [chip('good', 'check', say(language, placeTexts.heard)), working.length - silent.length],
    [chip('unsure', 'question', say(language, placeTexts.silent)), silent.length],
  ] as const
  const items = needy.slice(0, needyShownMax).map((host) => {
    const href = `${paths.agents(language, row.id)}#${host.agent}`
    return html`<li><span><a href="${href}"><bdi dir="ltr">${host.name}</bdi></a>
<small>${environmentName(language, row, host.environment)}</small>
${whatToDo(language, host)}</span> ${statusChip(language, view, host)}</li>`
  })
  return html`<section class="card" aria-labelledby="agents">
<h2 id="agents">${say(language, placeTexts.agents)}
<span class="count">${number(language, working.length)}</span></h2>
${hostProblems(language, view.refused, 'agents')}
${
  hosts.length === 0
    ? html`<p class="calm">${say(language, placeTexts.noAgents)}</p>`
    : html`<ul class="verdicts">${counts.map(
        ([words, n]) => html`<li>${words} <b>${number(language, n)}</b></li>`,
      )}</ul>`
}
${
  versions.length > 0 &&
  html`<p class="note">${say(language, placeTexts.version)}:
<bdi dir="ltr">${versions.join(', ')}</bdi></p>`
}
${needy.length > 0 && html`<ul class="late">${items}</ul>`}
${notShown(language, needy.length - items.length)}
<p><a href="${paths.agents(language, row.id)}">${say(language, hostTexts.manage)}</a></p>
</section>`
}

/** Why a form of these pages was refused: everything that is wrong with it. */
export function hostProblems(
  language: Language,
  refused: RefusedForm<string> | null,
  about: 'agents' | 'token' | 'end',
): Content {
  if (!refused) return null
  const act = refused.fields.get('act')
  if ((act === 'token' || act === 'end' ? act : 'agents') !== about) return null
  const rules = [refused.rule, ...(refused.more ?? [])].filter(isHostRule)
  return refusalBox(
    rules.map((rule) => ({
      words: say(language, hostRefusalTexts[rule]),
      fields: fieldsOf({ rule }),
    })),
  )
}

/** What an environment is called; its id once it left the register. */
export function environmentName(language: Language, row: InstitutionRow, id: string): Html {
  const found = row.environments.find((each) => each.id === id)
  return found ? name(language, found.name) : html`<bdi dir="ltr">${id}</bdi>`
}

/** How many there are beyond what is seen. */
export function notShown(language: Language, n: number): Content {
  return n > 0 && html`<p class="note">${say(language, hostTexts.notShown, { n })}</p>`
}

function isHostRule(rule: string): rule is HostRule {
  return Object.hasOwn(hostRefusalTexts, rule)
}

function needsSomebody({ status }: Host): boolean {
  return status === 'pending' || status === 'quarantined'
}

/** As the snapshot says; an agent that is newer than that has only just been heard. */
function isSilent({ row }: HostsView, { agent, environment }: Host): boolean {
  const found = row.environments.find(({ id }) => id === environment)
  return found?.agents.find((each) => each.agent === agent)?.silent ?? false
}

function statusChip(language: Language, view: HostsView, host: Host): Html {
  const { status } = host
  if (status === 'active') {
    return isSilent(view, host)
      ? chip('unsure', 'question', say(language, placeTexts.silent))
      : chip('good', 'check', say(language, placeTexts.heard))
  }
  const words = say(language, agentStatusTexts[status])
  if (status === 'quarantined') return chip('warning', 'warning', words)
  return status === 'pending' ? chip('unsure', 'hourglass', words) : chip('none', 'minus', words)
}

function whatToDo(language: Language, host: Host): Content {
  const { status, rejoins, contested, release } = host
  if (status === 'pending') return html` <small>${say(language, hostTexts.pendingHow)}</small>`
  if (status !== 'quarantined') return null
  if (release) return html` <small>${say(language, hostTexts.releaseHow)}</small>`
  const counts = [
    rejoins > 0 && html` ${say(language, hostTexts.rejoins, { n: rejoins })}.`,
    contested > 0 && html` ${say(language, hostTexts.contested, { n: contested })}.`,
  ]
  return html` <small>${say(language, hostTexts.quarantinedHow)}
${say(language, hostTexts.quarantinedDo, { command: rejoin })}${counts}</small>`
}

/** What was asked for about a quarantined agent, as the second person must know it. */
function askedRelease(writer: Writer, { release }: Host): Content {
  if (!release) return null
  const { code, requestedBy, requestedAt, why } = release
  return html` <small>${say(writer.language, hostTexts.releaseAsked)}
<code dir="ltr">${code}</code> · ${byAt(writer, requestedBy, requestedAt)}
<bdi dir="auto">${why}</bdi></small>`
}

function decideForm(language: Language, view: HostsView, host: Host): Content {
  const { agent, status, release } = host
  const acts = actsOn(view, host)
  if (acts.length === 0) return null
  const open = isRefused(view.refused, agent, acts)
  const code = html`<p><label for="code-${agent}">${say(language, hostTexts.code)}</label>
<input id="code-${agent}" name="code" dir="ltr" autocomplete="off" maxlength="14"
pattern="[0-9a-fA-F]{4}(-[0-9a-fA-F]{4}){2}" value="${typed(view.refused, open, 'code')}"></p>`
  // Whoever decides says with it which request they saw.
  const seen = release && html`<input type="hidden" name="code" value="${release.code}">`
  return html`<details id="decide-${agent}"${open && html` open`}>
<summary>${say(language, hostTexts.decide)}</summary>
<form class="act" method="post" action="#answer">
<input type="hidden" name="id" value="${agent}">${status === 'quarantined' && (seen ?? code)}
${whyField(language, `why-${agent}`, typed(view.refused, open, 'why'))}
<p>${acts.map((act, i) => [i > 0 && ' ', button(language, act, i === 0 && act !== 'revoke')])}</p>
</form></details>`
}

/** What an account may do about an agent now; the usual one first. */
function actsOn({ mayManage, mayRelease }: HostsView, { status, release }: Host): HostAct['is'][] {
  if (status === 'revoked') return []
  const acts: HostAct['is'][] = []
  if (release && mayRelease(release)) acts.push('approve-release', 'refuse-release')
  if (!mayManage) return acts
  if (release) acts.push('withdraw-release')
  else if (status === 'pending') acts.push('approve')
  else if (status === 'quarantined') acts.push('release')
  return [...acts, 'revoke']
}

function button(language: Language, act: HostAct['is'], isMain: boolean): Html {
  const words = say(language, hostActTexts[act])
  return html`<button name="act" value="${act}"${isMain && html` class="main"`}>${words}</button>`
}
