import type { Model } from '../../kpi/readiness/model.ts'
import type { IndexFigure, Score } from '../../kpi/readiness/result.ts'
import { type Bound, outcomeOf, type Stage } from '../../kpi/snapshot.ts'
import { name, percent, roundPercent, type Writer, wholePercent } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { resultChip } from './chip.ts'
import { rangeBar, swatch } from './range-bar.ts'
import { type Column, table } from './table.ts'

/** The target of a model as every other target is written. */
export function targetOf({ targetRatio }: Model): Bound {
  return { ratio: targetRatio, percent: (100 * targetRatio).toFixed(2) }
}

/** Says on every page of a draft that its figures are not official; it stays in sight. */
export function draftBanner(language: Language, { status }: Pick<Model, 'status'>): Content {
  if (status === 'approved') return null
  return html`<p class="simulated draft" role="note">${say(language, readinessTexts.draft)}</p>`
}

/** What the levels are and are not. */
export function automaticNote(language: Language): Html {
  return html`<p class="automatic">${say(language, readinessTexts.automatic)}</p>`
}

/** Which model the figures are of, so that an auditor can compute them again. */
export function modelNote({ language }: Writer, model: Model): Html {
  const values = {
    id: html`<bdi dir="ltr">${model.id}</bdi>`,
    version: html`<bdi dir="ltr">${model.version}</bdi>`,
  }
  return html`<p class="note">${name(language, model.label)} –
${say(language, readinessTexts.model, values)}. ${say(language, readinessTexts.hash)}:
<code class="hash" dir="ltr">${model.hash}</code></p>`
}

export type IndexCard = {
  readonly title: Content
  readonly index: IndexFigure
  readonly stage: Stage
  readonly model: Model
  /** Share of the weight that is measured; null where it is not told. */
  readonly measured: Bound | null
  /** The level, or what stands in its place. */
  readonly level: Content
  readonly more?: Content
}

/** The index as everybody must read it: proven low big, the rest small, its level in words. */
export function indexCard({ language }: Writer, card: IndexCard): Html {
  const { index, model } = card
  const target = targetOf(model)
  const result = outcomeOf(card.stage, index.verdict)
  const share = html`<bdi dir="ltr">${roundPercent(target)}</bdi>`
  const others: [Content, Bound | null][] = [
    [say(language, figureTexts.observed), index.observed],
    [html`${swatch('possible')} ${say(language, figureTexts.high)}`, index.high],
  ]
  if (card.measured) others.push([say(language, readinessTexts.measured), card.measured])
  const why =
    result === 'undetermined' &&
    say(language, readinessTexts.undetermined, {
      ...{ low: percent(index.low), high: percent(index.high) },
    })
  return html`<section class="card figure" aria-labelledby="index">
<h2 id="index">${card.title}</h2>
<div class="figure-head">
<p class="low"><strong>${percent(index.low)}</strong>
<span>${swatch('proven')} ${say(language, figureTexts.low)}</span></p>
<div class="outcome">${card.level}${resultChip(language, result)}
<p>${say(language, figureTexts.target, { target: share })}</p></div>
</div>
<dl class="others">${others.map(
    ([term, value]) => html`<div><dt>${term}</dt><dd>${percent(value)}</dd></div>`,
  )}</dl>
<div class="scale whole">${rangeBar(language, index, target, roundPercent(target), 0)}
<p aria-hidden="true"><span>${wholePercent(0)}</span><span>${wholePercent(1)}</span></p></div>
${why && html`<p class="why">${why}</p>`}${card.more}
${automaticNote(language)}</section>`
}

/** What the bars of a table are drawn on, with the target where the table has one. */
export function scoreScale(language: Language, target: Bound | null): Html {
  const ends = { start: wholePercent(0), end: wholePercent(1) }
  if (!target) return say(language, readinessTexts.scale, ends)
  const mark = html`<bdi dir="ltr">${roundPercent(target)}</bdi>`
  return say(language, readinessTexts.scaleTarget, { ...ends, target: mark })
}

/** The columns of a score. */
export function scoreColumns(language: Language): Column[] {
  return [
    { head: say(language, figureTexts.bounds), look: 'wide' },
    { head: say(language, figureTexts.low), look: 'number' },
    { head: say(language, figureTexts.observed), look: 'number' },
    { head: say(language, figureTexts.high), look: 'number' },
  ]
}

/** The cells of a score; a dash where there is none. */
export function scoreCells(
  language: Language,
  score: Score | null,
  target: Bound | null,
): Content[] {
  return [
    score && rangeBar(language, score, target, undefined, 0),
    html`<strong>${percent(score?.low ?? null)}</strong>`,
    percent(score?.observed ?? null),
    percent(score?.high ?? null),
  ]
}

/** A table of scores with what stands before and behind them in each row. */
export function scoreTable(
  language: Language,
  {
    id,
    head,
    rows,
    after = [],
  }: {
    readonly id: string
    readonly head: Content
    readonly rows: readonly {
      readonly label: Content
      readonly score: Score | null
      readonly after?: readonly Content[]
    }[]
    readonly after?: readonly Column[]
  },
): Html {
  return table({
    labelledBy: id,
    columns: [{ head }, ...scoreColumns(language), ...after],
    rows: rows.map(({ label, score, after = [] }) => [
      label,
      ...scoreCells(language, score, null),
      ...after,
    ]),
    cards: true,
  })
}
