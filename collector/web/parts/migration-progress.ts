import type {
  Compliance,
  MigrationFigures,
  Schedule,
  WorkloadState,
} from '../../kpi/migration/result.ts'
import { decimals, number, percent, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, directions, type Language, say } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { migrationTexts, workloadCount } from '../texts/migration.ts'
import { complianceTexts, forecastTexts, workloadStateTexts } from '../texts/migration-words.ts'
import { chip } from './chip.ts'
import { rangeBar } from './range-bar.ts'
import { facts } from './titled.ts'

/** Done against the plan in a word; nothing where nothing is planned yet. */
export function planChip(
  language: Language,
  { schedule, done }: Pick<MigrationFigures, 'schedule' | 'done'>,
): Content {
  if (!schedule) return null
  const { forecast, timePerformance, planned } = schedule
  if (forecast.status === 'finished') {
    return chip('good', 'check', say(language, forecastTexts.finished))
  }
  if (forecast.status === 'not_started' || timePerformance === null) {
    return chip('new', 'hourglass', say(language, forecastTexts.not_started))
  }
  if (planned.ratio === 0 && !done?.ratio) {
    return chip('new', 'hourglass', say(language, migrationTexts.nothingDue))
  }
  return timePerformance >= 1 || planned.ratio === 0
    ? chip('good', 'check', say(language, migrationTexts.aheadOfPlan))
    : chip('bad', 'warning', say(language, migrationTexts.behindPlan))
}

/** Done, big; earned and planned beside it, small. `more` are sentences below. */
export function progressCard(
  { language }: Writer,
  { done, earned, schedule, workloads, weight }: MigrationFigures,
  more: Content,
): Html {
  const scope = {
    workloads: html`${count(language, workloadCount, workloads)}`,
    weight: number(language, weight),
  }
  const beside = [
    [migrationTexts.planned, schedule?.planned ?? null],
    [migrationTexts.earned, earned],
    ...(schedule?.rebaselined
      ? ([[migrationTexts.rebaselined, schedule.rebaselined]] as const)
      : []),
  ] as const
  return html`<section class="card figure" aria-labelledby="progress">
<h2 id="progress">${say(language, migrationTexts.progress)}</h2>
<div class="figure-head">
<p class="low"><strong>${percent(done)}</strong>
<span>${say(language, migrationTexts.done)}: ${say(language, migrationTexts.weightDone)}</span></p>
<div class="outcome">${planChip(language, { schedule, done })}</div></div>
<dl class="others">${beside.map(
    ([text, value]) => html`<div><dt>${say(language, text)}</dt><dd>${percent(value)}</dd></div>`,
  )}</dl>
${rangeBar(language, { low: done, high: done }, schedule?.planned ?? null, undefined, 0)}
${schedule && html`<p class="note">${say(language, migrationTexts.bar)}</p>`}
<p class="note">${say(language, migrationTexts.inScope, scope)}</p>${more}</section>`
}

/** When it is expected to be finished, and how sure that is. */
export function forecastWords(writer: Writer, { forecast }: Schedule): Html {
  const { language } = writer
  const { status, finishAt } = forecast
  const words = say(language, forecastTexts[status])
  if (status !== 'forecast' || finishAt === null) return words
  return html`${words}: <b>${time(writer, finishAt, 'dayOfYear')}</b>`
}

function band(writer: Writer, { forecast }: Schedule): Content {
  const { language } = writer
  const { status, earliestAt, latestAt } = forecast
  if (status !== 'forecast') return null
  if (earliestAt === null) return say(language, migrationTexts.noBand)
  const earliest = time(writer, earliestAt, 'dayOfYear')
  if (latestAt === null) return say(language, migrationTexts.bandOpen, { earliest })
  return say(language, migrationTexts.band, {
    ...{ earliest, latest: time(writer, latestAt, 'dayOfYear') },
  })
}

/** Where the roadmap stands and where it leads; without one how to get it. */
export function planCard(writer: Writer, { schedule }: MigrationFigures, more: Content): Html {
  const { language } = writer
  const head = html`<h2 id="plan">${say(language, migrationTexts.plan)}</h2>`
  if (!schedule) {
    return html`<section class="card" aria-labelledby="plan">${head}
<p class="calm">${say(language, migrationTexts.noBaseline)}</p>${more}</section>`
  }
  const { performance, timePerformance, earnedMonths, actualMonths } = schedule
  const ratio = (value: number | null) => value !== null && decimals(language, value, 2)
  const months = {
    earned: decimals(language, earnedMonths, 1),
    actual: decimals(language, actualMonths, 1),
  }
  return html`<section class="card" aria-labelledby="plan">${head}
<p>${forecastWords(writer, schedule)}</p>
<p class="note">${band(writer, schedule)}</p>
${facts([
  [say(language, migrationTexts.start), time(writer, schedule.startAt, 'dayOfYear')],
  [
    say(language, migrationTexts.plannedFinish),
    time(writer, schedule.plannedFinishAt, 'dayOfYear'),
  ],
  [say(language, migrationTexts.earnedMonths), say(language, migrationTexts.monthsOf, months)],
  [say(language, migrationTexts.timePerformance), ratio(timePerformance) || null],
  [say(language, migrationTexts.performance), ratio(performance) || null],
])}${more}</section>`
}

// The order of the words is the order of the way.
const states = Object.keys(workloadStateTexts) as WorkloadState[]

/** Weight by state as one bar, and in words below it; exempt weight is told, not drawn. */
export function statesCard(
  { language }: Writer,
  { states: counts, weight }: MigrationFigures,
): Html {
  const shown = states.filter((state) => counts[state].workloads > 0)
  let from = 0
  const parts = shown
    .filter((state) => state !== 'exempt' && weight > 0)
    .map((state) => {
      const width = (100 * counts[state].weight) / weight
      const x = directions[language] === 'rtl' ? 100 - from - width : from
      from += width
      const place = html`x="${x.toFixed(2)}%" width="${width.toFixed(2)}%"`
      return html`<rect class="${state}" ${place} height="100%"/>`
    })
  const words = shown.map((state) => {
    const { workloads, weight } = counts[state]
    const values = { workloads: number(language, workloads), weight: number(language, weight) }
    return html`<li><svg class="state-swatch" aria-hidden="true">
<rect class="${state}" width="100%" height="100%"/></svg>
<span>${say(language, workloadStateTexts[state])}</span>
<b>${say(language, migrationTexts.stateCount, values)}</b></li>`
  })
  return html`<section class="card" aria-labelledby="states">
<h2 id="states">${say(language, migrationTexts.states)}</h2>
<p class="note">${say(language, migrationTexts.statesHow)}</p>
<svg class="states-bar" aria-hidden="true">${parts}</svg>
<ul class="states">${words}</ul></section>`
}

/** The proven share that keeps to the circular, and how many do, do not, or cannot be told. */
export function complianceCard({ language }: Writer, compliance: Compliance): Html {
  const { low, high } = compliance
  const looks = [
    ['compliant', 'good', 'check'],
    ['breach', 'bad', 'cross'],
    ['unknown', 'unsure', 'question'],
    ['exempt', 'none', 'minus'],
  ] as const
  const figure =
    low && high
      ? html`<p class="low"><strong>${percent(low)}</strong>
<span>${say(language, figureTexts.low)}</span></p>
<p class="note">${say(language, migrationTexts.complianceRange, {
          ...{ low: percent(low), high: percent(high) },
        })}</p>
${rangeBar(language, { low, high }, null)}`
      : html`<p class="calm">${say(language, migrationTexts.complianceNone)}</p>`
  return html`<section class="card block" aria-labelledby="compliance">
<h2 id="compliance">${say(language, migrationTexts.compliance)}</h2>
${figure}
<ul class="verdicts">${looks.map(
    ([status, tone, shape]) =>
      html`<li>${chip(tone, shape, say(language, complianceTexts[status]))}
<b>${number(language, compliance[status])}</b></li>`,
  )}</ul></section>`
}
