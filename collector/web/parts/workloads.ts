import type {
  Proof,
  Wave,
  WorkloadCompliance,
  WorkloadRow,
  WorkloadState,
} from '../../kpi/migration/result.ts'
import type { Baseline, WorkloadPlace } from '../../kpi/migration/workload.ts'
import type { InstitutionRow } from '../../kpi/snapshot.ts'
import { day, name, number, percent, time, type Writer } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { count, type Language, say } from '../language.ts'
import { migrationTexts, workloadCount } from '../texts/migration.ts'
import {
  complianceReasonTexts,
  complianceTexts,
  dataPointTexts,
  moveReadinessTexts,
  proofStatusTexts,
  proofTexts,
  strategyTexts,
  waveStatusTexts,
  workloadStateTexts,
} from '../texts/migration-words.ts'
import { criticalityTexts } from '../texts/places.ts'
import { chip } from './chip.ts'
import { dataClassName, providerName } from './hosting-names.ts'
import type { Shape } from './icon.ts'
import {
  environmentName,
  hostNames,
  notShown,
  plain,
  registerLink,
  told,
} from './migration-lists.ts'
import { table } from './table.ts'

/** Workloads on the page, and waves; the API and the exports have all. */
const rowsShownMax = 200

const stateLooks: Readonly<Record<WorkloadState, readonly [tone: string, shape: Shape]>> = {
  identified: ['none', 'minus'],
  assessed: ['none', 'eye'],
  planned: ['new', 'clock'],
  preparing: ['new', 'wrench'],
  migrating: ['new', 'up'],
  cut_over: ['warning', 'hourglass'],
  validated: ['good', 'check'],
  retired: ['good', 'stop'],
  exempt: ['none', 'scales'],
}
const proofLooks = {
  pass: ['good', 'check'],
  fail: ['bad', 'cross'],
  unknown: ['unsure', 'question'],
} as const satisfies Record<Proof['status'], readonly [string, Shape]>
const complianceLooks = {
  compliant: ['good', 'check'],
  breach: ['bad', 'cross'],
  unknown: ['unsure', 'question'],
  exempt: ['none', 'scales'],
} as const satisfies Record<WorkloadCompliance['status'], readonly [string, Shape]>
const waveLooks = {
  finished: ['good', 'check'],
  on_time: ['good', 'clock'],
  late: ['bad', 'warning'],
  blocked: ['bad', 'stop'],
  not_planned: ['none', 'minus'],
} as const satisfies Record<Wave['status'], readonly [string, Shape]>

/** Every workload with its state and what proves it; those that need somebody come first. */
export function workloadsCard(
  frame: Frame,
  institution: InstitutionRow,
  rows: readonly WorkloadRow[],
  mayRegister: boolean,
): Html {
  const { language } = frame
  const waits = ({ isLate, workload }: WorkloadRow) => (workload.blocked || isLate ? 0 : 1)
  const sorted = rows.toSorted((a, b) => waits(a) - waits(b))
  const columns = [
    { head: say(language, migrationTexts.workload) },
    { head: say(language, migrationTexts.state) },
    { head: say(language, migrationTexts.place) },
    { head: say(language, migrationTexts.dates) },
    { head: say(language, migrationTexts.proofs) },
    { head: say(language, migrationTexts.complianceShort) },
    { head: say(language, migrationTexts.readiness) },
  ]
  const cells = sorted
    .slice(0, rowsShownMax)
    .map((row) => [
      html`${nameCell(frame, row)}${
        mayRegister &&
        html`<small>${registerLink(language, institution, { workload: row.workload.id })}</small>`
      }`,
      stateCell(frame, row),
      placeCell(frame, institution, row),
      datesCell(frame, row),
      proofsCell(frame, row),
      complianceCell(language, row),
      readinessCell(language, row),
    ])
  return html`<section class="card workloads" aria-labelledby="workloads">
<h2 id="workloads">${say(language, migrationTexts.workloads)}
<span class="count">${number(language, rows.length)}</span></h2>
${table({ labelledBy: 'workloads', columns, rows: cells, cards: true })}
${notShown(language, rows.length - rowsShownMax)}</section>`
}

/** Lines below one another; what is not known is left out. */
function lines(...entries: readonly Content[]): Html {
  const shown = entries.filter((entry) => entry !== null && entry !== false)
  return html`${shown.map((entry) => html`<small>${entry}</small>`)}`
}

function nameCell({ language }: Writer, { workload }: WorkloadRow): Html {
  const { id, criticality, weight, wave, owner } = workload
  const words = owner
    ? say(language, migrationTexts.owner, { owner: plain(owner) })
    : say(language, migrationTexts.noOwner)
  return html`${name(language, workload.name)}${lines(
    html`<bdi dir="ltr">${id}</bdi>`,
    html`${say(language, criticalityTexts[criticality])} ·
${say(language, migrationTexts.weight, { weight: number(language, weight) })}`,
    wave !== null && html`${say(language, migrationTexts.wave)}: ${plain(wave)}`,
    words,
  )}`
}

function stateCell(writer: Writer, { state, workload, isLate, exemptUntil }: WorkloadRow): Html {
  const { language } = writer
  const { isRolledBack, blocked } = workload
  const [tone, shape] = stateLooks[state]
  const until = exemptUntil !== null && { day: time(writer, exemptUntil, 'dayOfYear') }
  return html`<span class="chips">${chip(tone, shape, say(language, workloadStateTexts[state]))}
${isLate && chip('bad', 'clock', say(language, migrationTexts.isLate))}
${blocked && chip('bad', 'stop', say(language, migrationTexts.isBlocked))}
${isRolledBack && chip('warning', 'down', say(language, migrationTexts.isRolledBack))}</span>
${lines(
  blocked &&
    say(language, migrationTexts.blockedSince, {
      ...{ day: day(writer, blocked.since), reason: plain(blocked.reason) },
    }),
  until && say(language, migrationTexts.exemptUntil, until),
)}`
}

function placeCell(frame: Frame, institution: InstitutionRow, { workload }: WorkloadRow): Html {
  const { language } = frame
  const { source, target, provider, strategy, dataClass } = workload
  const place = ({ environment, hosts }: WorkloadPlace) =>
    html`${environmentName(language, institution, environment)}
${hosts.length > 0 && html`(${hostNames(language, hosts)})`}`
  return lines(
    source && say(language, migrationTexts.from, { place: place(source) }),
    target && say(language, migrationTexts.to, { place: place(target) }),
    provider !== null &&
      say(language, migrationTexts.provider, { provider: html`${providerName(frame, provider)}` }),
    dataClass !== null &&
      say(language, migrationTexts.dataClass, { name: html`${dataClassName(frame, dataClass)}` }),
    strategy &&
      say(language, migrationTexts.strategy, { strategy: strategyTexts[strategy][language] }),
  )
}

function datesCell(writer: Writer, { workload, baselineFinish }: WorkloadRow): Html {
  const { language } = writer
  const { plannedFinish, cutOverOn, retiredOn } = workload
  const line = (
    text: (typeof migrationTexts)['plannedFor' | 'promisedFor' | 'cutOverOn' | 'retiredOn'],
    of: string | null,
  ) => of !== null && say(language, text, { day: day(writer, of) })
  return lines(
    line(migrationTexts.plannedFor, plannedFinish),
    line(migrationTexts.promisedFor, baselineFinish),
    line(migrationTexts.cutOverOn, cutOverOn),
    line(migrationTexts.retiredOn, retiredOn),
  )
}

/** How many hold; opened, each with what is missing. */
function proofsCell(writer: Writer, { proofs, workload }: WorkloadRow): Html {
  const { language } = writer
  if (proofs.length === 0) return html`<small>${say(language, migrationTexts.noProofs)}</small>`
  const held = proofs.filter(({ status }) => status === 'pass').length
  const values = { have: number(language, held), need: number(language, proofs.length) }
  const summary = say(language, migrationTexts.proofsOf, values)
  return html`<details id="proofs-${workload.id}"><summary>${summary}</summary>
<ul class="proof-list">${proofs.map((proof) => proofItem(writer, proof))}</ul></details>`
}

function proofItem(writer: Writer, { id, status, days, hosts, measured }: Proof): Html {
  const { language } = writer
  const [tone, shape] = proofLooks[status]
  const values = days && { have: number(language, days.have), need: number(language, days.need) }
  const found = measured !== null && { measured: told(writer, measured) }
  const on = hosts.length > 0 && { hosts: hostNames(language, hosts) }
  return html`<li><b>${say(language, proofTexts[id].name)}</b>
${chip(tone, shape, say(language, proofStatusTexts[status]))}
<small>${say(language, proofTexts[id][status])}
${values && say(language, migrationTexts.days, values)}
${found && say(language, migrationTexts.measuredAs, found)}
${on && say(language, migrationTexts.onHosts, on)}</small></li>`
}

function complianceCell(language: Language, { compliance }: WorkloadRow): Html {
  const { status, reason } = compliance
  const [tone, shape] = complianceLooks[status]
  return html`${chip(tone, shape, say(language, complianceTexts[status]))}
${lines(say(language, complianceReasonTexts[reason]))}`
}

function readinessCell(language: Language, { readiness }: WorkloadRow): Html {
  const { rating, known, all, against } = readiness
  const points = { known: number(language, known), all: number(language, all) }
  const holds = against.map(({ id, host }) => {
    const text = Object.hasOwn(dataPointTexts, id)
      ? say(language, dataPointTexts[id as keyof typeof dataPointTexts]) // it is one of its names
      : plain(id)
    return html`<li>${text} (<bdi dir="ltr">${host}</bdi>)</li>`
  })
  return html`${say(language, moveReadinessTexts[rating])}
${lines(all > 0 && say(language, migrationTexts.points, points))}
${holds.length > 0 && html`<ul class="why-list">${holds}</ul>`}`
}

/** What is moved together, and how it stands; nothing where nobody named a wave. */
export function wavesCard(writer: Writer, waves: readonly Wave[]): Content {
  if (waves.every(({ name }) => name === null)) return null
  const { language } = writer
  const rows = waves.slice(0, rowsShownMax).map((wave) => {
    const [tone, shape] = waveLooks[wave.status]
    return [
      wave.name === null ? say(language, migrationTexts.noWave) : plain(wave.name),
      chip(tone, shape, say(language, waveStatusTexts[wave.status])),
      wave.startOn !== null && day(writer, wave.startOn),
      wave.finishOn !== null && day(writer, wave.finishOn),
      html`${count(language, workloadCount, wave.workloads)}`,
      percent(wave.done),
    ]
  })
  const columns = [
    { head: say(language, migrationTexts.wave) },
    { head: say(language, migrationTexts.state) },
    { head: say(language, migrationTexts.waveStart) },
    { head: say(language, migrationTexts.finish) },
    { head: say(language, migrationTexts.workloads) },
    { head: say(language, migrationTexts.done), look: 'number' as const },
  ]
  return html`<section class="card" aria-labelledby="waves">
<h2 id="waves">${say(language, migrationTexts.waves)}</h2>
${table({ labelledBy: 'waves', columns, rows, cards: true })}
${notShown(language, waves.length - rowsShownMax)}</section>`
}

/** The frozen plans: the first counts, the others stand beside it. */
export function baselinesCard(writer: Writer, baselines: readonly Baseline[]): Content {
  if (baselines.length === 0) return null
  const { language } = writer
  const rows = baselines
    .slice(0, rowsShownMax)
    .map(({ number: n, startOn, approvedAt, workloads }) => [
      html`${number(language, n)}
<small>${say(language, n === 1 ? migrationTexts.original : migrationTexts.beside)}</small>`,
      time(writer, approvedAt, 'dayOfYear'),
      day(writer, startOn),
      day(
        writer,
        workloads
          .map(({ finishOn }) => finishOn)
          .toSorted()
          .at(-1) ?? startOn,
      ),
      html`${count(language, workloadCount, workloads.length)}`,
    ])
  const columns = [
    { head: say(language, migrationTexts.baseline) },
    { head: say(language, migrationTexts.approved) },
    { head: say(language, migrationTexts.start) },
    { head: say(language, migrationTexts.plannedFinish) },
    { head: say(language, migrationTexts.workloads) },
  ]
  return html`<section class="card" aria-labelledby="baselines">
<h2 id="baselines">${say(language, migrationTexts.baselines)}</h2>
${table({ labelledBy: 'baselines', columns, rows, cards: true })}</section>`
}
