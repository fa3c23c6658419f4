import type { EpochMs } from '../../../protocol/time.ts'
import type { AgentRow, EnvironmentRow, InstitutionRow } from '../../kpi/snapshot.ts'
import { ago, name, number, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { paths } from '../paths.ts'
import { placeTexts } from '../texts/places.ts'

/** Lists stay short enough for a wall; how many more there are is always said. */
const lateMax = 12

type Late = { readonly who: Html; readonly at: EpochMs | null }

/** Target institutions that are not heard, longest silence first. */
export function lateInstitutions(
  writer: Writer,
  institutions: readonly InstitutionRow[],
  now: EpochMs,
): Html {
  const { language } = writer
  const late = institutions
    .filter(isLate)
    .map((row) => ({ who: institutionLink(writer, row), at: row.lastReportAt }))
  const title = say(language, placeTexts.notReporting)
  const none = say(language, placeTexts.allReporting)
  return card(writer, { id: 'late', title, none, late, now })
}

function isLate({ target, reporting }: InstitutionRow): boolean {
  return target && !reporting
}

/**
 * Agents that are silent, longest silence first. Beside `lateInstitutions` the agents of those are
 * left out: they are late already.
 */
export function silentAgents(
  writer: Writer,
  institutions: readonly InstitutionRow[],
  now: EpochMs,
  beside: 'late institutions' | 'nothing' = 'nothing',
): Html {
  const { language } = writer
  const places = institutions.flatMap((institution) =>
    institution.environments.flatMap((environment) =>
      environment.agents.map((agent) => ({ institution, environment, agent })),
    ),
  )
  const late = places
    .filter(({ agent }) => isSilent(agent))
    .filter(({ institution }) => beside === 'nothing' || !isLate(institution))
    .map(({ institution, environment, agent }) => ({
      who: html`${environmentLink(writer, institution, environment, institutions.length > 1)}
<small><bdi dir="ltr">${agent.name}</bdi></small>`,
      at: agent.lastReportAt,
    }))
  const texts = beside === 'nothing' ? placeTexts.silentAgents : placeTexts.otherSilentAgents
  const title = say(language, texts)
  const none = say(language, places.length === 0 ? placeTexts.noAgents : placeTexts.noSilentAgents)
  return card(writer, { id: 'silent', title, none, late, now })
}

/** A revoked agent is expected to be silent, and so is one that waits for approval. */
function isSilent({ silent, status }: AgentRow): boolean {
  return silent && status !== 'revoked' && status !== 'pending'
}

function environmentLink(
  { language }: Writer,
  institution: InstitutionRow,
  environment: EnvironmentRow,
  withInstitution: boolean,
): Html {
  const href = paths.environment(language, institution.id, environment.id)
  const owner = withInstitution && html`${name(language, institution.name)}: `
  return html`<a href="${href}">${owner}${name(language, environment.name)}</a>`
}

function institutionLink({ language }: Writer, row: InstitutionRow): Html {
  return html`<a href="${paths.institution(language, row.id)}">${name(language, row.name)}</a>`
}

function card(
  writer: Writer,
  {
    id,
    title,
    none,
    late,
    now,
  }: { id: string; title: Content; none: Content; late: readonly Late[]; now: EpochMs },
): Html {
  const { language } = writer
  const sorted = late.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
  const more = sorted.length - lateMax
  const list = html`<ul class="late">${sorted
    .slice(0, lateMax)
    .map(({ who, at }) => html`<li><span>${who}</span> ${heard(writer, at, now)}</li>`)}</ul>`
  const count = html` <span class="count">${number(language, sorted.length)}</span>`
  const notShown = say(language, placeTexts.more, { more: number(language, more) })
  return html`<section class="card" aria-labelledby="${id}">
<h2 id="${id}">${title}${sorted.length > 0 && count}</h2>
${sorted.length === 0 ? html`<p class="calm">${none}</p>` : list}
${more > 0 && html`<p class="note">${notShown}</p>`}</section>`
}

/** When somebody was last heard, and how long ago that was when the figures were made. */
export function heard(writer: Writer, at: EpochMs | null, now: EpochMs): Html {
  const { language } = writer
  if (at === null) return html`<span class="heard">${say(language, placeTexts.neverHeard)}</span>`
  const howLong = html`<small>${ago(language, now - at)}</small>`
  return html`<span class="heard">${time(writer, at)} ${howLong}</span>`
}
