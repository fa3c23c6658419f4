import type { MigrationDetail } from '../../kpi/migration/result.ts'
import type { InstitutionRow, Snapshot } from '../../kpi/snapshot.ts'
import { name, time } from '../format.ts'
import type { Frame } from '../frame.ts'
import { type Content, type Html, html } from '../html.ts'
import { say, sayPlainly } from '../language.ts'
import { layout } from '../layout.ts'
import { guide } from '../parts/guide.ts'
import { beginCard, migrationOf } from '../parts/migration-block.ts'
import { curveCard } from '../parts/migration-curve.ts'
import {
  blockedCard,
  discoveredCard,
  lateCard,
  migrationFindingsCard,
} from '../parts/migration-lists.ts'
import {
  complianceCard,
  planCard,
  planChip,
  progressCard,
  statesCard,
} from '../parts/migration-progress.ts'
import { titled } from '../parts/titled.ts'
import { baselinesCard, wavesCard, workloadsCard } from '../parts/workloads.ts'
import { paths } from '../paths.ts'
import { migrationGuide, migrationTexts } from '../texts/migration.ts'
import { shellTexts } from '../texts/shell.ts'

/** What the page needs beside the snapshot. */
export type InstitutionMigrationView = {
  /** Null where nothing is registered, or not yet evaluated. */
  readonly detail: MigrationDetail | null
  /** Whether the account may register workloads here. */
  readonly mayRegister: boolean
}

/**
 * The migration of one institution: what is done against its roadmap, each workload with what
 * proves it or is missing, and where what is registered is not what is measured.
 */
export function institutionMigrationPage(
  frame: Frame,
  snapshot: Snapshot,
  row: InstitutionRow,
  view: InstitutionMigrationView,
): string {
  const { language } = frame
  const { detail, mayRegister } = view
  const known = migrationOf(snapshot, row.id)
  const main = detail?.rows.length
    ? figures(frame, snapshot, row, detail, mayRegister)
    : html`${titled(language, row.name, null)}
${beginCard(
  language,
  say(language, known ? migrationTexts.notYet : migrationTexts.noneOwn),
  links(frame, row, mayRegister),
)}
${detail && discoveredCard(frame, row, detail.discovered, mayRegister)}`
  const trail = [
    { href: paths.nation(language), name: say(language, shellTexts.nation) },
    { href: paths.institution(language, row.id), name: name(language, row.name) },
  ]
  const title = sayPlainly(language, migrationTexts.title)
  return layout(frame, { title, trail, snapshot, main })
}

function links({ language }: Frame, { id }: InstitutionRow, mayRegister: boolean): Html {
  const shown = [
    ...(mayRegister
      ? ([
          ['workloads', migrationTexts.toWorkloads],
          ['import', migrationTexts.toImport],
        ] as const)
      : []),
    ['roadmap', migrationTexts.toRoadmap],
  ] as const
  return html`<p class="periods">${shown.map(
    ([acts, text]) =>
      html`<a href="${paths.migrationActs(language, id, acts)}">${say(language, text)}</a>`,
  )}</p>`
}

function figures(
  frame: Frame,
  snapshot: Snapshot,
  row: InstitutionRow,
  { figures, rows, findings, discovered, waves, curve, baselines }: MigrationDetail,
  mayRegister: boolean,
): Html {
  const { language } = frame
  const at = snapshot.migration?.at ?? snapshot.asOf
  const owned = rows.map((each) => ({ institution: row, row: each }))
  const evidence: Content = say(language, migrationTexts.dayOf, {
    day: time(frame, at, 'dayOfYear'),
  })
  return html`${titled(language, row.name, planChip(language, figures))}
${links(frame, row, mayRegister)}
<div class="hero two">${progressCard(frame, figures, html`<p class="note">${evidence}</p>`)}
<div class="lists">${planCard(frame, figures, null)}${complianceCard(frame, figures.compliance)}
</div></div>
${migrationFindingsCard(frame, row, findings, rows, snapshot.computedAt)}
<div class="lists">${lateCard(frame, owned, false)}${blockedCard(frame, owned, false)}</div>
${curveCard(frame, curve, at)}
${statesCard(frame, figures)}
${workloadsCard(frame, row, rows, mayRegister)}
${wavesCard(frame, waves)}
${discoveredCard(frame, row, discovered, mayRegister)}
${baselinesCard(frame, baselines ?? [])}
${guide(language, migrationGuide)}`
}
