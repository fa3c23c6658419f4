import type {
  InstitutionReadiness,
  NationReadiness,
  SnapshotReadiness,
} from '../../kpi/readiness/result.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { name, number, percent } from '../format.ts'
import { type Frame, visibleTo } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { enabledChip, enabledShareCard } from '../parts/enabled.ts'
import { guide } from '../parts/guide.ts'
import { levelChips } from '../parts/level.ts'
import { levelCounts } from '../parts/readiness-block.ts'
import {
  draftBanner,
  indexCard,
  modelNote,
  scoreCells,
  scoreColumns,
  scoreScale,
  scoreTable,
  targetOf,
} from '../parts/score.ts'
import { table } from '../parts/table.ts'
import { paths } from '../paths.ts'
import { declarationTexts } from '../texts/declarations.ts'
import { modelTexts } from '../texts/models.ts'
import { programmeTexts, trendTexts } from '../texts/official.ts'
import { placeTexts } from '../texts/places.ts'
import { readinessGuide, readinessTexts } from '../texts/readiness.ts'
import { shellTexts } from '../texts/shell.ts'

/** The readiness of the nation: the index, the enabled share, and everybody by proven low. */
export function readinessPage(frame: Frame, snapshot: Snapshot): string {
  const { language } = frame
  const { readiness } = snapshot
  const main = html`${readiness && draftBanner(language, readiness.model)}
<h1>${say(language, readinessTexts.index)}</h1>
${links(frame)}
${
  readiness
    ? figures(frame, snapshot, readiness)
    : html`<p class="card calm">${say(language, readinessTexts.noModel)}</p>`
}`
  const trail = [{ href: paths.nation(language), name: say(language, shellTexts.nation) }]
  const title = sayPlainly(language, readinessTexts.indexShort)
  return layout(frame, { title, trail, snapshot, main })
}

/** What stands beside the figures, also before there are any. */
function links({ language }: Frame): Html {
  return html`<p class="periods">
<a href="${paths.trend(language, null)}">${say(language, trendTexts.title)}</a>
<a href="${paths.programme(language)}">${say(language, programmeTexts.title)}</a>
<a href="${paths.declarations(language)}">${say(language, declarationTexts.queue)}</a>
<a href="${paths.models(language)}">${say(language, modelTexts.all)}</a></p>`
}

function figures(frame: Frame, snapshot: Snapshot, readiness: SnapshotReadiness): Html {
  const { language } = frame
  const { nation, model } = readiness
  return html`<div class="hero two">${nationIndex(frame, readiness)}
${enabledShareCard(frame, nation, snapshot.asOf)}</div>
${institutions(frame, snapshot, readiness)}
${nation.index && html`${dimensions(frame, readiness)}${kinds(frame, nation)}`}
${modelNote(frame, model)}
${guide(language, readinessGuide)}`
}

function nationIndex(frame: Frame, { nation, model }: SnapshotReadiness): Html {
  const { language } = frame
  if (!nation.index) {
    return html`<section class="card" aria-labelledby="index">
<h2 id="index">${say(language, readinessTexts.indexShort)}</h2>
<p class="calm">${say(language, readinessTexts.noMembers)}</p></section>`
  }
  const isSetUp = nation.levels.some(({ level, members }) => level !== null && members > 0)
  const members = { members: number(language, nation.members) }
  return indexCard(frame, {
    title: say(language, readinessTexts.indexShort),
    index: nation.index,
    stage: isSetUp ? 'measured' : 'being_set_up',
    ...{ model, measured: null, level: null },
    more: html`<p class="note">${say(language, readinessTexts.members, members)}</p>
<h3>${say(language, readinessTexts.levels)}</h3>${levelCounts(language, model, nation)}`,
  })
}

function dimensions({ language }: Frame, { nation, model }: SnapshotReadiness): Html {
  const rows = model.dimensions.map(({ id, label, weight }) => ({
    label: html`${name(language, label)}
<small>${say(language, readinessTexts.weight)}: ${number(language, weight)}</small>`,
    score: nation.dimensions.find((each) => each.id === id) ?? null,
  }))
  return html`<section class="card" aria-labelledby="dimensions">
<h2 id="dimensions">${say(language, readinessTexts.dimensions)}</h2>
<p class="note">${scoreScale(language, null)}</p>
${scoreTable(language, {
  ...{ id: 'dimensions', head: say(language, readinessTexts.dimension), rows },
})}</section>`
}

function kinds({ language }: Frame, { byKind }: NationReadiness): Html {
  const rows = (['institution', 'governorate'] as const).map((kind) => ({
    label: say(
      language,
      kind === 'institution' ? placeTexts.institutions : placeTexts.governorates,
    ),
    score: byKind[kind],
  }))
  return html`<section class="card" aria-labelledby="kinds">
<h2 id="kinds">${say(language, readinessTexts.byKind)}</h2>
${scoreTable(language, {
  ...{ id: 'kinds', head: say(language, placeTexts.type), rows },
})}</section>`
}

type Row = { readonly row: InstitutionRow; readonly readiness: InstitutionReadiness }

function institutions(frame: Frame, snapshot: Snapshot, readiness: SnapshotReadiness): Html {
  const { language } = frame
  const rows = visibleTo(frame.account, snapshot)
    .flatMap((row): Row[] => {
      const own = Object.hasOwn(readiness.institutions, row.id)
        ? readiness.institutions[row.id]
        : undefined
      return own ? [{ row, readiness: own }] : []
    })
    .toSorted((a, b) => a.readiness.index.low.ratio - b.readiness.index.low.ratio)
  const columns = [
    { head: say(language, placeTexts.name) },
    { head: say(language, readinessTexts.level) },
    ...scoreColumns(language),
    { head: say(language, readinessTexts.measured), look: 'number' as const },
    { head: say(language, readinessTexts.gateCount), look: 'whole' as const },
    { head: say(language, readinessTexts.enabledOf) },
  ]
  const target = targetOf(readiness.model)
  return html`<section class="card" aria-labelledby="institutions">
<h2 id="institutions">${say(language, readinessTexts.everybody)}
<span class="count">${number(language, rows.length)}</span></h2>
${
  rows.length === 0
    ? html`<p class="calm">${say(language, placeTexts.noInstitutions)}</p>`
    : html`<p class="automatic">${say(language, readinessTexts.automatic)}</p>
<p class="note">${say(language, readinessTexts.byLow)} ${scoreScale(language, target)}
${say(language, readinessTexts.levelLow)}</p>
${table({
  labelledBy: 'institutions',
  columns,
  rows: rows.map((row) => cells(frame, readiness, row)),
  cards: true,
})}`
}</section>`
}

function cells(frame: Frame, { model }: SnapshotReadiness, { row, readiness }: Row): Content[] {
  const { language } = frame
  const { index, gates, measured, enabled } = readiness
  return [
    html`<a href="${paths.institutionReadiness(language, row.id)}">${name(language, row.name)}</a>
<small>${!readiness.isMember && say(language, readinessTexts.notMember)}</small>`,
    levelChips(language, model, readiness),
    ...scoreCells(language, index, targetOf(model)),
    percent(measured),
    gates.length > 0 && number(language, gates.length),
    readiness.isEnabledMember && enabledChip(language, enabled.status),
  ]
}
