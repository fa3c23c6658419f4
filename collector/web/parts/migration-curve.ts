import type { CurvePoint } from '../../kpi/migration/result.ts'
import { localInput, plainTime, time, type Writer, wholePercent } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { migrationTexts } from '../texts/migration.ts'
import { notShown } from './migration-lists.ts'
import { table } from './table.ts'

/** Points in the table, the oldest: far away only the forecast goes on, and the drawing has it. */
const pointsShownMax = 60
const labelsMax = 4

/** Edges of the plot. Unit: CSS pixels. */
const [top, bottom] = [8, 208]

/** In the order in which they are drawn: what is done lies on top. */
const lines = [
  ['planned', migrationTexts.plannedLine],
  ['rebaselined', migrationTexts.rebaselined],
  ['earned', migrationTexts.earned],
  ['forecast', migrationTexts.forecastLine],
  ['done', migrationTexts.actualLine],
] as const
type LineName = (typeof lines)[number][0]

/** Plan, actual and forecast by month as a drawing, and as the table that says the same. */
export function curveCard(writer: Writer, points: readonly CurvePoint[], at: number): Html {
  const { language } = writer
  const head = html`<h2 id="curve">${say(language, migrationTexts.curve)}</h2>`
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || first === last) {
    return html`<section class="card" aria-labelledby="curve">${head}
<p class="calm">${say(language, migrationTexts.curveNone)}</p></section>`
  }
  const used = lines.filter(([name]) => points.some((point) => point[name] !== null))
  return html`<section class="card" aria-labelledby="curve">${head}
<p class="note">${say(language, migrationTexts.curveTime)}</p>
${drawing(writer, points, at, used)}
<ul class="legend">${used.map(
    ([name, text]) => html`<li><svg class="sample" aria-hidden="true">
<line class="line ${name}" x2="28" y1="10" y2="10"/></svg><span>${say(language, text)}</span></li>`,
  )}</ul>
<details id="curve-table"><summary>${say(language, migrationTexts.curveTable)}</summary>
${table({
  labelledBy: 'curve',
  columns: [
    { head: say(language, migrationTexts.instant) },
    ...used.map(([, text]) => ({ head: say(language, text), look: 'number' as const })),
  ],
  rows: points
    .slice(0, pointsShownMax)
    .map((point) => [
      time(writer, point.at, 'dayOfYear'),
      ...used.map(([name]) => share(point[name])),
    ]),
})}
${notShown(language, points.length - pointsShownMax)}
</details></section>`
}

/** Cut off, so that a plan that is not reached never reads as reached. */
function share(ratio: number | null): Content {
  return ratio === null ? null : wholePercent(Math.floor(ratio * 100 + 1e-9) / 100)
}

function drawing(
  writer: Writer,
  points: readonly CurvePoint[],
  at: number,
  used: readonly (readonly [LineName, unknown])[],
): Html {
  const [from, to] = [points[0]!.at, points.at(-1)!.at]
  // In thousandths of the width: the inner drawing is stretched, its lines are not.
  const across = (instant: number) => (1000 * (instant - from)) / (to - from)
  const heightOf = (ratio: number) => bottom - top - (bottom - top) * ratio
  const drawn = used.map(([name]) => {
    const marks = points.flatMap((point) => {
      const ratio = point[name]
      return ratio === null ? [] : [`${across(point.at).toFixed(1)},${heightOf(ratio).toFixed(1)}`]
    })
    return html`<polyline class="${name}" points="${marks.join(' ')}"/>`
  })
  const x = (instant: number) => `${(across(instant) / 10).toFixed(2)}%`
  const labelled = points.filter((point) => point.at === from || isMonthStart(writer, point.at))
  const labels = labelled.filter(apart(across)).map(({ at }) => {
    const anchor = at === from ? 'start' : across(at) > 950 ? 'end' : 'middle'
    const month = localInput(writer, at).slice(0, 7)
    return html`<text x="${x(at)}" y="228" text-anchor="${anchor}">${month}</text>`
  })
  const [side, beside] = across(at) > 900 ? ['end', -4] : ['start', 4]
  const now =
    at > from &&
    at < to &&
    html`<line class="now" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}"/>
<text x="${x(at)}" y="${top + 4}" dx="${beside}" text-anchor="${side}">${say(
      writer.language,
      migrationTexts.now,
    )}</text>`
  const newest = points.findLast(({ done }) => done !== null)
  // Also seen while there is but one value, of which there is no line.
  const mark =
    newest &&
    html`<circle class="dot" cx="${x(newest.at)}" cy="${top + heightOf(newest.done ?? 0)}" r="5"/>`
  const scale = [0, 25, 50, 75, 100].map((percent) => {
    const y = (top + heightOf(percent / 100)).toFixed(0)
    return html`<line class="grid" x2="100%" y1="${y}" y2="${y}"/>
<text x="-6" y="${Number(y) + 4}" text-anchor="end">${percent}%</text>`
  })
  return html`<svg class="trend s-curve" role="img" aria-label="${summary(writer, points, at)}"
direction="ltr">${scale}${now}
<svg class="lines" y="${top}" width="100%" height="${bottom - top}"
viewBox="0 0 1000 ${bottom - top}" preserveAspectRatio="none">${drawn}</svg>${mark}${labels}</svg>`
}

function isMonthStart(writer: Writer, at: number): boolean {
  return localInput(writer, at).endsWith('-01T00:00')
}

/** Takes the points whose labels have room beside the one before, on a narrow screen too. */
function apart(across: (instant: number) => number): (point: CurvePoint) => boolean {
  let last: number | null = null
  return ({ at }) => {
    const x = across(at)
    if (last !== null && x - last < 1000 / labelsMax) return false
    // The first one begins where it stands; the others have their middle there.
    last = last === null ? x + 100 : x
    return true
  }
}

/** What the drawing says of the newest point that has both. */
function summary(writer: Writer, points: readonly CurvePoint[], at: number): string {
  const { language } = writer
  const past = points.filter(({ at: end, done }) => end <= at && done !== null)
  const newest = past.at(-1)
  if (!newest) return sayPlainly(language, migrationTexts.curve)
  const words = (ratio: number | null) => `${Math.floor((ratio ?? 0) * 100 + 1e-9)}%`
  return sayPlainly(language, migrationTexts.curveSays, {
    day: plainTime(writer, newest.at, 'dayOfYear'),
    done: words(newest.done),
    planned: words(newest.planned),
  })
}
