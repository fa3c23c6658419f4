import type { ReadinessDetail } from '../../kpi/readiness/result.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import type { FigureChangeRow } from '../../store/cycles.ts'
import { number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { topSteps } from '../parts/advice.ts'
import { reportingChip } from '../parts/chip.ts'
import { continuityTitle, figureCard, undeterminedWhy } from '../parts/figure.ts'
import { type HostsView, hostsBlock, notShown } from '../parts/hosts.ts'
import { type InstallView, installSection } from '../parts/install.ts'
import { migrationBlock } from '../parts/migration-block.ts'
import { type OwnActs, ownActsSection } from '../parts/own-acts.ts'
import { institutionReadinessBlock } from '../parts/readiness-block.ts'
import { type KeptView, receiptsSection } from '../parts/receipts.ts'
import { titled } from '../parts/titled.ts'
import { paths } from '../paths.ts'
import { cyclePageTexts } from '../texts/cycles.ts'
import { homeTexts } from '../texts/home.ts'
import { institutionHomeTexts } from '../texts/institution-home.ts'
import { shellTexts } from '../texts/shell.ts'

/** What an institution finds at home beside its figures. */
export type InstitutionHome = {
  readonly readiness: ReadinessDetail | null
  /** Its published figures that changed in the running cycle, the newest first. */
  readonly changes: readonly FigureChangeRow[]
  readonly hosts: HostsView
  readonly install: InstallView
  readonly acts: OwnActs
  readonly kept: KeptView
}

const changesShownMax = 5

/** Where the people of an institution begin: its figures, what to do next, hosts, copies. */
export function institutionHomePage(
  frame: Frame,
  snapshot: Snapshot,
  row: InstitutionRow,
  home: InstitutionHome,
): string {
  const { language } = frame
  const { continuity, stage } = row
  const figures = paths.institution(language, row.id)
  const card = figureCard(frame, {
    title: continuityTitle(language, snapshot.cycle),
    ...{ figure: continuity.cycle, stage, target: snapshot.target },
    why: undeterminedWhy(frame, continuity.cycle),
    more: html`<p><a href="${figures}">${say(language, institutionHomeTexts.figures)}</a></p>`,
  })
  const main = html`${titled(language, row.name, reportingChip(language, row.reporting))}
<div class="hero two"><div class="lists">${card}${changed(frame, home.changes)}
${institutionReadinessBlock(frame, snapshot, row)}${migrationBlock(frame, snapshot, row)}</div>
<div class="lists">${work(frame, snapshot, row, home.readiness)}
${hostsBlock(frame, home.hosts)}${ownActsSection(frame, row, home.acts)}</div></div>
${installSection(frame, home.install)}
${receiptsSection(frame, home.kept)}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: sayPlainly(language, homeTexts.title), trail, snapshot, main })
}

/** Old beside new, and the newest leaf that can have made it so. */
function changed(frame: Frame, changes: readonly FigureChangeRow[]): Html {
  const { language } = frame
  const items = changes.slice(0, changesShownMax).map(({ old, new: now, at, cause }) => {
    const values = { log: cause?.log ?? '', index: number(language, cause?.index ?? 0) }
    const why = cause
      ? say(language, cyclePageTexts.cause, values)
      : say(language, cyclePageTexts.timePassed)
    return html`<li><span><bdi dir="ltr">${figureOf(old)} → ${figureOf(now)}</bdi>
<small>${why}</small></span> ${time(frame, at)}</li>`
  })
  return html`<section class="card" aria-labelledby="changed">
<h2 id="changed">${say(language, institutionHomeTexts.changed)}</h2>
${
  items.length === 0
    ? html`<p class="calm">${say(language, institutionHomeTexts.unchanged)}</p>`
    : html`<ul class="late">${items}</ul>`
}
${notShown(language, changes.length - changesShownMax)}</section>`
}

function figureOf(value: string | null): string {
  return value === null ? '–' : `${value}%`
}

function work(
  { language }: Frame,
  { readiness }: Snapshot,
  row: InstitutionRow,
  detail: ReadinessDetail | null,
): Content {
  if (!readiness) return null
  const href = paths.institutionReadiness(language, row.id)
  const count = number(language, detail?.findings.length ?? 0)
  return html`<section class="card" aria-labelledby="work">
<h2 id="work">${say(language, institutionHomeTexts.work)}</h2>
${
  detail
    ? topSteps({ language, row, model: readiness.model, advice: detail.advice }, href)
    : html`<p class="calm">${say(language, institutionHomeTexts.noDetail)}</p>`
}
<p><a href="${href}#findings">${say(language, institutionHomeTexts.findings, { n: count })}</a> ·
<a href="${href}#work">${say(language, institutionHomeTexts.allWork)}</a></p></section>`
}
