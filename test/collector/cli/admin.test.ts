import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { removeAdminFile, writeAdminFile } from '../../../collector/cli/admin-file.ts'
import { run } from '../../../collector/cli/commands.ts'
import { readConfig } from '../../../collector/config.ts'
import { AppError } from '../../../collector/error.ts'
import { generateKey } from '../../../protocol/jws.ts'
import { rejoinCode } from '../../../protocol/possession.ts'
import { dayMs, hourMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { closedPort } from '../../support/closed-port.ts'
import { openTestCollector, TestClock, type TestCollector } from '../../support/collector.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { askedWorkload } from '../../support/sample-workloads.ts'
import { WireAgent } from '../../support/wire-agent.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

let folder: ReturnType<typeof temporaryFolder>
let collector: TestCollector
let clock: TestClock

async function open(): Promise<void> {
  folder = temporaryFolder()
  clock = new TestClock(start)
  collector = await openTestCollector(folder.path, clock)
}

type Issuer = ReturnType<typeof makeCertificate>['issuer']

/** Opens a collector that has a certificate of its own. */
async function openWithTls(name: string, issuer?: Issuer) {
  folder = temporaryFolder()
  clock = new TestClock(start)
  const now = Date.now()
  const request = { names: [name], from: now - dayMs, to: now + dayMs }
  const made = makeCertificate(issuer ? { ...request, issuer } : request)
  writeFileSync(folder.file('cert.pem'), made.cert)
  writeFileSync(folder.file('key.pem'), made.key)
  const config = readConfig({
    ...{ DATA_DIR: folder.path, PORT: '0' },
    ISTIMRAR_TLS_CERT_FILE: folder.file('cert.pem'),
    ISTIMRAR_TLS_KEY_FILE: folder.file('key.pem'),
  })
  collector = await openTestCollector(folder.path, clock, undefined, { config })
  return made
}

async function close(): Promise<void> {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
}

type Said = { code: number | string; out: string; err: string; message: string }

/** Runs a command as somebody at a terminal would. `code` is what went wrong where it threw. */
async function command(name: string, ...args: string[]): Promise<Said> {
  const said: Said = { code: '', out: '', err: '', message: '' }
  const context = {
    environment: { DATA_DIR: folder.path },
    now: clock.now,
    out: (text: string) => void Object.assign(said, { out: said.out + text }),
    err: (text: string) => void Object.assign(said, { err: said.err + text }),
  }
  try {
    said.code = await run(name, context, args)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    Object.assign(said, { code: error.code, message: error.message })
  }
  return said
}

/** What `serve` does once it listens. */
async function listens(certificate: string | null = null, port = 0): Promise<string> {
  const url = await collector.app.listen({ host: '127.0.0.1', port })
  writeAdminFile(folder.path, { url, token: collector.issueAdminToken(), certificate })
  return url
}

const place = ['--institution', 'local', '--environment', 'this-machine']
const newHost = () => new WireAgent(collector.app, start - hourMs)

describe('commands', () => {
  beforeAll(async () => {
    await open()
    await listens()
  })
  afterAll(close)
  beforeEach(() => {
    clock.at = start
  })

  test('make a token that works, and print nothing but the token', async () => {
    const { code, out, err } = await command('token', ...place)
    expect([code, out]).toEqual([0, expect.stringMatching(/^[\w-]{43}\n$/)])
    expect(err).toMatch(/^Token [0-9a-f]{12}, good until 2026-11-22T12:00:00Z\.\n$/)
    expect((await newHost().enrol(out.trim(), 'web-1')).status).toBe(200)
    expect((await newHost().enrol(out.trim(), 'web-2')).status).toBe(401)
  })

  test('list tokens, and end one', async () => {
    await command('token', ...place, '--uses', '40', '--hours', '2', '--approval')
    const subnets = ['--subnet', '10.0.0.0/8', '--subnet', 'fd00::/8']
    await command('token', ...place, ...subnets)
    const { out } = await command('tokens')
    const [heads, ...rows] = out.split('\n')
    const first = rows.find((row) => row.includes('0/40'))
    const second = rows.find((row) => row.includes('10.0.0.0/8'))
    expect(heads).toMatch(/^TOKEN +STATE +USED +ENDS +INSTITUTION/)
    expect(first).toMatch(
      /^[0-9a-f]{12} +open +0\/40 +2026-11-21T14:00:00Z +local .* yes +anywhere$/,
    )
    expect(second).toMatch(/ 0\/1 .* no +10\.0\.0\.0\/8 fd00::\/8$/)
    const id = first!.slice(0, 12)
    const ended = await command('end-token', id, '--why', 'all have joined')
    expect([ended.code, ended.out]).toEqual([0, `Token ${id} has ended.\n`])
    expect((await command('tokens')).out).toMatch(new RegExp(`^${id} +ended`, 'm'))
  })

  test('decide about agents', async () => {
    const { out: token } = await command('token', ...place, '--approval', '--uses', '2')
    await newHost().enrol(token.trim(), 'db-1')
    const listed = await command('agents', '--status', 'pending')
    const [, row = ''] = listed.out.split('\n')
    expect(row).toMatch(/^a-[0-9a-f]{16} +pending +- +local +this-machine +db-1$/)
    const [agent = ''] = row.split(' ')
    const approved = await command('approve', agent, '--why', 'its owner called')
    expect(approved.out).toBe(`Agent ${agent} is active.\n`)
    const revoked = await command('revoke', agent, '--why', 'it was sold')
    expect(revoked.out).toBe(`Agent ${agent} is revoked.\n`)
    expect((await command('agents', '--status', 'pending')).out).toMatch(/^AGENT .*\n$/)
    const late = await command('approve', agent, '--why', 'a mistake')
    expect([late.code, late.message]).toEqual([
      'conflict',
      'Only a pending agent is approved; this one is revoked.',
    ])
  })

  test('release a locked agent with the code that its host shows', async () => {
    const host = newHost()
    await host.enrol(await collector.token(), 'app-1')
    const copy = host.copy()
    await host.send(host.batch([]))
    await copy.send(copy.batch([], { window: { from: 0, to: 7 } }))
    const next = generateKey()
    await host.rejoin(next)
    const code = rejoinCode(next.publicKey)
    expect((await command('agents')).out).toMatch(`app-1  ${code}, 1 messages aside`)
    const args = [host.agent, '--code', code, '--why', 'the copy is off']
    expect((await command('release', ...args)).out).toMatch(/is asked for: another account must/)
    expect((await command('agents')).out).toMatch(`release of ${code} asked by local-admin`)
    const own = await command('release', ...args, '--approve')
    expect([own.code, own.message]).toEqual([
      'forbidden',
      'Whoever asked for something cannot decide it: a second person must.',
    ])
    const why = ['--why', 'a mistake']
    expect((await command('release', host.agent, '--withdraw', ...why)).out).toMatch('withdrawn')
    const huda = await collector.cookieOf({ id: 'huda', role: 'institution', institution: 'local' })
    const url = `/api/v1/agents/${host.agent}/release`
    await collector.ask(url, { code, why: 'the copy is off' }, huda)
    const done = await command('release', ...args, '--approve')
    expect(done.out).toBe(`Agent ${host.agent} is active.\n`)
    host.use(next)
    expect((await host.restart()).status).toBe(200)
  })

  test('propose a change of the policy, which somebody else approves', async () => {
    const file = folder.file('other-policy.yaml')
    const text = readFileSync('deploy/examples/policy.yaml', 'utf8')
    writeFileSync(file, text.replace(/(freezeDays:\s+value:) 10/, '$1 12'))
    expect((await command('policy', 'diff', file)).out).toMatch(/^freezeDays\n/)
    const why = ['--why', 'as agreed']
    const asked = await command('policy', 'propose', file, ...why)
    const [id = ''] = /p-[0-9a-f]{12}/.exec(asked.out) ?? []
    expect(asked.out).toBe(`Policy change ${id} waits for another account.\n`)
    expect((await command('policy', 'list')).out).toMatch(`${id}  open`)
    expect((await command('policy', 'show', id)).out).toMatch(/^freezeDays/)
    expect((await command('policy', 'approve', id, ...why)).code).toBe('forbidden')
    const withdrawn = await command('policy', 'withdraw', id, ...why)
    expect(withdrawn.out).toBe(`Policy change ${id} is withdrawn.\n`)
    expect((await command('policy', 'approve', 'x', ...why)).code).toBe('configuration')
  })

  test('ask for maintenance, which somebody else approves, and change it', async () => {
    const span = ['--from', '2026-11-24T22:00+04:00', '--to', '2026-11-25T02:00+04:00']
    const asked = await command('maintenance', 'request', ...place, ...span, '--why', 'storage')
    expect([asked.code, asked.out]).toMatchObject([
      0,
      expect.stringMatching(/^Maintenance m-[0-9a-f]{12} is requested: another account must/),
    ])
    const [id = ''] = /m-[0-9a-f]{12}/.exec(asked.out) ?? []
    const one = [...place, '--id', id, '--why', 'agreed']
    const own = await command('maintenance', 'approve', ...one)
    expect([own.code, own.message]).toEqual([
      'forbidden',
      'Whoever asked for something cannot decide it: a second person must.',
    ])
    const [heads, row] = (await command('maintenance', 'list')).out.split('\n')
    expect(heads).toMatch(/^ID +STATE +FROM +TO +INSTITUTION +ENVIRONMENT +ASKED BY +REASON$/)
    expect(row).toMatch(
      new RegExp(
        `^${id} +requested +2026-11-24T18:00:00Z +2026-11-24T22:00:00Z +local .* storage$`,
      ),
    )
    const shorter = await command(
      ...(['maintenance', 'shorten', ...one, '--to', '2026-11-25T00:00+04:00'] as const),
    )
    expect(shorter.out).toBe(`Maintenance ${id} is requested, until 2026-11-24T20:00:00Z.\n`)
    const gone = await command('maintenance', 'withdraw', ...one)
    expect(gone.out).toMatch('is withdrawn')
    const none = await command('maintenance', 'list', '--institution', 'nobody')
    expect(none.out).toMatch(/^ID .*\n$/)
  })

  test.each([
    [['extend'], 'ACT must be one of list, request, approve, refuse, shorten, withdraw.'],
    [['request', ...place], 'Say --from.'],
    [['request', ...place, '--from', 'tomorrow'], '--from must be a time such as'],
    [['request', ...place, '--from', '2026-11-24T22:00'], '--from must be a time such as'],
    [['approve', ...place, '--id', '../x'], '--id must be an id.'],
  ])('maintenance %j is refused at once', async (args, message) => {
    const said = await command('maintenance', ...args)
    expect([said.code, said.message]).toEqual(['configuration', expect.stringContaining(message)])
  })

  test('contest a time, with the hash of a file, and give it up', async () => {
    const file = folder.file('report.txt')
    writeFileSync(file, 'up all the time')
    clock.at += 2 * hourMs
    const span = ['--from', '2026-11-21T16:00+04:00', '--to', '2026-11-21T17:00+04:00']
    const claim = ['--state', 'down', '--cause', 'network', '--evidence', file]
    const asked = await command('dispute', 'request', ...place, ...span, ...claim, '--why', 'fibre')
    expect(asked.out).toMatch(/^Dispute d-[0-9a-f]{12} is open: the evaluator decides\.\n$/)
    const [id = ''] = /d-[0-9a-f]{12}/.exec(asked.out) ?? []
    expect((await command('dispute', 'list')).out).toMatch(
      new RegExp(`${id} +open .* local +this-machine +down/network +fibre`),
    )
    const shown = (await command('dispute', 'show', ...place, '--id', id)).out
    const hash = createHash('sha256').update('up all the time').digest('hex')
    expect(shown).toContain(`EVIDENCE     ${hash}\n`)
    expect(shown).toMatch(/^NOW {10}cycle 2027-04: environment /m)
    const gone = await command('dispute', 'withdraw', ...place, '--id', id, '--why', 'settled')
    expect(gone.out).toBe(`Dispute ${id} is withdrawn.\n`)
  })

  const times = ['--from', '2026-11-21T16:00+04:00', '--to', '2026-11-21T17:00+04:00']
  test.each([
    [['grant'], 'ACT must be one of list, show, request, withdraw.'],
    [['request', ...place, ...times], 'Say --why.'],
    [
      ['request', ...place, ...times, '--why', 'x', '--state', 'fine'],
      '--state must be one of up,',
    ],
    [
      ['request', ...place, ...times, '--why', 'x', '--state', 'down', '--cause', 'us'],
      '--cause must be one of host,',
    ],
    [
      ['request', ...place, ...times, '--why', 'x', '--state', 'up', '--evidence', '/no/file'],
      'The file of --evidence cannot be read.',
    ],
  ])('dispute %j is refused at once', async (args, message) => {
    const said = await command('dispute', ...args)
    expect([said.code, said.message]).toEqual(['configuration', expect.stringContaining(message)])
  })

  const about = ['--metric', 'operations.trained_staff', '--value', 'true']
  const own = ['--institution', 'local', '--expires', '2027-06-30T00:00+04:00', '--why', 'no 12']

  test('declare with the hash of a file, see what waits, and take it back', async () => {
    const file = folder.file('certificates.pdf')
    writeFileSync(file, 'all of them')
    const made = await command('declare', ...own, ...about, '--evidence', file)
    expect(made.out).toMatch(/^Declaration c-[0-9a-f]{12} waits: the evaluator reviews it\.\n$/)
    const [id = ''] = /c-[0-9a-f]{12}/.exec(made.out) ?? []
    const row = new RegExp(
      `${id} +open +local +- +operations.trained_staff +true +2027-06-29T20:00:00Z +no 12`,
    )
    for (const list of [
      ['review'],
      ['declarations', 'list'],
      ['declarations', 'list', ...own.slice(0, 2)],
    ]) {
      const [name = '', ...rest] = list
      expect((await command(name, ...rest)).out).toMatch(row)
    }
    const key = ['--institution', 'local', '--id', id]
    const shown = (await command('declarations', 'show', ...key)).out
    const hash = createHash('sha256').update('all of them').digest('hex')
    expect(shown).toContain(`SHA-256      ${hash}\n`)
    const gone = await command('declarations', 'withdraw', ...key, '--why', 'not complete')
    expect(gone.out).toBe(`Declaration ${id} is withdrawn.\n`)
    expect((await command('review')).out).toMatch(/^ID .*\n$/)
  })

  test.each([
    [['declare', ...own], 'Say one of --metric, --waiver and --not-applicable.'],
    [['declare', ...own, ...about, '--waiver', 'E3'], 'Say one of --metric, --waiver'],
    [['declare', ...own, '--waiver', 'E3', '--value', '1'], '--value goes with --metric.'],
    [['declare', ...own, ...about.slice(0, 3), 'yes'], '--value must be true, false or a number'],
    [['declare', ...own, ...about], 'Say --evidence.'],
    [['declare', ...own, ...about, '--evidence', '/no/file'], 'The file of --evidence cannot be'],
    [['declare', ...own, ...about, '--environment', '../x'], '--environment must be an id.'],
    [['declare', ...own.slice(2), ...about], 'Say --evidence.'],
    [['declare', ...own, ...about, '--expires', 'soon'], '--expires must be a time such as'],
    [['declarations', 'verify'], 'ACT must be one of list, show, withdraw.'],
  ])('%j is refused at once', async ([name = '', ...args], message) => {
    const said = await command(name, ...args)
    expect([said.code, said.message]).toEqual(['configuration', expect.stringContaining(message)])
  })

  test('ask for an exemption and propose a roadmap, and tell what is missing', async () => {
    const of = ['--institution', 'local']
    const fields = askedWorkload({ plannedFinish: '2027-06-30' })
    for (const { id, ...rest } of [fields, askedWorkload({ id: 'mail' })]) {
      const answer = await collector.app.inject({
        ...{ method: 'PUT', url: `/api/v1/institutions/local/workloads/${id}` },
        headers: { authorization: `Bearer ${collector.issueAdminToken()}` },
        payload: { ...rest, why: 'first' },
      })
      expect(answer.statusCode).toBe(200)
    }
    const plan = [...of, '--start', '2027-01-01']
    const missing = 'mail.plannedFinish is missing, and it is neither exempt nor moved'
    expect((await command('roadmap', 'show', ...plan)).out).toContain(
      `It cannot be proposed yet:\n${missing}\n`,
    )
    const early = await command('roadmap', 'propose', ...plan, '--why', 'for 2027')
    expect([early.code, early.message]).toEqual(['invalid', expect.stringContaining(missing)])
    const stay = ['--workload', 'mail', '--expires', '2027-06-30T00:00+04:00', '--why', 'contract']
    const asked = await command('exemption', 'ask', ...of, ...stay)
    expect(asked.out).toMatch(/^Exemption x-[0-9a-f]{12} waits: another body decides\.\n$/)
    const [id = ''] = /x-[0-9a-f]{12}/.exec(asked.out) ?? []
    const row = new RegExp(`${id} +open +local +mail +2027-06-29T20:00:00Z +- +contract`)
    expect((await command('exemption', 'list')).out).toMatch(row)
    // What an admin asked for, no admin decides.
    const own = await command('exemption', 'approve', ...of, '--id', id, '--why', 'yes')
    expect(own.code).toBe('forbidden')
    const gone = await command('exemption', 'withdraw', ...of, '--id', id, '--why', 'not now')
    expect(gone.out).toBe(`Exemption ${id} is withdrawn.\n`)
    expect((await command('exemption', 'list', ...of)).out).toContain(`${id}  withdrawn`)
  })

  test.each([
    [['roadmap', 'freeze'], 'ACT must be one of show, propose, approve, refuse, withdraw.'],
    [['roadmap', 'propose', '--institution', 'local', '--start', 'soon'], '--start must be a day'],
    [
      ['roadmap', 'approve', '--institution', 'local', '--number', '0'],
      '--number must be a number',
    ],
    [['exemption', 'ask', '--institution', 'local', '--workload', '../x'], '--workload must be an'],
    [['exemption', 'refuse', '--institution', 'local'], 'Say --id.'],
  ])('%j is refused before anything is asked', async ([name = '', ...args], message) => {
    const said = await command(name, ...args)
    expect([said.code, said.message]).toEqual(['configuration', expect.stringContaining(message)])
  })

  test('list cycles, and tell why one is not frozen', async () => {
    const [heads, row, ...rest] = (await command('cycle', 'list')).out.split('\n')
    expect(heads).toMatch(/^CYCLE +STATE +FROM +TO +FREEZE FROM +REVISIONS +WAITING$/)
    expect(row).toMatch(/^2027-04 +running +2026-09-30T20:00:00Z +.* +2027-04-10T20:00:00Z +0 +-$/)
    expect(rest).toEqual([''])
    expect((await command('cycle', 'show', '--cycle', '2027-04')).out).toMatch(/^FIGURE +BOUND/m)
    const early = await command('cycle', 'freeze', '--cycle', '2027-04', '--why', 'now')
    expect([early.code, early.message]).toEqual(['conflict', expect.stringMatching('10 days')])
    const held = await command('cycle', 'confirm-publish', '--why', 'checked')
    expect([held.code, held.message]).toEqual(['conflict', 'No figures are held back.'])
    const open = await command('cycle', 'difference', '--cycle', '2027-04')
    expect([open.code, open.message]).toEqual(['conflict', 'The cycle is not frozen yet.'])
  })

  test.each([
    [['thaw'], 'ACT must be one of list, show, freeze,'],
    [['show'], 'Say --cycle.'],
    [['show', '--cycle', '../x'], '--cycle must be an id such as 2027-04.'],
    [['approve', '--cycle', '2027-04', '--why', 'yes'], '--revision must be a number'],
  ])('cycle %j is refused at once', async (args, message) => {
    const said = await command('cycle', ...args)
    expect([said.code, said.message]).toEqual(['configuration', expect.stringContaining(message)])
  })

  test('list lost time, page by page, with what does not count in brackets', async () => {
    // Nobody looked for an hour, in which the collector was not noted to run either.
    clock.at += hourMs
    await collector.noteLiveness()
    await collector.evaluate()
    const said = await command('lost', ...place, '--window', '24h')
    const [about, heads, row, ...more] = said.out.split('\n')
    expect(about).toMatch(/^From \S+Z to \S+Z: 0 outages, longest - minutes, p90 - minutes\.$/)
    expect(heads).toMatch(/^FROM +TO +MINUTES +STATE +CAUSE +WHO MUST ACT +STANDING +EVIDENCE$/)
    expect(row).toMatch(/ \(unknown: centre\) +centre +centre +provisional$/)
    expect(more).toEqual([''])
    const span = ['--from', '2026-11-24T22:00+04:00', '--to', '2026-11-24T22:00+04:00']
    const wrong = await command('lost', ...place, ...span)
    expect([wrong.code, wrong.message]).toEqual([
      'invalid',
      expect.stringContaining('The window must end after it starts.'),
    ])
  })

  test.each([
    [[...place, '--window', '1y'], '--window must be one of cycle, 30d, 7d, 24h.'],
    [[...place, '--from', '2026-11-24T22:00Z'], 'Say --to.'],
    [['--institution', 'local'], 'Say --environment.'],
  ])('lost %j is refused at once', async (args, message) => {
    const said = await command('lost', ...args)
    expect([said.code, said.message]).toEqual(['configuration', expect.stringContaining(message)])
  })

  test('let a named person in', async () => {
    const args = ['--name', 'maryam', '--role', 'ministry']
    const { code, out, err } = await command('sign-in-link', ...args)
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/login#[\w-]{22}\n$/),
    ])
    expect(err).toBe('Good once, until 2026-11-21T12:15:00Z.\n')
    const other = await command('sign-in-link', '--name', 'maryam', '--role', 'admin')
    expect(other.code).toBe('conflict')
  })

  test('still work after the time in which a session on the board ends', async () => {
    clock.at += 30 * hourMs
    expect((await command('tokens')).code).toBe(0)
  })

  test.each([
    ['token', ['--institution', 'local'], 'configuration', 'Say --environment.'],
    ['token', [...place, '--uses', 'many'], 'configuration', '--uses must be a whole number.'],
    [
      'token',
      ['--institution', 'x', '--environment', 'y'],
      'not_found',
      'There is no such environment.',
    ],
    ['end-token', ['../agents', '--why', 'abc'], 'configuration', 'TOKEN is what'],
    ['end-token', ['000000000000', '--why', 'abc'], 'not_found', 'There is no such token.'],
    ['revoke', ['a-1'], 'configuration', 'Say --why.'],
    ['revoke', ['../tokens', '--why', 'abc'], 'configuration', 'AGENT is an id'],
    ['revoke', ['a-1', '--why', 'abc'], 'not_found', 'There is no such agent.'],
    ['revoke', ['a-1', '--why', 'a'], 'schema', 'The request does not fit its schema.'],
    ['release', ['a-1', '--why', 'abc'], 'configuration', 'Say --code.'],
    [
      'release',
      ['a-1', '--why', 'abc', '--approve', '--refuse'],
      'configuration',
      'Say only one of --approve, --refuse.',
    ],
    ['approve', [], 'configuration', 'Use: collector approve AGENT [options]'],
  ])('%s %j is refused with a sentence', async (name, args, code, message) => {
    const said = await command(name, ...args)
    expect([said.code, said.out]).toEqual([code, ''])
    expect(said.message).toContain(message)
  })
})

describe('how a command finds the collector', () => {
  afterEach(close)

  const gone = () => ({
    code: 'unavailable',
    message: expect.stringContaining(
      `The collector is not running in DATA_DIR, which is ${folder.path}.`,
    ),
  })

  test('not at all while it does not listen', async () => {
    await open()
    expect(await command('tokens')).toMatchObject(gone())
  })

  test('by a file that only its owner may read, and that goes with it', async () => {
    await open()
    await listens()
    expect(statSync(folder.file('admin.json')).mode & 0o777).toBe(0o600)
    removeAdminFile(folder.path)
    expect(await command('tokens')).toMatchObject(gone())
  })

  test('not by a file that one left which was killed', async () => {
    await open()
    const port = await closedPort()
    await listens(null, port)
    await collector.app.close()
    expect(await command('tokens')).toMatchObject(gone())
    // Another program has taken the port since.
    const other = createServer((_, response) => response.writeHead(401).end())
    await once(other.listen(port, '127.0.0.1'), 'listening')
    expect(await command('tokens')).toMatchObject(gone())
    other.close()
  })

  test('with TLS by its own certificate, whatever name that bears', async () => {
    const { cert } = await openWithTls('monitor.example')
    await listens(cert)
    expect((await command('tokens')).code).toBe(0)
  })

  test('also to ask whether it is well', async () => {
    await open()
    expect(await command('health')).toMatchObject(gone())
    await listens()
    expect(await command('health')).toMatchObject({ code: 0, out: 'ok\n' })
    await collector.app.close()
    expect(await command('health')).toMatchObject(gone())
  })

  test('with TLS not when the certificate is another one', async () => {
    await openWithTls('monitor.example')
    const now = Date.now()
    const other = makeCertificate({
      names: ['monitor.example'],
      from: now - dayMs,
      to: now + dayMs,
    })
    await listens(other.cert)
    expect(await command('tokens')).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Cannot ask the collector'),
    })
  })

  test('with TLS also where an authority issued the certificate', async () => {
    const now = Date.now()
    const valid = { from: now - dayMs, to: now + dayMs }
    const root = makeCertificate({ names: ['Root'], ...valid, authority: true })
    const { cert } = await openWithTls('monitor.example', root.issuer)
    await listens(cert)
    expect((await command('tokens')).code).toBe(0)
    // One that the same authority issued to somebody else is another one.
    const other = makeCertificate({ names: ['other.example'], ...valid, issuer: root.issuer })
    const { port } = collector.app.server.address() as AddressInfo
    const url = `https://127.0.0.1:${port}`
    const token = collector.issueAdminToken()
    writeAdminFile(folder.path, { url, token, certificate: other.cert + root.cert })
    expect((await command('tokens')).code).toBe('unavailable')
  })
})
