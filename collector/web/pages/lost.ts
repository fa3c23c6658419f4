import { lengthMs } from '../../../protocol/time.ts'
import type { LostAnswer, LostRow } from '../../http/views.ts'
import type { Cause } from '../../kpi/causes.ts'
import type { CauseTotal } from '../../kpi/explain.ts'
import {
  type EnvironmentRow,
  type InstitutionRow,
  type Snapshot,
  type WindowName,
  windowNames,
} from '../../kpi/snapshot.ts'
import { cycleName, duration, name, number, percent, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { directions, say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { chip, stateChip } from '../parts/chip.ts'
import { evidence } from '../parts/evidence.ts'
import { icon, type Shape } from '../parts/icon.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import { checkTexts, stateTexts } from '../texts/checks.ts'
import { figureTexts, windowTexts } from '../texts/figures.ts'
import { causeTexts, lostTexts, ownerTexts, reliefTexts, standingTexts } from '../texts/lost.ts'
import { shellTexts } from '../texts/shell.ts'

/** Stretches on one page. */
export const stretchesShownMax = 50

export type LostView = {
  readonly institution: InstitutionRow
  readonly environment: EnvironmentRow
  readonly window: WindowName
  /** Whether this is the first page: the latest stretches. */
  readonly isFirst: boolean
  readonly lost: LostAnswer
}

/** Where the time of an environment went: why, who must act, and the evidence. */
export function lostPage(frame: Frame, snapshot: Snapshot, view: LostView): string {
  const { language } = frame
  const { institution, environment, lost } = view
  const figure = environment.continuity[view.window]
  const isLost = lost.byCause.length > 0 || lost.stretches.length > 0
  const none = figure.low ? lostTexts.none : figureTexts.noValueWhy
  const main = html`<div class="titled"><h1>${say(language, lostTexts.of, {
    name: name(language, environment.name),
  })}</h1></div>
${periods(frame, snapshot, view)}
<div class="hero two">${summary(frame, view)}
${isLost ? causesCard(frame, lost) : html`<p class="card calm">${say(language, none)}</p>`}</div>
${isLost && stretchesCard(frame, view)}
${isLost && apartCard(frame, view)}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, institution.id), name: name(language, institution.name) },
    {
      href: paths.environment(language, institution.id, environment.id),
      name: name(language, environment.name),
    },
  ]
  return layout(frame, { title: sayPlainly(language, lostTexts.title), trail, snapshot, main })
}

function periods({ language }: Frame, snapshot: Snapshot, view: LostView): Html {
  const base = paths.lost(language, view.institution.id, view.environment.id)
  const links = windowNames.map((window) => {
    const words =
      window === 'cycle' ? cycleName(language, snapshot.cycle) : say(language, windowTexts[window])
    const current = window === view.window && html` aria-current="page"`
    return html`<li><a href="${base}?window=${window}"${current}>${words}</a></li>`
  })
  return html`<nav aria-label="${sayPlainly(language, lostTexts.period)}">
<ul class="periods">${links}</ul></nav>`
}

function summary(frame: Frame, { environment, window, lost }: LostView): Html {
  const { language } = frame
  const { count, longestMs, p90Ms } = lost.outages
  const length = (ms: number | null) => (ms === null ? percent(null) : duration(language, ms))
  const sum = (of: 'downMs' | 'unknownMs') =>
    lost.byCause.reduce((total, each) => total + each[of], 0)
  const tiles: [Content, Content][] = [
    [say(language, lostTexts.outages), number(language, count)],
    [say(language, lostTexts.longest), length(longestMs)],
    [say(language, lostTexts.p90), length(p90Ms)],
    [say(language, lostTexts.down), length(sum('downMs'))],
    [say(language, lostTexts.unknown), length(sum('unknownMs'))],
  ]
  const { attested } = environment.continuity[window]
  const shares = attested && [
    ...(['self', 'witnessed', 'both'] as const).map((by): [Content, Content] => {
      return [say(language, lostTexts[by]), percent(attested[by])]
    }),
  ]
  return html`<section class="card" aria-labelledby="summary">
<h2 id="summary">${say(language, lostTexts.summary)}</h2>
<p class="note">${time(frame, lost.window.from, 'minuteOfYear')} –
${time(frame, lost.window.to, 'minuteOfYear')}</p>
<dl class="others">${tiles.map(pair)}</dl>
<p class="note">${say(language, lostTexts.outageHow)}</p>
${
  shares &&
  html`<h3>${say(language, lostTexts.attested)}</h3><dl class="others">${shares.map(pair)}</dl>`
}</section>`
}

function pair([term, value]: [Content, Content]): Html {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`
}

const shapes: Readonly<Record<Cause, Shape>> = {
  host: 'server',
  network: 'network',
  agent: 'eye',
  service: 'warning',
  clock: 'clock',
  centre: 'centre',
  emergency_maintenance: 'wrench',
}

function causeWords({ language }: Frame, cause: Cause | null): Html {
  const words = say(language, cause === null ? lostTexts.noCause : causeTexts[cause])
  return html`${icon(cause === null ? 'question' : shapes[cause])} ${words}`
}

/** What each cause took, as a share of the largest. */
function causesCard(frame: Frame, { byCause }: LostAnswer): Html {
  const { language } = frame
  const most = Math.max(...byCause.map(({ lostMs }) => lostMs))
  const items = byCause.map((total) => {
    const owner = say(language, ownerTexts[total.owner])
    return html`<li><p><span>${causeWords(frame, total.cause)}</span>
<b>${duration(language, total.lostMs)}</b></p>
${bar(frame, total, most)}
<p class="note"><span>${say(language, lostTexts.forOwner, { owner })}</span>
<span>${inStates(frame, total)}</span></p></li>`
  })
  return html`<section class="card" aria-labelledby="causes">
<h2 id="causes">${say(language, lostTexts.byCause)}</h2>
${byCause.length === 0 && html`<p class="calm">${say(language, lostTexts.noneCounted)}</p>`}
<p class="note">${say(language, lostTexts.bars)}</p>
<ul class="losses">${items}</ul></section>`
}

const lostStates = ['down', 'unknown', 'degraded'] as const

function inStates({ language }: Frame, total: CauseTotal): Content {
  return lostStates
    .filter((state) => total[`${state}Ms`] > 0)
    .map((state, i) => {
      const values = {
        state: say(language, stateTexts[state]),
        duration: duration(language, total[`${state}Ms`]),
      }
      return html`${i > 0 && ' · '}${say(language, checkTexts.part, values)}`
    })
}

const paints: Readonly<Partial<Record<string, string>>> = {
  unknown: 'url(#hatch-unknown)',
  degraded: 'url(#hatch-degraded)',
}

/** A drawing of numbers that stand beside it, so it is hidden from screen readers. */
function bar({ language }: Frame, total: CauseTotal, most: number): Html {
  let from = 0
  const parts = lostStates.map((state) => {
    const width = (100 * total[`${state}Ms`]) / most
    const x = directions[language] === 'rtl' ? 100 - from - width : from
    from += width
    const paint = paints[state] && html` fill="${paints[state]}"`
    const size = html`x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"`
    return width > 0 && html`<rect class="${state}" ${size}${paint}/>`
  })
  return html`<svg class="loss" aria-hidden="true">${parts}</svg>`
}

function stretchesCard(frame: Frame, view: LostView): Html {
  const { language } = frame
  const { lost, environment } = view
  const rows = lost.stretches
    .filter(({ relief }) => relief === null)
    .map((row) => [
      ...spanCells(frame, row, lost.asOf),
      html`${stateChip(language, row.state)}${disputed(frame, row)}`,
      causeWords(frame, row.cause),
      say(language, ownerTexts[row.owner]),
      standing(frame, row),
      evidence(frame, row, environment.agents),
    ])
  const columns = [
    ...spanColumns(frame),
    { head: say(language, checkTexts.state) },
    { head: say(language, lostTexts.cause) },
    { head: say(language, lostTexts.owner) },
    { head: say(language, lostTexts.standing) },
    { head: say(language, lostTexts.evidence) },
  ]
  const n = number(language, stretchesShownMax)
  return html`<section class="card" aria-labelledby="stretches">
<h2 id="stretches">${say(language, lostTexts.stretches)}</h2>
<p class="note">${say(language, lostTexts.newest, { n })}
${say(language, lostTexts.standingHow)}</p>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, lostTexts.noneCounted)}</p>`
    : table({ labelledBy: 'stretches', columns, rows, cards: true })
}${turning(frame, view)}</section>`
}

/** Excluded time and upheld disputes: told, and apart from what counts. */
function apartCard(frame: Frame, { lost, environment }: LostView): Content {
  const { language } = frame
  const apart = lost.stretches.flatMap((row) => (row.relief ? [{ row, why: row.relief }] : []))
  if (apart.length === 0) return null
  const rows = apart.map(({ row, why }) => [
    ...spanCells(frame, row, lost.asOf),
    html`${stateChip(language, row.disputed?.was ?? row.state)}${disputed(frame, row)}`,
    say(language, reliefTexts[why]),
    evidence(frame, row, environment.agents),
  ])
  const columns = [
    ...spanColumns(frame),
    { head: say(language, checkTexts.state) },
    { head: say(language, lostTexts.why) },
    { head: say(language, lostTexts.evidence) },
  ]
  return html`<section class="card" aria-labelledby="apart">
<h2 id="apart">${say(language, lostTexts.apart)}</h2>
<p class="note">${say(language, lostTexts.apartHow)}</p>
${table({ labelledBy: 'apart', columns, rows, cards: true })}</section>`
}

function spanColumns({ language }: Frame): { head: Html }[] {
  return (['from', 'to', 'length'] as const).map((key) => ({
    head: say(language, checkTexts[key]),
  }))
}

function spanCells(frame: Frame, row: LostRow, asOf: number): Content[] {
  const { language } = frame
  const end = row.to >= asOf ? say(language, checkTexts.now) : time(frame, row.to, 'minuteOfYear')
  return [time(frame, row.from, 'minuteOfYear'), end, duration(language, lengthMs(row))]
}

function standing({ language }: Frame, { standing: is }: LostRow): Html {
  const words = say(language, standingTexts[is])
  return is === 'settled' ? chip('none', 'check', words) : chip('unsure', 'hourglass', words)
}

function disputed({ language }: Frame, row: LostRow): Content {
  if (!row.disputed) return null
  const { id, was } = row.disputed
  const values = { id: html`<bdi dir="ltr">${id}</bdi>`, was: say(language, stateTexts[was]) }
  return html` <small>${say(language, lostTexts.disputed, values)}</small>`
}

function turning({ language }: Frame, view: LostView): Content {
  const { lost, window, isFirst } = view
  const page = paths.lost(language, view.institution.id, view.environment.id)
  const base = `${page}?window=${window}`
  const words = say(language, lostTexts.earlier)
  const latest = !isFirst && html`<a href="${base}">${say(language, lostTexts.latest)}</a>`
  const earlier =
    lost.next !== null && html`<a href="${base}&amp;after=${lost.next}" rel="next">${words}</a>`
  return (latest || earlier) && html`<p class="periods">${latest} ${earlier}</p>`
}
