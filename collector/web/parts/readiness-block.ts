import type { Model } from '../../kpi/readiness/model.ts'
import type { NationReadiness } from '../../kpi/readiness/result.ts'
import { type InstitutionRow, outcomeOf, type Snapshot } from '../../kpi/snapshot.ts'
import { number, percent, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { paths } from '../paths.ts'
import { figureTexts } from '../texts/figures.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { chip, resultChip } from './chip.ts'
import { enabledChip, enabledRange } from './enabled.ts'
import { setUpReason } from './gates.ts'
import { levelChip, levelChips } from './level.ts'
import { automaticNote } from './score.ts'

/** Members by level, and those being set up; the levels that nobody has are left in. */
export function levelCounts(language: Language, model: Model, { levels }: NationReadiness): Html {
  const shown = levels.filter(({ level, members }) => level !== null || members > 0)
  return html`<ul class="verdicts">${shown.map(({ level, members }) => {
    const look =
      level === null
        ? chip('new', 'hourglass', say(language, figureTexts.beingSetUp))
        : levelChip(language, model, level)
    return html`<li>${look} <b>${number(language, members)}</b></li>`
  })}</ul>`
}

function draftChip(language: Language, { status }: Model): Content {
  return status === 'draft' && chip('warning', 'warning', say(language, readinessTexts.draft))
}

/** The readiness of the nation in short; nothing where there is no model. */
export function nationReadinessBlock({ language }: Writer, { readiness }: Snapshot): Content {
  if (!readiness) return null
  const { nation, model } = readiness
  const { index, enabled } = nation
  const isSetUp = nation.levels.some(({ level, members }) => level !== null && members > 0)
  const outcome = index && outcomeOf(isSetUp ? 'measured' : 'being_set_up', index.verdict)
  return html`<section class="card block" aria-labelledby="readiness">
<h2 id="readiness">${say(language, readinessTexts.index)} ${draftChip(language, model)}</h2>
${
  index && outcome
    ? html`<p class="low"><strong>${percent(index.low)}</strong>
<span>${say(language, figureTexts.low)}</span></p>
<p>${resultChip(language, outcome)}</p>
<p class="note">${say(language, figureTexts.range, {
        low: percent(index.low),
        high: percent(index.high),
      })}</p>
<h3>${say(language, readinessTexts.levels)}</h3>
${levelCounts(language, model, nation)}
${automaticNote(language)}`
    : html`<p class="calm">${say(language, readinessTexts.noMembers)}</p>`
}
${
  enabled.low &&
  html`<p>${say(language, readinessTexts.enabledOf)}:
<b>${enabledRange(language, enabled)}</b></p>`
}
<p><a href="${paths.readiness(language)}">${say(language, readinessTexts.more)}</a></p></section>`
}

/** The readiness of one institution in short; nothing where there is no model. */
export function institutionReadinessBlock(
  { language }: Writer,
  { readiness }: Snapshot,
  row: InstitutionRow,
): Content {
  if (!readiness) return null
  const { model, institutions } = readiness
  const own = Object.hasOwn(institutions, row.id) ? institutions[row.id] : undefined
  const href = paths.institutionReadiness(language, row.id)
  const gates = own?.gates.filter(({ is }) => is === 'fired').length ?? 0
  return html`<section class="card block" aria-labelledby="readiness">
<h2 id="readiness">${say(language, readinessTexts.indexShort)} ${draftChip(language, model)}</h2>
${
  own
    ? html`<p class="low"><strong>${percent(own.index.low)}</strong>
<span>${say(language, figureTexts.low)}</span></p>
<div class="chips">${levelChips(language, model, own)}
${own.isEnabledMember && enabledChip(language, own.enabled.status)}</div>
<p class="note">${say(language, readinessTexts.measured)}: ${percent(own.measured)}
${gates > 0 && html` · ${say(language, readinessTexts.gateCount)}: ${number(language, gates)}`}</p>
${setUpReason(language, model, own)}
${automaticNote(language)}`
    : html`<p class="calm">${say(language, readinessTexts.noDetail)}</p>`
}
<p><a href="${href}">${say(language, readinessTexts.whatToDo)}</a></p></section>`
}
