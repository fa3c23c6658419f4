import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rebuild } from '../../../collector/evidence/rebuild.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { cookiesOf } from '../../support/desk.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'

const people = [
  { id: 'amal', role: 'admin' },
  { id: 'maryam', role: 'ministry' },
  { id: 'evaluator', role: 'evaluator' },
  { id: 'auditor', role: 'auditor' },
  { id: 'huda', role: 'institution', institution: 'health' },
  { id: 'rashid', role: 'institution', institution: 'roads' },
] as const

const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
let cookies: ReadonlyMap<string, string>
let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector

async function open(): Promise<void> {
  collector = await openTestCollector(folder.path, clock, twoInstitutions(folder.path))
}
beforeAll(async () => {
  folder = temporaryFolder()
  await open()
  cookies = await cookiesOf(collector, people)
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

const why = 'annual report of the ministry'
const url = '/api/v1/official/2026-10'
const head = 'institution,index_percent,level,source,date'
const row = (institution: string, index: string) =>
  `${institution},${index},above,Annual report page 4,2026-11-02`
const csv = (...rows: string[]) => [head, ...rows].join('\n')

type Answer = {
  isApplied: boolean
  same: number
  changes: { what: string; before: unknown; after: { indexPercent: number } }[]
  message: string
  problems: { line: number; path: string; message: string }[]
  results: { cycle: string; institution: string; indexPercent: number }[]
}

async function as(who: string, path: string, body?: object) {
  const answer = await collector.ask(path, body, cookies.get(who) ?? 'session=nobody')
  return { status: answer.status, body: answer.json() as Answer }
}

function send(who: string, content: string, more: object = {}) {
  return as(who, `${url}/import`, { format: 'csv', content, apply: true, why, ...more })
}

async function indexOf(who: string, institution: string): Promise<number | undefined> {
  const { body } = await as(who, '/api/v1/official?cycle=2026-10')
  return body.results.find((each) => each.institution === institution)?.indexPercent
}

describe('official results', () => {
  test('a file is only shown unless it is applied, and then each change is one act', async () => {
    const content = csv(row('health', '81.5'), row('national', '80'))
    const shown = await send('maryam', content, { apply: false, why: undefined })
    expect(shown).toMatchObject({ status: 200, body: { isApplied: false, same: 0 } })
    expect(shown.body.changes.map(({ what }) => what)).toEqual([
      'official/2026-10/health',
      'official/2026-10/national',
    ])
    expect(await indexOf('maryam', 'health')).toBeUndefined()
    expect(await send('maryam', content)).toMatchObject({ status: 200, body: { isApplied: true } })
    expect(await indexOf('maryam', 'health')).toBe(81.5)
    expect((await send('maryam', content)).body).toMatchObject({ changes: [], same: 2 })
  })

  test('another value is another act with what stood before; what is not named stays', async () => {
    const { body } = await send('amal', csv(row('health', '82')))
    expect(body.changes).toMatchObject([
      { before: { indexPercent: 81.5 }, after: { indexPercent: 82 } },
    ])
    expect(await indexOf('amal', 'national')).toBe(80)
  })

  test('an institution sees the nation and its own, and nothing of a neighbour', async () => {
    await send('amal', csv(row('roads', '60')))
    const { body } = await as('rashid', '/api/v1/official')
    expect(body.results.map(({ institution }) => institution)).toEqual(['national', 'roads'])
    expect((await as('auditor', '/api/v1/official')).body.results).toHaveLength(3)
  })

  test.each(['huda', 'auditor', 'evaluator'])('%s imports and withdraws nothing', async (who) => {
    expect((await send(who, csv(row('health', '1')))).status).toBe(403)
    const withdrawn = await as(who, `${url}/withdraw`, { institution: 'health', why })
    expect(withdrawn.status).toBe(403)
    const programme = { content: '', apply: false }
    expect((await as(who, '/api/v1/programme/import', programme)).status).toBe(403)
    expect(await indexOf('amal', 'health')).toBe(82)
  })

  test('a file with faults is refused whole, with row and column of each', async () => {
    const { status, body } = await send('maryam', csv(row('health', '99'), row('nobody', '101')))
    expect(status).toBe(400)
    expect(body.message).toBe('The file was refused; nothing was changed. Problems: 2.')
    expect(body.problems).toMatchObject([
      { line: 3, path: 'index_percent' },
      { line: 3, path: 'institution' },
    ])
    expect(JSON.stringify(body)).not.toContain('nobody')
    expect(await indexOf('maryam', 'health')).toBe(82)
  })

  test.each([
    ['no reason', url, { why: undefined }, 'Say why it is imported'],
    ['an unknown cycle', '/api/v1/official/2026-11', {}, 'The cycle must be an id'],
    ['no cycle', '/api/v1/official/soon', {}, 'The cycle must be an id'],
    ['a cycle to come', '/api/v1/official/2028-04', {}, 'The cycle has not begun yet'],
    ['an unknown format', url, { format: 'xlsx' }, ''],
    ['an unknown field', url, { file: 'x' }, ''],
    ['a reason that is none', url, { why: 'x' }, ''],
    ['a file too long', url, { content: 'x'.repeat(200_001) }, ''],
  ])('%s is refused', async (_name, path, more, message) => {
    const body = { format: 'csv', content: csv(row('health', '1')), apply: true, why, ...more }
    const answer = await as('maryam', `${path}/import`, body)
    expect(answer.status).toBe(400)
    expect(answer.body.message).toContain(message)
  })

  test('what should not have been imported is withdrawn, once', async () => {
    const asked = { institution: 'roads', why: 'wrong row' }
    expect((await as('amal', `${url}/withdraw`, asked)).status).toBe(200)
    expect((await as('amal', `${url}/withdraw`, asked)).status).toBe(404)
    expect(await indexOf('amal', 'roads')).toBeUndefined()
  })

  test('nobody without a session is told anything', async () => {
    for (const path of ['/api/v1/official', '/api/v1/programme', '/api/v1/readiness/trend']) {
      expect((await as('nobody', path)).status).toBe(401)
    }
  })
})

describe('the programme', () => {
  const content = readFileSync('deploy/examples/programme.yaml', 'utf8')
  const send = (more: object) =>
    as('maryam', '/api/v1/programme/import', { content, apply: true, why, ...more })

  test('is shown, imported once, and answered with what follows from it', async () => {
    expect((await send({ apply: false })).body.changes).toHaveLength(7)
    expect((await send({})).body).toMatchObject({ isApplied: true, same: 0 })
    expect((await send({})).body).toMatchObject({ changes: [], same: 7 })
    const answer = await collector.ask('/api/v1/programme', undefined, cookies.get('huda')!)
    const { figures } = answer.json() as {
      figures: { id: string; values: { checks: object[] }[] }[]
    }
    const checksOf = (id: string) =>
      figures.find((each) => each.id === id)?.values.flatMap(({ checks }) => checks)
    expect(checksOf('P3')).toMatchObject([{ is: 'parts', fitting: [[27, 27, 2]] }])
    expect(checksOf('P4')).toMatchObject([
      { is: 'share', base: 2869, left: 670, share: { percent: '76.64' } },
      { base: 3166, share: { percent: '69.45' } },
      { base: 2869, share: { percent: '100.00' } },
    ])
    expect(checksOf('P6')).toContainEqual(
      expect.objectContaining({ is: 'implied_base', bases: { from: 2513, to: 2553 } }),
    )
  })

  test('a file with faults is refused whole, with the line of each', async () => {
    const { status, body } = await send({ content: content.replace('id: P2', 'id: P1') })
    expect(status).toBe(400)
    expect(body.problems).toMatchObject([{ line: 29, path: 'figures[1].id' }])
    expect((await send({})).body).toMatchObject({ changes: [] })
  })
})

describe('the trend', () => {
  test('has the official results of each cycle beside what was measured, if anything', async () => {
    const { body } = await as('huda', '/api/v1/institutions/health/readiness/trend')
    expect(body).toMatchObject({
      cycles: [
        { cycle: '2026-10', official: { indexPercent: 82, level: 'above' }, measured: null },
      ],
    })
    expect((await as('maryam', '/api/v1/readiness/trend')).status).toBe(200)
  })

  test('an institution is told nothing of a neighbour', async () => {
    expect((await as('rashid', '/api/v1/institutions/health/readiness/trend')).status).toBe(404)
    expect((await as('amal', '/api/v1/institutions/nobody/readiness/trend')).status).toBe(404)
  })

  test.each(['/ar', '/en'])('pages in %s are there for who may see them', async (language) => {
    const statusOf = async (who: string, path: string) => {
      const headers = { cookie: cookies.get(who)! }
      return (await collector.app.inject({ url: `${language}${path}`, headers })).statusCode
    }
    expect(await statusOf('huda', '/programme')).toBe(200)
    expect(await statusOf('huda', '/readiness/trend')).toBe(200)
    expect(await statusOf('huda', '/institutions/health/readiness/trend')).toBe(200)
    expect(await statusOf('rashid', '/institutions/health/readiness/trend')).toBe(404)
  })
})

test('all follows from the log: the next start knows it, and rebuild differs in nothing', async () => {
  const before = (await as('amal', '/api/v1/official')).body
  await collector.close()
  const options = { file: folder.file('collector.db'), now: clock.at, accept: false }
  const { comparisons } = await rebuild({ ...options, progress: () => {} })
  expect(comparisons.filter(({ row }) => row !== null)).toEqual([])
  await open()
  expect((await as('amal', '/api/v1/official')).body).toEqual(before)
})
