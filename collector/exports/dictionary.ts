import { enabledTable } from './enabled-rows.ts'
import { exclusionTable } from './exclusions.ts'
import { indicatorTable } from './indicator-rows.ts'
import { intervalTable } from './intervals.ts'
import { kpiTable } from './kpi-rows.ts'
import { migrationTable } from './migration-rows.ts'
import { readinessTable } from './readiness-rows.ts'
import { revisionTable } from './revisions.ts'
import { type Column, column, type Table } from './table.ts'
import { findingTable, workloadTable } from './workload-rows.ts'

export type DictionaryRow = Omit<Column<never>, 'of'> & { readonly file: string }

/** `dictionary.csv`: what each column of each table means, its own too. */
export const dictionaryTable: Table<DictionaryRow> = {
  file: 'dictionary.csv',
  columns: [
    column('file', 'text', ['الملف', 'File'], (row) => row.file),
    column('column', 'text', ['العمود', 'Column'], (row) => row.name),
    column(
      'type',
      'text',
      ['نوع القيمة؛ instant وقت بالتوقيت العالمي', 'Type; an instant is ISO 8601 in UTC'],
      (row) => row.type,
    ),
    column('unit', 'text', ['الوحدة', 'Unit'], (row) => row.unit),
    column(
      'definition_ar',
      'text',
      ['التعريف بالعربية', 'Definition in Arabic'],
      (row) => row.means.ar,
    ),
    column(
      'definition_en',
      'text',
      ['التعريف بالإنجليزية', 'Definition in English'],
      (row) => row.means.en,
    ),
    column('formula', 'text', ['طريقة الحساب', 'How it is computed'], (row) => row.formula),
  ],
}

/** The columns of all tables, in the order of the files. */
export function dictionaryRows(): DictionaryRow[] {
  const tables = [
    kpiTable,
    readinessTable,
    enabledTable,
    migrationTable,
    workloadTable,
    findingTable,
    intervalTable,
    exclusionTable,
    indicatorTable,
    revisionTable,
    dictionaryTable,
  ]
  return tables.flatMap(({ file, columns }) =>
    columns.map(({ of: _of, ...rest }) => ({ file, ...rest })),
  )
}
