import type { Snapshot } from '../../kpi/snapshot.ts'
import { cycleName } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { figureCard, undeterminedWhy } from '../parts/figure.ts'
import { lateInstitutions } from '../parts/late.ts'
import { paths } from '../paths.ts'
import { cyclePageTexts } from '../texts/cycles.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { homeTexts } from '../texts/home.ts'
import { migrationTexts } from '../texts/migration.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { shellTexts } from '../texts/shell.ts'

/** The home of a role that has none of its own: the national figure, who is late, the ways on. */
export function homePage(frame: Frame, snapshot: Snapshot): string {
  const { language } = frame
  const { nation, cycle, target, computedAt } = snapshot
  const figure = nation.continuity.cycle[nation.headline]
  const card = figureCard(frame, {
    title: cycleName(language, cycle),
    ...{ figure, stage: nation.stage, target },
    why: undeterminedWhy(frame, figure),
  })
  const ways = [
    [paths.nation(language), shellTexts.nation],
    [paths.readiness(language), readinessTexts.indexShort],
    [paths.migration(language, null), migrationTexts.title],
    [paths.cycles(language), cyclePageTexts.title],
    [paths.declarations(language), declarationTexts.queue],
  ] as const
  const main = html`<h1>${say(language, homeTexts.title)}</h1>
<div class="hero two">${card}
<div class="lists"><section class="card" aria-labelledby="ways">
<h2 id="ways">${say(language, homeTexts.ways)}</h2>
<ul>${ways.map(([href, text]) => html`<li><a href="${href}">${say(language, text)}</a></li>`)}</ul>
</section>
${lateInstitutions(frame, visibleTo(frame.account, snapshot), computedAt)}</div></div>`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  return layout(frame, { title: sayPlainly(language, homeTexts.title), trail, snapshot, main })
}
