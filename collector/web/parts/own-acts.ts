import type { EpochMs } from '../../../protocol/time.ts'
import type { InstitutionRow } from '../../kpi/snapshot.ts'
import type { ListedDeclaration } from '../../people/declarations.ts'
import type { ListedDispute } from '../../people/disputes.ts'
import type { ListedWindow } from '../../people/maintenance.ts'
import { time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, type Text } from '../language.ts'
import { paths } from '../paths.ts'
import { declarationStateTexts, declarationTexts } from '../texts/declarations.ts'
import { disputeStateTexts } from '../texts/disputes.ts'
import { institutionHomeTexts } from '../texts/institution-home.ts'
import { maintenanceStateTexts, maintenanceTexts } from '../texts/maintenance.ts'
import { environmentName, notShown } from './hosts.ts'

/** What an institution asked for and what is due; each list is in its order of showing. */
export type OwnActs = {
  readonly maintenance: readonly ListedWindow[]
  readonly disputes: readonly ListedDispute[]
  readonly expiring: readonly ListedDeclaration[]
}

/** As long as the other lists of the page. */
const shownMax = 6

/** Maintenance, disputes and declarations of an institution in short, each leading to its place. */
export function ownActsSection(writer: Writer, row: InstitutionRow, acts: OwnActs): Html {
  const { language } = writer
  const place = ({ id, environment }: { id: string; environment: string }) => {
    const href = `${paths.environment(language, row.id, environment)}#${id}`
    return html`<a href="${href}">${environmentName(language, row, environment)}</a>`
  }
  const declared = paths.declared(language, row.id)
  return html`<section class="card" aria-labelledby="asked">
<h2 id="asked">${say(language, institutionHomeTexts.asked)}</h2>
${list(
  language,
  'maintenance',
  'noMaintenance',
  acts.maintenance.map((each) =>
    item(place(each), between(writer, each), say(language, maintenanceStateTexts[each.state])),
  ),
)}
${list(
  language,
  'disputes',
  'noDisputes',
  acts.disputes.map((each) =>
    item(place(each), between(writer, each), say(language, disputeStateTexts[each.state])),
  ),
)}
${list(
  language,
  'expiring',
  'noExpiring',
  acts.expiring.map((each) =>
    item(
      html`<a href="${declared}#${each.id}"><bdi dir="auto">${each.detail}</bdi></a>`,
      say(language, institutionHomeTexts.until, { time: until(writer, each.expiresAt) }),
      say(language, declarationStateTexts[each.state]),
    ),
  ),
)}
<p><a href="${declared}">${say(language, declarationTexts.title)}</a></p></section>`
}

type ListName = 'maintenance' | 'disputes' | 'expiring'

function list(
  language: Language,
  title: ListName,
  none: 'noMaintenance' | 'noDisputes' | 'noExpiring',
  items: readonly Html[],
): Html {
  const text: Text = institutionHomeTexts[title]
  return html`<h3>${say(language, text)}</h3>
${
  items.length === 0
    ? html`<p class="calm">${say(language, institutionHomeTexts[none])}</p>`
    : html`<ul class="late">${items.slice(0, shownMax)}</ul>`
}${notShown(language, items.length - shownMax)}`
}

function item(what: Html, when: Content, state: Html): Html {
  return html`<li><span>${what} <small>${when}</small></span> <b>${state}</b></li>`
}

function between(writer: Writer, { from, to }: { from: EpochMs; to: EpochMs }): Html {
  const span = { from: time(writer, from), to: time(writer, to) }
  return say(writer.language, maintenanceTexts.span, span)
}

function until(writer: Writer, at: EpochMs): Html {
  return time(writer, at, 'dayOfYear')
}
