import type { Bound } from '../../kpi/snapshot.ts'
import { wholePercent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { directions, type Language, say } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'

/** Share at which the scale begins, so that the target stands at three quarters of its length. */
export function scaleStart(target: Bound): number {
  return Math.max(0, 1 - 4 * Math.max(0.01, 1 - target.ratio))
}

/** Says what the scale is, above a column of bars that carry no labels. */
export function scaleNote(language: Language, target: Bound): Html {
  return say(language, figureTexts.scaleNote, {
    start: wholePercent(scaleStart(target)),
    end: wholePercent(1),
  })
}

const possible = 'url(#hatch-range)'

/**
 * Low to high on a scale with the target marked, if there is one; what lies below the scale, which
 * begins at `start`, sticks to its edge. A drawing of numbers that stand beside it, so it is hidden
 * from screen readers.
 */
export function rangeBar(
  language: Language,
  figure: { readonly low: Bound | null; readonly high: Bound | null },
  target: Bound | null,
  targetLabel?: string,
  start = target ? scaleStart(target) : 0,
): Html {
  const along = (share: number) => (100 * (Math.max(share, start) - start)) / (1 - start)
  const low = along(figure.low?.ratio ?? 0)
  const high = along(figure.high?.ratio ?? 0)
  const mirrored = directions[language] === 'rtl'
  const part = (name: string, from: number, to: number) => {
    const x = (mirrored ? 100 - to : from).toFixed(2)
    const paint = name === 'possible' && html` fill="${possible}"`
    const width = (to - from).toFixed(2)
    return html`<rect class="${name}" x="${x}%" y="4" width="${width}%" height="12"${paint}/>`
  }
  const at = (share: number) => `${(mirrored ? 100 - along(share) : along(share)).toFixed(2)}%`
  return html`<svg class="range" aria-hidden="true">
${part('track', 0, 100)}${part('possible', low, high)}${part('proven', 0, low)}
${target && targetMark(at(target.ratio), targetLabel)}</svg>`
}

function targetMark(x: string, text: string | undefined): Html {
  const label = text && html`<text x="${x}" y="36" text-anchor="middle">${text}</text>`
  return html`<line class="target" x1="${x}" x2="${x}" y1="0" y2="20"/>${label}`
}

/** What a part of the bar looks like, beside the word for it. */
export function swatch(name: 'proven' | 'possible'): Html {
  const paint = name === 'possible' && html` fill="${possible}"`
  return html`<svg class="swatch" aria-hidden="true">
<rect class="${name}" width="100%" height="100%"${paint}/></svg>`
}
