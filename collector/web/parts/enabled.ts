import type { EpochMs } from '../../../protocol/time.ts'
import type { Criterion, Model } from '../../kpi/readiness/model.ts'
import type {
  CriterionStatus,
  EnabledShare,
  EnabledStatus,
  InstitutionReadiness,
  NationReadiness,
} from '../../kpi/readiness/result.ts'
import { type Bound, type InstitutionRow, outcomeOf } from '../../kpi/snapshot.ts'
import { name, number, percent, roundPercent, time, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { figureTexts } from '../texts/figures.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { criterionTexts, enabledTexts } from '../texts/readiness-words.ts'
import { chip, resultChip } from './chip.ts'
import { unitPlace } from './gates.ts'
import type { Shape } from './icon.ts'
import { rangeBar } from './range-bar.ts'
import { table } from './table.ts'

type Look = { readonly tone: string; readonly shape: Shape }

const criterionLooks: Readonly<Record<CriterionStatus, Look>> = {
  pass: { tone: 'good', shape: 'check' },
  fail: { tone: 'bad', shape: 'cross' },
  unknown: { tone: 'unsure', shape: 'question' },
  waived: { tone: 'warning', shape: 'clock' },
}
const enabledLooks: Readonly<Record<EnabledStatus, Look>> = {
  enabled: { tone: 'good', shape: 'check' },
  not_enabled: { tone: 'bad', shape: 'cross' },
  unknown: { tone: 'unsure', shape: 'question' },
}

export function enabledChip(language: Language, status: EnabledStatus): Html {
  const { tone, shape } = enabledLooks[status]
  return chip(tone, shape, say(language, enabledTexts[status]))
}

/** All there are. */
const all: Bound = { ratio: 1, percent: '100.00' }

/** How many institutions are enabled, as counts: from those proven to those still possible. */
export function enabledShareCard(
  writer: Writer,
  { enabled: share, enabledEnvironments }: NationReadiness,
  at: EpochMs,
): Html {
  const { language } = writer
  const title = html`<h2 id="enabled">${say(language, readinessTexts.enabled)}</h2>`
  if (!share.low || !share.high) {
    return html`<section class="card" aria-labelledby="enabled">${title}
<p class="calm">${say(language, readinessTexts.noEnabledMembers)}</p></section>`
  }
  const target = html`<bdi dir="ltr">${roundPercent(all)}</bdi>`
  const others = [
    [figureTexts.low, share.low],
    [figureTexts.high, share.high],
  ] as const
  const range = { range: enabledRange(language, enabledEnvironments) }
  return html`<section class="card figure" aria-labelledby="enabled">${title}
<div class="figure-head">
<p class="low"><strong>${enabledRange(language, share)}</strong></p>
<div class="outcome">${share.verdict && resultChip(language, outcomeOf('measured', share.verdict))}
<p>${say(language, readinessTexts.enabledTarget, { target })}</p></div></div>
<p class="note">${say(language, readinessTexts.enabledHow, {
    time: time(writer, at, 'minuteOfYear'),
  })}</p>
<dl class="others">${others.map(
    ([term, value]) => html`<div><dt>${say(language, term)}</dt><dd>${percent(value)}</dd></div>`,
  )}</dl>
${rangeBar(language, share, all, undefined, 0)}
${enabledCounts(language, share)}
${
  enabledEnvironments.low &&
  html`<p class="note">${say(language, readinessTexts.environmentsOf, range)}</p>`
}</section>`
}

/** From how many to how many of how many. */
export function enabledRange(
  language: Language,
  { enabled, unknown, members }: EnabledShare,
): Html {
  const values = { members: number(language, members) }
  if (unknown === 0) {
    const exact = { ...values, enabled: number(language, enabled) }
    return say(language, readinessTexts.enabledExact, exact)
  }
  const ends = { low: number(language, enabled), high: number(language, enabled + unknown) }
  return say(language, readinessTexts.enabledRange, { ...values, ...ends })
}

function enabledCounts(language: Language, { enabled, notEnabled, unknown, waived }: EnabledShare) {
  const counts = [
    ['enabled', enabled],
    ['not_enabled', notEnabled],
    ['unknown', unknown],
  ] as const
  const held = say(language, readinessTexts.waivedMembers, { n: number(language, waived) })
  return html`<ul class="verdicts">${counts.map(
    ([status, n]) => html`<li>${enabledChip(language, status)} <b>${number(language, n)}</b></li>`,
  )}</ul>${waived > 0 && html`<p class="note">${held}</p>`}`
}

/** Which criteria an institution passes, at the instant of its figures, and what to do else. */
export function criteriaCard(
  writer: Writer,
  row: InstitutionRow,
  model: Model,
  { enabled, isEnabledMember }: InstitutionReadiness,
  at: EpochMs,
): Html {
  const { language } = writer
  const rows = enabled.criteria.map(({ id, status, expiresAt }) => {
    const criterion = model.enabled.find((each) => each.id === id)
    return [
      html`<span><bdi dir="ltr">${id}</bdi> ${criterion && name(language, criterion.label)}</span>`,
      criterionCell(writer, status, expiresAt),
      status !== 'pass' && criterion && advice(language, criterion),
    ]
  })
  return html`<section class="card" aria-labelledby="criteria">
<h2 id="criteria">${say(language, readinessTexts.enabledOf)}
${enabledChip(language, enabled.status)}</h2>
<p class="note">${say(language, readinessTexts.enabledAt, {
    time: time(writer, at, 'minuteOfYear'),
  })}
${!isEnabledMember && say(language, readinessTexts.notEnabledMember)}</p>
${table({
  labelledBy: 'criteria',
  columns: [
    { head: say(language, readinessTexts.criterion) },
    { head: say(language, figureTexts.verdict) },
    { head: say(language, readinessTexts.step) },
  ],
  rows,
  cards: true,
})}
${environments(language, row, enabled.environments)}</section>`
}

function criterionCell(writer: Writer, status: CriterionStatus, expiresAt: EpochMs | null): Html {
  const { language } = writer
  const { tone, shape } = criterionLooks[status]
  const until =
    expiresAt !== null &&
    say(language, readinessTexts.expires, { time: time(writer, expiresAt, 'dayOfYear') })
  return html`${chip(tone, shape, say(language, criterionTexts[status]))} <small>${until}</small>`
}

function advice(language: Language, criterion: Criterion): Content {
  return name(language, criterion.advice)
}

function environments(
  language: Language,
  row: InstitutionRow,
  list: InstitutionReadiness['enabled']['environments'],
): Content {
  if (list.length === 0) return null
  const lines = list.map(
    ({ id, status }) =>
      html`<li><span>${unitPlace(language, row, {
        ...{ environment: id, host: null },
      })}</span> ${enabledChip(language, status)}</li>`,
  )
  return html`<h3>${say(language, readinessTexts.byEnvironment)}</h3>
<ul class="late">${lines}</ul>`
}
