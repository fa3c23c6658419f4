import {
  type Bound,
  outcomeOf,
  type Snapshot,
  type Stage,
  type Verdict,
} from '../../kpi/snapshot.ts'
import { percent, roundPercent, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, type Text } from '../language.ts'
import { paths } from '../paths.ts'
import { figureTexts } from '../texts/figures.ts'
import { homeNationTexts } from '../texts/home-nation.ts'
import { migrationTexts } from '../texts/migration.ts'
import { readinessTexts } from '../texts/readiness.ts'
import { resultChip } from './chip.ts'
import { enabledRange } from './enabled.ts'
import { planChip } from './migration-progress.ts'
import { targetOf } from './score.ts'
import { table } from './table.ts'

type Row = {
  readonly name: Text
  readonly href: string
  readonly low: Content
  readonly observed?: Bound | null
  readonly high?: Bound | null
  readonly coverage?: Bound | null
  readonly target: Content
  readonly verdict: Content
}

/** The four indicators of the nation, each with its bounds and its target. */
export function fourKpis(writer: Writer, snapshot: Snapshot): Html {
  const { language } = writer
  const heads = [
    [homeNationTexts.kpi],
    [figureTexts.verdict],
    [figureTexts.low, 'number'],
    [figureTexts.observed, 'number'],
    [figureTexts.high, 'number'],
    [figureTexts.coverage, 'number'],
    [homeNationTexts.target, 'number'],
  ] as const
  const columns = heads.map(([head, look]) => ({
    head: say(language, head),
    ...(look && { look }),
  }))
  const none = html`<span class="calm">${say(language, homeNationTexts.none)}</span>`
  const rows = [
    continuity(writer, snapshot),
    readiness(writer, snapshot),
    enabled(writer, snapshot),
    migration(writer, snapshot),
  ].map((row) => [
    html`<a href="${row.href}">${say(language, row.name)}</a>`,
    row.verdict ?? none,
    html`<strong>${row.low}</strong>`,
    ...[row.observed, row.high, row.coverage].map((bound) => bound && percent(bound)),
    row.target,
  ])
  return html`<section class="card" aria-labelledby="kpis">
<h2 id="kpis">${say(language, homeNationTexts.kpis)}</h2>
${table({ labelledBy: 'kpis', columns, rows, cards: true })}</section>`
}

function verdictChip({ language }: Writer, stage: Stage, verdict: Verdict | null): Html {
  return resultChip(language, outcomeOf(stage, verdict))
}

function share(bound: Bound): Html {
  return html`<bdi dir="ltr">${roundPercent(bound)}</bdi>`
}

function continuity(writer: Writer, { nation, target }: Snapshot): Row {
  const { low, observed, high, coverage, verdict } = nation.continuity.cycle[nation.headline]
  return {
    ...{ name: figureTexts.continuityShort, href: paths.nation(writer.language) },
    ...{ low: percent(low), observed, high, coverage, target: share(target) },
    verdict: verdictChip(writer, nation.stage, verdict),
  }
}

function readiness(writer: Writer, { readiness }: Snapshot): Row {
  const about = { name: readinessTexts.indexShort, href: paths.readiness(writer.language) }
  const index = readiness?.nation.index
  if (!readiness || !index) return { ...about, low: null, target: null, verdict: null }
  const { low, observed, high, verdict } = index
  const isSetUp = readiness.nation.levels.some(
    ({ level, members }) => level !== null && members > 0,
  )
  return {
    ...{ ...about, low: percent(low), observed, high, target: share(targetOf(readiness.model)) },
    verdict: verdictChip(writer, isSetUp ? 'measured' : 'being_set_up', verdict),
  }
}

function enabled(writer: Writer, { readiness }: Snapshot): Row {
  const { language } = writer
  const about = { name: readinessTexts.enabledOf, href: paths.readiness(language) }
  const own = readiness?.nation.enabled
  if (!own?.low) return { ...about, low: null, target: null, verdict: null }
  return {
    ...{ ...about, low: percent(own.low), high: own.high },
    target: share({ ratio: 1, percent: '100.00' }),
    verdict: html`${own.verdict && verdictChip(writer, 'measured', own.verdict)}
<small>${enabledRange(language, own)}</small>`,
  }
}

function migration(writer: Writer, { migration }: Snapshot): Row {
  const { language } = writer
  const about = { name: migrationTexts.title, href: paths.migration(language, null) }
  const nation = migration?.nation
  if (!nation?.done) return { ...about, low: null, target: null, verdict: null }
  const planned = percent(nation.schedule?.planned ?? null)
  return {
    ...{ ...about, low: percent(nation.done) },
    target: say(language, homeNationTexts.noTarget, { planned }),
    verdict: planChip(language, nation),
  }
}
