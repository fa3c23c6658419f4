import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Workload } from '../../../collector/kpi/migration/workload.ts'
import { columnOrder } from '../../../collector/migration/workload-columns.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { readDeclared } from '../../../collector/register/files.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { policyWithHosting, twoEnvironments } from '../../support/sample-workloads.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const clock = new TestClock(start)
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let cookies: ReadonlyMap<string, string>
const people: Account[] = [
  { id: 'amal', role: 'admin' },
  { id: 'huda', role: 'institution', institution: 'health' },
  { id: 'rashid', role: 'institution', institution: 'roads' },
  { id: 'auditor', role: 'auditor' },
  { id: 'nasser', role: 'evaluator' },
]

beforeAll(async () => {
  folder = temporaryFolder()
  const register = twoEnvironments(folder.path)
  writeFileSync(folder.file('policy.yaml'), policyWithHosting())
  const declared = readDeclared(register, folder.file('policy.yaml'), start)
  collector = await openTestCollector(folder.path, clock, register, { declared })
  cookies = await cookiesOf(collector, people)
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const base = '/api/v1/institutions/health/workloads'
const why = 'list of the committee, annex 2'
const head = 'id,name_ar,name_en,criticality,state,source_environment,owner'
const row = (id: string, more = 'identified,internal,') => `${id},نظام,System,critical,${more}`
const csv = (...rows: string[]) => [head, ...rows].join('\n')

type Answer = {
  isApplied: boolean
  added: Workload[]
  changed: { id: string; fields: { field: string; before: unknown; after: unknown }[] }[]
  unchanged: string[]
  absent: string[]
  message: string
  problems: { line: number; path: string; message: string }[]
}

async function send(who: string, content: string, query = '', more: object = {}) {
  const body = { format: 'csv', content, why, ...more }
  const headers = cookies.get(who) ?? 'session=nobody'
  const answer = await collector.ask(`${base}/import${query}`, body, headers)
  return { status: answer.status, body: answer.json() as Answer }
}
const apply = (who: string, content: string) => send(who, content, '?dryRun=false')

async function file(who: string, path: string) {
  const headers = { cookie: cookies.get(who) ?? 'session=nobody' }
  return collector.app.inject({ url: path, headers })
}
const registered = async () => (await file('amal', base)).json().workloads as Workload[]

describe('the import of workloads', () => {
  test('only tells what it would change, unless it is no dry run', async () => {
    const content = csv(row('payroll'), row('mail'))
    const { status, body } = await send('huda', content)
    expect(status).toBe(200)
    expect(body).toMatchObject({ isApplied: false, changed: [], unchanged: [], absent: [] })
    expect(body.added.map(({ id, weight }) => [id, weight])).toEqual([
      ['payroll', 4],
      ['mail', 4],
    ])
    expect(await registered()).toEqual([])
    expect((await apply('huda', content)).body).toMatchObject({ isApplied: true })
    expect((await registered()).map(({ id }) => id)).toEqual(['payroll', 'mail'])
    const again = await apply('huda', content)
    expect(again.body).toMatchObject({ added: [], changed: [], unchanged: ['payroll', 'mail'] })
  })

  test('tells changes field by field; what the file does not name stays', async () => {
    const content = csv(row('mail', 'identified,portal,Mail team'), row('web'))
    const { body } = await apply('amal', content)
    expect(body).toMatchObject({ isApplied: true, unchanged: [], absent: ['payroll'] })
    expect(body.changed).toEqual([
      {
        id: 'mail',
        fields: [
          { field: 'owner', before: null, after: 'Mail team' },
          {
            field: 'source',
            before: { environment: 'internal', hosts: [] },
            after: { environment: 'portal', hosts: [] },
          },
        ],
      },
    ])
    expect((await registered()).map(({ id }) => id)).toEqual(['payroll', 'mail', 'web'])
  })

  test('takes nothing of a file with one fault, and names all of them by row and column', async () => {
    const before = await registered()
    const rows = [
      row('new-one'),
      row('mail', 'cut_over,internal,'),
      row('new-one'),
      row('far', 'identified,elsewhere,'),
      row('done', 'validated,internal,'),
    ]
    const { status, body } = await apply('huda', csv(...rows))
    expect(status).toBe(400)
    const found = body.problems.map(({ line, path }) => `${line} ${path}`)
    const skipped = ['strategy', 'data_class', 'provider', 'planned_start', 'planned_finish']
    expect(found.toSorted()).toEqual(
      [
        ...skipped.map((column) => `3 ${column}`),
        ...['3 owner', '3 target_environment', '3 started_on', '3 cut_over_on'],
        ...['4 id', '5 source_environment', '6 state'],
      ].toSorted(),
    )
    expect(body.problems.find(({ line }) => line === 4)?.message).toContain('line 2 already')
    expect(await registered()).toEqual(before)
  })

  test.each([
    ['auditor', 403],
    ['nasser', 403],
    ['rashid', 404],
    ['nobody', 401],
  ])('%s gets %s, whatever is in the file', async (who, status) => {
    for (const content of [csv(row('x')), 'nonsense']) {
      const answer = await apply(who, content)
      expect(answer.status).toBe(status)
      expect(answer.body.problems).toBeUndefined()
    }
  })

  test('asks for a reason, for a known format, and for no more fields than it has', async () => {
    const content = csv(row('x'))
    expect((await send('huda', content, '?dryRun=false', { why: undefined })).status).toBe(400)
    expect((await send('huda', content, '', { format: 'xlsx' })).status).toBe(400)
    expect((await send('huda', content, '?dry=1')).status).toBe(400)
    expect((await send('huda', content, '', { why: undefined })).status).toBe(200)
  })

  test('of YAML has the same fields', async () => {
    const content = `apiVersion: istimrar.workloads/v1
workloads:
  - id: portal-app
    name: { ar: البوابة, en: Portal }
    criticality: important
    state: identified
    source: { environment: nowhere }
`
    const { status, body } = await send('huda', content, '', { format: 'yaml' })
    expect(status).toBe(400)
    expect(body.problems).toMatchObject([{ line: 7, path: 'workloads[0].source.environment' }])
    const good = content.replace('nowhere', 'portal')
    expect((await send('huda', good, '', { format: 'yaml' })).body.added).toHaveLength(1)
  })
})

describe('workloads as files', () => {
  test('what is registered can be imported as it is and changes nothing', async () => {
    const answer = await file('huda', `${base}.csv`)
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.headers['content-disposition']).toContain('attachment')
    const { body } = await send('huda', answer.body)
    expect(body).toMatchObject({ added: [], changed: [], absent: [] })
    expect(body.unchanged).toHaveLength(3)
  })

  test('before anything is measured discovery proposes a header alone', async () => {
    const answer = await file('huda', `${base}/discovered.csv`)
    expect([answer.statusCode, answer.body]).toEqual([200, `\ufeff${columnOrder.join(',')}\r\n`])
    const json = await file('huda', `${base}/discovered`)
    expect(json.json()).toEqual({ workloads: 0, content: answer.body })
  })

  test('are not there for a neighbour', async () => {
    for (const path of ['.csv', '/discovered.csv', '/discovered']) {
      expect((await file('rashid', `${base}${path}`)).statusCode, path).toBe(404)
      expect((await file('nobody', `${base}${path}`)).statusCode, path).toBe(401)
    }
  })
})
