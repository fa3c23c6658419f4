import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyExport } from '../../../collector/exports/verify-set.ts'
import type { Account } from '../../../collector/people/accounts.ts'
import { sqliteReader } from '../../../collector/store/sqlite/sqlite.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { until } from '../../support/processes.ts'

const owner: Account = { id: 'salma-it', role: 'institution', institution: 'local' }
const stranger: Account = { id: 'x', role: 'institution', institution: 'elsewhere' }
const auditor: Account = { id: 'auditor-1', role: 'auditor' }

const base = '/api/v1/exports'
type Job = { id: string; state: string; archive: { bytes: number; sha256: string } | null }

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
const cookies = new Map<string, string>()

beforeAll(async () => {
  folder = temporaryFolder()
  collector = await openTestCollector(folder.file('data'), new TestClock(1_800_000_000_000))
  for (const each of [owner, stranger, auditor])
    cookies.set(each.id, await collector.cookieOf(each))
})

afterAll(async () => {
  await collector.close()
  folder[Symbol.dispose]()
})

/** One that several tests look at. */
let kept: Promise<Job> | undefined
const keptJob = () => (kept ??= made(owner, {}))
const as = (account: Account) => cookies.get(account.id)!
const ask = (account: Account, body: object) => collector.ask(base, body, as(account))
const list = async (account: Account): Promise<Job[]> => {
  return (
    await collector
      .ask(base, undefined, as(account))
      .then((each) => each.json() as { exports: Job[] })
  ).exports
}

async function made(account: Account, body: object): Promise<Job> {
  const { id } = (await ask(account, body)).json() as Job
  const one = async (): Promise<Job> =>
    (await collector.ask(`${base}/${id}`, undefined, as(account))).json()
  const isOver = ({ state }: Job) => state === 'done' || state === 'failed'
  return until(one, isOver, 20_000)
}

const acts = async () => {
  const reader = sqliteReader(folder.file('data/collector.db'))
  const entries = await reader.entries()
  await reader.close()
  return entries.filter(({ what }) => what.endsWith('/export'))
}

describe('an export', () => {
  test('is made, downloaded and verified; both are acts in the log', async () => {
    const job = await keptJob()
    expect(job).toMatchObject({ institution: 'local', state: 'done', failure: null, own: true })
    const answer = await collector.app.inject({
      url: `${base}/${job.id}/archive`,
      headers: { cookie: as(owner) },
    })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/gzip',
      'content-length': String(job.archive!.bytes),
      'content-disposition': expect.stringMatching(
        /^attachment; filename="istimrar-local-[\dTZ]+\.tar\.gz"$/,
      ),
    })
    const sha256 = createHash('sha256').update(answer.rawPayload).digest('hex')
    expect(sha256).toBe(job.archive!.sha256)

    writeFileSync(folder.file('a.tar.gz'), answer.rawPayload)
    const out = folder.file('unpacked')
    mkdirSync(out)
    execFileSync('tar', ['-xzmf', folder.file('a.tar.gz'), '-C', out])
    const [name] = readdirSync(out)
    const nothing = { receipts: null, checkpoints: null, institutions: null, progress: () => {} }
    const outcome = await verifyExport({ file: `${out}/${name}`, ...nothing })
    expect(outcome.result).toBe('ok')

    expect(await acts()).toMatchObject([
      {
        ...{ what: 'access/salma-it/export', actor: 'salma-it', role: 'institution' },
        after: { what: 'export-made', format: 'tar.gz', institution: 'local' },
      },
      { after: { what: 'export-downloaded', format: 'tar.gz', institution: 'local' } },
    ])
  })

  test('of the nation is for those who see all, who see everybody’s', async () => {
    const job = await made(auditor, {})
    expect(job).toMatchObject({ institution: 'national', state: 'done' })
    expect((await list(auditor)).map((each) => each.id)).toContain(job.id)
    expect((await list(owner)).map((each) => each.id)).not.toContain(job.id)
    expect((await list(auditor)).length).toBeGreaterThan((await list(owner)).length)
  })
})

describe('what is not one’s own is not there', () => {
  test('an institution of others answers as one that does not exist', async () => {
    const bodies = [
      await ask(stranger, { institution: 'local' }),
      await ask(owner, { institution: 'nobody' }),
      await ask(owner, { institution: 'national' }),
      await ask(auditor, { institution: 'nobody' }),
    ].map((answer) => [answer.status, answer.json() as object])
    for (const each of bodies) expect(each).toEqual(bodies[0])
    expect(bodies[0]![0]).toBe(404)
  })

  test.each(['', '/archive'])('and so does an export of others: %s', async (rest) => {
    const { id } = await keptJob()
    const missing = 'f'.repeat(32)
    const [foreign, none] = await Promise.all(
      [id, missing].map((each) => collector.ask(`${base}/${each}${rest}`, undefined, as(stranger))),
    )
    expect([foreign!.status, foreign!.json()]).toEqual([none!.status, none!.json()])
    expect(foreign!.status).toBe(404)
  })

  test('only whoever asked for one, or an admin, removes it', async () => {
    const { id } = await made(owner, {})
    const remove = (cookie: string) =>
      collector.app.inject({ method: 'DELETE', url: `${base}/${id}`, headers: { cookie } })
    expect((await remove(as(stranger))).statusCode).toBe(404)
    expect((await remove(as(auditor))).statusCode).toBe(403)
    expect((await remove(as(owner))).statusCode).toBe(204)
    expect(readdirSync(folder.file('data/exports')).join()).not.toContain(id)
  })
})

describe('bad input', () => {
  test.each([
    ['an id with a way out', { institution: '../../etc' }, 400],
    ['an id with a NUL', { institution: 'local\0' }, 400],
    ['an absolute path', { institution: '/etc/passwd' }, 400],
    ['a path as a cycle', { cycle: '../2027-04' }, 404],
    ['a cycle that never was', { cycle: '1999-04' }, 404],
    ['a cycle and a window', { cycle: '2027-04', window: { from: '0', to: '1' } }, 400],
    ['a window that ends before it starts', { window: { from: '2', to: '1' } }, 400],
    ['a window ahead of now', { window: { from: '0', to: '9000000000000' } }, 400],
    ['a window without an end', { window: { from: '0' } }, 400],
    ['a file of its own', { file: '/tmp/x' }, 400],
    ['a folder of its own', { folder: '/tmp' }, 400],
  ])('%s', async (_name, body, status) => {
    const before = await list(auditor)
    const answer = await ask(auditor, body)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.json())).not.toMatch(/etc|tmp|\.\./)
    expect(await list(auditor)).toEqual(before)
  })

  test.each([
    '..%2f..%2fcollector.db',
    '%2e%2e%2f%2e%2e%2flog-key.pem',
    '../../collector.db',
    `${'f'.repeat(32)}%00`,
    `${'f'.repeat(32)}.json`,
    `${'F'.repeat(32)}`,
    'f'.repeat(400),
  ])('an address that is no id reaches no file: %s', async (id) => {
    for (const rest of ['', '/archive']) {
      const url = `${base}/${id}${rest}`
      const { status } = await collector.ask(url, undefined, as(auditor))
      expect([400, 404, 414]).toContain(status)
    }
  })

  test('nobody who is not signed in, and no page of another site', async () => {
    const post = { method: 'POST' as const, url: base, payload: {} }
    expect((await collector.app.inject(post)).statusCode).toBe(401)
    const headers = { cookie: as(auditor), origin: 'https://elsewhere.example' }
    expect((await collector.app.inject({ ...post, headers })).statusCode).toBe(403)
  })
})

describe('a download', () => {
  const part = (id: string, headers: Record<string, string>) =>
    collector.app.inject({
      url: `${base}/${id}/archive`,
      headers: { cookie: as(owner), ...headers },
    })

  test('goes on where it was cut, unless it is another archive', async () => {
    const { id, archive } = await keptJob()
    const whole = (await part(id, {})).rawPayload
    const first = await part(id, { range: 'bytes=0-99' })
    const rest = await part(id, { range: 'bytes=100-', 'if-range': `"${archive!.sha256}"` })
    expect([first.statusCode, rest.statusCode]).toEqual([206, 206])
    expect(rest.headers['content-range']).toBe(`bytes 100-${whole.length - 1}/${whole.length}`)
    expect(Buffer.concat([first.rawPayload, rest.rawPayload]).equals(whole)).toBe(true)
    const other = await part(id, { range: 'bytes=100-', 'if-range': '"another"' })
    expect([other.statusCode, other.rawPayload.length]).toEqual([200, whole.length])
    const behind = await part(id, { range: `bytes=${whole.length}-` })
    expect([behind.statusCode, behind.headers['content-range']]).toEqual([
      416,
      `bytes */${whole.length}`,
    ])
  })

  test('that is cut gives its place back; there are two for an account', async () => {
    const { id } = await keptJob()
    await collector.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = collector.app.server.address() as { port: number }
    const open = async () => {
      const request = get({ port, path: `${base}/${id}/archive`, headers: { cookie: as(owner) } })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      return { status: response.statusCode, request, response }
    }
    // Cut again and again: more often than there are places.
    for (let i = 0; i < 5; i++) {
      const { status, request } = await open()
      expect(status).toBe(200)
      request.destroy()
      await once(request, 'close')
      await until(
        async () => (await part(id, {})).statusCode,
        (code) => code === 200,
        60_000,
      )
    }
  })
})
