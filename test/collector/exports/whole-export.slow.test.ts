import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeArchive } from '../../../collector/exports/make-archive.ts'
import { reportOf } from '../../../collector/exports/report.ts'
import { type VerifiedSet, verifyExport } from '../../../collector/exports/verify-set.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { readDeclared } from '../../../collector/register/files.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { languages } from '../../../collector/web/language.ts'
import { dayMs, hourMs, minuteMs } from '../../../protocol/time.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { EventfulNation } from '../../support/eventful-nation.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { until } from '../../support/processes.ts'
import { reads } from '../../support/sample-pages.ts'
import { twoInstitutions } from '../../support/two-institutions.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const auditor: Account = { id: 'salim', role: 'auditor' }
const owner: Account = { id: 'rashid', role: 'institution', institution: 'roads' }
const names = ['health', 'ports', 'roads']

type Job = {
  id: string
  state: string
  withInstitutions: boolean
  archive: { leaves: number } | null
}

let folder: ReturnType<typeof temporaryFolder>
let nation: EventfulNation
let collector: TestCollector
let cookie: string
/** The archive, unpacked. */
let whole: string

beforeAll(async () => {
  folder = temporaryFolder()
  nation = await new EventfulNation(folder.path).live()
  const [register, policy] = [folder.file('register.yaml'), folder.file('policy.yaml')]
  const declared = readDeclared(register, policy, nation.clock.now())
  collector = await openTestCollector(nation.dataDir, nation.clock, register, { declared })
  cookie = await collector.cookieOf(auditor)
  await collector.evaluate()
  whole = unpacked(nation.dataDir, await made(collector, cookie), folder.path)
})
afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

async function made(on = collector, as?: string, what: object = {}): Promise<Job> {
  const asked = await on.ask('/api/v1/exports', { withInstitutions: true, ...what }, as)
  expect(asked.status).toBe(202)
  const { id } = asked.json() as Job
  const one = async () => {
    return (await on.ask(`/api/v1/exports/${id}`, undefined, as)).json() as Job
  }
  const job = await until(one, ({ state }) => state === 'done' || state === 'failed', 60_000)
  expect(job).toMatchObject({ state: 'done', institution: 'national', withInstitutions: true })
  return job
}

function unpacked(dataDir: string, { id }: Job, to: string): string {
  execFileSync('tar', ['-xzf', join(dataDir, 'exports', `${id}.tar.gz`), '-C', to])
  const found = readdirSync(to).filter((name) => name.startsWith('istimrar-'))
  expect(found).toEqual([expect.stringMatching(/^istimrar-nation-with-institutions-[\dTZ]+$/)])
  return join(to, found[0]!)
}

const verified = (file: string, institutions: string | null = null) =>
  verifyExport({ file, receipts: null, checkpoints: null, institutions, progress: () => {} })

describe('the nation with all institutions', () => {
  test('is one archive with a set for each, and verifies whole', async () => {
    expect(readdirSync(whole).sort()).toEqual(['institutions', 'nation'])
    expect(readdirSync(join(whole, 'institutions')).sort()).toEqual(names)
    expect(await verified(whole)).toMatchObject({
      result: 'ok',
      institution: 'national',
      nation: { given: 3, logs: 3, isRecomputed: true },
    })
    for (const name of names) {
      const one = await verified(join(whole, 'institutions', name))
      expect(one).toMatchObject({ result: 'ok', institution: name })
    }
  })

  test.each<[string, 'broken' | 'incomplete', string, (copy: string) => void]>([
    [
      'an institution is missing',
      'incomplete',
      'roads is missing',
      (copy) => rmSync(join(copy, 'institutions/roads'), { recursive: true }),
    ],
    [
      'all institutions are missing',
      'incomplete',
      'institutions is missing',
      (copy) => rmSync(join(copy, 'institutions'), { recursive: true }),
    ],
    [
      'the nation is missing',
      'incomplete',
      'nation is missing',
      (copy) => rmSync(join(copy, 'nation'), { recursive: true }),
    ],
    [
      'one stands in the place of another',
      'broken',
      'not all are of the moment',
      (copy) => {
        rmSync(join(copy, 'institutions/roads'), { recursive: true })
        cpSync(join(copy, 'institutions/health'), join(copy, 'institutions/roads'), {
          recursive: true,
        })
      },
    ],
    [
      'an institution stands in the place of the nation',
      'broken',
      'it is the export of roads',
      (copy) => {
        rmSync(join(copy, 'nation'), { recursive: true })
        renameSync(join(copy, 'institutions/roads'), join(copy, 'nation'))
      },
    ],
    [
      'another folder lies beside them',
      'broken',
      'no part of it',
      (copy) => cpSync(join(copy, 'nation'), join(copy, 'institutions/more'), { recursive: true }),
    ],
    [
      'a file lies beside them',
      'broken',
      'no part of the export',
      (copy) => writeFileSync(join(copy, 'note.txt'), 'x'),
    ],
    [
      'a figure of an institution was changed',
      'broken',
      'roads: kpis.csv',
      (copy) => {
        const file = join(copy, 'institutions/roads/kpis.csv')
        writeFileSync(file, readFileSync(file, 'utf8').replace(/1/, '2'))
      },
    ],
  ])('is told where %s', async (name, result, said, change) => {
    const copy = folder.file(`copy ${name}`)
    cpSync(whole, copy, { recursive: true })
    change(copy)
    const outcome = await verified(copy)
    expect(outcome.result).toBe(result)
    expect(JSON.stringify(outcome)).toContain(said)
    rmSync(copy, { recursive: true })
  })

  test('takes no other institutions than its own', async () => {
    const outcome = await verified(whole, join(whole, 'institutions'))
    expect(outcome.result).toBe('broken')
  })

  test('is asked for on the board by those who see the nation, and noted', async () => {
    const asOwner = await collector.cookieOf(owner)
    const send = (as: string, institution: string) =>
      collector.app.inject({
        ...{ method: 'POST', url: '/en/exports' },
        headers: { cookie: as, 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ act: 'ask', institution }).toString(),
      })
    const page = await collector.app.inject({ url: '/ar/exports', headers: { cookie } })
    expect(reads(page.body)).toContain('المستوى الوطني مع كل المؤسسات')
    expect((await send(cookie, '*')).statusCode).toBe(303)
    expect((await send(asOwner, '*')).statusCode).toBe(422)
    const foreign = await collector.ask('/api/v1/exports', { withInstitutions: true }, asOwner)
    expect(foreign.status).toBe(400)
    const one = { institution: 'roads', withInstitutions: true }
    expect((await collector.ask('/api/v1/exports', one, cookie)).status).toBe(400)
    const reader = sqliteReader(join(nation.dataDir, 'collector.db'))
    const acts = (await reader.entries()).filter(({ what }) => what === 'access/salim/export')
    await reader.close()
    const noted = { what: 'export-made', institution: null, withInstitutions: true }
    expect(acts.at(-1)).toMatchObject({ after: noted })
  })

  test('has the evidence of who left the register, or had not joined, and verifies whole', async () => {
    using own = temporaryFolder()
    const clock = new TestClock(Date.parse('2026-11-21T12:00:00Z'))
    const startedAt = clock.at
    const register = twoInstitutions(own.path)
    const both = readFileSync(register, 'utf8')
    const alone = both
      .replace(/ {2}- id: roads[\s\S]*?(?=populations)/, '')
      .replace('[health, roads]', '[health]')
    const open = async (text: string) => {
      writeFileSync(register, text)
      return openTestCollector(own.file('data'), clock, register)
    }
    let central = await open(alone)
    await central.token('health', 'portal')
    clock.at += dayMs
    await central.close()
    central = await open(both)
    const agent = new WireAgent(central.app, clock.at, [
      { check: 'host', kind: 'host', intervalMs: minuteMs },
    ])
    await agent.enrol(await central.token('roads', 'portal'))
    await agent.heartbeat(0)
    clock.at += hourMs
    await agent.heartbeat(hourMs)
    await agent.send(agent.batch([{ check: 'host', state: 'up', from: 0, to: hourMs }]))
    clock.at += dayMs
    await central.close()
    central = await open(alone)
    clock.at += hourMs
    await central.evaluate()
    const span = (from: number, to: number) => ({
      window: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    })
    const cases = [
      { asked: {}, to: 'left', isRegistered: false },
      { asked: span(startedAt, startedAt + hourMs), to: 'early', isRegistered: false },
      { asked: span(startedAt, startedAt + dayMs + 2 * hourMs), to: 'within', isRegistered: true },
    ]
    for (const { asked, to, isRegistered } of cases) {
      const job = await made(central, undefined, asked)
      mkdirSync(own.file(to))
      const set = unpacked(own.file('data'), job, own.file(to))
      expect(readdirSync(join(set, 'institutions')).sort()).toEqual(['health', 'roads'])
      const nation = { given: 2, logs: 2, isRecomputed: true }
      expect(await verified(set)).toMatchObject({ result: 'ok', nation })
      const roads = (await verified(join(set, 'institutions/roads'))) as VerifiedSet
      expect(roads).toMatchObject({ result: 'ok', institution: 'roads', messages: 1 })
      expect('isRegistered' in roads.figures!.institution).toBe(!isRegistered)
      const said = { en: 'was not in the register', ar: 'لم تكن المؤسسة في سجل المؤسسات' }
      for (const language of languages) {
        expect(reportOf(roads, language).includes(said[language])).toBe(!isRegistered)
      }
    }
    await central.close()
    expect(central.fatal).toEqual([])
  })

  test('no institution of the register can be passed off as one that left', async () => {
    const file = join(whole, 'institutions/roads/evidence.jsonl')
    const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n')
    const header = JSON.parse(first) as { figures: object }
    const { engine, computedAt, asOf, target, windows } = header.figures as Record<string, unknown>
    const none = { institution: { id: 'roads', isRegistered: false }, environments: [] }
    const figures = { engine, computedAt, asOf, target, windows, ...none }
    const forged = folder.file('forged.jsonl')
    writeFileSync(forged, [JSON.stringify({ ...header, figures }), ...rest].join('\n'))
    const outcome = await verified(forged)
    expect(outcome).toMatchObject({ result: 'broken' })
    expect(JSON.stringify(outcome)).toContain('figures.')
  })

  test('ends where the archives together would pass their limit, and leaves nothing', async () => {
    const to = folder.file('small')
    cpSync(join(nation.dataDir, 'log-key.pem'), folder.file('key.pem'))
    execFileSync('mkdir', [to])
    const order = {
      ...{ database: join(nation.dataDir, 'collector.db'), logKey: folder.file('key.pem') },
      ...{ folder: to, id: 'a'.repeat(32), institution: 'national', withInstitutions: true },
      ...{ window: null, now: nation.clock.at, simulated: false, freeBytesMin: 0, bytesMax: 1 },
    }
    const ended = makeArchive(order, () => {})
    await expect(ended).rejects.toMatchObject({ detail: { rule: 'disk_full' } })
    expect(readdirSync(to)).toEqual([])
  })
})
