import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from '../../../collector/exports/csv.ts'
import {
  claimedStates,
  strategies,
  type Workload,
} from '../../../collector/kpi/migration/workload.ts'
import { readWorkloads, type WorkloadFormat } from '../../../collector/migration/read-workloads.ts'
import {
  columnOf,
  columnOrder,
  fieldsOfRow,
  rowOf,
  workloadColumns,
} from '../../../collector/migration/workload-columns.ts'
import { readCsv } from '../../../collector/official/csv.ts'
import { workloadLimits } from '../../../collector/register/workload-fields.ts'
import {
  type AskedWorkload,
  type WorkloadRules,
  workloadProblems,
} from '../../../collector/register/workloads.ts'
import { DocumentError } from '../../../protocol/document.ts'
import { sampleWorkloadRules } from '../../support/sample-workloads.ts'

const head = 'id,name_ar,name_en,criticality,state'
const good = 'payroll,الرواتب,Payroll,critical,identified'

const rules: WorkloadRules = {
  ...{ today: '2027-04-01', hosting: null, count: 1, hostsOf: () => null },
  weights: { critical: 4, important: 2, supporting: 1 },
  isEnvironment: (environment) => ['old-hall', 'cloud'].includes(environment),
  isGone: (id) => id === 'gone',
}
/** What the institution has before the file. */
const known: Workload[] = [
  {
    ...{ id: 'mail', name: { ar: 'البريد', en: 'Mail' }, criticality: 'supporting', weight: 9 },
    ...{ dataClass: null, strategy: null, wave: null, owner: null, source: null, target: null },
    ...{ provider: null, serviceSince: null, plannedStart: null, plannedFinish: null },
    ...{ startedOn: null, cutOverOn: null, retiredOn: null, blocked: null },
    ...{ state: 'identified', isRolledBack: false },
  },
]

/** What is wrong in a file by its form and by the rules, as the import puts both together. */
function read(content: string, format: WorkloadFormat = 'csv') {
  const { asked, problems, problem } = readWorkloads({ name: 'f', format, content })
  for (const [index, each] of asked.entries()) {
    const old = known.find(({ id }) => id === each.id) ?? null
    for (const { field, message } of workloadProblems(each, old, rules)) {
      problems.push(problem(index, field, message))
    }
  }
  if (problems.length > 0) throw new DocumentError(problems)
  return asked
}

/** Everything a file is refused with, as a person reads it. */
function refusals(content: string, format?: WorkloadFormat): string[] {
  try {
    read(content, format)
  } catch (error) {
    if (error instanceof DocumentError) return error.message.split('\n')
    throw error
  }
  return []
}

const nothing = {
  ...{ dataClass: null, strategy: null, wave: null, owner: null, source: null, target: null },
  ...{ provider: null, serviceSince: null, plannedStart: null, plannedFinish: null },
  ...{ startedOn: null, cutOverOn: null, retiredOn: null, blocked: null },
}

const full: AskedWorkload = {
  id: 'portal',
  name: { ar: 'البوابة', en: 'Portal, "public"' },
  ...{ criticality: 'important', weight: 7, dataClass: 'public', strategy: 'rehost' },
  ...{ wave: 'الأولى', owner: 'Web team', state: 'cut_over', provider: 'national-cloud' },
  source: { environment: 'old-hall', hosts: ['web-1', 'web-2'] },
  target: { environment: 'cloud', hosts: [] },
  ...{ serviceSince: '2019-01-01', plannedStart: '2027-01-01', plannedFinish: '2027-05-01' },
  ...{ startedOn: '2027-01-04', cutOverOn: '2027-03-01', retiredOn: null },
  blocked: { reason: 'Waits for a licence', since: '2027-02-01' },
}

describe('a CSV file of workloads', () => {
  test('may leave out all columns but five', () => {
    const asked = read(`${head}\n${good}\n`)
    expect(asked).toEqual([
      {
        ...{ id: 'payroll', name: { ar: 'الرواتب', en: 'Payroll' }, criticality: 'critical' },
        ...{ state: 'identified', ...nothing },
      },
    ])
  })

  test('holds every field, its columns in any order, behind a byte order mark', () => {
    const order = columnOrder.toReversed()
    const cells = rowOf(full).toReversed()
    expect(read(`\ufeff${csvLine(order)}${csvLine(cells)}`)).toEqual([full])
  })

  test.each([
    ['id', 'Payroll', 'must be an id: a to z'],
    ['id', '', 'must be an id: a to z'],
    ['id', '=1+1', 'a spreadsheet would run it as a formula'],
    ['id', 'payroll', 'is the id of line 2 already'],
    ['id', 'gone', 'was that of a removed workload'],
    ['name_ar', '', 'must be text written in Arabic letters'],
    ['name_ar', 'Portal', 'must be text written in Arabic letters'],
    ['name_en', '@SUM(A1)', 'a spreadsheet would run it as a formula'],
    ['name_en', 'x'.repeat(101), '1 to 100 characters'],
    ['criticality', 'vital', 'must be one of critical, important, supporting'],
    ['state', 'done', 'must be one of identified, assessed'],
    ['state', '__proto__', 'must be one of identified, assessed'],
    ['state', 'validated', 'is what measurement finds'],
    ['state', 'exempt', 'is an approved exemption'],
    ['weight', '0', 'must be a whole number from 1 to 100'],
    ['weight', '٧', 'must be a whole number from 1 to 100'],
    ['weight', '7.5', 'must be a whole number from 1 to 100'],
    ['strategy', 'lift', 'must be one of rehost, replatform'],
    ['data_class', 'Top Secret', 'must be an id'],
    ['source_hosts', 'web-1;web-1', 'each once'],
    ['source_hosts', 'web-1;;web-2', 'must be a list of at most'],
    ['source_environment', 'Old Hall', 'must be an id'],
    ['source_environment', 'new-hall', 'must be a hosting environment of the institution'],
    ['target_environment', '', 'must be given: it is needed for preparing'],
    ['planned_finish', '01/05/2027', 'must be a day from'],
    ['planned_finish', '2026-12-31', 'must not be before plannedStart'],
    ['cut_over_on', '٢٠٢٧-٠٣-٠١', 'must be a day from'],
    ['cut_over_on', '2027-02-30', 'must be a day from'],
    ['cut_over_on', '2027-04-02', 'must not be in the future'],
    ['cut_over_on', '', 'must be given: it is needed for cut_over'],
    ['blocked_since', '', 'must be a day from'],
    ['blocked_reason', '', 'must be text'],
    ['wave', 'First\u200f', 'must hold no control characters'],
  ])('%s %j is refused with its line and column', (column, value, message) => {
    const cells = rowOf(full)
    cells[columnOrder.indexOf(column)] = value
    const row = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
    const first = rowOf({ ...full, id: 'payroll' })
    const found = refusals(`${csvLine(columnOrder)}${csvLine(first)}${row}`)
    expect(found).toEqual([expect.stringContaining(`f:3: ${column}: `)])
    expect(found[0]).toContain(message)
  })

  test('tells a place of hosts without an environment, and everything else, at once', () => {
    const content = `${head},source_hosts,weight\n${good},web-1,many\nx y,,E,vital,done,,\n`
    expect(refusals(content)).toEqual([
      expect.stringMatching(/^f:2: weight: must be a whole number/),
      expect.stringMatching(/^f:2: source_environment: must be an id/),
      expect.stringMatching(/^f:3: id: must be an id/),
      expect.stringMatching(/^f:3: criticality: must be one of/),
      expect.stringMatching(/^f:3: state: must be one of/),
      expect.stringMatching(/^f:3: name_ar: must be text/),
    ])
  })

  test('saved in another encoding, or with semicolons, is refused', () => {
    expect(refusals(`${head}\npayroll,\ufffd\ufffd,P,critical,identified`)).toEqual([
      'f:2: must be saved as UTF-8',
    ])
    expect(refusals(`${head}\n${good}`.replaceAll(',', ';'))).toEqual([
      'f:1: columns must be separated by commas',
    ])
  })
})

describe('a YAML file of workloads', () => {
  const yaml = `apiVersion: istimrar.workloads/v1
workloads:
  - id: payroll
    name: { ar: الرواتب, en: Payroll }
    criticality: critical
    state: assessed
    strategy: rehost
    dataClass: public
    source: { environment: old-hall }
    blocked: { reason: Waits for a licence, since: 2027-02-01 }
`
  test('has the same fields, and names lines', () => {
    const asked = read(yaml, 'yaml')
    expect(asked).toEqual([
      {
        ...{ id: 'payroll', name: { ar: 'الرواتب', en: 'Payroll' }, criticality: 'critical' },
        ...nothing,
        ...{ state: 'assessed', strategy: 'rehost', dataClass: 'public' },
        source: { environment: 'old-hall', hosts: [] },
        blocked: { reason: 'Waits for a licence', since: '2027-02-01' },
      },
    ])
    expect(refusals(yaml.replace('old-hall', 'new-hall'), 'yaml')).toEqual([
      expect.stringMatching(/^f:9: workloads\[0\].source.environment: must be a hosting env/),
    ])
  })

  test.each([
    [
      yaml.replace('assessed', 'validated'),
      [expect.stringMatching(/^f:6: workloads\[0\].state: `validated` is what measurement finds/)],
    ],
    [yaml.replace('workloads/v1', 'workloads/v2'), [expect.stringMatching(/^f:1: apiVersion: /)]],
    [yaml.replace('strategy:', 'stratgy:'), [expect.stringMatching(/^f:7: .*unknown setting/)]],
    [
      yaml + yaml.slice(yaml.indexOf('  - id')),
      ['f:11: workloads[1].id: is the id of line 3 already'],
    ],
    [
      yaml.replace('payroll', 'Pay Roll').replace('critical\n', 'vital\n'),
      [
        expect.stringMatching(/^f:3: workloads\[0\].id: must be an id/),
        expect.stringMatching(/^f:5: workloads\[0\].criticality: must be one of/),
      ],
    ],
    ['workloads: []', [expect.stringMatching(/missing/), expect.stringMatching(/at least 1/)]],
    ['- payroll', [expect.stringMatching(/must be settings/)]],
    ['workloads: [null, 7, {state: validated}]', expect.anything()],
  ])('%j is refused', (content, expected) => {
    const found = refusals(content, 'yaml')
    expect(found.length).toBeGreaterThan(0)
    expect(found).toEqual(expected)
  })
})

const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
const word = fc.stringMatching(/^[\p{L}][\p{L} ,"'.;]{0,30}[\p{L}]$/u)
const day = fc.constantFrom('2026-01-01', '2027-12-31', '2020-02-29')
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const hosts = fc.uniqueArray(id, { maxLength: 3 })
const place = maybe(fc.record({ environment: id, hosts }))
const workload = fc.record({
  ...{ id, name: fc.record({ ar: word, en: word }), weight: fc.integer({ min: 1, max: 100 }) },
  criticality: fc.constantFrom('critical', 'important', 'supporting'),
  ...{ dataClass: maybe(id), strategy: maybe(fc.constantFrom(...strategies)) },
  ...{ wave: maybe(word), owner: maybe(word), source: place, target: place },
  ...{ provider: maybe(id), serviceSince: maybe(day), plannedStart: maybe(day) },
  ...{ plannedFinish: maybe(day), startedOn: maybe(day), cutOverOn: maybe(day) },
  ...{ retiredOn: maybe(day), state: fc.constantFrom(...claimedStates) },
  blocked: maybe(fc.record({ reason: word, since: day })),
})

test('what is written as CSV is read as it was', () => {
  fc.assert(
    fc.property(fc.array(workload, { minLength: 1, maxLength: 5 }), (asked) => {
      const content = [columnOrder, ...asked.map(rowOf)].map(csvLine).join('')
      expect(readCsv(content, 'f', workloadColumns).map(fieldsOfRow)).toEqual(asked)
    }),
    { numRuns: 200 },
  )
})

test.each(['csv', 'yaml'] as const)('the example in %s is as the rules want it', (format) => {
  const content = readFileSync(`deploy/examples/workloads.${format}`, 'utf8')
  const { asked, problems } = readWorkloads({ name: 'f', format, content })
  expect(problems).toEqual([])
  const found = asked.flatMap((each) => workloadProblems(each, null, sampleWorkloadRules))
  expect(found).toEqual([])
  expect(asked.length).toBeGreaterThan(1)
})

test('takes no more workloads than an institution may have', () => {
  const rows = Array.from({ length: workloadLimits.workloadsMax + 1 }, (_, i) => {
    return good.replace('payroll', `w${i}`)
  })
  expect(refusals([head, ...rows].join('\n'))).toEqual(['f: must have at most 500 workloads'])
})

test('no text makes the reader fail in another way than with all problems', () => {
  const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', ',', '\n', '__proto__'))
  const text = fc.array(cell).map((cells) => cells.join(','))
  fc.assert(
    fc.property(text, fc.constantFrom('csv', 'yaml'), (content, format) => {
      expect(refusals(`${head}\n${content}`, format).length).toBeGreaterThan(0)
    }),
    { numRuns: 300 },
  )
})

test.each([
  [['source', 'hosts', 2], 'source_hosts'],
  [['source'], 'source_environment'],
  [['cutOverOn'], 'cut_over_on'],
  [['name', 'ar'], 'name_ar'],
])('the column of %j is %s', (path, column) => {
  expect(columnOf(path)).toBe(column)
})
