import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Socket } from 'node:net'
import { setDefaultCACertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { FrozenCheck } from '../../../agent/frozen.ts'
import { look } from '../../../agent/look.ts'
import { type ProbeKind, probes } from '../../../agent/probes/all.ts'
import { withDefaults } from '../../../agent/probes/settings.ts'
import { dayMs } from '../../../protocol/time.ts'
import { makeCertificate } from '../../support/certificates.ts'
import { listen, probeContext } from '../../support/loopback.ts'
import { cut, framed, nameServer, reply } from '../../support/name-server.ts'

const host = '127.0.0.1'
/** For a look that nothing but its timeout ends. */
const shortMs = 200
/** For one that the server ends: as long as a busy machine takes. */
const patientMs = 30_000
/** What a look may take beyond its timeout, on a machine that does other things too. */
const slackMs = 10_000
/** What may be on its way to a reader that has stopped: buffers of both ends. */
const bytesMax = 16 * 1024 * 1024

const { signal: _, ...context } = probeContext()

/** Looks once; whatever the server does, the look ends in time and leaves nothing open. */
async function lookOnce(kind: ProbeKind, given: object, timeoutMs = patientMs): Promise<string> {
  const settings = withDefaults(probes[kind].settings, given as Record<string, unknown>)
  const check: FrozenCheck = { check: 'it', kind, intervalMs: 60_000, timeoutMs, settings }
  const startedAt = performance.now()
  const { state, reason } = await look(check, context)
  expect(performance.now() - startedAt).toBeLessThan(timeoutMs + slackMs)
  return reason ? `${state} ${reason}` : state
}

const open = () => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|UDP|DNS/i.test(name))

/** A server below any protocol; at the end of the test every connection to it must be closed. */
async function hostile(serve: Behaviour): Promise<number> {
  const closing: Promise<void>[] = []
  let bytes = 0
  const server = createServer((socket) => {
    closing.push(new Promise((resolve) => socket.once('close', () => resolve())))
    socket.on('close', () => {
      bytes += socket.bytesWritten - socket.writableLength
    })
    socket.on('error', () => {})
    socket.resume() // else it would not hear of the end
    serve(socket)
  })
  const before = open().length
  const port = await listen(server)
  onTestFinished(async () => {
    await Promise.all(closing)
    expect(bytes).toBeLessThan(bytesMax)
    // The server's own handle ends later.
    expect(open().length).toBeLessThanOrEqual(before + 1)
  })
  return port
}

type Behaviour = (socket: Socket) => void
const head = 'HTTP/1.1 200 OK\r\n'

function pour(socket: Socket, text: string): void {
  const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)))
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

function trickle(socket: Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), 5)
  socket.once('close', () => clearInterval(timer))
}

/** What a server does from the first moment on: it waits for no question. */
const behaviours: Record<string, Behaviour> = {
  'accepts and never answers': () => {},
  'closes at once': (socket) => socket.end(),
  'resets at once': (socket) => socket.resetAndDestroy(),
  'speaks SSH': (socket) => socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
  'speaks SMTP and closes': (socket) => socket.end('554 5.7.1 go away\r\n'),
  'sends zeros without end': (socket) => pour(socket, '\0'),
  'sends TLS alerts without end': (socket) => pour(socket, '\x15\x03\x03\0\x02\x01\0'),
  'answers byte by byte': (socket) => trickle(socket, `${head}x: ${'y'.repeat(1e5)}`),
  'sends endless headers': (socket) => {
    socket.write(head)
    pour(socket, 'x: y\r\n')
  },
  'sends a header without end': (socket) => {
    socket.write(`${head}x: `)
    pour(socket, 'y')
  },
  'sends interim answers without end': (socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  'sends an endless page': (socket) => {
    socket.write(`${head}\r\n`)
    pour(socket, '<p>')
  },
  'sends an endless page in pieces': (socket) => {
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`)
    pour(socket, `3e8\r\n${'x'.repeat(1_000)}\r\n`)
  },
  'sends a page byte by byte': (socket) => {
    socket.write(`${head}content-length: 100000\r\n\r\n`)
    trickle(socket, 'x')
  },
  'promises more than it sends': (socket) => socket.end(`${head}content-length: 9\r\n\r\nabc`),
}

const up = 'up'
const timeout = 'down timeout'
const reset = 'down reset'
/** Whether the connection was there before its end is a matter of luck. */
const anyOf = `${up}|${reset}|degraded loss_high`
const malformed = 'down http_protocol_error'
const handshake = 'down tls_handshake_failed'
const failed = 'down name_server_failed'
const unexpected = 'down unexpected_answer'

describe.each<[string, Partial<Record<'http' | 'tls' | 'https' | 'tcp', string>>]>([
  ['accepts and never answers', { http: timeout, tls: timeout }],
  ['closes at once', { http: reset, tls: handshake, https: reset }],
  ['resets at once', { http: reset, tls: `${handshake}|${reset}`, https: reset, tcp: anyOf }],
  ['speaks SSH', { http: malformed, tls: handshake }],
  ['speaks SMTP and closes', { http: malformed, tls: handshake }],
  ['sends zeros without end', { http: malformed, tls: handshake }],
  // Its alert says goodbye.
  ['sends TLS alerts without end', { http: malformed, tls: handshake, https: reset }],
  // It may take its time until there is enough to judge.
  ['answers byte by byte', { http: timeout, tls: `${handshake}|${timeout}` }],
  ['sends endless headers', { http: malformed, tls: handshake }],
  ['sends a header without end', { http: malformed, tls: handshake }],
  ['sends interim answers without end', { http: timeout, tls: handshake }],
  ['sends an endless page', { http: up, tls: handshake }],
  ['sends an endless page in pieces', { http: up, tls: handshake }],
  ['sends a page byte by byte', { http: timeout, tls: handshake }],
  ['promises more than it sends', { http: reset, tls: handshake }],
])('a server that %s', (name, expected) => {
  const behave = behaviours[name] ?? (() => {})
  const { http = '', tls = '', https = tls, tcp = up } = expected
  test.each<[ProbeKind, (port: number) => object, string]>([
    ['tcp', (port) => ({ host, port }), tcp],
    ['link', (port) => ({ host, port, connects: 2, lostAfterSeconds: 10 }), tcp],
    ['http', (port) => ({ url: `http://${host}:${port}/` }), http],
    ['http', (port) => ({ url: `https://${host}:${port}/` }), https],
    ['tls', (port) => ({ host, port }), tls],
    ['journey', (port) => ({ steps: [{ url: `http://${host}:${port}/` }] }), http],
    ['journey', (port) => ({ steps: [{ url: `https://${host}:${port}/` }] }), https],
  ])('%s', async (kind, settings, wanted) => {
    const limitMs = wanted.includes(timeout) ? shortMs : patientMs
    const seen = await lookOnce(kind, settings(await hostile(behave)), limitMs)
    expect(wanted.split('|')).toContain(seen)
  })
})

describe('certificates', () => {
  const now = Date.now()
  const valid = { from: now - dayMs, to: now + 90 * dayMs }
  const authority = makeCertificate({ names: ['Test authority'], ...valid, authority: true })
  const { issuer } = authority
  setDefaultCACertificates([authority.cert]) // of this test file's own process
  const past = { from: now - 2 * dayMs, to: now - dayMs }

  test.each([
    ['expired', makeCertificate({ names: [host], ...past, issuer }), 'certificate_expired'],
    ['self-signed', makeCertificate({ names: [host], ...valid }), 'certificate_untrusted'],
    [
      'made out to another',
      makeCertificate({ names: ['mail.example'], ...valid, issuer }),
      'certificate_name_mismatch',
    ],
    // Its own is good, but who issued it may issue nothing.
    [
      'issued by no authority',
      makeCertificate({
        names: [host],
        ...valid,
        issuer: makeCertificate({ names: ['nobody.example'], ...valid, issuer }).issuer,
      }),
      'certificate_untrusted',
    ],
  ])('%s', async (_name, certificate, reason) => {
    const server = createHttpsServer(certificate, (_, response) => response.end('hello'))
    const port = await listen(server)
    const url = `https://${host}:${port}/`
    expect(await lookOnce('tls', { host, port })).toBe(`degraded ${reason}`)
    expect(await lookOnce('http', { url })).toBe(`degraded ${reason}`)
    expect(await lookOnce('journey', { steps: [{ url }] })).toBe(`down ${reason}`)
  })
})

describe('a redirect to a cloud’s metadata', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/computeMetadata/v1/',
  ])('%s', async (location) => {
    const server = createHttpServer((_, response) => response.writeHead(307, { location }).end())
    const url = `http://${host}:${await listen(server)}/`
    expect(await lookOnce('http', { url })).toBe(up) // it is an answer, and not followed
    const steps = [{ url, followRedirects: true }]
    expect(await lookOnce('journey', { steps })).toBe('down step_failed')
    // Listed by mistake, it still is no target: nothing is observed.
    const hosts = [new URL(location).host]
    const seen = await lookOnce('journey', { steps, hosts }).catch(({ code }) => code)
    // The name is one in that cloud only.
    const isNamed = location.includes('internal')
    expect(seen).toMatch(isNamed ? /^down name_|^ERR_IP_BLOCKED$/ : /^ERR_IP_BLOCKED$/)
  })
})

describe('name servers', () => {
  type Answer = (question: Buffer) => Buffer | null
  const otherId: Answer = (q) =>
    Buffer.concat([Buffer.of(255, 255), reply(q, 'noError', 'A').subarray(2)])
  const otherName: Answer = (q) => {
    const answer = reply(q, 'noError', 'A')
    answer.writeUInt8(answer.readUInt8(13) ^ 1, 13)
    return answer
  }
  const isCut: Answer = (q) => cut(reply(q, 'noError'))
  const answering = (say: (socket: Socket, question: Buffer) => void): Behaviour => {
    return (socket) => socket.once('data', (data: Buffer) => say(socket, data.subarray(2)))
  }

  test.each<[string, Answer, Behaviour | undefined, string, string]>([
    ['says nothing', () => null, undefined, timeout, timeout],
    ['sends rubbish', () => Buffer.from('rubbish'), undefined, unexpected, timeout],
    ['sends an empty packet', () => Buffer.alloc(0), undefined, timeout, timeout],
    ['sends a header alone', (q) => q.subarray(0, 12), undefined, unexpected, timeout],
    ['answers another question', otherId, undefined, timeout, timeout],
    ['answers for another name', otherName, undefined, timeout, timeout],
    // c-ares takes it for an answer without a record.
    ['sends the question back', (q) => q, undefined, 'down name_not_found', timeout],
    ['is cut short, then silent', isCut, () => {}, timeout, timeout],
    ['is cut short, then closes', isCut, (socket) => socket.end(), failed, reset],
    ['is cut short, then resets', isCut, (socket) => socket.resetAndDestroy(), failed, reset],
    [
      'is cut short, then answers another question',
      isCut,
      answering((socket, q) => socket.write(framed(otherId(q) ?? q))),
      timeout,
      unexpected,
    ],
    [
      'is cut short, then sends rubbish without end',
      isCut,
      (socket) => pour(socket, 'rubbish'),
      unexpected,
      unexpected,
    ],
    ['is cut short, then trickles', isCut, (socket) => trickle(socket, '\xff'), timeout, timeout],
  ])('one that %s', async (_name, answer, byTcp, plain, dnssec) => {
    const resolver = await nameServer(answer, byTcp)
    const before = open().length
    const given = { lookup: 'portal.example', resolver }
    for (const [more, wanted] of [
      [{}, plain],
      [{ dnssec: true }, dnssec],
    ] as const) {
      const limitMs = wanted === timeout ? shortMs : patientMs
      expect(await lookOnce('dns', { ...given, ...more }, limitMs)).toBe(wanted)
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(open().length).toBeLessThanOrEqual(before + 2)
  })
})
