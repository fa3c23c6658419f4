import type { WhatIf } from '../../http/views.ts'
import type { InstitutionReadiness, SnapshotReadiness } from '../../kpi/readiness/result.ts'
import type { Cycle, Snapshot } from '../../kpi/snapshot.ts'
import { cycleName, name, number, percent } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say, sayPlainly } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { modelTexts } from '../texts/models.ts'
import { placeTexts } from '../texts/places.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { enabledChip, enabledRange } from './enabled.ts'
import { levelChips } from './level.ts'
import { choiceField } from './migration-forms.ts'
import { table } from './table.ts'

/** What would be under another model, and what may be asked. */
export type TrialView = {
  /** Cycles whose end may be asked for, the newest first. */
  readonly cycles: readonly Cycle[]
  /** `now`, or the id of a cycle; empty where nothing was asked, null where there is no such. */
  readonly asOf: string | null
  /** Null where nothing was asked, or there are no figures. */
  readonly answer: WhatIf | null
}

/** What a model would do to the nation and to each institution, now or at the end of a cycle. */
export function trialCard(frame: Frame, snapshot: Snapshot, view: TrialView): Html {
  const { language } = frame
  const { cycles, asOf, answer } = view
  const choices = [
    ['now', sayPlainly(language, modelTexts.now)] as const,
    ...cycles.map((cycle) => {
      const values = { cycle: cycleName(language, cycle) }
      return [cycle.id, sayPlainly(language, modelTexts.cycleEnd, values)] as const
    }),
  ]
  const field = { id: 'as-of', name: 'asOf', value: asOf ?? '', choices }
  return html`<section class="card" aria-labelledby="trial">
<h2 id="trial">${say(language, modelTexts.trial)}</h2>
<p class="automatic">${say(language, modelTexts.trialHow)}</p>
<form class="act" method="get" action="#trial">
${choiceField(say(language, modelTexts.asOf), field)}
<p><button>${say(language, modelTexts.show)}</button></p></form>
${
  answer
    ? html`${nation(frame, answer)}${institutions(frame, snapshot, answer)}`
    : asOf && html`<p class="calm">${say(language, modelTexts.noFigures)}</p>`
}</section>`
}

function nation({ language }: Frame, { before, after }: WhatIf): Html {
  const sides = [before?.nation ?? null, after.nation]
  const index = sides.map((side) => side?.index ?? null)
  const rows: [Content, ...Content[]][] = [
    [say(language, figureTexts.low), ...index.map((each) => percent(each?.low ?? null))],
    [say(language, figureTexts.high), ...index.map((each) => percent(each?.high ?? null))],
    [
      say(language, readinessTexts.enabledOf),
      ...sides.map((side) =>
        side?.enabled.low ? enabledRange(language, side.enabled) : percent(null),
      ),
    ],
  ]
  const heads = [readinessTexts.indexShort, modelTexts.before, modelTexts.after] as const
  return html`<h3 id="nation">${say(language, modelTexts.nation)}</h3>
${table({
  ...{ labelledBy: 'nation', rows, cards: true },
  columns: heads.map((head) => ({ head: say(language, head) })),
})}`
}

function institutions(frame: Frame, { institutions: all }: Snapshot, answer: WhatIf): Html {
  const { language } = frame
  const rows = Object.keys(answer.after.institutions)
    .map((id) => ({ id, old: rowOf(answer.before, id), fresh: rowOf(answer.after, id) }))
    .toSorted((a, b) => gainOf(a) - gainOf(b) || (a.id < b.id ? -1 : 1))
  const heads = [
    ...[placeTexts.name, figureTexts.low, figureTexts.high, readinessTexts.level],
    readinessTexts.enabledOf,
  ]
  return html`<h3 id="institutions">${say(language, readinessTexts.everybody)}
<span class="count">${number(language, rows.length)}</span></h3>
<p class="note">${say(language, modelTexts.order)}</p>
${table({
  labelledBy: 'institutions',
  columns: heads.map((head) => ({ head: say(language, head) })),
  rows: rows.map(({ id, old, fresh }) => {
    const own = all.find((each) => each.id === id)
    const outside = fresh && !fresh.isMember && say(language, readinessTexts.notMember)
    const both = (words: (side: InstitutionReadiness, of: SnapshotReadiness) => Html | null) => {
      const was = old && answer.before && words(old, answer.before)
      return changed(language, was, fresh && words(fresh, answer.after))
    }
    return [
      html`${own ? name(language, own.name) : html`<bdi dir="ltr">${id}</bdi>`}
<small>${outside}</small>`,
      both(({ index }) => percent(index.low)),
      both(({ index }) => percent(index.high)),
      both((side, { model }) => levelChips(language, model, side)),
      both((side) => (side.isEnabledMember ? enabledChip(language, side.enabled.status) : null)),
    ]
  }),
  cards: true,
})}`
}

/** What would be, and what is where that differs. */
function changed(language: Language, old: Html | null, fresh: Html | null): Content {
  if (old?.text === fresh?.text) return fresh
  return html`<strong>${fresh ?? '–'}</strong>
<small>${say(language, modelTexts.was, { value: old ?? '–' })}</small>`
}

type Sides = {
  readonly old: InstitutionReadiness | null
  readonly fresh: InstitutionReadiness | null
}

function rowOf(side: SnapshotReadiness | null, id: string): InstitutionReadiness | null {
  return side && Object.hasOwn(side.institutions, id) ? (side.institutions[id] ?? null) : null
}

/** For the order alone: without a figure before, nothing is gained or lost. */
function gainOf({ old, fresh }: Sides): number {
  return old && fresh ? fresh.index.low.ratio - old.index.low.ratio : 0
}
