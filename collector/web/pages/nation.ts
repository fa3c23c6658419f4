import { limits } from '../../../protocol/limits.ts'
import { type InstitutionRow, outcomes, type Snapshot } from '../../kpi/snapshot.ts'
import type { ListedDispute } from '../../people/disputes.ts'
import type { ListedWindow } from '../../people/maintenance.ts'
import { cycleName, duration, name, number, percent } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, directions, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { reportingChip, resultChip, resultOf } from '../parts/chip.ts'
import { figureCard, undeterminedWhy } from '../parts/figure.ts'
import { guide } from '../parts/guide.ts'
import { heard, lateInstitutions, silentAgents } from '../parts/late.ts'
import { providersTable } from '../parts/providers.ts'
import { rangeBar, scaleNote } from '../parts/range-bar.ts'
import { nationReadinessBlock } from '../parts/readiness-block.ts'
import { table } from '../parts/table.ts'
import { waitingDeclarations, waitingDisputes, waitingMaintenance } from '../parts/waiting.ts'
import { readingsTable, windowsTable } from '../parts/windows.ts'
import { paths } from '../paths.ts'
import { cyclePageTexts } from '../texts/cycles.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { figureTexts, institutionCount } from '../texts/figures.ts'
import { figureGuide } from '../texts/guide.ts'
import { placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

/**
 * The whole nation: who reports first, then the figure, then everybody by proven low. `waiting` is
 * the maintenance that whoever is signed in may decide about, `disputes` the same of disputes, and
 * `declarations` how many they may review.
 */
export function nationPage(
  frame: Frame,
  snapshot: Snapshot,
  waiting: readonly ListedWindow[] = [],
  disputes: readonly ListedDispute[] = [],
  declarations = 0,
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
<div class="lists">${waitingMaintenance(frame, snapshot, waiting)}
${waitingDisputes(frame, snapshot, disputes)}${waitingDeclarations(frame, declarations)}
${lateInstitutions(frame, visible, computedAt)}
${silentAgents(frame, visible, computedAt, 'late institutions')}
${nationReadinessBlock(frame, snapshot)}</div></div>
${institutions(frame, snapshot, visible, 'institution')}
${institutions(frame, snapshot, visible, 'governorate')}
${windowsTable(frame, snapshot, continuity, {
  stage: nation.stage,
  weighted: true,
  previous: snapshot.previous?.nation,
})}
<p><a href="${paths.cycles(language)}">${say(language, cyclePageTexts.title)}</a>
· <a href="${paths.declarations(language)}">${say(language, declarationTexts.queue)}</a></p>
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

function reportingCard({ language }: Frame, snapshot: Snapshot): Html {
  const { reporting, targets, continuity } = snapshot.nation
  const values = { reporting: number(language, reporting), targets: number(language, targets) }
  const share = targets === 0 ? 0 : (100 * reporting) / targets
  const start = directions[language] === 'rtl' ? 100 - share : 0
  const time = duration(language, limits.silentMs)
  const evidence = {
    some: number(language, continuity.cycle.withEvidence),
    targets: number(language, continuity.cycle.targets),
  }
  return html`<section class="card reporting" aria-labelledby="reporting">
<h2 id="reporting">${say(language, placeTexts.reporting)}</h2>
<p class="low"><strong>${say(language, placeTexts.reportingOf, values)}</strong></p>
<svg class="meter" aria-hidden="true"><rect class="track" width="100%" height="100%"/>
<rect class="proven" x="${start.toFixed(2)}%" width="${share.toFixed(2)}%" height="100%"/></svg>
<p class="note">${say(language, placeTexts.reportingHow, { time })}</p>
<p class="note">${say(language, placeTexts.withEvidence, evidence)}</p>
<h3>${say(language, placeTexts.byVerdict)}</h3>
${verdicts(language, snapshot)}</section>`
}

/** Target institutions by outcome: the counts of the chips below. */
function verdicts(language: Frame['language'], { nation }: Snapshot): Html {
  const counts = outcomes
    .map((result) => ({ result, n: nation.continuity.cycle.verdicts[result] }))
    .filter(({ result, n }) => n > 0 || result === 'met' || result === 'not_met')
  return html`<ul class="verdicts">${counts.map(
    ({ result, n }) => html`<li>${resultChip(language, result)} <b>${number(language, n)}</b></li>`,
  )}</ul>`
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
