import type { ListedExport } from '../../exports/export-jobs.ts'
import type { Snapshot } from '../../kpi/snapshot.ts'
import { name, number, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { exportFailureTexts, exportStateTexts, exportTexts } from '../texts/exports.ts'
import { byAt } from './acts.ts'
import { chip } from './chip.ts'
import type { Shape } from './icon.ts'
import { table } from './table.ts'

const looks = {
  waiting: ['none', 'hourglass'],
  running: ['new', 'hourglass'],
  done: ['good', 'check'],
  failed: ['bad', 'cross'],
} as const satisfies Record<ListedExport['state'], readonly [string, Shape]>

/** Exports with how far each is, where it is downloaded, and its hash; the newest first. */
export function exportsTable(
  frame: Frame,
  snapshot: Snapshot,
  exports: readonly ListedExport[],
): Html {
  const { language } = frame
  if (exports.length === 0) return html`<p class="calm">${say(language, exportTexts.none)}</p>`
  const { subject, askedBy, state, file } = exportTexts
  const rows = exports.map((each) => [
    html`${subjectOf(frame, snapshot, each)}<small>${periodOf(frame, each)}</small>`,
    byAt(frame, each.askedBy, each.askedAt),
    html`${stateChip(frame, each)}${progress(frame, each)}`,
    html`${archive(frame, each)}${each.own && removal(frame, each)}`,
  ])
  const columns = [subject, askedBy, state, file].map((head) => ({ head: say(language, head) }))
  return table({ labelledBy: 'exports', columns, rows, cards: true })
}

function subjectOf({ language }: Frame, { institutions }: Snapshot, job: ListedExport): Html {
  if (job.institution === 'national') {
    return say(language, job.withInstitutions ? exportTexts.whole : exportTexts.nation)
  }
  const found = institutions.find(({ id }) => id === job.institution)
  return found ? name(language, found.name) : html`<bdi dir="ltr">${job.institution}</bdi>`
}

function periodOf(frame: Frame, { cycle, window, archive }: ListedExport): Content {
  const { language } = frame
  if (cycle) {
    const id = html`<bdi dir="ltr">${cycle}</bdi>`
    return say(language, exportTexts.ofCycle, { cycle: id })
  }
  const span = archive?.window ?? window
  if (!span) return say(language, exportTexts.cycleSoFar)
  const [from, to] = [span.from, span.to].map((at) => time(frame, at, 'minuteOfYear'))
  return html`${from} – ${to}`
}

function stateChip({ language }: Frame, { state, failure }: ListedExport): Html {
  const [tone, shape] = looks[state]
  const why = failure && html`<small>${say(language, exportFailureTexts[failure])}</small>`
  return html`${chip(tone, shape, say(language, exportStateTexts[state]))}${why}`
}

function progress({ language }: Frame, { state, done, all }: ListedExport): Content {
  if (state !== 'running') return null
  if (all === 0) return html`<small>${say(language, exportTexts.computing)}</small>`
  const values = { done: number(language, done), all: number(language, all) }
  return html`<progress value="${done}" max="${all}" aria-hidden="true"></progress>
<small>${say(language, exportTexts.leaves, values)}</small>`
}

function archive(frame: Frame, { id, archive: made, expiresAt }: ListedExport): Content {
  if (!made) return null
  const { language } = frame
  const size = say(language, exportTexts.size, {
    size: number(language, Math.ceil(made.bytes / 1024)),
  })
  const until =
    expiresAt === null
      ? null
      : say(language, exportTexts.until, { time: time(frame, expiresAt, 'minuteOfYear') })
  return html`<a href="/api/v1/exports/${id}/archive" download>${say(
    language,
    exportTexts.download,
  )}</a> <small>${size} · ${until}</small>
<details id="hash-${id}"><summary>${say(language, exportTexts.hash)}</summary>
<code class="hash" dir="ltr">${made.sha256}</code></details>`
}

function removal({ language }: Frame, { id, state }: ListedExport): Html {
  const isOpen = state === 'waiting' || state === 'running'
  const words = say(language, isOpen ? exportTexts.stop : exportTexts.remove)
  return html`<form method="post" action="/${language}/exports#answer">
<input type="hidden" name="act" value="remove"><input type="hidden" name="id" value="${id}">
<button>${words}</button></form>`
}
