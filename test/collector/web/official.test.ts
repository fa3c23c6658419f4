import { describe, expect, test } from 'vitest'
import { changedFigures, checkedFigures } from '../../../collector/http/programme-view.ts'
import { trendOf } from '../../../collector/kpi/readiness/trend.ts'
import { programmeFields } from '../../../collector/official/programme-schema.ts'
import { readProgramme } from '../../../collector/official/read-programme.ts'
import { type Language, languages } from '../../../collector/web/language.ts'
import { programmePage } from '../../../collector/web/pages/programme.ts'
import { programmeImportPage } from '../../../collector/web/pages/programme-import.ts'
import { trendPage } from '../../../collector/web/pages/trend.ts'
import { programmeExample } from '../../../collector/web/parts/programme-import.ts'
import { noFile } from '../../../collector/web/parts/sent-file.ts'
import { frame, institution, reads } from '../../support/sample-pages.ts'
import {
  closingAt,
  emptyTrend,
  sampleProgramme,
  sampleTrend,
} from '../../support/sample-published.ts'
import { draftSnapshot, readySnapshot } from '../../support/sample-readiness.ts'
import { sampleSnapshot } from '../../support/sample-snapshot.ts'

const nation = (language: Language, view = sampleTrend) =>
  trendPage(frame(language), readySnapshot, null, view)

/** The page of the import, with a file that changes one figure in every way and ends another. */
function importing(language: Language): string {
  const [first, second, third] = sampleProgramme
  const changed = { ...first!, computed: true, values: first!.values.toReversed().slice(1) }
  const figures = changedFigures([
    { what: 'programme/P1', before: first!, after: changed },
    { what: 'programme/P2', before: second!, after: null },
    { what: 'programme/P3', before: null, after: third! },
  ])
  const preview = { name: 'أرقام <b>.yaml', content: 'a: "<b>"', seen: 'ab', figures, same: 4 }
  const refused = {
    ...{ rule: 'why' as const, instants: {}, fields: new Map([['why', '<i>']]), problems: [] },
  }
  const view = { fields: programmeFields, figures: sampleProgramme, sent: { preview, refused } }
  return programmeImportPage(frame(language), sampleSnapshot, view)
}
const noImport = (language: Language) =>
  programmeImportPage(frame(language), sampleSnapshot, {
    ...{ fields: programmeFields, figures: [], sent: noFile },
  })

const all = (language: Language): [string, string][] => [
  ['trend', nation(language)],
  ['trend of one', trendPage(frame(language), draftSnapshot, institution, sampleTrend)],
  ['trend without a model', trendPage(frame(language), sampleSnapshot, null, sampleTrend)],
  ['no trend', nation(language, emptyTrend)],
  ['one point', nation(language, { ...sampleTrend, points: sampleTrend.points.slice(0, 1) })],
  ['programme', programmePage(frame(language), sampleSnapshot, checkedFigures(sampleProgramme))],
  ['no programme', programmePage(frame(language), sampleSnapshot, [])],
  ['import of the programme', importing(language)],
  ['import of the first programme', noImport(language)],
]

describe.each(languages)('pages in %s', (language) => {
  test.each(all(language))('%s is a sound document', (_name, page) => {
    expect(page.match(/<h1>/g)).toHaveLength(1)
    expect(page).not.toMatch(/undefined|NaN|\[object|Infinity/)
    expect(page).not.toMatch(/\sstyle=|\son\w+=|javascript:|https?:/)
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, id] of page.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(id)
    expect(page.match(/&lt;(bdi|span|small|a) /)).toBeNull()
  })
})

describe('the trend', () => {
  const page = reads(nation('en'))

  test('has the official result beside the measured one, each as it is', () => {
    expect(page).toMatch(/2026-10 81\.00% Above average 62\.98% 68\.97% Average to Above average/)
    expect(page).toContain('Annual report 2026, page 12 published 2026-11-02')
    expect(page).toMatch(/2024-04 72\.00% Above average – – –/)
    expect(page).toContain('neither ever replaces the other')
    expect(page).toContain('Automatic measurement, not the official excellence result')
  })

  test('marks a point under another model, and compares it with nothing', () => {
    const row = page.slice(page.indexOf('2026-07 61.88%'), page.indexOf('2026-06 53.38%'))
    expect(row).toContain('Another model: not comparable with the point before')
    expect(row).not.toContain('points since')
    expect(nation('en').match(/class="break"/g)).toHaveLength(2)
  })

  test('says what moved each point by dimension and indicator, and where that is unknown', () => {
    expect(page).toMatch(/2026-08 .*?\+2\.25 points since 2026-07 By dimension/)
    expect(page).toMatch(/2026-09 .*?\u22121\.15 points since 2026-08/)
    const late = page.slice(page.indexOf('2026-11 68.27%'), page.indexOf('2026-09 62.98%'))
    expect(late).toContain('One of the two points holds no scores of indicators')
    expect(late).toContain('Foundations +0.80')
    expect(page).toContain('2027-01 Now; the month is not over')
    expect(page).toContain('First point')
  })

  test('a point that did not move says so, and a draft is marked', () => {
    const same = trendOf([closingAt('2026-11', 60), closingAt('2026-12', 60)])
    expect(reads(nation('en', { ...sampleTrend, points: same }))).toContain(
      'No change since 2026-11',
    )
    const [first] = same
    const model = { ...first!.model, status: 'draft' as const }
    const draft = { points: [{ ...first!, model }], cycles: [] }
    expect(reads(nation('en', draft))).toContain('DRAFT MODEL, not official')
    expect(page).not.toContain('DRAFT')
  })

  test('the drawing says in words what it shows', () => {
    const [, label] = /role="img" aria-label="([^"]+)"/.exec(nation('en')) ?? []
    expect(label?.replaceAll(/[\u2066-\u2069]/g, '')).toBe(
      'Chart: the proven low is 50.88% in 2026-05 and 71.53% in 2027-01.',
    )
  })

  test('says that nothing is there yet', () => {
    const none = reads(nation('en', emptyTrend))
    expect(none).toContain('No points yet')
    expect(none).toContain('No official results are imported yet.')
  })
})

describe('the programme', () => {
  const page = reads(programmePage(frame('en'), sampleSnapshot, checkedFigures(sampleProgramme)))

  test.each([
    ['T16', 'Only 27 / 27 / 2 of 56 fit these shares.'],
    ['T17', '2,199 of 2,869 is 76.64%; 670 are left.'],
    ['T17, the denominator named later', '2,199 of 3,166 is 69.45%; 967 are left.'],
    ['T18', '1,545 as 61% implies a total of 2,513 to 2,553.'],
    ['T18', '2,869 does not fit.'],
    ['T18', '2,523 fits.'],
    ['an ambiguous base', '41% of 578 is about 237 ( 235 to 239 ).'],
    ['an ambiguous base', '41% of 2,199 is about 902 ( 891 to 912 ).'],
  ])('%s stands beside what was published', (_name, sentence) => {
    expect(page).toContain(sentence)
  })

  test('shows every value as it was published, with what is not stated', () => {
    expect(page).toContain('48% / 48% / 4%')
    expect(page).toContain('1,545, that is 61% Not stated 2025')
    expect(page).toContain('95% or more')
    expect(page).toContain('It corrects nothing'.slice(3))
    for (const { id } of sampleProgramme) expect(page).toContain(id)
  })

  test.each([
    [{ count: 1, percent: 50, denominator: 3 }, 'The published share does not agree.'],
    [{ count: 1, percent: 50, denominator: 2 }, 'The published share agrees.'],
    [{ count: 5, percent: 0, denominator: null }, 'There is no total of which 5 is 0%.'],
    [{ percent: 50, denominator: 1 }, 'No whole number of 1 is 50% when rounded.'],
    [{ parts: [50, 50], denominator: 3 }, 'No counts of 3 fit these shares.'],
    [{ parts: [50, 50], denominator: 10_000 }, 'And others.'],
    [{ count: 5, relation: '<=' as const, denominator: null }, '5 or less'],
  ])('%o reads %j', (value, sentence) => {
    const values = [{ kind: 'actual' as const, date: '2025', source: 'Report', ...value }]
    const figure = { id: 'P1', label: { ar: 'رقم', en: 'Figure' }, values }
    expect(reads(programmePage(frame('en'), sampleSnapshot, checkedFigures([figure])))).toContain(
      sentence,
    )
  })
})

describe('the import of the programme', () => {
  const page = reads(importing('en'))

  test('says of each figure and value what the file does to it', () => {
    expect(page).toContain(
      'New figures 1 Changed figures 1 Withdrawn figures 1 Unchanged figures 4',
    )
    expect(page).toMatch(/P1 .*? Measured by this product Changes/)
    expect(page).toContain('It now says that this product measures it.')
    expect(page.match(/No longer in the file/g)).toHaveLength(1)
    expect(page).not.toContain('New value')
    expect(importing('en')).toContain('value="&lt;i&gt;"')
    // What was sent would be gone with the next refresh.
    expect(importing('en')).not.toContain('id="pause"')
    expect(noImport('en')).toContain('id="pause"')
  })

  test('shows an example that is a right file, and every field that there is', () => {
    const [figure] = readProgramme(programmeExample, 'example', Date.parse('2026-11-22'))
    expect(figure).toMatchObject({ id: 'P1', values: [{ count: 120, denominator: 150 }] })
    const fields = reads(noImport('en'))
    expect(fields).toContain('computed true where')
    expect(fields).toMatch(/values\[\]\.denominator Of how many.*? Needed/)
    expect(fields).toMatch(/values\[\]\.otherBases Other denominators.*? May be left out/)
  })
})
