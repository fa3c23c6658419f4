import { DocumentError, type Problem } from '../../protocol/document.ts'

/** Limits of a CSV file that a person hands in. */
export const csvLimits = {
  charactersMax: 200_000,
  rowsMax: 1_000,
  cellCharactersMax: 500,
  problemsMax: 1_000,
} as const

/** One record by the names of its columns, and the line that it begins on. */
export type CsvRow<Name extends string> = {
  readonly line: number
  readonly cells: Readonly<Record<Name, string>>
}

/** Which columns there are. All are named in the first line, those of `required` always. */
export type CsvColumns<Name extends string> = {
  readonly required: readonly Name[]
  readonly optional: readonly Name[]
}

/** What a spreadsheet would run, also in the wide signs that some take for the same. */
const formulaStart = /^\s*[=+\-@＝＋－＠]/

/**
 * Reads a CSV file strictly: RFC 4180 with commas, UTF-8 with or without a byte order mark, the
 * columns by their names in any order, no formulas, no control characters. A column that may be
 * left out reads as empty. Throws DocumentError with all problems, each with its line and column.
 */
export function readCsv<Name extends string>(
  text: string,
  file: string,
  { required, optional }: CsvColumns<Name>,
): CsvRow<Name>[] {
  const problems: Problem[] = []
  const report = (line: number | null, path: string, message: string) => {
    if (problems.length < csvLimits.problemsMax) problems.push({ file, line, path, message })
  }
  const names = [...required, ...optional]
  const records = recordsOf(text.replace(/^\ufeff/, ''), report)
  const [head, ...rows] = records ?? []
  const isHeadGood = head && checkHead(head.cells, { required, optional }, report)
  if (rows.length > csvLimits.rowsMax) {
    report(null, '', `must have at most ${csvLimits.rowsMax} rows`)
  } else if (records && rows.length === 0) report(null, '', 'has no rows below its header')
  if (!head || !isHeadGood || problems.length > 0) throw new DocumentError(problems)
  const read = rows.flatMap(({ line, cells }) => {
    if (cells.length !== head.cells.length) {
      const message = `must have ${head.cells.length} columns like the header, not ${cells.length}`
      report(line, '', message)
      return []
    }
    const named = names.map((name) => [name, cells[head.cells.indexOf(name)] ?? ''] as const)
    for (const [name, cell] of named) {
      const fault = faultOf(cell)
      if (fault) report(line, name, fault)
    }
    // Every name has its cell.
    return [{ line, cells: Object.fromEntries(named) as Record<Name, string> }]
  })
  if (problems.length > 0) throw new DocumentError(problems)
  return read
}

type Report = (line: number | null, path: string, message: string) => void
type CsvRecord = { readonly line: number; readonly cells: readonly string[] }

function faultOf(cell: string): string | null {
  const { cellCharactersMax } = csvLimits
  if (cell.length > cellCharactersMax) return `must be at most ${cellCharactersMax} characters`
  if (formulaStart.test(cell)) {
    return 'must not begin with =, +, - or @: a spreadsheet would run it as a formula'
  }
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(cell)) return 'must hold no control characters'
  return cell === cell.trim() ? null : 'must not begin or end with a space'
}

function checkHead(
  head: readonly string[],
  { required, optional }: CsvColumns<string>,
  report: Report,
): boolean {
  const names = [...required, ...optional]
  const list = names.join(',')
  if (head.length === 1 && /[;\t]/.test(head[0]!)) {
    report(1, '', 'columns must be separated by commas')
    return false
  }
  const problems = [
    ...required
      .filter((name) => !head.includes(name))
      .map((name) => `the column ${name} is missing`),
    ...head.flatMap((name, i) => {
      const place = `column ${i + 1}`
      if (!names.includes(name)) return [`${place} has no known name; allowed: ${list}`]
      return head.indexOf(name) < i ? [`${place} is the second one named ${name}`] : []
    }),
  ]
  for (const message of problems) report(1, '', message)
  return problems.length === 0
}

/** The records of a text; null where it cannot be told where they begin and end. */
function recordsOf(text: string, report: Report): CsvRecord[] | null {
  if (text.length > csvLimits.charactersMax) {
    report(null, '', `must be at most ${csvLimits.charactersMax} characters`)
    return null
  }
  const undecoded = text.search(/[\ufffd\0]/)
  if (undecoded !== -1) {
    report(text.slice(0, undecoded).split('\n').length, '', 'must be saved as UTF-8')
    return null
  }
  if (text.trim() === '') {
    report(null, '', 'is empty')
    return null
  }
  const records: CsvRecord[] = []
  // One cell and what ends it; a quoted cell may hold commas, line ends and doubled quotes.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  let [line, next, cells]: [number, number, string[]] = [1, 1, []]
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text)
    if (!found) {
      report(next, '', 'has a quote or a line end where none may stand')
      return null
    }
    const [whole, quoted, plain = '', end] = found
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    next += whole.split('\n').length - 1
    if (end === ',' && cell.lastIndex < text.length) continue
    if (end === ',') cells.push('')
    if (cells.every((each) => each === '')) report(line, '', 'is an empty line')
    else records.push({ line, cells })
    ;[line, cells] = [next, []]
  }
  return records
}
