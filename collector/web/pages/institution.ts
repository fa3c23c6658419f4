import type { EnvironmentRow, InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { name, percent, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { layout } from '../layout.ts'
import { reportingChip, resultChip, resultOf, stateChip } from '../parts/chip.ts'
import { continuityTitle, figureCard, undeterminedWhy } from '../parts/figure.ts'
import { guide } from '../parts/guide.ts'
import { heard, silentAgents } from '../parts/late.ts'
import { migrationBlock } from '../parts/migration-block.ts'
import { rangeBar, scaleNote } from '../parts/range-bar.ts'
import { institutionReadinessBlock } from '../parts/readiness-block.ts'
import { table } from '../parts/table.ts'
import { facts, titled } from '../parts/titled.ts'
import { windowsTable } from '../parts/windows.ts'
import { paths } from '../paths.ts'
import { checkTexts } from '../texts/checks.ts'
import { cyclePageTexts } from '../texts/cycles.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { figureTexts } from '../texts/figures.ts'
import { figureGuide } from '../texts/guide.ts'
import { classTexts, criticalityTexts, kindTexts, placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

/** One institution: its figure, its environments, and its agents that are silent. */
export function institutionPage(frame: Frame, snapshot: Snapshot, row: InstitutionRow): string {
  const { language } = frame
  const { continuity, stage } = row
  const card = figureCard(frame, {
    title: continuityTitle(language, snapshot.cycle),
    figure: continuity.cycle,
    stage,
    target: snapshot.target,
    why: undeterminedWhy(frame, continuity.cycle),
  })
  const main = html`${titled(language, row.name, reportingChip(language, row.reporting))}
<div class="hero two">${card}
<div class="lists">${about(frame, snapshot, row)}
${institutionReadinessBlock(frame, snapshot, row)}
${migrationBlock(frame, snapshot, row)}
${silentAgents(frame, [row], snapshot.computedAt)}</div></div>
${environments(frame, snapshot, row)}
${windowsTable(frame, snapshot, continuity, {
  stage,
  weighted: true,
  previous: snapshot.previous?.institutions[row.id],
})}
${guide(language, figureGuide)}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: row.name[language], trail, snapshot, main })
}

function about(frame: Frame, snapshot: Snapshot, row: InstitutionRow): Html {
  const { language } = frame
  return html`<section class="card" aria-labelledby="about">
<h2 id="about">${say(language, placeTexts.about)}</h2>
${facts([
  [say(language, placeTexts.type), say(language, kindTexts[row.kind])],
  [say(language, placeTexts.sector), row.sector && html`<bdi>${row.sector}</bdi>`],
  [say(language, placeTexts.lastHeard), heard(frame, row.lastReportAt, snapshot.computedAt)],
  [say(language, cyclePageTexts.joined), joined(frame, row)],
  [say(language, placeTexts.worstCritical), environmentLink(frame, row, row.worstCritical)],
  [say(language, placeTexts.worst), environmentLink(frame, row, row.worst)],
])}
<p><a href="${paths.declared(language, row.id)}">${say(language, declarationTexts.title)}</a> ·
<a href="${paths.agents(language, row.id)}">${say(language, placeTexts.agents)}</a></p>
${!row.target && html`<p class="note">${say(language, placeTexts.notTarget)}</p>`}</section>`
}

/** What a newcomer is measured over, and the other reading. */
function joined(frame: Frame, { joiner }: InstitutionRow): Content {
  if (!joiner) return null
  const { joinedAt, whole } = joiner
  return say(frame.language, cyclePageTexts.joinedHow, {
    time: time(frame, joinedAt, 'dayOfYear'),
    low: percent(whole.low),
    high: percent(whole.high),
  })
}

function environmentLink({ language }: Frame, row: InstitutionRow, id: string | null): Content {
  const environment = row.environments.find((each) => each.id === id)
  if (!environment) return null
  const { low } = environment.continuity.cycle
  const href = paths.environment(language, row.id, environment.id)
  return html`<a href="${href}">${name(language, environment.name)}</a>
<small>${percent(low)}</small>`
}

function environments(frame: Frame, snapshot: Snapshot, row: InstitutionRow): Html {
  const { language } = frame
  const columns = [
    { head: say(language, placeTexts.environment) },
    { head: say(language, checkTexts.state) },
    { head: say(language, figureTexts.verdict) },
    { head: say(language, figureTexts.bounds), look: 'wide' as const },
    { head: say(language, figureTexts.low), look: 'number' as const },
    { head: say(language, figureTexts.observed), look: 'number' as const },
    { head: say(language, figureTexts.high), look: 'number' as const },
    { head: say(language, figureTexts.coverage), look: 'number' as const },
  ]
  const rows = row.environments.map((each) => environmentCells(frame, snapshot, row, each))
  return html`<section class="card" aria-labelledby="environments">
<h2 id="environments">${say(language, placeTexts.environments)}</h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, placeTexts.noEnvironments)}</p>`
    : html`<p class="note">${scaleNote(language, snapshot.target)}</p>
${table({ labelledBy: 'environments', columns, rows, cards: true })}`
}</section>`
}

function environmentCells(
  frame: Frame,
  snapshot: Snapshot,
  row: InstitutionRow,
  environment: EnvironmentRow,
): Content[] {
  const { language } = frame
  const figure = environment.continuity.cycle
  const { state, since, stage, assessed } = environment
  const href = paths.environment(language, row.id, environment.id)
  const criticality = say(language, criticalityTexts[environment.criticality])
  const notAssessed = !assessed && say(language, figureTexts.notAssessed)
  return [
    html`<a href="${href}">${name(language, environment.name)}</a>
<small>${say(language, classTexts[environment.class])} · ${criticality}</small>`,
    html`${stateChip(language, state)} <small>${since !== null && time(frame, since)}</small>`,
    html`${resultChip(language, resultOf(stage, figure))} <small>${notAssessed}</small>`,
    figure.low && rangeBar(language, figure, snapshot.target),
    html`<strong>${percent(figure.low)}</strong>`,
    percent(figure.observed),
    percent(figure.high),
    percent(figure.coverage),
  ]
}
