import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messageTypes, sha256 } from '../../protocol/jws.ts'
import { limits } from '../../protocol/limits.ts'
import { hourMs } from '../../protocol/time.ts'
import { openTestCollector, TestClock } from '../support/collector.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sendRaw } from '../support/raw-http.ts'
import { WireAgent } from '../support/wire-agent.ts'

/** The table of bad input of the design, row by row, on a collector that listens. */

const start = Date.parse('2026-11-21T12:00:00Z')

let folder: ReturnType<typeof temporaryFolder>
let collector: Awaited<ReturnType<typeof openTestCollector>>
let port: number
let agent: WireAgent
let lines: string[]
let names = 0

beforeAll(async () => {
  folder = temporaryFolder()
  lines = []
  const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) })
  collector = await openTestCollector(folder.path, new TestClock(start), undefined, { logger })
  await collector.app.listen({ host: '127.0.0.1', port: 0 })
  port = (collector.app.server.address() as AddressInfo).port // of a TCP server
  agent = await newAgent()
})

afterAll(async () => {
  await collector.close()
  expect(collector.fatal).toEqual([])
  folder[Symbol.dispose]()
})

beforeEach(() => {
  lines.length = 0
})

async function newAgent(): Promise<WireAgent> {
  const joined = new WireAgent(collector.app, start - hourMs)
  await joined.enrol(await collector.token(), `host-${++names}`)
  await joined.heartbeat(hourMs)
  return joined
}

/** How much is stored in all: what is refused must not change it. */
async function stored(): Promise<unknown> {
  const question = { v: 1, agent: agent.agent, at: { wall: start, boot: 1 }, boot: agent.boot }
  const jws = agent.sign(messageTypes.cursor, question)
  const { body } = await collector.app.inject('/metrics')
  const messages = body.match(/^istimrar_collector_messages_total.*result="stored".*$/gm)
  return { cursor: (await agent.post('/v1/cursor', jws)).json(), messages }
}

/** A source of its own for each row, because the lines about one source are limited. */
const newAddress = () => `192.0.2.${++names}`

function post(payload: string, remoteAddress: string, headers = {}) {
  const all = { 'content-type': 'application/jose', ...headers }
  const to = { method: 'POST', url: '/v1/batches', remoteAddress } as const
  return collector.app.inject({ ...to, headers: all, payload })
}

/** A request as text; the head ends with an empty line. */
function request(line: string, ...headers: string[]): string {
  return [`${line} HTTP/1.1`, 'Host: collector', ...headers, '', ''].join('\r\n')
}

const jose = 'Content-Type: application/jose'
const half = 'a'.repeat(10)

describe('what is no request we could take', () => {
  test.each<[string, () => string | Buffer, number]>([
    [
      'a length and chunks at once',
      () =>
        `${request('POST /v1/batches', jose, 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      400,
    ],
    [
      'two lengths',
      () => `${request('POST /v1/batches', jose, 'Content-Length: 5', 'Content-Length: 6')}abcdef`,
      400,
    ],
    [
      'a chunk that is none',
      () => `${request('POST /v1/batches', jose, 'Transfer-Encoding: chunked')}zz\r\n`,
      400,
    ],
    ['a method that does not exist', () => request('STEAL /v1/batches'), 400],
    ['headers of 20 KB', () => request('GET /healthz', `X-Large: ${'a'.repeat(20_000)}`), 431],
    ['a query of 20 KB', () => request(`GET /healthz?${'a'.repeat(20_000)}`), 431],
    ['a NUL in a header', () => request('GET /healthz', 'X-Nul: a\0b'), 400],
    ['a header that is folded', () => request('GET /healthz', 'X-Folded: a\r\n b'), 400],
    ['the start of a TLS connection', () => Buffer.from('16030100a5010000a10303', 'hex'), 400],
    ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['no host', () => 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['half an escape', () => request('GET /%zz'), 400],
  ])('%s', async (_name, bytes, status) => {
    const before = await stored()
    const answer = await sendRaw(port, bytes())
    expect(answer.status).toBe(status)
    expect(answer.body + answer.head).not.toMatch(/zz|STEAL|aaaa|node_modules|\.ts/)
    expect(await stored()).toEqual(before)
  })

  test.concurrent('headers that never end are cut off after 10 s', async () => {
    const answer = await sendRaw(port, `POST /v1/batches HTTP/1.1\r\nHost: collector\r\nX-${half}`)
    expect(answer.status).toBe(408)
    expect(answer.tookMs).toBeGreaterThan(9_500)
    // Node's own limit is a minute.
    expect(answer.tookMs).toBeLessThan(40_000)
  })

  test.concurrent('a body that never ends is cut off after 15 s', async () => {
    const head = request('POST /v1/batches', jose, 'Content-Length: 1000')
    const answer = await sendRaw(port, head + half)
    expect(answer.status).toBe(408)
    expect(answer.tookMs).toBeGreaterThan(14_500)
    expect(answer.tookMs).toBeLessThan(40_000)
  })
})

describe('refused before the body is read', () => {
  test.each<[string, string[], number, string]>([
    ['gzip', [jose, 'Content-Encoding: gzip'], 415, 'content_encoding'],
    ['zstd', [jose, 'Content-Encoding: zstd'], 415, 'content_encoding'],
    ['br', [jose, 'Content-Encoding: br'], 415, 'content_encoding'],
    ['twice compressed', [jose, 'Content-Encoding: gzip, gzip'], 415, 'content_encoding'],
    ['application/json garbage', ['Content-Type: application/json garbage'], 415, 'content_type'],
    ['a tab', ['Content-Type: \tfoo'], 415, 'content_type'],
    ['text/plain', ['Content-Type: text/plain'], 415, 'content_type'],
    ['xml', ['Content-Type: application/xml'], 415, 'content_type'],
    ['a parameter', ['Content-Type: application/jose; a=b'], 415, 'content_type'],
    ['a form', ['Content-Type: multipart/form-data; boundary=a'], 415, 'content_type'],
    ['no type', [], 415, 'content_type'],
  ])('%s', async (_name, headers, status, code) => {
    // Only the head is sent: whoever waits for the body does not answer.
    const answer = await sendRaw(
      port,
      request('POST /v1/batches', ...headers, 'Content-Length: 99'),
    )
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([status, code])
  })

  test('a body that says it is too long', async () => {
    const length = limits.messageBytesMax + 1
    const answer = await sendRaw(
      port,
      request('POST /v1/batches', jose, `Content-Length: ${length}`),
    )
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([413, 'too_large'])
  })
})

describe('addresses and methods', () => {
  test.each<[string, string, number, string | null]>([
    ['DELETE', '/v1/batches', 405, 'POST'],
    ['GET', '/v1/heartbeats', 405, 'POST'],
    ['PUT', '/api/v1/institutions/moh', 405, 'GET, HEAD'],
    ['OPTIONS', '/metrics', 405, 'GET, HEAD'],
    ['TRACE', '/healthz', 405, 'GET, HEAD'],
    ['PROPFIND', '/healthz?a=b', 405, 'GET, HEAD'],
    ['POST', '/nothing', 404, null],
    ['GET', '/v1/batches/', 404, null],
    ['GET', '/../../etc/passwd', 404, null],
    ['GET', '/api/docs/static/..%2f..%2f..%2fpackage.json', 404, null],
    ['GET', '/api/docs/static/../../../../package.json', 404, null],
    ['GET', '/%2e%2e/%2e%2e/etc/passwd', 404, null],
    ['GET', '//etc/passwd', 404, null],
    ['GET', '/healthz%00', 404, null],
  ])('%s %s', async (method, url, status, allow) => {
    const answer = await sendRaw(port, request(`${method} ${url}`))
    expect(answer.status).toBe(status)
    expect(/^allow: (.*)$/im.exec(answer.head)?.[1] ?? null).toBe(allow)
    expect(answer.body).not.toMatch(/passwd|package|root:/)
  })

  test('a long query changes nothing', async () => {
    const answer = await sendRaw(port, request(`GET /healthz?${'a=b&'.repeat(3_000)}`))
    expect(answer.status).toBe(200)
  })

  test('whoever says he is somebody else is believed only as a trusted proxy', async () => {
    const ip = newAddress()
    await post('a.b', ip, { 'x-forwarded-for': '10.9.8.7', forwarded: 'for=10.9.8.7' })
    expect(lines.map((line) => JSON.parse(line).ip)).toEqual([ip])
  })
})

const label = (text: string) => ({
  checks: [{ check: 'host', kind: 'host', intervalMs: 60_000, label: text }],
})

describe('a message that is signed and still not taken', () => {
  /** What the batch would say, and its text with one part replaced by another. */
  const batch = (more: object = {}) => ({ ...agent.batch([]), ...more })
  const text = (from: string, to: string) => JSON.stringify(batch()).replace(from, to)

  test.each<[string, () => string | Buffer, string]>([
    ['a text where a number belongs', () => JSON.stringify(batch({ seq: '7' })), 'schema'],
    ['a number where a text belongs', () => JSON.stringify(batch({ boot: 7 })), 'schema'],
    ['true where a number belongs', () => JSON.stringify(batch({ v: true })), 'schema'],
    ['a number as an array', () => JSON.stringify(batch({ seq: [1] })), 'schema'],
    ['half a number', () => JSON.stringify(batch({ seq: 1.5 })), 'schema'],
    ['an unknown field', () => JSON.stringify(batch({ admin: true })), 'schema'],
    ['a key twice', () => text('"v":1', '"v":1,"v":1'), 'duplicate_key'],
    ['a key twice in disguise', () => text('"v":1', '"v":1,"\\u0076":1'), 'duplicate_key'],
    ['a number that a double rounds', () => text('"seq":1', '"seq":9007199254740993'), 'number'],
    ['2^53', () => text('"seq":1', '"seq":9007199254740992'), 'schema'],
    ['a number too large', () => text('"seq":1', '"seq":1e999'), 'number'],
    ['NaN', () => text('"seq":1', '"seq":NaN'), 'syntax'],
    ['minus zero', () => text('"seq":1', '"seq":-0'), 'number'],
    ['a prototype', () => text('"v":1', '"v":1,"__proto__":{"a":1}'), 'schema'],
    ['a constructor', () => text('"v":1', '"v":1,"constructor":{"prototype":{}}'), 'schema'],
    ['invalid UTF-8', () => Buffer.from('7b2261223a22ff227d', 'hex'), 'encoding'],
    ['a lone surrogate', () => text('"v":1', '"v":1,"a":"\\udc00"'), 'encoding'],
    ['NUL in a name', () => JSON.stringify(batch(label('a\0b'))), 'schema'],
    ['a text turned round', () => JSON.stringify(batch(label('a\u202eb'))), 'schema'],
    ['a space of no width', () => JSON.stringify(batch(label('a\u200bb'))), 'schema'],
    ['a letter that only looks like one', () => text('"agent":"a', '"agent":"\u0430'), 'schema'],
    ['depth', () => '['.repeat(40_000), 'depth'],
    ['depth of objects', () => '{"a":'.repeat(9_000), 'depth'],
    ['nothing but white space', () => ' \n\t ', 'syntax'],
    ['two texts', () => `${JSON.stringify(batch())}{}`, 'syntax'],
    ['a byte order mark', () => `\ufeff${JSON.stringify(batch())}`, 'syntax'],
    ['null', () => 'null', 'schema'],
    ['an array', () => '[]', 'schema'],
  ])('%s', async (_name, content, code) => {
    const before = await stored()
    const jws = agent.signBytes(messageTypes.batch, Buffer.from(content()))
    const ip = newAddress()
    const answer = await post(jws, ip)
    expect([answer.statusCode, answer.json().code]).toEqual([400, code])
    expect(await stored()).toEqual(before)
    // One line, with the size and the hash of what was sent and nothing of its content.
    const events = lines.map((line) => JSON.parse(line))
    const event = { event: 'refused', code, ip, bytes: jws.length }
    expect(events).toEqual([expect.objectContaining({ ...event, sha256: sha256(jws) })])
    expect(lines[0]).not.toContain(jws.split('.')[1]!.slice(0, 20))
  })
})
