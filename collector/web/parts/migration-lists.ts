import type {
  Discovered,
  MigrationFinding,
  MigrationFindingKind,
  WorkloadRow,
} from '../../kpi/migration/result.ts'
import type { InstitutionRow } from '../../kpi/snapshot.ts'
import { ago, day, name, number, time, type Writer } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, locales, say } from '../language.ts'
import { paths } from '../paths.ts'
import { migrationTexts } from '../texts/migration.ts'
import {
  discoveredTexts,
  migrationFindingTexts,
  workloadStateTexts,
} from '../texts/migration-words.ts'
import { placeTexts } from '../texts/places.ts'
import { dataClassName, providerName } from './hosting-names.ts'
import { table } from './table.ts'

/** Late or blocked workloads in a list, findings and proposals in a table. */
const listedMax = 12
const rowsShownMax = 100

/** A workload and whose it is. */
export type OwnedRow = { readonly institution: InstitutionRow; readonly row: WorkloadRow }

/** A name that people or agents gave: it has its own direction. */
export function plain(text: string): Html {
  return html`<bdi dir="auto">${text}</bdi>`
}

/** What a list had to leave out. */
export function notShown(language: Language, more: number): Content {
  if (more <= 0) return null
  const words = say(language, placeTexts.more, { more: number(language, more) })
  return html`<p class="note">${words}</p>`
}

/** Names with commas between them. */
export function hostNames(language: Language, hosts: readonly string[]): Html {
  const comma = language === 'ar' ? '، ' : ', '
  return html`${hosts.map((host, i) => html`${i > 0 && comma}<bdi dir="ltr">${host}</bdi>`)}`
}

/** An environment by its name and as a link; by its id where the register does not have it now. */
export function environmentName(language: Language, row: InstitutionRow, id: string): Html {
  const environment = row.environments.find((each) => each.id === id)
  if (!environment) return html`<bdi dir="ltr">${id}</bdi>`
  const href = paths.environment(language, row.id, id)
  return html`<a href="${href}">${name(language, environment.name)}</a>`
}

/** The day by which it was promised first; null where nobody did. */
export function dueOf({ baselineFinish, workload }: WorkloadRow): string | null {
  const days = [baselineFinish, workload.plannedFinish].filter((each) => each !== null)
  return days.toSorted()[0] ?? null
}

/** Workloads past their day, the longest first, with who answers for each. */
export function lateCard(writer: Writer, rows: readonly OwnedRow[], isNation: boolean): Html {
  const { language } = writer
  const late = rows
    .filter(({ row }) => row.isLate)
    .toSorted((a, b) => (dueOf(a.row) ?? '').localeCompare(dueOf(b.row) ?? ''))
  return listCard(writer, {
    ...{ id: 'late', title: say(language, migrationTexts.late) },
    none: say(language, migrationTexts.noLate),
    items: late.map((each) => {
      const due = dueOf(each.row)
      const words = due !== null && say(language, migrationTexts.due, { day: day(writer, due) })
      return html`${who(language, each, isNation)} <span>${words}</span>`
    }),
  })
}

/** Workloads that cannot go on, the longest first: why, and who answers for each. */
export function blockedCard(writer: Writer, rows: readonly OwnedRow[], isNation: boolean): Html {
  const { language } = writer
  const blocked = rows
    .flatMap((each) => {
      const { blocked } = each.row.workload
      return blocked ? [{ each, blocked }] : []
    })
    .toSorted((a, b) => a.blocked.since.localeCompare(b.blocked.since))
  return listCard(writer, {
    ...{ id: 'blocked', title: say(language, migrationTexts.blocked) },
    none: say(language, migrationTexts.noBlocked),
    items: blocked.map(({ each, blocked: { since, reason } }) => {
      const words = { day: day(writer, since), reason: plain(reason) }
      return html`${who(language, each, isNation)}
<span>${say(language, migrationTexts.blockedSince, words)}</span>`
    }),
  })
}

function who(language: Language, { institution, row }: OwnedRow, isNation: boolean): Html {
  const { name: names, owner } = row.workload
  const words = owner
    ? say(language, migrationTexts.owner, { owner: plain(owner) })
    : say(language, migrationTexts.noOwner)
  const link =
    isNation &&
    html`<a href="${paths.migration(language, institution.id)}">${name(
      language,
      institution.name,
    )}</a>: `
  return html`<span>${link}${name(language, names)} <small>${words}</small></span>`
}

function listCard(
  { language }: Writer,
  {
    id,
    title,
    none,
    items,
  }: { id: string; title: Content; none: Content; items: readonly Content[] },
): Html {
  const counted = html` <span class="count">${number(language, items.length)}</span>`
  return html`<section class="card" aria-labelledby="${id}">
<h2 id="${id}">${title}${items.length > 0 && counted}</h2>
${
  items.length === 0
    ? html`<p class="calm">${none}</p>`
    : html`<ul class="late">${items.slice(0, listedMax).map((item) => html`<li>${item}</li>`)}</ul>`
}
${notShown(language, items.length - listedMax)}</section>`
}

/** How many there are of each kind, in words. */
export function findingCounts(
  language: Language,
  findings: Readonly<Partial<Record<MigrationFindingKind, number>>>,
): Html {
  // The order of the words is that in which findings are judged.
  const kinds = Object.keys(migrationFindingTexts) as MigrationFindingKind[]
  const shown = kinds.filter((kind) => (findings[kind] ?? 0) > 0)
  return html`<ul class="why-list">${shown.map(
    (kind) =>
      html`<li>${say(language, migrationFindingTexts[kind])}:
<b>${number(language, findings[kind] ?? 0)}</b></li>`,
  )}</ul>`
}

/** Where what is registered and what is measured do not agree, the oldest first. */
export function migrationFindingsCard(
  frame: Frame,
  row: InstitutionRow,
  findings: readonly MigrationFinding[],
  workloads: readonly WorkloadRow[],
  now: number,
): Html {
  const { language } = frame
  const title = html`<h2 id="findings">${say(language, migrationTexts.findings)}
<span class="count">${number(language, findings.length)}</span></h2>`
  if (findings.length === 0) {
    return html`<section class="card" aria-labelledby="findings">${title}
<p class="calm">${say(language, migrationTexts.noFindings)}</p></section>`
  }
  const sorted = findings.toSorted((a, b) => (a.since ?? now) - (b.since ?? now))
  const rows = sorted.slice(0, rowsShownMax).map((finding) => {
    const { environment, hosts, since, declared, measured } = finding
    const of = workloads.find(({ workload }) => workload.id === finding.workload)
    const owner =
      of?.workload.owner && say(language, migrationTexts.owner, { owner: plain(of.workload.owner) })
    const subject = of ? name(language, of.workload.name) : finding.workload
    return [
      html`${say(language, migrationFindingTexts[finding.kind])}
<small>${subject}${owner && html` · ${owner}`}</small>`,
      environment !== null && environmentName(language, row, environment),
      declared !== null && declaredAs(frame, finding.kind, declared),
      measured !== null && told(frame, measured),
      hosts.length > 0 && hostNames(language, hosts),
      since !== null &&
        html`${time(frame, since, 'dayOfYear')}
<small>${ago(language, Math.max(0, now - since))}</small>${atLeast(language, finding)}`,
    ]
  })
  const columns = [
    { head: say(language, migrationTexts.finding) },
    { head: say(language, placeTexts.environment) },
    { head: say(language, migrationTexts.declared) },
    { head: say(language, migrationTexts.measured) },
    { head: say(language, migrationTexts.hosts) },
    { head: say(language, migrationTexts.since) },
  ]
  return html`<section class="card" aria-labelledby="findings">${title}
${table({ labelledBy: 'findings', columns, rows, cards: true })}
${notShown(language, sorted.length - rowsShownMax)}</section>`
}

/** That something is known only to be so at least since then. */
export function atLeast(
  language: Language,
  { mayBeEarlier }: { readonly mayBeEarlier: boolean },
): Content {
  return mayBeEarlier && html`<small>${say(language, migrationTexts.atLeastSince)}</small>`
}

/** What people say, in the words of what a finding of this kind is about. */
function declaredAs(frame: Frame, kind: MigrationFindingKind, declared: string): Content {
  switch (kind) {
    case 'moved_by_word_only':
    case 'provider_differs':
    case 'provider_not_approved':
      return providerName(frame, declared)
    case 'location_not_allowed':
      return dataClassName(frame, declared)
    default:
      return told(frame, declared)
  }
}

/** What was registered or measured: days, states and countries in words, all else as told. */
export function told(writer: Writer, value: string): Html {
  const { language } = writer
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return day(writer, value)
  if (/^\d{1,3}\.\d\d$/.test(value)) return html`<bdi dir="ltr">${value}%</bdi>`
  if (value === 'none') return say(language, migrationTexts.noCloud)
  if (Object.hasOwn(workloadStateTexts, value)) {
    const text = workloadStateTexts[value as keyof typeof workloadStateTexts] // it is a state
    return say(language, text)
  }
  const isCountry = /^[A-Z]{2}$/.test(value)
  return plain(isCountry ? (countryName(language, value) ?? value) : value)
}

function countryName(language: Language, code: string): string | undefined {
  return new Intl.DisplayNames(locales[language], { type: 'region' }).of(code)
}

/** To the form that registers or changes a workload, or begins with what was discovered. */
export function registerLink(
  language: Language,
  { id }: InstitutionRow,
  of: { readonly environment: string } | { readonly workload: string },
): Html {
  const query = new URLSearchParams(of).toString()
  const href = `${paths.migrationActs(language, id, 'workloads')}?${query}#workload`
  const text = 'workload' in of ? migrationTexts.change : migrationTexts.register
  return html`<a href="${href}">${say(language, text)}</a>`
}

/** Environments that are measured and that no workload names, with what they look like. */
export function discoveredCard(
  frame: Frame,
  row: InstitutionRow,
  discovered: readonly Discovered[],
  mayRegister: boolean,
): Content {
  if (discovered.length === 0) return null
  const { language } = frame
  const rows = discovered.slice(0, rowsShownMax).map((each) => {
    const { cloud, region, virtualisation } = each
    const platform = [cloud, region, virtualisation].filter((part) => part && part !== 'none')
    return [
      environmentName(language, row, each.environment),
      html`${say(language, discoveredTexts[each.as])}
<small>${mayRegister && registerLink(language, row, { environment: each.environment })}</small>`,
      platform.length > 0 && html`<bdi dir="ltr">${platform.join(' / ')}</bdi>`,
      each.provider !== null && providerName(frame, each.provider),
      hostNames(language, each.hosts),
    ]
  })
  const columns = [
    { head: say(language, placeTexts.environment) },
    { head: say(language, migrationTexts.proposal) },
    { head: say(language, migrationTexts.platform) },
    { head: say(language, migrationTexts.looksLike) },
    { head: say(language, migrationTexts.hosts) },
  ]
  const href = paths.migrationActs(language, row.id, 'import')
  return html`<section class="card" aria-labelledby="discovered">
<h2 id="discovered">${say(language, migrationTexts.discovered)}
<span class="count">${number(language, discovered.length)}</span></h2>
<p class="note">${say(language, migrationTexts.discoveredHow)}
${mayRegister && html`<a href="${href}">${say(language, migrationTexts.toImport)}</a>`}</p>
${table({ labelledBy: 'discovered', columns, rows, cards: true })}
${notShown(language, discovered.length - rowsShownMax)}</section>`
}
