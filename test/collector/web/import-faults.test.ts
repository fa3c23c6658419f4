import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Workload } from '../../../collector/kpi/migration/workload.ts'
import { claimedStates, strategies } from '../../../collector/kpi/migration/workload.ts'
import { readOfficial } from '../../../collector/official/read-official.ts'
import { readProgramme } from '../../../collector/official/read-programme.ts'
import { draftBaseline } from '../../../collector/register/baselines.ts'
import {
  type AskedWorkload,
  registeredWorkload,
  workloadProblems,
} from '../../../collector/register/workloads.ts'
import { html } from '../../../collector/web/html.ts'
import { faultWords } from '../../../collector/web/parts/import-faults.ts'
import { officialFaultTexts } from '../../../collector/web/texts/official-import.ts'
import { programmeFaultTexts } from '../../../collector/web/texts/programme-import.ts'
import { DocumentError } from '../../../protocol/document.ts'
import {
  askedWorkload,
  movedWorkload,
  sampleWorkloadRules,
} from '../../support/sample-workloads.ts'

const arabic = (message: string) => html`${faultWords('ar', message)}`.text

function checkWords(message: string): void {
  expect(arabic(message), message).not.toContain('lang="en"')
  // The last of the texts holds anything: what rules say has its own.
  expect(arabic(message), message).not.toContain('القيمة المطلوبة')
}

const day = fc.constantFrom(null, '2026-01-01', '2026-10-20', '2099-01-01', '2026-02-30', 'soon')
const word = fc.constantFrom(null, '', 'x', 'ن', 'x'.repeat(600), '\u202e', 'nowhere')
const hosts = fc.constantFrom([], ['db-1'], ['nobody'], ['db-1', 'db-1'], 'db-1')
const environment = fc.constantFrom('internal', 'portal', 'elsewhere', 'No id')
const place = fc
  .constantFrom(null, 'x')
  .chain((none) => (none === null ? fc.constant(null) : fc.record({ environment, hosts })))
const anything = fc.record({
  id: fc.constantFrom('licences', 'old-mail', 'No id', ''),
  name: fc.oneof(word, fc.record({ ar: word, en: word })),
  criticality: fc.constantFrom('critical', 'vital'),
  weight: fc.constantFrom(undefined, 0, 7, 101),
  ...{ dataClass: word, wave: word, owner: word, provider: word },
  strategy: fc.constantFrom(null, 'lift', ...strategies),
  ...{ source: place, target: place, serviceSince: day, plannedStart: day, plannedFinish: day },
  ...{ startedOn: day, cutOverOn: day, retiredOn: day },
  state: fc.constantFrom('validated', 'exempt', 'done', ...claimedStates),
  blocked: fc.oneof(fc.constantFrom(null, 'x'), fc.record({ reason: word, since: day })),
})
/** Right in its form but for what is random, so that the rules beyond it are asked. */
const nearly = fc
  .tuple(anything, fc.array(fc.constantFrom(...Object.keys(movedWorkload())), { maxLength: 6 }))
  .map(([all, names]) => {
    const changes = names.map((name) => [name, all[name as keyof typeof all]])
    return { ...movedWorkload(), ...Object.fromEntries(changes) }
  })

test('whatever the rules refuse a workload with is said in Arabic', () => {
  const seen = new Set<string>()
  const rules = fc.constantFrom(sampleWorkloadRules, { ...sampleWorkloadRules, count: 500 })
  fc.assert(
    fc.property(fc.oneof(anything, nearly), rules, (asked, by) => {
      // Of any shape, as files and forms hand it in.
      for (const { message } of workloadProblems(asked as AskedWorkload, null, by)) {
        seen.add(message.replaceAll(/[\d-]+/g, ''))
        checkWords(message)
      }
    }),
    { numRuns: 1_500 },
  )
  expect(seen.size).toBeGreaterThan(25)
})

test('whatever stands against a roadmap is said in Arabic', () => {
  const registered = (more: Partial<AskedWorkload>): Workload =>
    registeredWorkload(askedWorkload(more), null, { ...sampleWorkloadRules, hosting: null })
  const all = [
    [],
    [registered({})],
    [registered({ strategy: 'retain' })],
    [registered({ plannedFinish: '2026-01-01' })],
    [registered({ plannedFinish: '2100-01-01' })],
  ]
  const found = all.flatMap((workloads) =>
    ['2027-01-01', 'soon'].flatMap(
      (startOn) => draftBaseline(startOn, { workloads, isExempt: () => false }).problems,
    ),
  )
  expect(new Set(found.map(({ message }) => message)).size).toBe(6)
  for (const { message } of found) checkWords(message)
})

test('whatever a file of official results is refused with is said in Arabic', () => {
  const rules = {
    ...{ cycle: '2026-10', institutions: new Set(['health']), timezone: 'Asia/Muscat' },
    now: Date.parse('2026-11-21T12:00:00Z'),
  }
  const row = { institution: 'health', index_percent: 1, source: 'page 4', date: '2026-11-02' }
  const results = [
    ...[row, { ...row, institution: 'nobody' }, { ...row, index_percent: 101 }, {}, 7],
    ...[
      { ...row, index_percent: 'x' },
      { ...row, source: 7 },
      { ...row, extra: 1 },
    ],
    { ...row, axes_percent: { modernisation: -1 }, level: 'best' },
  ]
  const json = (value: object) => {
    return JSON.stringify({ format: 'istimrar.official/v1', cycle: '2026-10', ...value })
  }
  const head = 'institution,index_percent,level,source,date'
  const files = [
    ...[json({ results }), json({ results: {} }), json({ results: [] }), '[]', '{"a":1,"a":2}'],
    json({ cycle: '2027-04', results: [row, row, { ...row, date: 'x', index_percent: 1.234 }] }),
    ...['{', '{"a":1e999}', `${'['.repeat(99)}`, json({ results: [{ ...row, source: ' ' }] })],
  ].map((content) => ({ name: 'file', format: 'json', content }) as const)
  const lines = ['health,1,best,x,x', 'health,+1,,page 4,2099-01-01', ',,', 'nobody,=1,,,']
  const tables = ['', 'a,b', head, ...lines.map((line) => `${head}\n${line}`), '"', '\ufffd'].map(
    (content) => ({ name: 'file', format: 'csv', content }) as const,
  )
  const found = [...files, ...tables].flatMap((file) => {
    try {
      return readOfficial(file, rules).map(() => 'nothing')
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      return error.problems.map(({ message }) => message)
    }
  })
  expect(new Set(found).size).toBeGreaterThan(25)
  for (const message of found) {
    const words = html`${faultWords('ar', message, officialFaultTexts)}`.text
    expect(words, message).not.toContain('lang="en"')
    if (!message.startsWith('must be "')) expect(words, message).not.toContain('القيمة المطلوبة')
  }
})

test('whatever a file of the programme is refused with is said in Arabic', () => {
  const now = Date.parse('2026-11-21T12:00:00Z')
  const label = { ar: 'رقم', en: 'Figure' }
  const value = { kind: 'actual', count: 5, denominator: 10, date: '2025-12', source: 'Report' }
  const values = [
    ...[{}, { count: undefined }, { count: 11 }, { count: -1 }, { count: 'x' }, { parts: [1, 2] }],
    ...[{ count: undefined, parts: [90, 50], relation: '>=' }, { parts: [1] }, { parts: 7 }],
    ...[{ percent: 1.234 }, { percent: 101 }, { percent: '5' }, { relation: '~' }, { kind: 'x' }],
    ...[{ denominator: 0 }, { denominator: 1.5 }, { denominator: undefined }],
    ...[{ otherBases: [10] }, { otherBases: [] }, { otherBases: [7, 7] }, { otherBases: [0.5] }],
    ...[{ date: 'soon' }, { date: '2025-13' }, { date: '2030' }, { date: 2025 }, { extra: 1 }],
    ...[{ source: '' }, { source: 7 }, { source: 'x'.repeat(501) }, { source: '\u202e' }],
    ...[{ of: { ar: 'x', en: 'رقم' } }, { note: { ar: 'رقم' } }, { note: 'x' }],
  ].map((more) => ({ ...value, ...more }))
  const figure = { id: 'P1', label, values: [value] }
  const figures = [
    ...values.map((each) => [{ ...figure, values: [each] }]),
    ...[[], {}, [7], [figure, figure], [{ ...figure, id: 'K1' }], [{ ...figure, values: [] }]],
    [{ ...figure, computed: 'yes', label: {} }],
  ]
  const files = [
    ...figures.map((each) => ({ apiVersion: 'istimrar.programme/v1', figures: each })),
    { apiVersion: 'istimrar.programme/v2', figures: [figure] },
  ].map((each) => JSON.stringify(each))
  const texts = ['', 'a: [', '\ufffd', '&a 1', 'x'.repeat(200_001), ...files]
  const found = texts.flatMap((text) => {
    try {
      return readProgramme(text, 'file', now).flatMap(() => [])
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      return error.problems.map(({ message }) => message)
    }
  })
  expect(new Set(found).size).toBeGreaterThan(40)
  for (const message of found) {
    const words = html`${faultWords('ar', message, programmeFaultTexts)}`.text
    expect(words, message).not.toContain('lang="en"')
    if (!message.startsWith('must be istimrar')) {
      expect(words, message).not.toContain('القيمة المطلوبة')
    }
  }
})

test.each([
  ['must be saved as UTF-8', 'يلزم حفظ الملف بترميز <bdi>UTF-8</bdi>.'],
  [
    'is not YAML: the indentation is wrong',
    'الملف ليس بصيغة <bdi>YAML</bdi>: إزاحة السطر غير صحيحة.',
  ],
  ['is something else', '<span lang="en" dir="ltr">'],
  ['missing "id" <b>', '&lt;b&gt;'],
])('%j is said as %j', (message, expected) => {
  expect(arabic(message)).toContain(expected)
})
