import type { MigrationFigures } from '../../kpi/migration/result.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { number, percent, type Writer } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { type Language, say } from '../language.ts'
import { paths } from '../paths.ts'
import { migrationTexts } from '../texts/migration.ts'
import { forecastWords, planChip } from './migration-progress.ts'

/** Figures of an institution; null where it registered no workload. */
export function migrationOf({ migration }: Snapshot, institution: string): MigrationFigures | null {
  if (!migration || !Object.hasOwn(migration.institutions, institution)) return null
  return migration.institutions[institution] ?? null
}

/** The migration of the nation (null) or of an institution in short, and the way to its page. */
export function migrationBlock(
  writer: Writer,
  snapshot: Snapshot,
  row: InstitutionRow | null,
): Html {
  const { language } = writer
  const figures = row ? migrationOf(snapshot, row.id) : (snapshot.migration?.nation ?? null)
  const href = paths.migration(language, row?.id ?? null)
  const isEmpty = !figures || (figures.workloads === 0 && figures.compliance.exempt === 0)
  const none = row ? migrationTexts.noneOwn : migrationTexts.none
  return html`<section class="card block" aria-labelledby="migration">
<h2 id="migration">${say(language, migrationTexts.title)}</h2>
${isEmpty ? html`<p class="calm">${say(language, none)}</p>` : short(writer, figures)}
<p><a href="${href}">${say(language, isEmpty ? migrationTexts.begin : migrationTexts.more)}</a></p>
</section>`
}

function short(writer: Writer, figures: MigrationFigures): Html {
  const { language } = writer
  const { done, schedule, late, blocked, compliance } = figures
  const counts = [
    [migrationTexts.late, late],
    [migrationTexts.blocked, blocked],
    [migrationTexts.findingCount, findingsOf(figures)],
  ] as const
  const shown = counts.filter(([, n]) => n > 0)
  return html`<p class="low"><strong>${percent(done)}</strong>
<span>${say(language, migrationTexts.done)}</span></p>
<div class="chips">${planChip(language, figures)}</div>
<p class="note">${say(language, migrationTexts.planned)}: ${percent(schedule?.planned ?? null)}
· ${say(language, migrationTexts.complianceShort)}: ${percent(compliance.low)}</p>
<p>${schedule ? forecastWords(writer, schedule) : say(language, migrationTexts.noBaseline)}</p>
${
  shown.length > 0 &&
  html`<p class="note">${shown.map(
    ([text, n], i) => html`${i > 0 && ' · '}${say(language, text)}: ${number(language, n)}`,
  )}</p>`
}`
}

/** Findings of all kinds together. */
export function findingsOf({ findings }: MigrationFigures): number {
  return Object.values(findings).reduce((sum, n) => sum + n, 0)
}

/** What to do so that there are figures. */
export function beginCard(language: Language, why: Content, links: Content): Html {
  const steps = [
    migrationTexts.beginPolicy,
    migrationTexts.beginRegister,
    migrationTexts.beginRoadmap,
    migrationTexts.beginAgents,
  ]
  return html`<section class="card" aria-labelledby="begin">
<h2 id="begin">${say(language, migrationTexts.begin)}</h2>
<p class="calm">${why}</p>
<ol class="begin">${steps.map((text) => html`<li>${say(language, text)}</li>`)}</ol>
${links}</section>`
}
