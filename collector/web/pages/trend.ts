import type { TrendView } from '../../http/trend-view.ts'
import type { LevelBounds } from '../../kpi/readiness/result.ts'
import type { Moved, TrendPoint } from '../../kpi/readiness/trend.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import type { Beside } from '../../official/beside.ts'
import { may } from '../../people/permissions.ts'
import { name, number } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { layout } from '../layout.ts'
import { chip } from '../parts/chip.ts'
import { table } from '../parts/table.ts'
import { trendChart } from '../parts/trend-chart.ts'
import { paths } from '../paths.ts'
import { figureTexts } from '../texts/figures.ts'
import { officialLevelTexts, trendTexts } from '../texts/official.ts'
import { officialImportTexts } from '../texts/official-import.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { axisTexts } from '../texts/readiness-words.ts'
import { shellTexts } from '../texts/shell.ts'

/** Moves listed of one point by dimension, and by indicator; the API has the rest. */
const movesShownMax = 5
/** Points in the table, the newest; the API has the rest. */
const pointsShownMax = 36

type Shown = { readonly frame: Frame; readonly snapshot: Snapshot; readonly view: TrendView }

/** Readiness by month with what moved it, and the official results by cycle beside it. */
export function trendPage(
  frame: Frame,
  snapshot: Snapshot,
  institution: InstitutionRow | null,
  view: TrendView,
): string {
  const { language } = frame
  const shown = { frame, snapshot, view }
  const title = trendTexts.title[language]
  const isDraft = view.points.some(({ model }) => model.status === 'draft')
  const main = html`<h1>${title}${institution && html`: ${name(language, institution.name)}`}</h1>
<p class="note">${say(language, readinessTexts.automatic)}.
${isDraft && chip('warning', 'warning', say(language, readinessTexts.draft))}</p>
${byMonth(shown)}${byCycle(shown)}`
  const nation = { href: paths.nation(language), name: say(language, shellTexts.nation) }
  const own = institution && {
    href: paths.institution(language, institution.id),
    name: name(language, institution.name),
  }
  return layout(frame, { title, trail: own ? [nation, own] : [nation], snapshot, main })
}

function byMonth({ frame, snapshot, view }: Shown): Html {
  const { language } = frame
  const { points, cycles } = view
  const head = html`<h2 id="months">${say(language, trendTexts.byMonth)}</h2>
<p class="note">${say(language, trendTexts.how)}</p>`
  if (points.length === 0) {
    return html`<section class="card" aria-labelledby="months">${head}
<p class="calm">${say(language, trendTexts.none)}</p></section>`
  }
  const targetRatio = snapshot.readiness?.model.targetRatio ?? null
  const rows = points.toReversed().slice(0, pointsShownMax)
  const columns = [
    { head: say(language, trendTexts.month) },
    { head: say(language, figureTexts.low), look: 'number' as const },
    { head: say(language, figureTexts.observed), look: 'number' as const },
    { head: say(language, figureTexts.high), look: 'number' as const },
    { head: say(language, trendTexts.level) },
    { head: say(language, trendTexts.model) },
    { head: say(language, trendTexts.moved) },
  ]
  return html`<section class="card" aria-labelledby="months">${head}
<p class="note">${say(language, trendTexts.timeRuns)}</p>
${trendChart(language, { points, cycles, targetRatio })}
${table({
  labelledBy: 'months',
  columns,
  rows: rows.map((point) => pointCells(frame, snapshot, point)),
  cards: true,
})}</section>`
}

function pointCells(frame: Frame, snapshot: Snapshot, point: TrendPoint): Content[] {
  const { language } = frame
  const { month, index, level, stage, model, isOpen } = point
  const soFar = isOpen && html`<small>${say(language, trendTexts.soFar)}</small>`
  return [
    html`${plain(month)}${soFar}`,
    html`<strong>${share(index?.low)}</strong>`,
    share(index?.observed),
    share(index?.high),
    stage === 'being_set_up'
      ? chip('new', 'hourglass', say(language, figureTexts.beingSetUp))
      : levelName(language, snapshot, level),
    html`${plain(model.id)}
<small>${say(language, trendTexts.version, { version: plain(model.version) })}
${model.status === 'draft' && say(language, readinessTexts.draft)}</small>`,
    movedCell(frame, snapshot, point),
  ]
}

function movedCell(
  { language }: Frame,
  snapshot: Snapshot,
  { isComparable, moved }: TrendPoint,
): Content {
  if (!isComparable) {
    const words = say(language, trendTexts.notComparable)
    return html`<span class="wraps">${chip('unsure', 'question', words)}</span>`
  }
  if (!moved) return say(language, trendTexts.firstPoint)
  const { dimensions } = snapshot.readiness?.model ?? { dimensions: [] }
  const since = plain(moved.since)
  const isStill = moved.points === 0 && moved.dimensions.length === 0
  if (isStill) return say(language, trendTexts.unmoved, { month: since })
  const rest = moved.restPoints !== 0 && { points: signed(moved.restPoints) }
  const labels = {
    dimensions: new Map(dimensions.map(({ id, label }) => [id, label])),
    indicators: new Map(
      dimensions.flatMap(({ indicators }) => indicators.map(({ id, label }) => [id, label])),
    ),
  }
  const list = (moves: Moved['dimensions'], kind: keyof typeof labels) => {
    const items = moves.slice(0, movesShownMax).map(({ id, points }) => {
      const label = labels[kind].get(id)
      return html`<li>${label ? name(language, label) : plain(id)} ${signed(points)}</li>`
    })
    const more = number(language, moves.length - movesShownMax)
    const rest = say(language, trendTexts.moreMoves, { more })
    return html`<ul>${items}</ul>
${moves.length > movesShownMax && html`<small>${rest}</small>`}`
  }
  const values = { points: signed(moved.points), month: since }
  return html`<div class="moves"><strong>${say(language, trendTexts.movedBy, values)}</strong>
<details><summary>${say(language, trendTexts.byDimension)}</summary>
${list(moved.dimensions, 'dimensions')}
${rest && html`<p>${say(language, trendTexts.rest, rest)}</p>`}</details>
${
  moved.indicators
    ? html`<details><summary>${say(language, trendTexts.byIndicator)}</summary>
${list(moved.indicators, 'indicators')}</details>`
    : html`<small>${say(language, trendTexts.indicatorsUnknown)}</small>`
}</div>`
}

function byCycle({ frame, snapshot, view }: Shown): Html {
  const { language } = frame
  const columns = [
    { head: say(language, trendTexts.cycle) },
    { head: say(language, trendTexts.officialIndex), look: 'number' as const },
    { head: say(language, trendTexts.officialLevel) },
    { head: say(language, trendTexts.measuredLow), look: 'number' as const },
    { head: say(language, trendTexts.measuredHigh), look: 'number' as const },
    { head: say(language, trendTexts.measuredLevel) },
    { head: say(language, trendTexts.source) },
  ]
  const rows = view.cycles.map((each) => cycleCells(frame, snapshot, each))
  const imports = frame.account !== null && may(frame.account, 'official.import')
  const toImport = say(language, officialImportTexts.title)
  return html`<section class="card" aria-labelledby="cycles">
<h2 id="cycles">${say(language, trendTexts.byCycle)}</h2>
<p class="note">${say(language, trendTexts.beside)}</p>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, trendTexts.noOfficial)}</p>`
    : table({ labelledBy: 'cycles', columns, rows, cards: true })
}
${imports && html`<p><a href="${paths.official(language)}">${toImport}</a></p>`}</section>`
}

function cycleCells(frame: Frame, snapshot: Snapshot, each: Beside): Content[] {
  const { language } = frame
  const { cycle, official, measured } = each
  const axes = Object.entries(official?.axesPercent ?? {}).map(([axis, percent]) => {
    const words = axisTexts[axis as keyof typeof axisTexts] // of the names that are imported
    return html`<li>${say(language, words)} ${share(percent.toFixed(2))}</li>`
  })
  const published = official && { date: plain(official.date) }
  return [
    plain(cycle),
    html`<strong>${share(official?.indexPercent.toFixed(2))}</strong>`,
    official?.level ? say(language, officialLevelTexts[official.level]) : share(null),
    html`${share(measured?.index?.low)}
${measured?.isFrozen && html`<small>${say(language, trendTexts.frozen)}</small>`}`,
    share(measured?.index?.high),
    measured ? levelName(language, snapshot, measured.level) : share(null),
    official
      ? html`<bdi dir="auto">${official.source}</bdi>
<small>${published && say(language, trendTexts.published, published)}</small>
${axes.length > 0 && html`<ul class="moves">${axes}</ul>`}`
      : share(null),
  ]
}

/** A level by its name in the model in force; its id where that model has none such. */
function levelName(language: Language, snapshot: Snapshot, level: LevelBounds | null): Content {
  if (!level) return share(null)
  const word = (id: string): Content => {
    const known = snapshot.readiness?.model.levels.find((each) => each.id === id)
    return known ? name(language, known.label) : plain(id)
  }
  if (level.low === level.high) return word(level.low)
  return say(language, trendTexts.levelRange, {
    low: html`${word(level.low)}`,
    high: html`${word(level.high)}`,
  })
}

function plain(text: string): Html {
  return html`<bdi dir="ltr">${text}</bdi>`
}

function share(percent: string | null | undefined): Html {
  return percent ? plain(`${percent}%`) : html`<span aria-hidden="true">–</span>`
}

function signed(points: number): Html {
  return plain(`${points > 0 ? '+' : points < 0 ? '\u2212' : ''}${Math.abs(points).toFixed(2)}`)
}
