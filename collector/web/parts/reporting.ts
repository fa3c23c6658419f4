import { limits } from '../../../protocol/limits.ts'
import { outcomes, type Snapshot } from '../../kpi/snapshot.ts'
import { duration, number } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { directions, say } from '../language.ts'
import { placeTexts } from '../texts/places.ts'
import { resultChip } from './chip.ts'

/** How many target institutions are heard, and how many reach the target. */
export function reportingCard({ language }: Frame, snapshot: Snapshot): Html {
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
