import { createServer, type RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type HttpSettings, http } from '../../../agent/probes/http.ts'
import type { ProbeContext } from '../../../agent/probes/probe.ts'
import { closedPort } from '../../support/closed-port.ts'
import { listen, listenRaw, probeContext } from '../../support/loopback.ts'

type Settings = Partial<HttpSettings>

function look(port: number, settings: Settings = {}, context: Partial<ProbeContext> = {}) {
  const url = `http://127.0.0.1:${port}/`
  const all = { url, method: 'GET', status: ['200-399'], trust: 'system', ...settings } as const
  return http(all, probeContext(context))
}

function serve(listener: RequestListener): Promise<number> {
  return listen(createServer(listener))
}

const seconds = expect.any(Number)

describe('http: answers', () => {
  test.each<[string, number, Settings, object]>([
    ['200', 200, {}, { state: 'up', value: seconds }],
    ['a redirect is an answer', 302, {}, { state: 'up', value: seconds }],
    ['404', 404, {}, { state: 'down', reason: 'http_status', value: seconds }],
    ['500', 500, {}, { state: 'down', reason: 'http_status', value: seconds }],
    ['a number that is allowed', 401, { status: [200, 401] }, { state: 'up', value: seconds }],
    ['a range as text', 404, { status: ['400-499'] }, { state: 'up', value: seconds }],
    [
      'not allowed',
      200,
      { status: [204] },
      { state: 'down', reason: 'http_status', value: seconds },
    ],
  ])('%s', async (_name, status, settings, expected) => {
    const port = await serve((_, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end('hello')
    })
    expect(await look(port, settings)).toEqual(expected)
  })

  test('asks once, follows no redirect and sends nothing but the question', async () => {
    const asked: object[] = []
    const port = await serve((request, response) => {
      const { method, url, headers } = request
      asked.push({ method, url, headers })
      response.writeHead(301, { location: '/again' }).end()
    })
    await look(port, { url: `http://portal.example:${port}/a?b=c`, address: '127.0.0.1' })
    const headers = {
      host: `portal.example:${port}`,
      'user-agent': 'istimrar-agent',
      'accept-encoding': 'identity',
      connection: 'close',
    }
    expect(asked).toEqual([{ method: 'GET', url: '/a?b=c', headers }])
  })

  test.each([
    [0.1, { state: 'degraded', reason: 'slow', value: 0.5 }],
    [0.5, { state: 'up', value: 0.5 }],
  ])('slower than %s s', async (slowSeconds, expected) => {
    const port = await serve((_, response) => response.end())
    let readings = 0
    const now = () => 500 * readings++ // half a second between the start and the head
    expect(await look(port, { slowSeconds }, { now })).toEqual(expected)
  })

  test('tells by hand how long each part took', async () => {
    const port = await serve((_, response) => response.end())
    const notes: string[] = []
    const note = (part: string, seconds: number) => {
      expect(seconds).toBeGreaterThanOrEqual(0)
      notes.push(part)
    }
    await look(port, { url: `http://localhost:${port}/`, address: '127.0.0.1' }, { note })
    expect(notes).toEqual(['connection', 'head'])
    await look(port, { url: `http://localhost:${port}/` }, { note })
    expect(notes.slice(2)).toEqual(['name', 'connection', 'head'])
  })

  test('HEAD asks for no body', async () => {
    const port = await serve((request, response) => {
      response.writeHead(request.method === 'HEAD' ? 200 : 500).end()
    })
    expect(await look(port, { method: 'HEAD' })).toMatchObject({ state: 'up' })
  })

  test.each([
    ['stands in the page', 'أهلًا', 'up'],
    ['is missing', 'Welcome', 'http_body_mismatch'],
    ['stands beyond 64 KiB', 'too late', 'http_body_mismatch'],
  ])('a text that %s', async (_name, bodyIncludes, expected) => {
    const port = await serve((_, response) => {
      response.end(`<h1>أهلًا وسهلًا</h1>${' '.repeat(64 * 1024)}too late`)
    })
    const { state, reason } = await look(port, { bodyIncludes })
    expect(reason ?? state).toBe(expected)
  })

  test('an endless page is cut and is up', async () => {
    const port = await serve((_, response) => {
      const chunk = Buffer.alloc(16 * 1024, 'x')
      const more = () => {
        while (response.write(chunk));
      }
      response.on('drain', more)
      more()
    })
    expect(await look(port)).toEqual({ state: 'up', value: seconds })
  })
})

/** What a hostile server does once it is asked; `abort` is the end of the check's timeout. */
type Hostility = (socket: Socket, abort: () => void) => void
const head = 'HTTP/1.1 200 OK\r\n'
const say =
  (text: string): Hostility =>
  (socket) =>
    socket.write(text)
const sayThenTimeOut = (text: string): Hostility => {
  return (socket, abort) => socket.write(text, () => setImmediate(abort))
}

describe('http: hostile servers', () => {
  test.each<[string, Hostility, string]>([
    ['never answers', sayThenTimeOut(''), 'timeout'],
    ['stops within the status line', sayThenTimeOut('HTTP/1.1 2'), 'timeout'],
    ['stops within the headers', sayThenTimeOut(`${head}x: y\r\n`), 'timeout'],
    ['stops within the body', sayThenTimeOut(`${head}content-length: 9\r\n\r\nabc`), 'timeout'],
    ['repeats 100 Continue', sayThenTimeOut('HTTP/1.1 100 Continue\r\n\r\n'.repeat(99)), 'timeout'],
    ['resets', (socket) => socket.resetAndDestroy(), 'reset'],
    ['hangs up', (socket) => socket.end(), 'reset'],
    ['breaks off', (socket) => socket.end(`${head}content-length: 9\r\n\r\nabc`), 'reset'],
    ['speaks SSH', say('SSH-2.0-OpenSSH_9.2p1\r\n'), 'http_protocol_error'],
    ['sends a huge header', say(`${head}x: ${'y'.repeat(17_000)}\r\n\r\n`), 'http_protocol_error'],
    ['sends endless headers', say(head + 'x: y\r\n'.repeat(20_000)), 'http_protocol_error'],
    [
      'sends a malformed chunk',
      say(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`),
      'http_protocol_error',
    ],
    [
      'changes the protocol unasked',
      say('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      'reset',
    ],
  ])('%s', async (_name, behave, reason) => {
    const controller = new AbortController()
    const closed = Promise.withResolvers<boolean>()
    const port = await listenRaw((socket) => {
      socket.on('close', closed.resolve)
      socket.once('data', () => behave(socket, () => controller.abort()))
    })
    const observation = await look(port, {}, { signal: controller.signal })
    expect(observation).toEqual({ state: 'down', reason })
    await closed.promise // the probe left no connection behind
  })

  test('nothing listens', async () => {
    expect(await look(await closedPort())).toEqual({ state: 'down', reason: 'refused' })
  })

  test('the timeout was over before the start', async () => {
    const port = await serve((_, response) => response.end())
    const observation = await look(port, {}, { signal: AbortSignal.abort() })
    expect(observation).toEqual({ state: 'down', reason: 'timeout' })
  })

  test('cloud metadata is not asked', async () => {
    const asked = look(80, { url: 'http://169.254.169.254/latest/meta-data' })
    await expect(asked).rejects.toMatchObject({ code: 'ERR_IP_BLOCKED' })
  })
})
