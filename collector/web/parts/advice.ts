import type { Model } from '../../kpi/readiness/model.ts'
import type { Advice, AdviceStep } from '../../kpi/readiness/result.ts'
import type { InstitutionRow } from '../../kpi/snapshot.ts'
import { name, number, percent } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, say } from '../language.ts'
import { paths } from '../paths.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { placeTexts } from '../texts/places.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { adviceKindTexts, stepCount } from '../texts/readiness-words.ts'
import { chip } from './chip.ts'
import { indicatorAnchor, indicatorName, ruleOf, unitPlace } from './gates.ts'
import type { Shape } from './icon.ts'
import { levelChip } from './level.ts'
import { gain } from './measure-value.ts'
import { table } from './table.ts'

/** How many steps are seen at once, and how many at all; how many more there are is said. */
const stepsSeenMax = 12
const stepsShownMax = 200
/** Steps at home. */
const topStepsMax = 5

const looks: Readonly<Record<AdviceStep['kind'], { tone: string; shape: Shape }>> = {
  fix: { tone: 'bad', shape: 'wrench' },
  measure: { tone: 'unsure', shape: 'eye' },
  declare: { tone: 'new', shape: 'clock' },
  review: { tone: 'warning', shape: 'scales' },
}
const kinds = Object.keys(looks) as AdviceStep['kind'][]

type About = {
  readonly language: Language
  readonly row: InstitutionRow
  readonly model: Model
  readonly advice: Advice
}

/** The fewest steps to the next level. */
export function nextLevelCard({ language, row, model, advice }: About): Html {
  const { next } = advice
  const title = html`<h2 id="next">${say(language, readinessTexts.next)}</h2>`
  if (!next) {
    return html`<section class="card" aria-labelledby="next">${title}
<p class="calm">${say(language, readinessTexts.nextNone)}</p></section>`
  }
  const values = { level: levelChip(language, model, next.level), low: percent(next.lowAfter) }
  const how = next.isReachable ? readinessTexts.nextHow : readinessTexts.nextNever
  const steps = next.steps.slice(0, stepsSeenMax).map((step) => {
    const values = { gain: gain(language, step.gainPoints) }
    return html`<li><span>${whatToDo(language, model, step)}
<small>${unitPlace(language, row, step)}</small></span>
<b>${say(language, readinessTexts.gainPoints, values)}</b></li>`
  })
  const more = next.steps.length - steps.length
  return html`<section class="card" aria-labelledby="next">${title}
<p>${say(language, how, values)}</p>
<ol class="late steps">${steps}</ol>${notShown(language, more)}</section>`
}

/** The few steps that gain most, for a page that is not about readiness; `page` explains them. */
export function topSteps({ language, row, model, advice }: About, page: string): Html {
  const steps = advice.steps.slice(0, topStepsMax).map((step) => {
    const rule = ruleOf(model, step.indicator)
    const words = rule
      ? name(language, rule.advice)
      : indicatorName(language, model, step.indicator)
    const values = { gain: gain(language, step.gainPoints) }
    return html`<li><span><a href="${page}#${indicatorAnchor(step.indicator)}">${words}</a>
<small>${unitPlace(language, row, step)}</small></span>
<b>${say(language, readinessTexts.gainPoints, values)}</b></li>`
  })
  return steps.length === 0
    ? html`<p class="calm">${say(language, readinessTexts.noWork)}</p>`
    : html`<ol class="late steps">${steps}</ol>`
}

/** Everything that raises the index, the largest gain first. */
export function workCard(about: About): Html {
  const { language, advice } = about
  const { steps } = advice
  const title = html`<h2 id="work">${say(language, readinessTexts.work)}
<span class="count">${number(language, steps.length)}</span></h2>`
  if (steps.length === 0) {
    return html`<section class="card" aria-labelledby="work">${title}
<p class="calm">${say(language, readinessTexts.noWork)}</p></section>`
  }
  const counts = kinds
    .map((kind) => ({ kind, n: steps.filter((step) => step.kind === kind).length }))
    .filter(({ n }) => n > 0)
  const rest = steps.slice(stepsSeenMax, stepsShownMax)
  const others = html`<details class="proof" id="other-steps">
<summary>${say(language, readinessTexts.moreSteps)}
(${count(language, stepCount, steps.length - stepsSeenMax)})</summary>
${stepsTable(about, rest)}
${notShown(language, steps.length - stepsShownMax)}</details>`
  return html`<section class="card" aria-labelledby="work">${title}
<p class="note">${say(language, readinessTexts.workHow)}</p>
<ul class="chips">${counts.map(
    ({ kind, n }) => html`<li>${kindChip(language, kind)} <b>${number(language, n)}</b></li>`,
  )}</ul>
${stepsTable(about, steps.slice(0, stepsSeenMax))}
${rest.length > 0 && others}</section>`
}

function notShown(language: Language, more: number): Content {
  const values = { more: number(language, more) }
  return more > 0 && html`<p class="note">${say(language, placeTexts.more, values)}</p>`
}

function stepsTable({ language, row, model }: About, steps: readonly AdviceStep[]): Html {
  const href = paths.declared(language, row.id)
  const words = say(language, declarationTexts.title)
  const declarations = html`<small><a href="${href}">${words}</a></small>`
  const lifts = chip('good', 'up', say(language, readinessTexts.liftsGate))
  return table({
    labelledBy: 'work',
    columns: [
      { head: say(language, readinessTexts.step) },
      { head: say(language, readinessTexts.where) },
      { head: say(language, readinessTexts.kind) },
      { head: say(language, readinessTexts.gain), look: 'number' },
      { head: say(language, readinessTexts.lowAfter), look: 'number' },
    ],
    rows: steps.map((step) => [
      whatToDo(language, model, step),
      unitPlace(language, row, step),
      html`${kindChip(language, step.kind)} ${step.liftsGate && lifts}
${isDeclared(step) && declarations}`,
      html`<strong>${gain(language, step.gainPoints)}</strong>`,
      percent(step.lowAfter),
    ]),
    cards: true,
  })
}

/** Whether the step is taken on the page of declarations. */
function isDeclared({ kind }: AdviceStep): boolean {
  return kind === 'declare' || kind === 'review'
}

/** The sentence of the model, with the indicator that it raises. */
function whatToDo(language: Language, model: Model, { indicator }: AdviceStep): Html {
  const rule = ruleOf(model, indicator)
  return html`${rule && name(language, rule.advice)}
<small><a href="#${indicatorAnchor(indicator)}">${indicatorName(language, model, indicator)}</a>
</small>`
}

function kindChip(language: Language, kind: AdviceStep['kind']): Html {
  const { tone, shape } = looks[kind]
  return chip(tone, shape, say(language, adviceKindTexts[kind]))
}
