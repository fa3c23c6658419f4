import {
  type Bound,
  type ByWindow,
  type Figure,
  type NationRow,
  type PreviousCycle,
  type Snapshot,
  type Stage,
  type StagedFigure,
  windowNames,
} from '../../kpi/snapshot.ts'
import { cycleName, minutes, number, percent, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { paths } from '../paths.ts'
import { cyclePageTexts } from '../texts/cycles.ts'
import { figureTexts, headlineTexts, windowTexts } from '../texts/figures.ts'
import { placeTexts } from '../texts/places.ts'
import { resultChip, resultOf } from './chip.ts'
import { type Column, table } from './table.ts'

const bounds = ['low', 'observed', 'high', 'coverage'] as const

function boundColumns({ language }: Writer): Column[] {
  return bounds.map((key) => ({ head: say(language, figureTexts[key]), look: 'number' }))
}

function boundCells(figure: Figure): Content[] {
  return bounds.map((key) =>
    key === 'low' ? html`<strong>${percent(figure.low)}</strong>` : percent(figure[key]),
  )
}

/** How the windows of a figure are shown; `previous` is the same figure in the cycle before. */
export type WindowsOptions = {
  readonly stage: Stage
  readonly weighted: boolean
  readonly previous?: StagedFigure | undefined
}

/** Every window of one figure, with the minutes behind it and what had left the denominator. */
export function windowsTable(
  writer: Writer,
  snapshot: Snapshot,
  continuity: ByWindow<Figure>,
  { stage, weighted, previous }: WindowsOptions,
): Html {
  const { language } = writer
  const sums = [
    ['unknownMs', figureTexts.unknownMinutes],
    ['maintenanceMs', figureTexts.maintenanceMinutes],
    ['centreMs', figureTexts.centreMinutes],
  ] as const
  const cells = (label: Content, { stage, figure }: StagedFigure) => [
    label,
    resultChip(language, resultOf(stage, figure)),
    ...boundCells(figure),
    ...sums.map(([key]) => figure.sums && minutes(language, figure.sums[key])),
    grossRange(writer, figure.gross),
  ]
  const rows = windowNames.map((window) => {
    const figure = continuity[window]
    const label =
      window === 'cycle' ? cycleName(language, snapshot.cycle) : say(language, windowTexts[window])
    const from = time(writer, snapshot.windows[window].from, 'minuteOfYear')
    const since = html`${label}<small>${say(language, figureTexts.from, { from })}</small>`
    return cells(since, { stage, figure })
  })
  if (snapshot.previous && previous) {
    rows.splice(1, 0, cells(previousLabel(writer, snapshot.previous), previous))
  }
  const columns: Column[] = [
    { head: say(language, figureTexts.period) },
    { head: say(language, figureTexts.verdict) },
    ...boundColumns(writer),
    ...sums.map(([, text]): Column => ({ head: say(language, text), look: 'number' })),
    { head: say(language, figureTexts.gross), look: 'whole' },
  ]
  return html`<section class="card" aria-labelledby="windows">
<h2 id="windows">${say(language, figureTexts.byPeriod)}</h2>
${table({ labelledBy: 'windows', columns, rows, cards: true })}
${weighted && html`<p class="note">${say(language, figureTexts.weighted)}</p>`}</section>`
}

/** The cycle before, and whether anything can still change it. */
function previousLabel({ language }: Writer, { cycle, revision }: PreviousCycle): Html {
  const state =
    revision === null
      ? say(language, cyclePageTexts.previousOpen)
      : revision === 0
        ? say(language, cyclePageTexts.previousFrozen)
        : say(language, cyclePageTexts.previousRevised, { n: number(language, revision) })
  const page = html`<a href="${paths.cycles(language)}">${cycleName(language, cycle)}</a>`
  return html`${page}<small>${state}</small>`
}

function grossRange({ language }: Writer, gross: { low: Bound | null; high: Bound | null }): Html {
  if (!gross.low || !gross.high) return percent(null)
  const values = { low: percent(gross.low), high: percent(gross.high) }
  return say(language, figureTexts.range, values)
}

/** The other ways of counting the same cycle, so that nobody has to trust a single one. */
export function readingsTable(writer: Writer, nation: NationRow): Html {
  const { language } = writer
  const { cycle } = nation.continuity
  const readings: [Content, Figure][] = [
    [say(language, headlineTexts.pooled), cycle.pooled],
    [say(language, headlineTexts.mean), cycle.mean],
    [say(language, figureTexts.reportingOnly), cycle.reporting],
  ]
  for (const kind of ['institution', 'governorate'] as const) {
    const { targets, continuity } = nation.byKind[kind]
    const label = kind === 'institution' ? placeTexts.institutions : placeTexts.governorates
    if (targets > 0) readings.push([say(language, label), continuity.cycle])
  }
  const headline = html`<small>${say(language, figureTexts.headline)}</small>`
  const rows = readings.map(([label, figure]) => [
    html`${label}${figure === cycle[nation.headline] && headline}`,
    resultChip(language, resultOf(nation.stage, figure)),
    ...boundCells(figure),
  ])
  const columns: Column[] = [
    { head: say(language, figureTexts.reading) },
    { head: say(language, figureTexts.verdict) },
    ...boundColumns(writer),
  ]
  return html`<section class="card" aria-labelledby="readings">
<h2 id="readings">${say(language, figureTexts.readings)}</h2>
${table({ labelledBy: 'readings', columns, rows, cards: true })}</section>`
}
