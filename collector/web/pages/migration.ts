import type {
  CurvePoint,
  MigrationFigures,
  SnapshotMigration,
  Wave,
} from '../../kpi/migration/result.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { may } from '../../people/permissions.ts'
import { name, number, percent, time } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { guide } from '../parts/guide.ts'
import { beginCard, findingsOf, migrationOf } from '../parts/migration-block.ts'
import { curveCard } from '../parts/migration-curve.ts'
import {
  blockedCard,
  findingCounts,
  lateCard,
  notShown,
  type OwnedRow,
} from '../parts/migration-lists.ts'
import {
  complianceCard,
  forecastWords,
  planCard,
  planChip,
  progressCard,
  statesCard,
} from '../parts/migration-progress.ts'
import { table } from '../parts/table.ts'
import { wavesCard } from '../parts/workloads.ts'
import { paths } from '../paths.ts'
import { migrationGuide, migrationTexts } from '../texts/migration.ts'
import { placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

/** Findings by institution on the page, those with the most first. */
const findingRowsMax = 60

/** What the page needs beside the snapshot. */
export type NationMigrationView = {
  readonly curve: readonly CurvePoint[]
  readonly waves: readonly Wave[]
  /** Workloads that are late or blocked, of the institutions the account may see. */
  readonly rows: readonly OwnedRow[]
}

/** The migration of the nation: what is done against what was promised, and who must act. */
export function migrationPage(frame: Frame, snapshot: Snapshot, view: NationMigrationView): string {
  const { language } = frame
  const { migration } = snapshot
  const isEmpty = !migration || Object.keys(migration.institutions).length === 0
  const main = html`<h1>${say(language, migrationTexts.title)}</h1>
${
  isEmpty
    ? beginCard(language, say(language, migrationTexts.none), institutionLinks(frame, snapshot))
    : figures(frame, snapshot, migration, view)
}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  const title = sayPlainly(language, migrationTexts.title)
  return layout(frame, { title, trail, snapshot, main })
}

/** Whoever has nothing registered begins on their own page. */
function institutionLinks(frame: Frame, snapshot: Snapshot): Content {
  const { language, account } = frame
  if (account === null || may(account, 'read.all')) return null
  return visibleTo(account, snapshot).map(
    (row) =>
      html`<p><a href="${paths.migration(language, row.id)}">${name(language, row.name)}</a></p>`,
  )
}

function figures(
  frame: Frame,
  snapshot: Snapshot,
  { nation, at }: SnapshotMigration,
  { curve, waves, rows }: NationMigrationView,
): Html {
  const { language } = frame
  const coverage = say(language, migrationTexts.coverage, {
    without: number(language, nation.withoutWorkloads),
    all: number(language, nation.institutions),
    unplanned: number(language, nation.withoutBaseline),
  })
  const evidence = say(language, migrationTexts.dayOf, { day: time(frame, at, 'dayOfYear') })
  const more = html`<p class="note">${coverage}</p><p class="note">${evidence}</p>`
  return html`<div class="hero two">${progressCard(frame, nation, more)}
<div class="lists">${planCard(frame, nation, null)}${complianceCard(frame, nation.compliance)}
</div></div>
${curveCard(frame, curve, at)}
${statesCard(frame, nation)}
<div class="lists">${lateCard(frame, rows, true)}${blockedCard(frame, rows, true)}</div>
${findings(frame, snapshot)}
${wavesCard(frame, waves)}
${institutions(frame, snapshot)}
${guide(language, migrationGuide)}`
}

type Own = { readonly row: InstitutionRow; readonly own: MigrationFigures | null }

function ownOf(frame: Frame, snapshot: Snapshot): Own[] {
  return visibleTo(frame.account, snapshot).map((row) => ({
    ...{ row, own: migrationOf(snapshot, row.id) },
  }))
}

function link({ language }: Frame, row: InstitutionRow): Html {
  return html`<a href="${paths.migration(language, row.id)}">${name(language, row.name)}</a>`
}

function findings(frame: Frame, snapshot: Snapshot): Html {
  const { language } = frame
  const found = ownOf(frame, snapshot)
    .flatMap(({ row, own }) => (own && findingsOf(own) > 0 ? [{ row, own }] : []))
    .toSorted((a, b) => findingsOf(b.own) - findingsOf(a.own))
  const all = found.reduce((sum, { own }) => sum + findingsOf(own), 0)
  const columns = [
    { head: say(language, placeTexts.name) },
    { head: say(language, migrationTexts.findingCount), look: 'number' as const },
    { head: say(language, migrationTexts.finding) },
  ]
  const rows = found
    .slice(0, findingRowsMax)
    .map(({ row, own }) => [
      link(frame, row),
      number(language, findingsOf(own)),
      findingCounts(language, own.findings),
    ])
  return html`<section class="card" aria-labelledby="findings">
<h2 id="findings">${say(language, migrationTexts.findings)}
<span class="count">${number(language, all)}</span></h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, migrationTexts.noFindings)}</p>`
    : table({ labelledBy: 'findings', columns, rows, cards: true })
}
${notShown(language, found.length - findingRowsMax)}</section>`
}

function institutions(frame: Frame, snapshot: Snapshot): Html {
  const { language } = frame
  // Those that registered nothing have done least of all, and yet come last: they are all alike.
  const rows = ownOf(frame, snapshot).toSorted(
    (a, b) => (a.own?.done?.ratio ?? 2) - (b.own?.done?.ratio ?? 2),
  )
  const columns = [
    { head: say(language, placeTexts.name) },
    { head: say(language, migrationTexts.planShort) },
    { head: say(language, migrationTexts.done), look: 'number' as const },
    { head: say(language, migrationTexts.planned), look: 'number' as const },
    { head: say(language, migrationTexts.earned), look: 'number' as const },
    { head: say(language, migrationTexts.complianceShort), look: 'number' as const },
    { head: say(language, migrationTexts.late), look: 'number' as const },
    { head: say(language, migrationTexts.blocked), look: 'number' as const },
    { head: say(language, migrationTexts.findingCount), look: 'number' as const },
  ]
  return html`<section class="card" aria-labelledby="institutions">
<h2 id="institutions">${say(language, migrationTexts.everybody)}
<span class="count">${number(language, rows.length)}</span></h2>
<p class="note">${say(language, migrationTexts.byDone)}</p>
${table({
  labelledBy: 'institutions',
  columns,
  rows: rows.map((row) => cells(frame, row)),
  cards: true,
})}
</section>`
}

function cells(frame: Frame, { row, own }: Own): Content[] {
  const { language } = frame
  if (!own) {
    return [link(frame, row), html`<small>${say(language, migrationTexts.notRegistered)}</small>`]
  }
  const { done, earned, schedule, compliance, late, blocked } = own
  // The chip says the rest.
  const isOpen = /^(forecast|no_progress)$/.test(schedule?.forecast.status ?? '')
  const some = (n: number) => n > 0 && number(language, n)
  return [
    link(frame, row),
    schedule
      ? html`${planChip(language, own)}
<small>${isOpen && forecastWords(frame, schedule)}</small>`
      : html`<small>${say(language, migrationTexts.noRoadmap)}</small>`,
    html`<strong>${percent(done)}</strong>`,
    percent(schedule?.planned ?? null),
    percent(earned),
    percent(compliance.low),
    some(late),
    some(blocked),
    some(findingsOf(own)),
  ]
}
