import type { Model } from '../../kpi/readiness/model.ts'
import type { InstitutionReadiness, ReadinessDetail } from '../../kpi/readiness/result.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { name, number, percent } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { nextLevelCard, workCard } from '../parts/advice.ts'
import { chip } from '../parts/chip.ts'
import { criteriaCard, enabledChip } from '../parts/enabled.ts'
import { findingsCard } from '../parts/findings.ts'
import { gatesCard, setUpReason } from '../parts/gates.ts'
import { guide } from '../parts/guide.ts'
import { indicatorsCard } from '../parts/indicators.ts'
import { levelChips } from '../parts/level.ts'
import { draftBanner, indexCard, modelNote, scoreScale, scoreTable } from '../parts/score.ts'
import { titled } from '../parts/titled.ts'
import { paths } from '../paths.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { trendTexts } from '../texts/official.ts'
import { readinessGuide, readinessTexts } from '../texts/readiness.ts'
import { axisTexts, objectiveTexts } from '../texts/readiness-words.ts'
import { shellTexts } from '../texts/shell.ts'

/**
 * The readiness of one institution: what is proven, what holds its level back, what to do next, and
 * what every score rests on. Without a detail it says why there is none.
 */
export function institutionReadinessPage(
  frame: Frame,
  snapshot: Snapshot,
  row: InstitutionRow,
  detail: ReadinessDetail | null,
): string {
  const { language } = frame
  const model = snapshot.readiness?.model
  const none = model ? readinessTexts.noDetail : readinessTexts.noModel
  const main =
    model && detail
      ? figures(frame, snapshot, row, model, detail)
      : html`${model && draftBanner(language, model)}${titled(language, row.name, null)}
<p class="card calm">${say(language, none)}</p>`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, row.id), name: name(language, row.name) },
  ]
  const title = sayPlainly(language, readinessTexts.indexShort)
  return layout(frame, { title, trail, snapshot, main })
}

function figures(
  frame: Frame,
  snapshot: Snapshot,
  row: InstitutionRow,
  model: Model,
  { readiness, advice, indicators, findings }: ReadinessDetail,
): Html {
  const { language } = frame
  const { asOf, computedAt } = snapshot
  const about = { language, row, model, advice }
  const outside =
    !readiness.isMember && chip('none', 'minus', say(language, readinessTexts.notMember))
  const level = levelChips(language, model, readiness)
  const heading = titled(
    language,
    row.name,
    html`${level} ${readiness.isEnabledMember && enabledChip(language, readiness.enabled.status)}
${outside}`,
  )
  const evenly = {
    low: percent(readiness.equalWeights.low),
    high: percent(readiness.equalWeights.high),
  }
  const index = indexCard(frame, {
    title: say(language, readinessTexts.indexShort),
    index: readiness.index,
    stage: readiness.stage,
    // The verdict's own chip says that it is being set up.
    ...{ model, measured: readiness.measured, level: readiness.level && level },
    more: html`${setUpReason(language, model, readiness)}
<p class="note">${say(language, readinessTexts.levelLow)}
${say(language, readinessTexts.equalWeights, evenly)}</p>`,
  })
  return html`${draftBanner(language, model)}${heading}${links(frame, row)}
<div class="hero two">${index}
<div class="lists">${gatesCard(language, row, model, readiness)}${nextLevelCard(about)}</div></div>
${workCard(about)}
${dimensions(frame, model, readiness)}
${indicatorsCard({ ...{ writer: frame, row, model, indicators }, now: computedAt })}
${criteriaCard(frame, row, model, readiness, asOf)}
${findingsCard(frame, row, model, findings, computedAt)}
${axes(frame, readiness)}
${objectives(frame, readiness)}
${modelNote(frame, model)}
${guide(language, readinessGuide)}`
}

function links({ language }: Frame, { id }: InstitutionRow): Html {
  const trend = say(language, trendTexts.title)
  return html`<p class="periods"><a href="${paths.trend(language, id)}">${trend}</a>
<a href="${paths.declared(language, id)}">${say(language, declarationTexts.title)}</a></p>`
}

function dimensions({ language }: Frame, model: Model, of: InstitutionReadiness): Html {
  const rows = model.dimensions.map(({ id, label, weight }) => {
    const score = of.dimensions.find((each) => each.id === id) ?? null
    const invalid =
      score?.isValid === false && chip('unsure', 'question', say(language, readinessTexts.invalid))
    return {
      label: html`${name(language, label)} ${invalid}`,
      score,
      after: [percent(score?.available ?? null), number(language, weight)],
    }
  })
  return html`<section class="card" aria-labelledby="dimensions">
<h2 id="dimensions">${say(language, readinessTexts.dimensions)}</h2>
<p class="note">${scoreScale(language, null)}</p>
${scoreTable(language, {
  ...{ id: 'dimensions', head: say(language, readinessTexts.dimension), rows },
  after: [
    { head: say(language, readinessTexts.available), look: 'number' },
    { head: say(language, readinessTexts.weight), look: 'number' },
  ],
})}</section>`
}

function axes({ language }: Frame, of: InstitutionReadiness): Html {
  const rows = of.axes.map((score) => ({ label: say(language, axisTexts[score.id]), score }))
  return html`<section class="card" aria-labelledby="axes">
<h2 id="axes">${say(language, readinessTexts.axes)}</h2>
<p class="note">${say(language, readinessTexts.axesHow)}</p>
${scoreTable(language, {
  ...{ id: 'axes', head: say(language, readinessTexts.axis), rows },
})}</section>`
}

/** All eight; one that no dimension serves is never scored here. */
function objectives({ language }: Frame, of: InstitutionReadiness): Html {
  const rows = objectiveTexts.map((text, i) => {
    const score = of.objectives.find((each) => each.number === i + 1) ?? null
    const note = !score && html`<small>${say(language, readinessTexts.notScored)}</small>`
    return {
      label: html`<span>${number(language, i + 1)}. ${say(language, text)} ${note}</span>`,
      score,
    }
  })
  return html`<section class="card" aria-labelledby="objectives">
<h2 id="objectives">${say(language, readinessTexts.objectives)}</h2>
${scoreTable(language, {
  ...{ id: 'objectives', head: say(language, readinessTexts.objective), rows },
})}</section>`
}
