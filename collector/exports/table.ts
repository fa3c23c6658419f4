import type { Bilingual } from '../kpi/snapshot.ts'

/** What one cell of a table holds. Null is an empty cell. */
export type Cell = string | number | boolean | null

/** How a cell is to be read. `instant` is ISO 8601 in UTC; `decimal` is written with a point. */
export type CellType = 'text' | 'integer' | 'decimal' | 'boolean' | 'instant' | 'list'

/** One column: what stands in it and what that means. The dictionary is made of these. */
export type Column<Row> = {
  readonly name: string
  readonly type: CellType
  readonly unit: string | null
  readonly means: Bilingual
  /** How it is computed, or null where it is only told. */
  readonly formula: string | null
  readonly of: (row: Row) => Cell
}

/** One file of rows. */
export type Table<Row> = {
  readonly file: string
  readonly columns: readonly Column<Row>[]
}

/** An instant as tables hold it; empty where there is none. */
export function instant(at: number | null | undefined): Cell {
  return at === null || at === undefined ? null : new Date(at).toISOString()
}

type Place = { readonly institution: string | null; readonly environment: string | null }

type Traits = { readonly unit?: string; readonly formula?: string }

/** A column in one line. */
export function column<Row>(
  name: string,
  type: CellType,
  [ar, en]: readonly [ar: string, en: string],
  of: (row: Row) => Cell,
  { unit, formula }: Traits = {},
): Column<Row> {
  return { name, type, unit: unit ?? null, means: { ar, en }, formula: formula ?? null, of }
}

/** Whose row it is. */
export const placeColumns: readonly Column<Place>[] = [
  column(
    'institution',
    'text',
    ['معرّف المؤسسة', 'Id of the institution'],
    (row) => row.institution,
  ),
  column(
    'environment',
    'text',
    ['معرّف بيئة الاستضافة', 'Id of the hosting environment'],
    (row) => row.environment,
  ),
]
