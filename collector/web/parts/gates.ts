import type { IndicatorRule, Model } from '../../kpi/readiness/model.ts'
import type { FiredGate, InstitutionReadiness } from '../../kpi/readiness/result.ts'
import type { InstitutionRow } from '../../kpi/snapshot.ts'
import { name, number, percent } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { paths } from '../paths.ts'
import { placeTexts } from '../texts/places.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { chip } from './chip.ts'
import { levelChip } from './level.ts'
import { conditionWords } from './measure-value.ts'

/** Gates stay a short list; how many more there are is said. */
const gatesShownMax = 24

/** An indicator of the model; undefined where the model has become another meanwhile. */
export function ruleOf(model: Model, indicator: string): IndicatorRule | undefined {
  return model.dimensions.flatMap(({ indicators }) => indicators).find(({ id }) => id === indicator)
}

/** What an indicator is called. */
export function indicatorName(language: Language, model: Model, indicator: string): Html {
  const rule = ruleOf(model, indicator)
  return rule ? name(language, rule.label) : html`<bdi dir="ltr">${indicator}</bdi>`
}

/** An environment, a host in it by the name of its agent, or the whole institution. */
export function unitPlace(
  language: Language,
  row: InstitutionRow,
  { environment, host }: { readonly environment: string | null; readonly host: string | null },
): Html {
  if (environment === null) return say(language, readinessTexts.wholeInstitution)
  const known = row.environments.find(({ id }) => id === environment)
  const words = known ? name(language, known.name) : html`<bdi dir="ltr">${environment}</bdi>`
  const place =
    known && html`<a href="${paths.environment(language, row.id, environment)}">${words}</a>`
  const agent = known?.agents.find((each) => each.agent === host)?.name ?? host
  return html`${place ?? words}${agent !== null && html` <bdi dir="ltr">${agent}</bdi>`}`
}

/** Where the page tells of an indicator. */
export function indicatorAnchor(indicator: string): string {
  return `indicator-${indicator.replaceAll(/[^a-z0-9]/gi, '-')}`
}

/** Which gates hold the level down, where, and why. */
export function gatesCard(
  language: Language,
  row: InstitutionRow,
  model: Model,
  { gates }: InstitutionReadiness,
): Html {
  const sorted = gates.toSorted((a, b) => rank(a) - rank(b))
  const more = sorted.length - gatesShownMax
  const count = html` <span class="count">${number(language, gates.length)}</span>`
  return html`<section class="card" aria-labelledby="gates">
<h2 id="gates">${say(language, readinessTexts.gates)}${gates.length > 0 && count}</h2>
${
  gates.length === 0
    ? html`<p class="calm">${say(language, readinessTexts.noGates)}</p>`
    : html`<ul class="late gates">${sorted
        .slice(0, gatesShownMax)
        .map((gate) => html`<li>${gateLine(language, row, model, gate)}</li>`)}</ul>`
}
${
  more > 0 &&
  html`<p class="note">${say(language, placeTexts.more, { more: number(language, more) })}</p>`
}</section>`
}

function rank({ is }: FiredGate): number {
  return is === 'fired' ? 0 : 1
}

function gateLine(language: Language, row: InstitutionRow, model: Model, fired: FiredGate): Html {
  const rule = ruleOf(model, fired.indicator)
  const look =
    fired.is === 'fired'
      ? chip('bad', 'stop', say(language, readinessTexts.gateFired))
      : chip('unsure', 'question', say(language, readinessTexts.gatePossible))
  const cap = { level: levelChip(language, model, fired.capLevel) }
  return html`<span><a href="#${indicatorAnchor(fired.indicator)}"><b>${indicatorName(
    language,
    model,
    fired.indicator,
  )}</b></a> – ${unitPlace(language, row, fired)}
${rule && condition(language, rule)}</span>
<span class="chips">${look} <small>${say(language, readinessTexts.gateCap, cap)}</small></span>`
}

function condition(language: Language, { metric, gate }: IndicatorRule): Content {
  if (!gate) return null
  const values = { condition: conditionWords(language, metric, gate.when) }
  return html`<small>${say(language, readinessTexts.gateWhen, values)}</small>`
}

/** Why there is no level yet; nothing once there is one. */
export function setUpReason(
  language: Language,
  model: Model,
  { stage, measured }: InstitutionReadiness,
): Content {
  if (stage !== 'being_set_up') return null
  const { minAvailableRatio } = model.missing
  const needed = { ratio: minAvailableRatio, percent: (100 * minAvailableRatio).toFixed(2) }
  const words =
    measured.ratio < minAvailableRatio
      ? say(language, readinessTexts.setUpWeight, {
          ...{ measured: percent(measured), needed: percent(needed) },
        })
      : say(language, readinessTexts.setUpDays)
  return html`<p class="why">${words}</p>`
}
