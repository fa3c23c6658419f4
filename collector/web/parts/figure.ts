import type { Bound, Cycle, Figure, Stage } from '../../kpi/snapshot.ts'
import { cycleName, percent, roundPercent, type Writer, wholePercent } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { auditFlagTexts } from '../texts/maintenance.ts'
import { resultChip, resultOf } from './chip.ts'
import { rangeBar, scaleStart, swatch } from './range-bar.ts'

export type FigureCard = {
  readonly title: Content
  readonly figure: Figure
  readonly stage: Stage
  readonly target: Bound
  /** Why no verdict can be given; shown only when the verdict is undetermined. */
  readonly why: Content
  /** More sentences below the figure. */
  readonly more?: Content
}

/** The KPI as everybody must read it: proven low big, the rest small, the verdict in words. */
export function figureCard(writer: Writer, card: FigureCard): Html {
  const { language } = writer
  const { figure, target } = card
  const result = resultOf(card.stage, figure)
  const low = figure.low ? percent(figure.low) : say(language, figureTexts.noValue)
  const share = html`<bdi dir="ltr">${roundPercent(target)}</bdi>`
  const others = (['observed', 'high', 'coverage'] as const).map((key) => {
    const term = html`${key === 'high' && swatch('possible')} ${say(language, figureTexts[key])}`
    return html`<div><dt>${term}</dt><dd>${percent(figure[key])}</dd></div>`
  })
  return html`<section class="card figure" aria-labelledby="figure">
<h2 id="figure">${card.title}</h2>
<div class="figure-head">
<p class="low"><strong>${low}</strong>
<span>${swatch('proven')} ${say(language, figureTexts.low)}</span></p>
<div class="outcome">${resultChip(language, result)}
<p>${say(language, figureTexts.target, { target: share })}</p></div>
</div>
<dl class="others">${others}</dl>
${figure.low && scale(writer, figure, target)}${basis(language, figure)}
${sentence(writer, result, card.why)}${flagged(language, figure)}${card.more}
</section>`
}

function scale({ language }: Writer, figure: Figure, target: Bound): Html {
  return html`<div class="scale">${rangeBar(language, figure, target, roundPercent(target))}
<p aria-hidden="true"><span>${wholePercent(scaleStart(target))}</span>
<span>${wholePercent(1)}</span></p></div>`
}

/** What an auditor should look at. */
function flagged(language: Language, { flags }: Figure): Content {
  return flags.map((flag) => html`<p class="flag">${say(language, auditFlagTexts[flag])}</p>`)
}

/** What the institution itself answers for, and what known time rests on. */
function basis(language: Language, { ownFault, attested }: Figure): Content {
  const shares = attested && {
    self: percent(attested.self),
    witnessed: percent(attested.witnessed),
    both: percent(attested.both),
  }
  const range = ownFault && { low: percent(ownFault.low), high: percent(ownFault.high) }
  return [
    range && html`<p class="note">${say(language, figureTexts.ownFault, range)}</p>`,
    shares && html`<p class="note">${say(language, figureTexts.attested, shares)}</p>`,
  ]
}

function sentence({ language }: Writer, result: string, why: Content): Content {
  if (result === 'undetermined') return html`<p class="why">${why}</p>`
  const text = {
    being_set_up: figureTexts.beingSetUpWhy,
    no_value: figureTexts.noValueWhy,
  }[result]
  return text && html`<p class="why">${say(language, text)}</p>`
}

/** What the figure of one institution or environment is called. */
export function continuityTitle(language: Language, cycle: Cycle): Html {
  return html`${say(language, figureTexts.continuityShort)} – ${cycleName(language, cycle)}`
}

/** Why the verdict of several environments together is undetermined. */
export function undeterminedWhy({ language }: Writer, { coverage, low, high }: Figure): Html {
  const values = { coverage: percent(coverage), low: percent(low), high: percent(high) }
  return say(language, figureTexts.undeterminedWhy, values)
}
