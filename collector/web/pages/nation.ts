import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import type { Waiting } from '../../people/inbox.ts'
import { cycleName, name, number, percent } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { type Content, html } from '../html.ts'
import { count, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { reportingChip, resultChip, resultOf } from '../parts/chip.ts'
import { figureCard, undeterminedWhy } from '../parts/figure.ts'
import { guide } from '../parts/guide.ts'
import { inboxCard } from '../parts/inbox.ts'
import { heard, lateInstitutions, silentAgents } from '../parts/late.ts'
import { migrationBlock } from '../parts/migration-block.ts'
import { providersTable } from '../parts/providers.ts'
import { rangeBar, scaleNote } from '../parts/range-bar.ts'
import { nationReadinessBlock } from '../parts/readiness-block.ts'
import { reportingCard } from '../parts/reporting.ts'
import { table } from '../parts/table.ts'
import { readingsTable, windowsTable } from '../parts/windows.ts'
import { paths } from '../paths.ts'
import { cyclePageTexts } from '../texts/cycles.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { figureTexts, institutionCount } from '../texts/figures.ts'
import { figureGuide } from '../texts/guide.ts'
import { migrationTexts } from '../texts/migration.ts'
import { placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

/** The whole nation: who reports first, then the figure, then everybody by proven low. */
export function nationPage(
  frame: Frame,
  snapshot: Snapshot,
  waiting: readonly Waiting[] = [],
): string {
  const { language } = frame
  const { nation, computedAt } = snapshot
  const visible = visibleTo(frame.account, snapshot)
  const continuity = {
    cycle: nation.continuity.cycle[nation.headline],
    '30d': nation.continuity['30d'][nation.headline],
    '7d': nation.continuity['7d'][nation.headline],
    '24h': nation.continuity['24h'][nation.headline],
  }
  const card = figureCard(frame, {
    title: cycleName(language, snapshot.cycle),
    figure: continuity.cycle,
    stage: nation.stage,
    target: snapshot.target,
    why: undeterminedWhy(frame, continuity.cycle),
    more: withoutEvidence(frame, snapshot),
  })
  const main = html`<h1>${say(language, figureTexts.continuity)}</h1>
<div class="hero">${reportingCard(frame, snapshot)}${card}
<div class="lists">${inboxCard(frame, snapshot, waiting)}
${lateInstitutions(frame, visible, computedAt)}
${silentAgents(frame, visible, computedAt, 'late institutions')}
${nationReadinessBlock(frame, snapshot)}${migrationBlock(frame, snapshot, null)}</div></div>
${institutions(frame, snapshot, visible, 'institution')}
${institutions(frame, snapshot, visible, 'governorate')}
${windowsTable(frame, snapshot, continuity, {
  stage: nation.stage,
  weighted: true,
  previous: snapshot.previous?.nation,
})}
<p><a href="${paths.cycles(language)}">${say(language, cyclePageTexts.title)}</a>
· <a href="${paths.declarations(language)}">${say(language, declarationTexts.queue)}</a>
· <a href="${paths.migration(language, null)}">${say(language, migrationTexts.title)}</a></p>
${readingsTable(frame, nation)}
${providersTable(frame, snapshot)}
${guide(language, figureGuide)}`
  return layout(frame, {
    title: sayPlainly(language, shellTexts.nation),
    trail: [],
    snapshot,
    main,
  })
}

function withoutEvidence({ language }: Frame, { nation }: Snapshot): Content {
  const { withEvidence, targets } = nation.continuity.cycle
  if (withEvidence === targets) return null
  const missing = count(language, institutionCount, targets - withEvidence)
  const why = say(language, figureTexts.withoutEvidence, { institutions: missing })
  return html`<p class="why">${why}</p>`
}

function institutions(
  frame: Frame,
  snapshot: Snapshot,
  visible: readonly InstitutionRow[],
  kind: InstitutionRow['kind'],
): Content {
  const { language } = frame
  const rows = visible.filter((row) => row.kind === kind).toSorted(byLow)
  if (rows.length === 0 && kind === 'governorate') return null
  const title = kind === 'institution' ? placeTexts.institutions : placeTexts.governorates
  const columns = [
    { head: say(language, placeTexts.name) },
    { head: say(language, figureTexts.verdict) },
    { head: say(language, figureTexts.bounds), look: 'wide' as const },
    { head: say(language, figureTexts.low), look: 'number' as const },
    { head: say(language, figureTexts.observed), look: 'number' as const },
    { head: say(language, figureTexts.high), look: 'number' as const },
    { head: say(language, figureTexts.coverage), look: 'number' as const },
    { head: say(language, placeTexts.lastHeard) },
  ]
  const cells = rows.map((row) => institutionCells(frame, snapshot, row))
  return html`<section class="card" aria-labelledby="${kind}s">
<h2 id="${kind}s">${say(language, title)}
<span class="count">${number(language, rows.length)}</span></h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, placeTexts.noInstitutions)}</p>`
    : html`<p class="note">${say(language, placeTexts.lowestFirst)}
${scaleNote(language, snapshot.target)}</p>
${table({ labelledBy: `${kind}s`, columns, rows: cells, cards: true })}`
}</section>`
}

function institutionCells(frame: Frame, snapshot: Snapshot, row: InstitutionRow): Content[] {
  const { language } = frame
  const figure = row.continuity.cycle
  const sector = row.sector && html`<bdi>${row.sector}</bdi>`
  const silent = !row.reporting && reportingChip(language, false)
  return [
    html`<a href="${paths.institution(language, row.id)}">${name(language, row.name)}</a>
<small>${row.target ? sector : say(language, placeTexts.notTarget)}</small>`,
    resultChip(language, resultOf(row.stage, figure)),
    figure.low && rangeBar(language, figure, snapshot.target),
    html`<strong>${percent(figure.low)}</strong>`,
    percent(figure.observed),
    percent(figure.high),
    percent(figure.coverage),
    html`${silent} ${heard(frame, row.lastReportAt, snapshot.computedAt)}`,
  ]
}

/** Lowest proven share first; without a value last. */
function byLow(a: InstitutionRow, b: InstitutionRow): number {
  return (a.continuity.cycle.low?.ratio ?? 2) - (b.continuity.cycle.low?.ratio ?? 2)
}
