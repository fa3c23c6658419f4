import type { EvaluatedFigures } from '../evidence/figures.ts'
import type { MigrationDetail } from '../kpi/migration/result.ts'
import { csvLines } from './csv.ts'
import { dictionaryRows, dictionaryTable } from './dictionary.ts'
import { enabledRows, enabledTable } from './enabled-rows.ts'
import { exclusionRows, exclusionTable } from './exclusions.ts'
import { indicatorCells, indicatorTable } from './indicator-rows.ts'
import { intervalRows, intervalTable } from './intervals.ts'
import { institutionRows, kpiTable, nationRows, toldRows } from './kpi-rows.ts'
import { migrationRows, migrationTable } from './migration-rows.ts'
import { commonOf, readinessTable, scoreRows } from './readiness-rows.ts'
import { revisionRows, revisionTable } from './revisions.ts'
import { findingTable, workloadTable } from './workload-rows.ts'

/** A file that follows from evidence, line by line; each line has its end. */
export type View = { readonly file: string; readonly lines: () => Iterable<string> }

/**
 * All that is written beside the evidence. Whoever has the evidence makes the same bytes of it, so
 * that verify need not believe them.
 */
export function viewsOf(evaluated: EvaluatedFigures, isSimulated: boolean): View[] {
  const { figures, indicators, migration, entries, pieces } = evaluated
  const { windows, computedAt } = figures
  const isNation = 'nation' in figures
  const rows = () => (isNation ? nationRows(figures) : institutionRows(figures))
  const revisions = () => csvLines(revisionTable, revisionRows(entries))
  const dictionary = dictionaryRows()
  const own: View[] = isNation
    ? []
    : [
        {
          file: intervalTable.file,
          lines: () => {
            const institution = figures.institution.id
            const keys = figures.environments.map(({ id }) => ({ institution, environment: id }))
            const inWindow = intervalRows(keys, (key) => pieces(key, windows.cycle))
            return csvLines(intervalTable, inWindow)
          },
        },
        {
          file: exclusionTable.file,
          lines: () => csvLines(exclusionTable, exclusionRows(entries, windows.cycle, computedAt)),
        },
        ...(figures.readiness
          ? [
              {
                file: indicatorTable.file,
                lines: () => {
                  const common = commonOf(figures.readiness!.model, isSimulated)
                  const cells = indicatorCells(figures.institution.id, indicators, common)
                  return csvLines(indicatorTable, cells)
                },
              },
            ]
          : []),
        ...migrationViews(figures.institution.id, migration, isSimulated),
      ]
  return [
    { file: kpiTable.file, lines: () => csvLines(kpiTable, toldRows(rows(), isSimulated)) },
    { file: 'kpis.json', lines: () => jsonLines({ simulated: isSimulated, ...figures }) },
    ...(figures.readiness
      ? [
          {
            file: readinessTable.file,
            lines: () => csvLines(readinessTable, scoreRows(figures, isSimulated)),
          },
          {
            file: enabledTable.file,
            lines: () => csvLines(enabledTable, enabledRows(figures, isSimulated)),
          },
        ]
      : []),
    ...(figures.migration
      ? [
          {
            file: migrationTable.file,
            lines: () => csvLines(migrationTable, migrationRows(figures, isSimulated)),
          },
        ]
      : []),
    ...own,
    { file: revisionTable.file, lines: revisions },
    { file: dictionaryTable.file, lines: () => csvLines(dictionaryTable, dictionary) },
    { file: 'dictionary.json', lines: () => jsonLines(dictionary) },
  ]
}

/** What the migration of an institution is made of; none without a workload. */
function migrationViews(
  institution: string,
  detail: MigrationDetail | null,
  isSimulated: boolean,
): View[] {
  if (!detail) return []
  const { figures: _figures, ...rest } = detail
  const own = <T extends object>(rows: readonly T[]) =>
    rows.map((row) => ({ ...row, institution, isSimulated }))
  return [
    { file: workloadTable.file, lines: () => csvLines(workloadTable, own(detail.rows)) },
    { file: findingTable.file, lines: () => csvLines(findingTable, own(detail.findings)) },
    { file: 'migration.json', lines: () => jsonLines({ simulated: isSimulated, ...rest }) },
  ]
}

function* jsonLines(value: object): Generator<string, void> {
  for (const line of JSON.stringify(value, null, 1).split('\n')) yield `${line}\n`
}
