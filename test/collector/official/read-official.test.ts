import { describe, expect, test } from 'vitest'
import {
  foldOfficial,
  officialDifference,
  officialSubject,
} from '../../../collector/official/official-log.ts'
import { type OfficialFormat, readOfficial } from '../../../collector/official/read-official.ts'
import { DocumentError } from '../../../protocol/document.ts'
import { sha256 } from '../../../protocol/jws.ts'

const rules = {
  cycle: '2027-04',
  institutions: new Set(['health', 'roads']),
  now: Date.parse('2027-05-10T00:00:00Z'),
  timezone: 'Asia/Muscat',
}
const head = 'institution,index_percent,level,source,date'
const good = 'health,81.5,above,"Annual report, page 4",2027-05-02'

function read(content: string, format: OfficialFormat = 'csv') {
  return readOfficial({ name: 'f', format, content }, rules)
}

/** Everything a file is refused with, as a person reads it. */
function refusals(content: string, format?: OfficialFormat): string[] {
  try {
    read(content, format)
  } catch (error) {
    if (error instanceof DocumentError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a CSV file', () => {
  test('is read with its columns in any order, quotes, either line end and a byte order mark', () => {
    const content =
      '\ufeffdate,source,index_percent,institution,user_experience_percent\r\n' +
      '2027-05-02,"He said ""81"",\nthen more",81.50,health,\r\n' +
      '2027-05-10,Report,100,national,72.25'
    expect(() => read(content)).toThrow('f:2: source: must hold no control characters')
    expect(read(content.replace(',\nthen', ', then'))).toEqual([
      {
        ...{ cycle: '2027-04', institution: 'health', indexPercent: 81.5, level: null },
        ...{ axesPercent: {}, source: 'He said "81", then more', date: '2027-05-02' },
        fileSha256: sha256(Buffer.from(content.replace(',\nthen', ', then'))),
      },
      expect.objectContaining({
        ...{ institution: 'national', indexPercent: 100, axesPercent: { user_experience: 72.25 } },
      }),
    ])
  })

  test.each([
    ['', ['f: is empty']],
    [' \n\n', ['f: is empty']],
    [head, ['f: has no rows below its header']],
    [`${head}\n${good}\n\n${good.replace('health', 'roads')}`, ['f:3: is an empty line']],
    [
      head.replaceAll(',', ';'),
      ['f: has no rows below its header', 'f:1: columns must be separated by commas'],
    ],
    [
      `Institution,index,source,date,source\n${good}`,
      [
        'f:1: the column institution is missing',
        'f:1: the column index_percent is missing',
        expect.stringMatching(
          /^f:1: column 1 has no known name; allowed: institution,index_percent/,
        ),
        expect.stringMatching(/^f:1: column 2 has no known name/),
        'f:1: column 5 is the second one named source',
      ],
    ],
    [`${head}\nhealth,81,above,Report`, ['f:2: must have 5 columns like the header, not 4']],
    [
      `${head}\nhealth,"81"x,above,Report,2027-05-02`,
      ['f:2: has a quote or a line end where none may stand'],
    ],
    [
      `${head}\n"health,81,above,Report,2027-05-02`,
      ['f:2: has a quote or a line end where none may stand'],
    ],
    [`${head}\n${good}\nr\ufffdads,81,above,Report,2027-05-02`, ['f:3: must be saved as UTF-8']],
    [`${head}\n${good}\0`, ['f:2: must be saved as UTF-8']],
    ['x'.repeat(200_001), ['f: must be at most 200000 characters']],
    [
      `${head}\n${'health,1,low,Report,2027-05-02\n'.repeat(1_001)}`,
      ['f: must have at most 1000 rows'],
    ],
  ])('%j is refused as a whole', (content, expected) => {
    expect(refusals(content).toSorted()).toEqual(expected.toSorted())
  })

  test.each([
    ['index_percent', '100.01', 'must be 0 to 100'],
    ['index_percent', '101', 'must be 0 to 100'],
    ['index_percent', '81.555', 'must be 0 to 100 with at most two decimals'],
    ['index_percent', '81%', 'without a sign'],
    ['index_percent', '٨١', 'in digits 0-9'],
    ['index_percent', '8e1', 'must be 0 to 100'],
    ['index_percent', '', 'must be 0 to 100'],
    ['index_percent', '-1', 'a spreadsheet would run it as a formula'],
    ['index_percent', '=1+1', 'a spreadsheet would run it as a formula'],
    ['source', '@SUM(A1)', 'a spreadsheet would run it as a formula'],
    ['source', '＝HYPERLINK', 'a spreadsheet would run it as a formula'],
    ['source', ' Report', 'must not begin or end with a space'],
    ['source', 'Rep\u202Eort', 'must hold no control characters'],
    ['source', 'ab', 'must say where it was published'],
    ['source', 'x'.repeat(501), 'must be at most 500 characters'],
    ['level', 'Above', 'must be one of advanced, above, average, below, low, or empty'],
    ['institution', 'nobody', 'must be an institution of the register, or national'],
    ['institution', '__proto__', 'must be an institution of the register'],
    ['date', '2027-02-30', 'must be a day such as'],
    ['date', '02/05/2027', 'must be a day such as'],
    ['date', '2027-05-11', 'must not be later than today'],
  ])('%s %j is refused with its line and column', (column, value, message) => {
    const cells = { institution: 'roads', index_percent: '50', level: '', source: 'Report' }
    const row = { ...cells, date: '2027-05-02', [column]: value }
    const found = refusals(`${head}\n${good}\n${Object.values(row).join(',')}`)
    expect(found).toEqual([expect.stringMatching(/^f:3: /)])
    expect(found[0]).toContain(column)
    expect(found[0]).toContain(message)
  })

  test('an institution stands once, and all problems are told at once', () => {
    const rows = [good, good, 'nobody,200,worse,x,never']
    expect(refusals([head, ...rows].join('\n'))).toEqual([
      'f:3: institution: is the same institution as line 2',
      expect.stringContaining('f:4: level:'),
      expect.stringContaining('f:4: index_percent:'),
      expect.stringContaining('f:4: institution:'),
      expect.stringContaining('f:4: date:'),
      expect.stringContaining('f:4: source:'),
    ])
  })
})

describe('a JSON file', () => {
  const result = {
    institution: 'health',
    index_percent: 81.5,
    source: 'Report',
    date: '2027-05-02',
  }
  const file = (results: unknown, more: object = {}) =>
    JSON.stringify({ format: 'istimrar.official/v1', cycle: '2027-04', results, ...more })

  test('says the same as a CSV file', () => {
    const axes_percent = { user_experience: 72.25 }
    const [row] = read(file([{ ...result, level: 'above', axes_percent }]), 'json')
    const columns = `${head},user_experience_percent`
    const [other] = read(`${columns}\nhealth,81.5,above,Report,2027-05-02,72.25`)
    expect({ ...row, fileSha256: '' }).toEqual({ ...other, fileSha256: '' })
  })

  test.each<[string, string, unknown]>([
    ['no JSON', '{', 'f: The text is not valid JSON.'],
    ['a key twice', '{"format":"a","format":"b"}', expect.stringContaining('twice')],
    [
      'another cycle',
      file([result], { cycle: '2026-10' }),
      'f: cycle: must be the cycle that the import is for',
    ],
    [
      'another format',
      file([result], { format: 'x' }),
      expect.stringContaining('f: format: must be'),
    ],
    ['no results', file([]), 'f: results: must have at least 1 entry'],
    [
      'a number as text',
      file([{ ...result, index_percent: '81' }]),
      expect.stringContaining('f: results[0].index_percent: must be'),
    ],
    [
      'above 100',
      file([{ ...result, index_percent: 100.5 }]),
      expect.stringContaining('f: results[0].index_percent: must be'),
    ],
    [
      'three decimals',
      file([{ ...result, index_percent: 1.555 }]),
      'f: results[0].index_percent: must have at most two decimals',
    ],
    [
      'an unknown axis',
      file([{ ...result, axes_percent: { x: 1 } }]),
      expect.stringContaining('f: results[0].axes_percent.x: unknown setting'),
    ],
    [
      'an unknown field',
      file([{ ...result, note: 'x' }]),
      expect.stringContaining('f: results[0].note: unknown setting'),
    ],
    [
      'one institution twice',
      file([result, result]),
      'f: results[1].institution: is the same institution as results[0].institution',
    ],
    [
      'an unknown institution',
      file([{ ...result, institution: 'nobody' }]),
      expect.stringContaining('f: results[0].institution: must be an institution'),
    ],
    ['other bytes', '{"a":"\ufffd"}', 'f:1: must be saved as UTF-8'],
  ])('with %s is refused', (_name, content, expected) => {
    expect(refusals(content, 'json')).toEqual([expected])
  })
})

describe('the book of results', () => {
  const rows = read(`${head}\n${good}`)
  const what = officialSubject(rows[0]!)
  const { cycle: _cycle, institution: _institution, ...after } = rows[0]!
  const entry = {
    actor: 'a',
    role: 'ministry',
    what,
    why: 'because',
    before: null,
    after,
    effectiveFrom: 1,
  }

  test('the same values again change nothing, another value does', () => {
    const book = foldOfficial(new Map(), [entry])
    expect(officialDifference(book, rows)).toEqual({ changes: [], same: 1 })
    const other = read(`${head}\n${good.replace('Annual', 'Yearly')}`)
    expect(officialDifference(book, other)).toMatchObject({ changes: [{ what, before: after }] })
  })

  test.each([
    ['who may not', { role: 'institution' }],
    ['another before', { before: after }],
    ['another subject', { what: 'official/2027-04/a/b' }],
    ['no result', { after: { ...after, indexPercent: 101 } }],
    ['an unknown level', { after: { ...after, level: 'good' } }],
    ['an unknown axis', { after: { ...after, axesPercent: { x: 1 } } }],
  ])('an entry with %s counts for nothing', (_name, change) => {
    expect(foldOfficial(new Map(), [{ ...entry, ...change }]).size).toBe(0)
  })

  test('what is withdrawn is gone', () => {
    const gone = { ...entry, before: after, after: null }
    expect(foldOfficial(new Map(), [entry, gone]).size).toBe(0)
  })
})
