import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { faultTexts, stepTexts } from '../../agent/cli/texts/doctor.ts'
import { Examination } from '../../agent/doctor/finding.ts'
import { examineChecks, examineFacts, examineHome } from '../../agent/doctor/home.ts'
import { proxyFor } from '../../agent/doctor/proxy.ts'
import { examineWay, type Wanted } from '../../agent/doctor/way.ts'
import type { FrozenCheck } from '../../agent/frozen.ts'
import { openSpool } from '../../agent/spool-file.ts'
import { dayMs, hourMs } from '../../protocol/time.ts'
import { command as run } from '../support/agent-command.ts'
import { agentYaml, enrolledFolder, temporaryFolder } from '../support/agent-folder.ts'
import { makeCertificate } from '../support/certificates.ts'
import { closedPort } from '../support/closed-port.ts'
import { FakeCollector } from '../support/fake-collector.ts'
import { listen, listenRaw } from '../support/loopback.ts'
import { whileTrusting } from '../support/trust.ts'

const now = Date.now()
const valid = { from: now - dayMs, to: now + dayMs }
const { cert: authority, issuer } = makeCertificate({
  ...{ names: ['Filter of the ministry'], authority: true, ...valid },
})
const certify = (names: string[], times = valid) => makeCertificate({ names, issuer, ...times })
const good = certify(['localhost'])

const collector: RequestListener = (_, response) => response.end('{"keys":[]}')
const page: RequestListener = (_, response) => response.end('<!doctype html><p>Sign in')
const away: RequestListener = (_, response) => response.writeHead(503).end()
const other: RequestListener = (_, response) => response.writeHead(404).end('{}')
const moved: RequestListener = (_, response) => response.writeHead(302, { location: '/' }).end()
const stray: RequestListener = (request) => request.socket.destroy()
const at =
  (ms: number): RequestListener =>
  (_, response) => {
    response.setHeader('date', new Date(ms).toUTCString()).end('{"keys":[]}')
  }
const timeless: RequestListener = (_, response) => {
  response.sendDate = false
  response.end('{"keys":[]}')
}

function trusting(): string | undefined {
  const file = join(temporaryFolder(), 'authorities.pem')
  writeFileSync(file, authority)
  return file
}

/** For what never answers; everybody else is waited for as long as a busy machine takes. */
const impatient = { timeoutMs: 1_000 }

/** The fault found on the way and its values; every other step before it is right. */
async function examine(url: string, changes: Partial<Wanted> = {}, trusted = trusting) {
  const examination = new Examination()
  const usual = { proxy: {}, now: Date.now, timeoutMs: 30_000 }
  await whileTrusting(trusted(), () =>
    examineWay(examination, { collector: url, ...usual, ...changes }),
  )
  const { findings } = examination
  const found = findings.findIndex(({ outcome }) => outcome !== 'ok')
  const rest = found === -1 ? [] : findings.slice(found + 1)
  expect(new Set(rest.map(({ outcome }) => outcome)).size).toBeLessThan(2)
  const { step, fault, detail } = findings[found] ?? {}
  return { step, fault, detail, findings }
}
const plain = async (listener: RequestListener) =>
  `http://localhost:${await listen(createHttpServer(listener), 0, 'localhost')}`
const secured = async (certificate = good, listener = collector, more: object = {}) =>
  `https://localhost:${await listen(createHttpsServer({ ...certificate, ...more }, listener), 0, 'localhost')}`
const raw = async (protocol: string, serve: (socket: Socket) => void) =>
  `${protocol}://127.0.0.1:${await listenRaw(serve)}`
const tooOld = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }

describe('the way to the collector', () => {
  test.each([
    ['over TLS', () => secured()],
    ['on this machine', () => plain(collector)],
  ])('is right %s', async (_name, start) => {
    const { fault, findings } = await examine(await start())
    expect(fault).toBeUndefined()
    expect(findings.map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'))
    expect(Math.abs(Number(findings.at(-1)?.detail?.offset))).toBeLessThan(30)
  })

  test.each<[string, () => string | Promise<string>, string | RegExp, Partial<Wanted>?]>([
    ['nobody listens', async () => `http://127.0.0.1:${await closedPort()}`, 'connect_refused'],
    ['a name that is none', () => 'https://collector.invalid', /name_(unknown|failed)/, impatient],
    ['another name', () => secured(certify(['elsewhere.example'])), 'tls_name'],
    [
      'an ended certificate',
      () => secured(certify(['localhost'], { from: 0, to: now - dayMs })),
      'tls_expired',
    ],
    [
      'one that begins later',
      () => secured(certify(['localhost'], { from: now + dayMs, to: now + 2 * dayMs })),
      'tls_not_yet',
    ],
    ['an old protocol', () => secured(good, collector, tooOld), 'tls_old'],
    ['no TLS', async () => (await plain(collector)).replace('http:', 'https:'), 'tls_none'],
    [
      'TLS that is cut off',
      () => raw('https', (socket) => void socket.once('data', () => socket.resetAndDestroy())),
      'tls_cut',
    ],
    ['TLS that never comes', () => raw('https', () => {}), 'tls_silent', impatient],
    ['a portal', () => secured(good, page), 'collector_portal'],
    ['a redirect', () => secured(good, moved), 'collector_portal'],
    ['a collector that is away', () => secured(good, away), 'collector_busy'],
    ['another server', () => secured(good, other), 'collector_other'],
    ['a server that hangs up', () => secured(good, stray), 'collector_silent'],
    ['a server that says nothing', () => raw('http', () => {}), 'collector_silent', impatient],
    ['a server without a clock', () => plain(timeless), 'clock_not_told'],
    ['a clock that is behind', () => plain(at(now + hourMs)), 'clock_off'],
    ['a clock that is ahead', () => plain(at(now - hourMs)), 'clock_off'],
  ])('%s', async (_name, start, expected, changes = {}) => {
    const { fault } = await examine(await start(), changes)
    if (typeof expected === 'string') expect(fault).toBe(expected)
    else expect(fault).toMatch(expected)
  })

  test('an authority that is not trusted here names itself', async () => {
    const { fault, detail } = await examine(await secured(), {}, () => undefined)
    expect(fault).toBe('tls_untrusted')
    expect(detail?.issuer).toBe('Filter of the ministry')
  })

  test('a certificate that only this clock takes for ended is not blamed', async () => {
    const wrong = now + 9 * dayMs
    const { fault, detail } = await examine(await secured(), { now: () => wrong })
    expect(fault).toBe('tls_clock')
    expect(Math.abs(Date.parse(String(detail?.theirs)) - Date.now())).toBeLessThan(dayMs)
  })

  test('says how far the clock is off', async () => {
    const { detail } = await examine(await plain(at(Date.now() - hourMs)))
    expect(Math.abs(Number(detail?.offset) - 3_600)).toBeLessThan(60)
  })
})

describe('a proxy on the way', () => {
  async function through(answer: string, target = '', credentials = '') {
    const server = createHttpServer().on('connect', (request, socket: Socket) => {
      socket.on('error', () => {})
      if (credentials && !request.headers['proxy-authorization']) answer = '407 Who'
      if (!answer.startsWith('200')) return void socket.end(`HTTP/1.1 ${answer}\r\n\r\n`)
      const tunnel = connect(Number(new URL(target).port), 'localhost', () => {
        socket.write(`HTTP/1.1 ${answer}\r\n\r\n`)
        socket.pipe(tunnel).pipe(socket)
      })
      tunnel.on('error', () => {})
      onTestFinished(() => void tunnel.destroy())
    })
    return `http://${credentials && `${credentials}@`}127.0.0.1:${await listen(server)}`
  }

  test.each([
    ['wants credentials', '407 Proxy Authentication Required', 'proxy_credentials'],
    ['forbids', '403 Forbidden', 'proxy_forbids'],
    ['does not reach it', '502 Bad Gateway', 'proxy_refuses'],
  ])('%s', async (_name, answer, expected) => {
    const HTTPS_PROXY = await through(answer)
    const { step, fault } = await examine('https://localhost', { proxy: { HTTPS_PROXY } })
    expect([step, fault]).toEqual(['connect', expected])
  })

  test('leads there, and its credentials are shown nowhere', async () => {
    const target = await secured()
    const HTTPS_PROXY = await through('200 OK', target, 'agent:s3cr3t')
    const { fault, findings } = await examine(target, { proxy: { HTTPS_PROXY } })
    expect(fault).toBeUndefined()
    expect(findings[0]?.detail?.proxy).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(JSON.stringify(findings)).not.toContain('s3cr3t')
  })

  test.each([
    ['is no address', 'proxy.example.om:80', 'proxy_wrong'],
    ['is not there', 'http://127.0.0.1:<closed>', 'proxy_unreachable'],
    ['has a name that is none', 'http://proxy.invalid:3128', /proxy_name_(unknown|failed)/],
    ['is no proxy', 'http://127.0.0.1:<mute>', 'proxy_silent'],
  ])('%s', async (_name, address, expected) => {
    const mute = await listenRaw(
      (socket) => void socket.on('data', () => socket.end('220 mail\r\n')),
    )
    const named = address.replace('<closed>', `${await closedPort()}`).replace('<mute>', `${mute}`)
    const proxy = { HTTPS_PROXY: named }
    const { fault } = await examine('https://localhost', { proxy, ...impatient })
    expect(fault).toMatch(expected)
  })

  const HTTPS_PROXY = 'http://proxy.example.om:3128'
  test.each([
    ['https://c.example.om', { HTTPS_PROXY }, 'proxy.example.om:3128'],
    ['https://c.example.om', { https_proxy: 'http://a:1', HTTPS_PROXY }, 'a:1'],
    ['http://c.example.om', { HTTPS_PROXY }, null],
    ['https://c.example.om', { HTTPS_PROXY, NO_PROXY: '.example.om' }, null],
    ['https://c.example.om', { HTTPS_PROXY, NO_PROXY: '*.example.om' }, null],
    ['https://c.example.om', { HTTPS_PROXY, NO_PROXY: 'example.om' }, 'proxy.example.om:3128'],
    ['https://c.example.om', { HTTPS_PROXY, NO_PROXY: 'x, C.example.om:443' }, null],
    [
      'https://c.example.om',
      { HTTPS_PROXY, NO_PROXY: 'c.example.om:8443' },
      'proxy.example.om:3128',
    ],
    ['https://[::1]', { HTTPS_PROXY, NO_PROXY: '*' }, null],
  ])('%s with %j: %s', (url, environment, expected) => {
    expect(proxyFor(new URL(url), environment)?.shown ?? null).toBe(expected)
  })
})

describe('this host', () => {
  async function home(dir: string) {
    const examination = new Examination()
    await examineHome(examination, dir)
    return examination.findings.find(({ outcome }) => outcome === 'fault')?.fault ?? null
  }
  const asRoot = process.getuid?.() === 0

  test.each([
    ['all is right', () => {}, null],
    ['a folder that others can enter', (dir: string) => chmodSync(dir, 0o755), 'folder_open'],
    ['no key', (dir: string) => rmSync(join(dir, 'agent.key')), 'key_missing'],
    [
      'a key that others can read',
      (dir: string) => chmodSync(join(dir, 'agent.key'), 0o640),
      'key_open',
    ],
    [
      'a key that is none',
      (dir: string) => writeFileSync(join(dir, 'agent.key'), 'no'),
      'key_broken',
    ],
    [
      'an identity that is none',
      (dir: string) => writeFileSync(join(dir, 'identity.json'), '{'),
      'identity_broken',
    ],
    ['no identity', (dir: string) => rmSync(join(dir, 'identity.json')), 'not_enrolled'],
    [
      'a spool that is none',
      (dir: string) => writeFileSync(join(dir, 'spool.sqlite'), 'x'.repeat(9_000)),
      'spool_damaged',
    ],
    [
      'a quarantine',
      (dir: string) => {
        const spool = openSpool(dir, 0)
        spool.commit({ states: { quarantine: { at: 0, code: 'conflict' } } })
        spool.close()
      },
      'quarantined',
    ],
    ...(asRoot
      ? []
      : [
          [
            'a folder that is closed',
            (dir: string) => chmodSync(dir, 0o500),
            'folder_closed',
          ] as const,
        ]),
  ] as const)('%s', async (_name, harm, expected) => {
    const { dir } = enrolledFolder(await FakeCollector.start())
    harm(dir)
    expect(await home(dir)).toBe(expected)
  })

  test('a running agent is no fault, and is left alone', async () => {
    const { dir } = enrolledFolder(await FakeCollector.start())
    const spool = openSpool(dir, 0)
    const examination = new Examination()
    await examineHome(examination, dir)
    const running = () =>
      examination.findings.find(({ step }) => step === 'stream')?.detail?.running
    expect(running()).toBe(1)
    spool.close()
    openSpool(dir, 0).close()
  })

  test.each([
    ['{"facts":[]}', 'ok', undefined],
    ['{"facts":[{"permission":"a"},{},{"permission":"b"},{"permission":"a"}]}', 'ok', 'a, b'],
    ['{}', 'fault', undefined],
    [null, 'fault', undefined],
  ])('facts that answer %s', async (said, outcome, permissions) => {
    const examination = new Examination()
    const config = { collector: '', name: 'x', facts: { everyMs: 1, exclude: [] }, checks: [] }
    await examineFacts(examination, config, async () => said)
    expect(examination.findings[0]).toMatchObject({ step: 'facts', outcome })
    expect(examination.findings[0]?.detail?.permissions).toBe(permissions)
  })

  test.each([
    ['disk', { path: '/' }, null],
    ['disk', { path: '/nowhere' }, 'check_path'],
    ['backup', { path: '/', copyPath: '/nowhere' }, 'check_path'],
    ['plugin', { command: '/bin/sh' }, null],
    ['plugin', { command: '/etc/passwd' }, 'check_program'],
    ['plugin', { command: '/nowhere' }, 'check_program'],
    ['tcp', { host: 'localhost', port: 1 }, null],
  ])('a check of kind %s with %j', async (kind, settings, expected) => {
    const examination = new Examination()
    const check = { check: 'it', kind, intervalMs: 1, timeoutMs: 1, settings } as FrozenCheck
    const facts = { everyMs: 1, exclude: [] }
    await examineChecks(examination, { collector: '', name: 'x', facts, checks: [check] })
    expect(examination.findings[0]?.fault ?? null).toBe(expected)
  })
})

describe('agent doctor', () => {
  test('says for each step what is wrong and one remedy, in both languages', async () => {
    const config = agentYaml(`http://127.0.0.1:${await closedPort()}`)
    const { dir } = enrolledFolder(await FakeCollector.start())
    const english = await run('doctor', '--config', config, '--dir', dir)
    expect(english.code).toBe(1)
    expect(english.out).toMatch(
      /^FAULT +Connection +127\.0\.0\.1 refuses connections to port \d+$/m,
    )
    expect(english.out.match(/Remedy: /g)).toHaveLength(1)
    expect(english.out).toMatch(/^skipped +Clock$/m)
    const arabic = await run('doctor', '--config', config, '--dir', dir, '--lang', 'ar')
    expect(arabic.out).toMatch(/^عطل +الاتصال +رفض/m)
    expect(arabic.out.match(/العلاج: /g)).toHaveLength(1)
    const json = await run('doctor', '--config', config, '--dir', dir, '--lang', 'ar', '--json')
    expect(JSON.parse(json.out)).toMatchObject({ faults: 1 })
    expect(json.out).not.toMatch(/\p{Script=Arabic}/u)
  })

  test.each([
    ['no file', '/nowhere/agent.yaml', 'config_missing'],
    ['a file with problems', () => agentYaml('ftp://x'), 'config_wrong'],
    [
      'no authorities',
      () => agentYaml('http://127.0.0.1:1', 'authorities: none.pem\n'),
      'authorities_wrong',
    ],
  ])('%s', async (_name, file, expected) => {
    const config = typeof file === 'string' ? file : file()
    const { out } = await run('doctor', '--config', config, '--dir', temporaryFolder(), '--json')
    expect(JSON.parse(out).findings[0]).toMatchObject({ step: 'config', fault: expected })
  })

  test('every place of a sentence has its value', () => {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const { what, remedy } of Object.values(faultTexts)) {
      const known = places(what.en)
      for (const place of places(remedy.en)) expect(known).toContain(place)
    }
    expect(Object.keys(stepTexts)).toHaveLength(14)
  })
})
