import type { Month } from '../../kpi/month.ts'
import type { TrendPoint } from '../../kpi/readiness/trend.ts'
import type { Beside } from '../../official/beside.ts'
import { type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { trendTexts } from '../texts/official.ts'

/** What the drawing shows. Target: ratio, 0 to 1; null without a model. */
export type TrendChart = {
  readonly points: readonly TrendPoint[]
  readonly cycles: readonly Beside[]
  readonly targetRatio: number | null
}

/** Months in one drawing; the table below has all. */
const monthsMax = 24
const labelsMax = 6

/** Edges of the plot. Unit: CSS pixels; across it is percent of what is left of the labels. */
const [top, bottom] = [8, 208]

const heightOf = (percent: number) => (bottom - ((bottom - top) * percent) / 100).toFixed(1)

/** The number of a month, so that months without a point keep their room. */
function numberOf(month: Month['id']): number {
  const [year = 0, n = 0] = month.split('-').map(Number)
  return year * 12 + n
}

/**
 * The proven low by month as a line that breaks where another model begins, with the range up to
 * the possible high, and the official results as marks of their own beside it.
 */
export function trendChart(language: Language, { points, cycles, targetRatio }: TrendChart): Html {
  const newest = points.at(-1)!
  const last = numberOf(newest.month)
  const first = Math.max(numberOf(points[0]!.month), last - monthsMax + 1)
  const slots = last - first + 1
  const across = (n: number) => `${((100 * (n - first + 0.5)) / slots).toFixed(3)}%`
  const shown = points.filter(({ month }) => numberOf(month) >= first)
  const drawn = shown.map((point, i) => pointMarks(point, shown[i - 1], across))
  const labelled = shown.filter((_, i) => {
    return (shown.length - 1 - i) % Math.ceil(shown.length / labelsMax) === 0
  })
  const labels = labelled.map(({ month }) => {
    return html`<text x="${across(numberOf(month))}" y="228" text-anchor="middle">${month}</text>`
  })
  const official = cycles.flatMap(({ official, endMonth }) => {
    if (!official || endMonth === null) return []
    const n = numberOf(endMonth)
    return n < first || n > last ? [] : [officialMark(across(n), official.indexPercent)]
  })
  const goal =
    targetRatio !== null &&
    html`<line class="goal" x2="100%" y1="${heightOf(100 * targetRatio)}"
y2="${heightOf(100 * targetRatio)}"/>`
  const scale = [0, 25, 50, 75, 100].map((percent) => {
    const y = heightOf(percent)
    return html`<line class="grid" x1="36" x2="100%" y1="${y}" y2="${y}"/>
<text x="30" y="${Number(y) + 4}" text-anchor="end">${percent}%</text>`
  })
  return html`<svg class="trend" role="img" aria-label="${summary(language, shown)}"
direction="ltr">${scale}
<svg x="9%" width="91%" height="240" overflow="visible">${goal}${drawn}${official}${labels}</svg>
</svg>${legend(language)}`
}

function pointMarks(
  point: TrendPoint,
  before: TrendPoint | undefined,
  across: (n: number) => string,
): Html | null {
  if (!point.index) return null
  const x = across(numberOf(point.month))
  const [low, high] = [heightOf(Number(point.index.low)), heightOf(Number(point.index.high))]
  const from = before?.index && point.isComparable && before
  const path =
    from &&
    html`<line class="path" x1="${across(numberOf(from.month))}" x2="${x}"
y1="${heightOf(Number(from.index!.low))}" y2="${low}"/>`
  const edge =
    before &&
    !point.isComparable &&
    html`<line class="break" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>`
  const height = (Number(low) - Number(high)).toFixed(1)
  return html`${edge}<svg x="${x}" y="${high}" overflow="visible">
<rect class="band" x="-5" width="10"
height="${height}" fill="url(#hatch-range)"/></svg>${path}
<circle class="${point.isOpen ? 'open' : 'dot'}" cx="${x}" cy="${low}" r="5"/>`
}

/** Two strokes across, so that it differs from the dots without colour. */
function officialMark(x: string, percent: number): Html {
  const y = heightOf(percent)
  return html`<svg x="${x}" y="${y}" overflow="visible"><path class="official"
d="M-6-6 6 6M-6 6 6-6"/></svg>`
}

function summary(language: Language, points: readonly TrendPoint[]): string {
  const known = points.filter(({ index }) => index !== null)
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last) return sayPlainly(language, trendTexts.byMonth)
  return sayPlainly(language, trendTexts.drawing, {
    ...{ first: `${first.index!.low}%`, from: first.month },
    ...{ last: `${last.index!.low}%`, to: last.month },
  })
}

function legend(language: Language): Html {
  const entries = [
    [html`<circle class="dot" cx="14" cy="10" r="5"/>`, trendTexts.measured],
    [
      html`<rect class="band" x="9" width="10" height="20" fill="url(#hatch-range)"/>`,
      trendTexts.possible,
    ],
    [html`<path class="official" d="M8 4 20 16M8 16 20 4"/>`, trendTexts.official],
    [html`<line class="goal" x2="28" y1="10" y2="10"/>`, trendTexts.target],
    [html`<line class="break" x1="14" x2="14" y2="20"/>`, trendTexts.otherModel],
  ] as const
  return html`<ul class="legend">${entries.map(
    ([mark, text]) =>
      html`<li><svg class="sample" aria-hidden="true">${mark}</svg>
<span>${say(language, text)}</span></li>`,
  )}</ul>`
}
