import { checkKindNames } from '../../../protocol/check.ts'
import type {
  EnvironmentDetail,
  EnvironmentRow,
  Figure,
  InstitutionRow,
  Snapshot,
} from '../../kpi/snapshot.ts'
import { duration, name, percent, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { layout } from '../layout.ts'
import { agentsTable } from '../parts/agents.ts'
import { changesTable } from '../parts/changes.ts'
import { checksTable } from '../parts/checks.ts'
import { stateChip } from '../parts/chip.ts'
import { type DisputesView, disputesSection } from '../parts/disputes.ts'
import { continuityTitle, figureCard } from '../parts/figure.ts'
import { guide } from '../parts/guide.ts'
import { providerName } from '../parts/hosting-names.ts'
import { type MaintenanceView, maintenanceSection } from '../parts/maintenance.ts'
import { type Strips, timelines } from '../parts/strip.ts'
import { facts, titled } from '../parts/titled.ts'
import { windowsTable } from '../parts/windows.ts'
import { paths } from '../paths.ts'
import { checkKindTexts, checkTexts } from '../texts/checks.ts'
import { figureTexts } from '../texts/figures.ts'
import { figureGuide } from '../texts/guide.ts'
import { lostTexts } from '../texts/lost.ts'
import { classTexts, criticalityTexts, placeTexts } from '../texts/places.ts'
import { shellTexts } from '../texts/shell.ts'

/** One environment: its figure, what happened when, and the checks behind it. */
export function environmentPage(
  frame: Frame,
  snapshot: Snapshot,
  { institution, environment }: { institution: InstitutionRow; environment: EnvironmentDetail },
  strips: Strips,
  maintenance: MaintenanceView,
  disputes: DisputesView,
): string {
  const { language } = frame
  const { continuity, stage } = environment
  const card = figureCard(frame, {
    title: continuityTitle(language, snapshot.cycle),
    figure: continuity.cycle,
    stage,
    target: snapshot.target,
    why: undeterminedTime(language, continuity.cycle),
    more: notAssessed(language, environment),
  })
  const href = (check: string) => paths.check(language, institution.id, environment.id, check)
  const main = html`${titled(language, environment.name, stateChip(language, environment.state))}
${facts([
  [
    say(language, checkTexts.since),
    environment.since === null ? null : time(frame, environment.since, 'minuteOfYear'),
  ],
  [say(language, placeTexts.class), say(language, classTexts[environment.class])],
  [say(language, placeTexts.criticality), say(language, criticalityTexts[environment.criticality])],
  [say(language, placeTexts.site), environment.site && html`<bdi>${environment.site}</bdi>`],
  [
    say(language, placeTexts.provider),
    environment.provider && providerName(frame, environment.provider),
  ],
  [say(language, placeTexts.inScopeFrom), time(frame, environment.inScopeFrom, 'dayOfYear')],
])}
<p><a href="${paths.lost(language, institution.id, environment.id)}">
${say(language, lostTexts.open)}</a></p>
<div class="hero two">${card}${timelines(frame, snapshot, strips)}</div>
${checksTable(frame, environment, href)}
${windowsTable(frame, snapshot, continuity, { stage, weighted: false })}
${maintenanceSection(frame, maintenance)}
${disputesSection(frame, disputes)}
${agentsTable(frame, environment.agents, snapshot.computedAt)}
${changesTable(frame, strips.cycle, snapshot.asOf)}
${guide(language, figureGuide)}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, institution.id), name: name(language, institution.name) },
  ]
  return layout(frame, { title: environment.name[language], trail, snapshot, main })
}

/** An environment's minutes are not weighted, so the unknown time can be said as it was. */
function undeterminedTime(language: Language, { sums, low, high }: Figure): Content {
  if (!sums) return null
  const unknown = duration(language, sums.unknownMs)
  const values = { unknown, low: percent(low), high: percent(high) }
  return say(language, figureTexts.undeterminedTime, values)
}

function notAssessed(language: Language, { assessed, missing }: EnvironmentRow): Content {
  if (assessed) return null
  const comma = language === 'ar' ? '، ' : ', '
  const kinds = missing.map((either, i) => html`${i > 0 && comma}${alternatives(language, either)}`)
  const why = say(language, figureTexts.notAssessedWhy, { missing: html`${kinds}` })
  return html`<p class="why">${why}</p>`
}

/** "http|tcp" in words: either of them would do. */
function alternatives(language: Language, either: string): Html {
  const words = either.split('|').map((each) => {
    const kind = checkKindNames.find((known) => known === each)
    return kind ? say(language, checkKindTexts[kind]) : html`<bdi>${each}</bdi>`
  })
  return words.reduce((first, second) => say(language, figureTexts.or, { first, second }))
}
