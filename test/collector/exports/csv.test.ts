import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine, csvLines } from '../../../collector/exports/csv.ts'
import { dictionaryRows } from '../../../collector/exports/dictionary.ts'
import { figurePaths } from '../../../collector/exports/figure-columns.ts'
import { kpiTable } from '../../../collector/exports/kpi-rows.ts'
import { column } from '../../../collector/exports/table.ts'
import { continuity } from '../../../collector/kpi/continuity.ts'
import { noTime } from '../../../collector/kpi/environment-day.ts'
import { fraction } from '../../../collector/kpi/fraction.ts'

/** Reads one record as RFC 4180 says, with none of our own code. */
function read(line: string): string[] {
  const fields: string[] = []
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy
  for (let hit = field.exec(line); hit; hit = field.exec(line)) {
    const [, text = '', end] = hit
    fields.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text)
    if (end === '\r\n') break
  }
  return fields
}

describe('CSV', () => {
  test.each([
    ['plain', 'plain'],
    ['a "quoted", word', '"a ""quoted"", word"'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['\0x', "'\uFFFDx"],
    ['＝1', "'＝1"],
    ['بوابة الصحة', 'بوابة الصحة'],
    [-1, '-1'],
    [true, 'true'],
    [null, ''],
  ])('a cell %j is written as %j', (cell, written) => {
    expect(csvLine([cell])).toBe(`${written}\r\n`)
  })

  test('any texts are read back as they were, but for the guard', () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(texts, (cells) => {
        const clean = cells.map((cell) => cell.replaceAll('\0', '\uFFFD'))
        const found = read(csvLine(cells))
        expect(found.map((cell) => cell.replace(/^'/, ''))).toEqual(
          clean.map((cell) => cell.replace(/^'/, '')),
        )
        for (const cell of found) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/)
      }),
    )
  })

  test('a table begins with a byte order mark and its columns', () => {
    const table = {
      file: 'a.csv',
      columns: [column<number>('n', 'integer', ['عدد', 'number'], (n) => n)],
    }
    expect([...csvLines(table, [1, 2])]).toEqual(['\uFEFFn\r\n', '1\r\n', '2\r\n'])
  })

  test('rows are asked for one at a time', () => {
    let asked = 0
    const rows = (function* () {
      for (;;) yield ++asked
    })()
    const table = {
      file: 'a.csv',
      columns: [column<number>('n', 'integer', ['عدد', 'number'], (n) => n)],
    }
    const lines = csvLines(table, rows)
    for (let i = 0; i < 3; i++) lines.next()
    expect(asked).toBe(2)
  })
})

describe('the dictionary', () => {
  test('every column of every table has its definition in both languages, and one name', () => {
    const rows = dictionaryRows()
    const names = rows.map(({ file, name }) => `${file} ${name}`)
    expect(new Set(names).size).toBe(names.length)
    expect(rows.filter(({ means }) => !/\p{Script=Arabic}/u.test(means.ar) || !means.en)).toEqual(
      [],
    )
    expect(new Set(rows.map(({ file }) => file)).size).toBe(11)
  })

  test('everything that a figure tells is a column of the table of figures', () => {
    const hour = {
      ...noTime,
      up: 50,
      down: 5,
      unknown: 5,
      grossUp: 50,
      grossDown: 5,
      grossUnknown: 5,
    }
    const one = fraction(1, 100)
    const standard = { target: fraction(95, 100), gapMax: one, centreMax: one }
    const figure = continuity(hour, standard)
    const told = pathsOf(figure).filter((path) => !figurePaths.includes(path))
    expect(told).toEqual([])
    expect(kpiTable.columns.map(({ name }) => name)).toContain('low_percent')
  })
})

function pathsOf(value: unknown, path = ''): string[] {
  const isLeaf = typeof value !== 'object' || value === null || Array.isArray(value)
  if (isLeaf) return [path]
  return Object.entries(value).flatMap(([key, each]) =>
    pathsOf(each, path ? `${path}.${key}` : key),
  )
}
