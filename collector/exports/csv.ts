import type { Cell, Table } from './table.ts'

/** Without it spreadsheets take Arabic for Latin letters. */
const byteOrderMark = '\uFEFF'

/**
 * What a spreadsheet would run as a formula: ASVS 1.2.10, and the wide signs that some take for
 * the same.
 */
const formulaStart = /^[=+\-@\t\r\n\0＝＋－＠]/

/** A table as the lines of a CSV file: RFC 4180, UTF-8 with a byte order mark, safe to open. */
export function* csvLines<Row>(
  { columns }: Table<Row>,
  rows: Iterable<Row>,
): Generator<string, void> {
  yield byteOrderMark + csvLine(columns.map(({ name }) => name))
  for (const row of rows) yield csvLine(columns.map(({ of }) => of(row)))
}

/** One record with its CRLF. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(field).join(',')}\r\n`
}

function field(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  // No CSV reader agrees with another about this one.
  const text = (formulaStart.test(cell) ? `'${cell}` : cell).replaceAll('\0', '\uFFFD')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
