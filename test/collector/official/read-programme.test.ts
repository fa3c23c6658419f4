import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { foldProgramme, programmeDifference } from '../../../collector/official/programme-log.ts'
import { readProgramme } from '../../../collector/official/read-programme.ts'
import { DocumentError } from '../../../protocol/document.ts'

const now = Date.parse('2026-11-22T00:00:00Z')
const example = readFileSync('deploy/examples/programme.yaml', 'utf8')

const value = 'kind: actual, count: 5, denominator: 10, date: 2025-12, source: Report'
const file = (values: string, figure = 'id: P1, label: { ar: رقم, en: Figure }') =>
  `apiVersion: istimrar.programme/v1\nfigures:\n  - { ${figure},\n      values: [{ ${values} }] }\n`

function refusals(text: string): string[] {
  try {
    readProgramme(text, 'f', now)
  } catch (error) {
    if (error instanceof DocumentError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('programme.yaml', () => {
  test('the example is accepted and holds P1 to P7, each value with its own source', () => {
    const figures = readProgramme(example, 'programme.yaml', now)
    const ids = figures.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']))
    for (const { values } of figures) for (const { source } of values) expect(source).not.toBe('')
  })

  test('a sound file is accepted', () => {
    expect(refusals(file(value))).toEqual([])
    const target = value.replace('kind: actual', 'kind: target').replace('2025-12', '2040-01')
    expect(refusals(file(target))).toEqual([])
  })

  test.each([
    ['count: 5', 'note: { ar: رقم, en: x }', 'must have a count, a percent or parts'],
    ['count: 5', 'count: 11', 'count: must not be above its denominator'],
    ['count: 5', 'parts: [50, 50], count: 1', 'parts: must stand without count and percent'],
    ['count: 5', 'parts: [90, 50]', 'parts: must be parts of one whole'],
    ['count: 5', 'parts: [50, 50], relation: ">="', 'relation: must not stand beside parts'],
    ['count: 5', 'percent: 48.123', 'percent: must have at most two decimals'],
    ['count: 5', 'percent: 101', 'percent: must be'],
    ['count: 5', 'count: 5, otherBases: [10]', 'otherBases: must not repeat the denominator'],
    ['denominator: 10, ', '', 'missing "denominator"'],
    ['denominator: 10', 'denominator: 0', 'denominator: must be'],
    ['date: 2025-12', 'date: 2025-13', 'date: there is no such day'],
    ['date: 2025-12', 'date: 2026-02-30', 'date: there is no such day'],
    ['date: 2025-12', 'date: soon', 'date: must be a day, month or year'],
    ['date: 2025-12', 'date: 2027-01', 'date: must not be later than today, except of a target'],
    ['source: Report', 'source: ""', 'source: must not be empty'],
    ['source: Report', 'source: Report, note: { ar: x, en: رقم }', 'note.ar: must be in Arabic'],
    ['kind: actual', 'kind: guess', 'kind: must be one of'],
    ['kind: actual', 'kind: actual, colour: red', 'unknown setting "colour"'],
  ])('%s as %s is refused with its line', (what, instead, message) => {
    const found = refusals(file(value.replace(what, instead)))
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^f:\d+: /)]))
    expect(found.join('\n')).toContain(message)
  })

  test('an id stands once, is one of the programme, and all problems are told at once', () => {
    const two = `${file(value)}${file(value, 'id: P1, label: { ar: x, en: رقم }').split('figures:\n')[1]}`
    expect(refusals(two)).toEqual([
      expect.stringContaining('figures[1].id: is the id of an earlier figure'),
      expect.stringContaining('figures[1].label.ar: must be in Arabic'),
      expect.stringContaining('figures[1].label.en: must be in English'),
    ])
    expect(refusals(file(value, 'id: KPI-1, label: { ar: رقم, en: x }'))).toEqual([
      expect.stringContaining('must be an id such as P1'),
    ])
  })
})

describe('the book of the programme', () => {
  const figures = readProgramme(example, 'programme.yaml', now)
  const acts = { actor: 'a', role: 'admin', why: 'because', effectiveFrom: now }

  test('the same file again changes nothing; what it no longer names is taken back', () => {
    const first = programmeDifference(new Map(), figures)
    expect(first.changes).toHaveLength(figures.length)
    const book = foldProgramme(
      new Map(),
      first.changes.map((change) => ({ ...acts, ...change })),
    )
    expect(programmeDifference(book, figures)).toEqual({ changes: [], same: figures.length })
    const { changes, same } = programmeDifference(book, figures.slice(1))
    expect(changes).toMatchObject([{ what: 'programme/P1', after: null }])
    expect(same).toBe(figures.length - 1)
    foldProgramme(
      book,
      changes.map((change) => ({ ...acts, ...change })),
    )
    expect(book.size).toBe(figures.length - 1)
  })

  test.each([
    ['who may not', { role: 'auditor' }],
    ['another before', { before: figures[1] }],
    ['another figure', { after: figures[1] }],
  ])('an entry of %s counts for nothing', (_name, change) => {
    const [, first] = programmeDifference(new Map(), figures).changes
    const { what, before } = { ...first!, what: 'programme/P1' }
    const entry = { ...acts, what, before, after: figures[0], ...change }
    expect(foldProgramme(new Map(), [entry]).size).toBe(0)
  })
})
