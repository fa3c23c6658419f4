import type { EpochMs, Span } from '../../../protocol/time.ts'
import type { ShownSpan, ShownState } from '../../http/views.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import { cycleName, duration, plainTime, type TimeStyle, type Writer } from '../format.ts'
import { type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { checkTexts, stateTexts } from '../texts/checks.ts'
import { disputeTexts } from '../texts/disputes.ts'
import { windowTexts } from '../texts/figures.ts'
import { icon } from './icon.ts'
import {
  disputedMarks,
  disputedSpans,
  lengthsOf,
  type Mark,
  markMs,
  marksMax,
  marksOf,
  quarters,
} from './marks.ts'

type StateSpans = readonly ShownSpan[]

/** What happened in the last 24 hours and in the cycle so far. */
export type Strips = { readonly day: StateSpans; readonly cycle: StateSpans }

type Window = Span & {
  readonly name: string
  /** How instants are written below the strip; its ends may need more than its middle. */
  readonly label: TimeStyle
  readonly endLabel: TimeStyle
}

/** The last 24 hours and the whole cycle, one above the other, and how to read them. */
export function timelines(writer: Writer, snapshot: Snapshot, strips: Strips): Html {
  const { language } = writer
  const day: Window = {
    ...snapshot.windows['24h'],
    name: sayPlainly(language, windowTexts['24h']),
    label: 'hour',
    endLabel: 'minute',
  }
  const cycle: Window = {
    ...snapshot.cycle,
    name: cycleName(language, snapshot.cycle),
    label: 'day',
    endLabel: 'dayOfYear',
  }
  return html`<section class="card" aria-labelledby="timeline">
<h2 id="timeline">${say(language, checkTexts.timeline)}</h2>
<p class="note">${say(language, checkTexts.timeRuns)}</p>
${strip(writer, strips.day, day, snapshot.asOf)}
${strip(writer, strips.cycle, cycle, snapshot.asOf)}
${legend(writer)}</section>`
}

function strip(writer: Writer, spans: StateSpans, window: Window, asOf: EpochMs): Html {
  const { language } = writer
  const marks = marksOf(spans, window)
  const inOrder = [
    ...marks.filter(({ state }) => state !== 'down'),
    ...marks.filter(({ state }) => state === 'down'),
  ]
  const mark = duration(language, markMs(window))
  const labelOf = (quarter: number) => (quarter % 4 === 0 ? window.endLabel : window.label)
  return html`<div class="strip-head"><h3>${window.name}</h3>
<small>${say(language, checkTexts.mark, { duration: mark })}</small></div>
<svg class="strip" role="img" aria-label="${summary(writer, spans, window, asOf)}" direction="ltr">
<rect class="to-come" x="0" y="6" width="100%" height="34"/>
${inOrder.map(drawn)}
${disputedMarks(spans, window).map(underlined)}
${quarters(window).map((at, i) => tick(writer, at, i, labelOf(i)))}</svg>`
}

const paints: Readonly<Partial<Record<ShownState, string>>> = {
  unknown: 'url(#hatch-unknown)',
  degraded: 'url(#hatch-degraded)',
  maintenance: 'url(#hatch-maintenance)',
}

/** Down is the only state of full height, so that it shows without colour too. */
function drawn({ from, to, state }: Mark): Html {
  const x = ((from * 100) / marksMax).toFixed(3)
  const width = (((to - from) * 100) / marksMax).toFixed(3)
  const [y, height] = state === 'down' ? [0, 40] : [6, 34]
  const paint = paints[state] && html` fill="${paints[state]}"`
  const size = html`x="${x}%" y="${y}" width="${width}%" height="${height}"`
  return html`<rect class="${state}" ${size}${paint}/>`
}

/** Below the states, so that it hides none of them. */
function underlined({ from, to }: Span): Html {
  const x = ((from * 100) / marksMax).toFixed(3)
  const width = (((to - from) * 100) / marksMax).toFixed(3)
  return html`<rect class="disputed" x="${x}%" y="42" width="${width}%" height="4"/>`
}

/** Labels are isolated as text because a drawing has no other way to keep their direction. */
function tick(writer: Writer, at: EpochMs, quarter: number, label: TimeStyle): Html {
  const anchor = ['start', 'middle', 'middle', 'middle', 'end'][quarter]
  const x = `${quarter * 25}%`
  const text = `\u2068${plainTime(writer, at, label)}\u2069`
  return html`<g class="${quarter % 2 === 1 && 'odd'}"><line x1="${x}" x2="${x}" y1="40" y2="46"/>
<text x="${x}" y="62" text-anchor="${anchor}">${text}</text></g>`
}

/** The same in words: how long each state lasted. */
function summary({ language }: Writer, spans: StateSpans, window: Window, asOf: EpochMs): string {
  const parts = lengthsOf(spans, { from: window.from, to: asOf }).map(([state, ms]) => {
    const values = { state: stateTexts[state][language], duration: duration(language, ms) }
    return sayPlainly(language, checkTexts.part, values)
  })
  const disputedMs = disputedSpans(spans).reduce((sum, { from, to }) => sum + to - from, 0)
  if (disputedMs > 0) {
    const values = {
      state: disputeTexts.decided[language],
      duration: duration(language, disputedMs),
    }
    parts.push(sayPlainly(language, checkTexts.part, values))
  }
  const list = new Intl.ListFormat(language, { type: 'unit' }).format(parts)
  const values = { window: window.name, parts: list || checkTexts.nothing[language] }
  return sayPlainly(language, checkTexts.summary, values)
}

const legendStates = ['up', 'degraded', 'down', 'unknown', 'maintenance', 'not_in_scope'] as const

function legend({ language }: Writer): Html {
  const entry = (state: ShownState | 'to-come', words: Html) => {
    const paint = state !== 'to-come' && paints[state] && html` fill="${paints[state]}"`
    const [y, height] = state === 'down' ? [0, 20] : [4, 16]
    return html`<li><svg class="strip sample" aria-hidden="true">
<rect class="${state}" y="${y}" width="100%" height="${height}"${paint}/></svg>${words}</li>`
  }
  const states = legendStates.map((state) => entry(state, say(language, stateTexts[state])))
  return html`<ul class="legend">${states}
${entry('to-come', say(language, checkTexts.toCome))}
<li><svg class="strip sample" aria-hidden="true">
<rect class="disputed" y="8" width="100%" height="4"/></svg>
${icon('scales')} ${say(language, disputeTexts.decided)}</li></ul>`
}
