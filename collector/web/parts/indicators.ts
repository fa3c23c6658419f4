import type { MeasureStatus } from '../../kpi/readiness/inputs.ts'
import type { Model } from '../../kpi/readiness/model.ts'
import type { IndicatorRow, UnitRow } from '../../kpi/readiness/result.ts'
import type { InstitutionRow } from '../../kpi/snapshot.ts'
import { ago, name, number, percent, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, say, type Text } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { placeTexts } from '../texts/places.ts'
import { readinessTexts, unitCount } from '../texts/readiness.ts'
import { measureStatusTexts, methodTexts, missingReasonTexts } from '../texts/readiness-words.ts'
import { chip } from './chip.ts'
import { indicatorAnchor, indicatorName, ruleOf, unitPlace } from './gates.ts'
import type { Shape } from './icon.ts'
import { decimals, metricValue, percents } from './measure-value.ts'

/** Units of one indicator on the page, the worst first; how many more there are is said. */
const unitsShownMax = 40

const looks: Readonly<Record<MeasureStatus, { tone: string; shape: Shape }>> = {
  measured: { tone: 'good', shape: 'check' },
  declared_verified: { tone: 'good', shape: 'check' },
  declared_unverified: { tone: 'warning', shape: 'scales' },
  stale: { tone: 'warning', shape: 'clock' },
  missing: { tone: 'unsure', shape: 'question' },
  not_applicable: { tone: 'none', shape: 'minus' },
}

export type About = {
  readonly writer: Writer
  readonly row: InstitutionRow
  readonly model: Model
  readonly indicators: readonly IndicatorRow[]
  /** What ages are told from: when the figures were made. */
  readonly now: number
}

/** Every indicator by dimension, with what it rests on one click away. */
export function indicatorsCard(about: About): Html {
  const { writer, model, indicators } = about
  const { language } = writer
  const groups = model.dimensions.map((dimension) => {
    const rows = indicators.filter((each) => each.dimension === dimension.id)
    if (rows.length === 0) return null
    const id = `rows-${dimension.id.replaceAll(/[^a-z0-9]/gi, '-')}`
    return html`<h3 id="${id}">${name(language, dimension.label)}</h3>
${indicatorTable(about, id, rows)}`
  })
  return html`<section class="card" aria-labelledby="indicators">
<h2 id="indicators">${say(language, readinessTexts.indicators)}</h2>
<p class="note">${say(language, readinessTexts.measuredHow)}</p>
${groups}</section>`
}

const columns = 6

/** As `table` writes one; below each row stands its evidence over the whole width. */
function indicatorTable(about: About, id: string, rows: readonly IndicatorRow[]): Html {
  const { language } = about.writer
  const heads: [Content, string][] = [
    [say(language, readinessTexts.indicator), ''],
    [say(language, readinessTexts.status), ''],
    [say(language, readinessTexts.share), 'number'],
    [say(language, figureTexts.low), 'number'],
    [say(language, figureTexts.observed), 'number'],
    [say(language, figureTexts.high), 'number'],
  ]
  return html`<div class="scroll" role="group" aria-labelledby="${id}" tabindex="0">
<table role="table" aria-labelledby="${id}" class="cards indicators">
<thead role="rowgroup"><tr role="row">${heads.map(
    ([head, look]) => html`<th role="columnheader" scope="col" class="${look}">${head}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => indicatorRows(about, row, heads))}</tbody></table></div>`
}

function indicatorRows(about: About, row: IndicatorRow, heads: readonly [Content, string][]): Html {
  const { writer, model } = about
  const { language } = writer
  const applies = row.status !== 'not_applicable'
  const gate =
    ruleOf(model, row.id)?.gate && html` <small>${say(language, readinessTexts.holdsGate)}</small>`
  const cells = [
    worstStatus(language, row),
    percents(language, 100 * row.weight),
    html`<strong>${percent(applies ? row.low : null)}</strong>`,
    percent(applies ? row.observed : null),
    percent(applies ? row.high : null),
  ].map((cell, i) => {
    const [head, look] = heads[i + 1] ?? []
    return html`<td role="cell" class="${look}"><span class="head" aria-hidden="true">${head}</span>
<span>${cell}</span></td>`
  })
  const anchor = indicatorAnchor(row.id)
  return html`<tr role="row" id="${anchor}"><th role="rowheader" scope="row">
<span>${indicatorName(language, model, row.id)}${gate}</span></th>${cells}</tr>
<tr role="row" class="behind"><td role="cell" colspan="${columns}">${units(about, row)}</td></tr>`
}

function units({ writer, row, now }: About, indicator: IndicatorRow): Html {
  const { language } = writer
  const all = indicator.units.toSorted((a, b) => a.low - b.low)
  if (all.length === 0) return html`<small>${say(language, readinessTexts.noUnits)}</small>`
  const more = all.length - unitsShownMax
  const values = { units: count(language, unitCount, all.length) }
  return html`<details class="proof" id="${indicatorAnchor(indicator.id)}-units">
<summary>${say(language, readinessTexts.units, values)}</summary>
<ul class="units">${all
    .slice(0, unitsShownMax)
    .map((unit) => unitLine(writer, row, indicator, unit, now))}</ul>
${
  more > 0 &&
  html`<p class="note">${say(language, placeTexts.more, { more: number(language, more) })}</p>`
}</details>`
}

function unitLine(
  writer: Writer,
  row: InstitutionRow,
  { metric }: IndicatorRow,
  unit: UnitRow,
  now: number,
): Html {
  const { language } = writer
  const { status, value, at, reason, method, detail } = unit.measure
  const words = [
    reason !== null && known(language, missingReasonTexts, reason),
    method !== null && known(language, methodTexts, method),
    detail !== null && html`<bdi dir="auto">${detail}</bdi>`,
    at !== null && html`${time(writer, at, 'dayOfYear')} (${ago(language, Math.max(0, now - at))})`,
  ].filter((each) => each !== false)
  return html`<li><span>${unitPlace(language, row, unit)}</span>
<b>${value !== null && metricValue(language, metric, value)}</b>
<span>${statusChip(language, status)}</span>
<span>${status !== 'not_applicable' && pointsOf(language, unit)}</span>
<small>${words.map((each, i) => html`${i > 0 && ' · '}${each}`)}</small></li>`
}

/** The worst of the units' statuses, and of how many of them it is where they differ. */
function worstStatus(language: Language, { status, units }: IndicatorRow): Html {
  const n = units.filter(({ measure }) => measure.status === status).length
  const values = { n: number(language, n), units: number(language, units.length) }
  const part = n < units.length && say(language, readinessTexts.statusOf, values)
  return html`${statusChip(language, status)} <small>${part}</small>`
}

/** A word we have a text for, else the word as it came. */
function known(language: Language, texts: Readonly<Record<string, Text>>, word: string): Content {
  const text = Object.hasOwn(texts, word) ? texts[word] : undefined
  return text ? say(language, text) : html`<bdi dir="ltr">${word}</bdi>`
}

function pointsOf(language: Language, { low, high }: UnitRow): Html {
  const points = decimals(language, low, 2)
  return low === high
    ? say(language, readinessTexts.points, { points })
    : say(language, readinessTexts.pointsRange, { low: points, high: decimals(language, high, 2) })
}

function statusChip(language: Language, status: MeasureStatus): Html {
  const { tone, shape } = looks[status]
  return chip(tone, shape, say(language, measureStatusTexts[status]))
}
